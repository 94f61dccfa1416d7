"""The pages about sites: the list of them, a new one, what to paste."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from aiohttp import web

from aggregate.cells import Figures
from aggregate.periods import DayRange
from aggregate.reading import read_report
from core.accesses import Accessed
from core.clock import local_day
from core.errors import SiteError
from core.sites import Site, removed_sites
from dashboards.ask import Ask
from dashboards.origin import public_origin
from dashboards.sites.site_form import SiteForm, make_site
from dashboards.sites.snippet import Snippet


@dataclass(frozen=True, slots=True)
class SiteLine:
    """A line of the list of sites."""

    site: Site
    yesterday: Figures
    today: Figures


async def show_sites(ask: Ask) -> web.Response:
    """``GET /``: the sites that one may see; who has one only is led to it."""
    sites = ask.sites
    if len(sites) == 1:
        return ask.go(ask.path_of("site", domain=sites[0].domain))
    return await show_all_sites(ask)


async def show_all_sites(ask: Ask) -> web.Response:
    """``GET /sites``: the list of them, also of one; the menu of every page leads to it."""
    lines = await asyncio.to_thread(_read_lines, ask, ask.sites)
    removed = await asyncio.to_thread(removed_sites, ask.board.store)
    return ask.render("sites.html", lines=lines, has_removed=bool(removed))


async def show_new_site(ask: Ask) -> web.Response:
    """``GET /sites/new``."""
    return ask.render("new_site.html", site=SiteForm(), errors={})


async def add_new_site(ask: Ask) -> web.Response:
    """``POST /sites/new``: make the site, then show what to paste."""
    form = SiteForm.read(ask.form)
    try:
        site = await make_site(
            ask.board, form, lambda site: ask.write_down(Accessed.SITE_ADDED, ask.person, site.number)
        )
    except SiteError as error:
        return ask.render("new_site.html", 400, site=form, errors={"domain": ask.why(error)})
    return ask.go(ask.path_of("install", domain=site.domain))


async def show_install(ask: Ask) -> web.Response:
    """``GET /sites/{domain}/install``: what to paste."""
    return ask.render("install.html", site=ask.site, snippet=snippet_of(ask, ask.site))


def snippet_of(ask: Ask, site: Site) -> Snippet:
    """Give what is to be pasted into a site."""
    return Snippet(public_origin(ask.request, ask.board.settings), site.domain)


def _read_lines(ask: Ask, sites: list[Site]) -> list[SiteLine]:
    return [_read_line(ask, site) for site in sites]


def _read_line(ask: Ask, site: Site) -> SiteLine:
    today = local_day(ask.now, site.zone).day
    report = read_report(ask.board.store, site, DayRange(today - timedelta(days=1), today))
    yesterday, now = (point.figures for point in report.points)
    return SiteLine(site, yesterday, now)
