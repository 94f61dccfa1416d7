"""The installation check: fetches a site's home page and says in words what keeps it from counting."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aiohttp import web
from yarl import URL

from core.accesses import Accessed
from dashboards.ask import Ask
from dashboards.fragments import by_region, region_asked
from dashboards.language import Language, message
from dashboards.origin import public_origin
from dashboards.sites.install_check import Finding, Found, check_page
from dashboards.sites.site_fetch import Fetched, NotFetched, Obstacle, fetch_home_page
from dashboards.sites.site_pages import snippet_of
from dashboards.sites.waiting import Waiting, read_waiting

_OBSTACLES: Mapping[Obstacle, str] = {
    Obstacle.NO_NAME: message(
        "There is no site at %(detail)s: the name does not lead to any server. Check the spelling."
    ),
    Obstacle.PRIVATE: message(
        "%(detail)s is at a private address or on a port of its own, and Footfall does not fetch those. Open the "
        "site in a browser and see below whether that is counted."
    ),
    Obstacle.NO_ANSWER: message(
        "%(detail)s does not respond. Check that the site is up and can be reached from outside."
    ),
    Obstacle.CERTIFICATE: message(
        "The HTTPS certificate of %(detail)s is not accepted, and HTTP does not respond. Renew the certificate, "
        "or get one for this domain."
    ),
    Obstacle.ELSEWHERE: message(
        "The home page redirects to %(detail)s, which is another site. To count that one, add it as a site."
    ),
    Obstacle.STATUS: message(
        "The home page returns the error %(detail)s instead of a page. Fix that, then check again."
    ),
    Obstacle.NO_PAGE: message(
        "The home page's address returns a file of the type %(detail)s, not a page. Open one of the site's pages "
        "in a browser and see below whether that is counted."
    ),
}
_FINDINGS: Mapping[Finding, str] = {
    Finding.NO_SCRIPT: message(
        "The snippet is not on the home page. Paste the line into its <head>. If a tag manager adds it, this "
        "check cannot see it: open the site and see below whether that is counted."
    ),
    Finding.OTHER_DOMAIN: message(
        "The snippet on the home page counts for %(detail)s. Its data-domain must name this site."
    ),
    Finding.OTHER_ADDRESS: message(
        "The snippet loads its script from %(detail)s. That works if your own proxy there forwards it to Footfall."
    ),
    Finding.SCRIPT_BLOCKED: message(
        "The site's Content-Security-Policy blocks the script: add %(detail)s to its script-src."
    ),
    Finding.BEACON_BLOCKED: message(
        "The site's Content-Security-Policy blocks what the script sends: add %(detail)s to its connect-src."
    ),
    Finding.WELL: message("The snippet is on the home page, and nothing there stops it from counting."),
}


@dataclass(frozen=True, slots=True)
class Result:
    """A line of what was found; ``is_well`` says whether it is as it should be."""

    words: str
    is_well: bool


async def check_install(ask: Ask) -> web.Response:
    """``POST /sites/{domain}/check``: look at the site's home page, and at what has come from it."""
    site, board = ask.site, ask.board
    today = ask.now.astimezone(site.zone).date()
    page, waiting, _recorded = await asyncio.gather(
        _fetch(ask),
        asyncio.to_thread(read_waiting, board.store, site, today, ask.language),
        ask.record(Accessed.PAGE, ask.person, site.number, "check"),
    )
    results = [*_of_stand_in(ask), *_of_page(page, ask), _of_beacons(waiting, ask.language)]
    template = "_check.html" if region_asked(ask.request) == "check" else "check.html"
    return by_region(ask.render(template, site=site, results=results, snippet=snippet_of(ask, site)))


async def _fetch(ask: Ask) -> Fetched | NotFetched:
    domain, board = ask.site.domain, ask.board
    if domain in board.stand_ins:
        return await fetch_home_page(URL(board.stand_ins[domain]).authority, allow_private=True)
    return await fetch_home_page(domain, allow_private=board.settings.check_private_sites)


def _of_stand_in(ask: Ask) -> Iterator[Result]:
    domain, address = ask.site.domain, ask.board.stand_ins.get(ask.site.domain)
    if address is not None:
        words = ask.language.text(
            "%(domain)s is made up. The demo's site is at %(address)s, so that was checked instead.",
            domain=domain,
            address=address,
        )
        yield Result(words, is_well=True)


def _of_page(page: Fetched | NotFetched, ask: Ask) -> list[Result]:
    if isinstance(page, NotFetched):
        return [Result(ask.language.text(_OBSTACLES[page.obstacle], detail=page.detail), is_well=False)]
    found = check_page(page, ask.site.domain, public_origin(ask.request, ask.board.settings))
    return [_of_finding(each, ask.language) for each in found]


def _of_finding(found: Found, language: Language) -> Result:
    return Result(language.text(_FINDINGS[found.finding], detail=found.detail), found.finding is Finding.WELL)


def _of_beacons(waiting: Waiting, language: Language) -> Result:
    total = waiting.left_out.total
    if total.stored:
        words = language.plural(
            "In the last 30 days, %(num)s request was counted.",
            "In the last 30 days, %(num)s requests were counted.",
            total.stored,
        )
        return Result(words, is_well=True)
    if total.received:
        words = language.plural(
            "In the last 30 days, %(num)s request came in and was left out.",
            "In the last 30 days, %(num)s requests came in and all were left out.",
            total.received,
        )
        return Result(words, is_well=False)
    return Result(
        language.text(
            "Nothing has arrived yet. Open the site in a browser that blocks nothing and sends neither Do Not "
            "Track nor Global Privacy Control: both are obeyed, and nothing is sent."
        ),
        is_well=False,
    )
