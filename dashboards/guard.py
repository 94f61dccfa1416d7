"""The guard before every page: who asks, is the form ours, what if the store is away.

Pages are wrapped one by one, so that the collector's routes in the same application are not
touched by any of this.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum, auto
from urllib.parse import parse_qsl

from aiohttp import web
from aiohttp.typedefs import Handler

from core.accesses import Accessed
from core.errors import StoreError, StoreUnavailableError
from core.sites import NO_SITE, canonical_domain
from dashboards.ask import Ask
from dashboards.board import BOARD
from dashboards.csrf import FIELD, FORM_COOKIE, comes_from_here, is_genuine
from dashboards.logins import COOKIE, find_login, is_token, new_token
from dashboards.origin import own_hosts
from dashboards.security import put_headers

_log = logging.getLogger("footfall.dashboards")
_MOST_FIELDS = 50
_RETRY_AFTER = "10"  # seconds

Show = Callable[[Ask], Awaitable[web.Response]]


class Access(Enum):
    """Who may open a page."""

    ANYONE = auto()
    PEOPLE = auto()


@dataclass(frozen=True, slots=True)
class Page:
    """A row of the table of pages."""

    method: str
    path: str
    name: str
    show: Show
    access: Access = Access.PEOPLE


def guarded(page: Page) -> Handler:
    """Make the handler of a page."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            response = await _answer(page, request)
        except web.HTTPException as refusal:  # aiohttp's own, such as 413
            ask = Ask(request)
            response = ask.say(refusal.status, ask.language.text("This cannot be done"), f"{refusal.reason}.")
        except StoreError as error:
            _log.error("%s", error)
            response = _without_store(Ask(request), error)
        put_headers(response)
        return response

    return handle


@web.middleware
async def answer_unknown_pages(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer a browser that asks for no page of ours with a page that says so."""
    unknown = request.match_info.http_exception
    if unknown is None or "text/html" not in request.headers.get("Accept", ""):
        return await handler(request)
    response = Ask(request).missing()
    put_headers(response)
    return response


async def _answer(page: Page, request: web.Request) -> web.Response:
    person = await _person(request)
    if page.access is Access.PEOPLE and not person:
        return _to_login(Ask(request))
    stated = request.cookies.get(COOKIE if person else FORM_COOKIE, "")
    secret = stated if is_token(stated) else new_token()
    ask = Ask(request, person, secret, await _form(request))
    if request.method == "POST" and not _is_ours(ask):
        return _refused(ask)
    response = await _recorded(page, ask)
    if secret != stated:
        ask.put_cookie(response, FORM_COOKIE, secret)
    return response


async def _recorded(page: Page, ask: Ask) -> web.Response:
    """Make the page while it is written down who reads it; without that line nobody gets it.

    Raises StoreError. What changes something is written down where it is done.
    """
    if page.access is not Access.PEOPLE or page.method != "GET":
        return await page.show(ask)
    site = ask.board.sites.get(canonical_domain(ask.part("domain")))
    number = site.number if site is not None else NO_SITE
    recording = asyncio.create_task(ask.record(Accessed.PAGE, ask.person, number, page.name))
    try:
        return await page.show(ask)
    finally:
        await recording


async def _person(request: web.Request) -> str:
    board = request.app[BOARD]
    token = request.cookies.get(COOKIE, "")
    if not token:
        return ""
    return await asyncio.to_thread(find_login, board.store, token, board.clock()) or ""


async def _form(request: web.Request) -> dict[str, str]:
    if request.method != "POST" or request.content_type != "application/x-www-form-urlencoded":
        return {}
    text = (await request.read()).decode(errors="replace")
    try:
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError:
        return {}


def _is_ours(ask: Ask) -> bool:
    hosts = own_hosts(ask.request, ask.board.settings)
    return comes_from_here(ask.request.headers, hosts) and is_genuine(ask.secret, ask.form.get(FIELD, ""))


def _refused(ask: Ask) -> web.Response:
    text = ask.language.text(
        "The form was open for too long, or the browser kept no cookie of this page. "
        "Go back, load the page again, and send the form once more."
    )
    return ask.say(403, ask.language.text("The form was not accepted"), text)


def _to_login(ask: Ask) -> web.Response:
    login = ask.request.app.router["login"].url_for()
    wanted = ask.request.rel_url
    if ask.request.method != "GET" or wanted.path == "/":
        return ask.go(str(login))
    return ask.go(str(login.with_query(next=str(wanted))))


def _without_store(ask: Ask, error: StoreError) -> web.Response:
    text = ask.language.text
    if not isinstance(error, StoreUnavailableError):
        refusal = text("The store refused to answer. The log of Footfall tells why.")
        return ask.say(500, text("Something went wrong"), refusal)
    wait = text("The store of the reports does not answer now. No visit is lost meanwhile; try again in a moment.")
    response = ask.say(503, text("The reports are away for a moment"), wait)
    response.headers["Retry-After"] = _RETRY_AFTER
    return response
