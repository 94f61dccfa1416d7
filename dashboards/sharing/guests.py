"""Guests: who looks at one site's reports by a shared link, or because its dashboard is public.

Every page about a site that needs no more than seeing its reports has two more addresses, below
``/share/{token}`` and ``/public/{domain}``; what is added to the table of pages has them by itself. A guest
gets no cookie, unless a link asks for its password.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from aiohttp import web
from aiohttp.typedefs import Handler

from core.domains import canonical_domain
from core.sites import Site
from dashboards.ask import Ask, Way
from dashboards.board import BOARD
from dashboards.csrf import FORM_COOKIE
from dashboards.guard import Page, answered, asked, keep_secret, recorded, refusal_of_form
from dashboards.origin import is_secure
from dashboards.people.passwords import is_password
from dashboards.people.too_many_tries import seconds_of, wait_in_words
from dashboards.permissions import Kind, Permission, Principal, Role, Standing
from dashboards.security import put_headers
from dashboards.sharing.public_sites import is_public
from dashboards.sharing.shared_links import PASSED_LASTS, SharedLink, find_link, has_passed, passed

LINK_PREFIX = "share:"
PUBLIC_PREFIX = "public:"
_SITE = "/sites/{domain}"
_LINK = "/share/{token}"
_PUBLIC = "/public/{domain}"


def guest_pages(page: Page) -> Iterator[tuple[Page, Handler]]:
    """Yield the pages by which guests see what a page shows, each with its handler; none if they may not."""
    if page.access is not Permission.SEE or page.method != "GET" or not page.path.startswith(_SITE):
        return
    rest = page.path.removeprefix(_SITE)
    by_link = replace(page, path=_LINK + rest, name=LINK_PREFIX + page.name)
    yield by_link, _guarded_by_link(by_link)
    public = replace(page, path=_PUBLIC + rest, name=PUBLIC_PREFIX + page.name)
    yield public, _guarded_public(public)


def add_password_page(app: web.Application) -> None:
    """Add the page that takes the password of a shared link."""
    app.router.add_post(_LINK, _handler(_take_password), name="share_password")


def _guarded_by_link(page: Page) -> Handler:
    async def answer(request: web.Request) -> web.Response:
        found = await _asked_by_link(request)
        if found is None:
            return _no_link(Ask(request))
        ask, link = found
        if link.password and not has_passed(link, ask.cookie(link.cookie), ask.now):
            return _password_page(ask, link, 403)
        response = await recorded(page, ask, ask.site.number)
        return _with_headers(request, response, link.origins)

    return _handler(answer)


def _guarded_public(page: Page) -> Handler:
    """Make the handler of a public page. Who reads what is public is not written down."""

    async def answer(request: web.Request) -> web.Response:
        board = request.app[BOARD]
        site = board.sites.get(canonical_domain(request.match_info["domain"]))
        if site is None or not await asyncio.to_thread(is_public, board.store, site.number):
            return Ask(request).missing()
        way = Way(PUBLIC_PREFIX, {"domain": site.domain})
        return await page.show(Ask(request, _guest(Kind.PUBLIC, "", site), about=site, way=way))

    return _handler(answer)


async def _take_password(request: web.Request) -> web.Response:
    """``POST /share/{token}``: slowed down by link, like a login."""
    found = await _asked_by_link(request)
    if found is None:
        return _no_link(Ask(request))
    ask, link = found
    refusal = refusal_of_form(ask)
    if refusal is not None:
        return refusal
    board, now = ask.board, ask.now
    wait = board.link_throttle.begin(link.link, now)
    if wait:
        return _told_to_wait(ask, link, wait)
    async with board.hashing:
        is_right = await asyncio.to_thread(is_password, link.password, ask.form.get("password", ""))
    if not is_right:
        return _password_page(ask, link, 403, ask.language.text("This is not the password for this link."))
    board.link_throttle.succeeded(link.link)
    response = ask.go(ask.site_path())
    ask.put_cookie(response, link.cookie, passed(link, now), max_age=int(PASSED_LASTS.total_seconds()))
    return response


async def _asked_by_link(request: web.Request) -> tuple[Ask, SharedLink] | None:
    board, token = request.app[BOARD], request.match_info["token"]
    link = await asyncio.to_thread(find_link, board.store, token, board.clock())
    site = None if link is None else next((each for each in board.sites.all() if each.number == link.site), None)
    if link is None or site is None:
        return None
    guest = _guest(Kind.LINK, f"shared link {link.name}", site)
    return await asked(request, guest, FORM_COOKIE, site, Way(LINK_PREFIX, {"token": token})), link


def _guest(kind: Kind, name: str, site: Site) -> Principal:
    return Principal(kind, name, Standing(by_site={site.number: Role.VIEWER}))


def _no_link(ask: Ask) -> web.Response:
    text = ask.language.text
    return ask.say(
        404,
        text("This link does not work"),
        text("It has been revoked, or its address is incomplete. Ask whoever gave it to you for a new one."),
    )


def _password_page(ask: Ask, link: SharedLink, status: int, error: str = "") -> web.Response:
    response = ask.render("share_password.html", status, name=link.name, error=error)
    keep_secret(ask, response)
    return response


def _told_to_wait(ask: Ask, link: SharedLink, wait: timedelta) -> web.Response:
    response = _password_page(ask, link, 429, wait_in_words(ask.language, wait))
    response.headers["Retry-After"] = str(seconds_of(wait))
    return response


def _handler(answer: Callable[[web.Request], Awaitable[web.Response]]) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        response = await answered(request, answer(request))
        return _with_headers(request, response)

    return handle


def _with_headers(request: web.Request, response: web.Response, framed_by: Sequence[str] = ()) -> web.Response:
    put_headers(response, secure=is_secure(request, request.app[BOARD].settings), framed_by=framed_by)
    return response
