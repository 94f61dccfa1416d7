"""The guard before every page: who asks, may they, is the form ours, what if the store is away.

Every page states who may open it. Where its path names a site, a permission is asked for that very site, and a
site whose reports one may not see is answered like one that does not exist. Pages are wrapped one by one, so
that the collector's routes in the same application are not touched by any of this.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from urllib.parse import parse_qsl

from aiohttp import web
from aiohttp.typedefs import Handler

from core.accesses import Accessed
from core.domains import canonical_domain
from core.errors import StoreError, StoreUnavailableError
from core.sites import NO_SITE, Site
from dashboards.ask import Ask, Way
from dashboards.board import BOARD, Dashboards
from dashboards.cookies import read_cookie
from dashboards.csrf import FIELD, FORM_COOKIE, comes_from_here, is_genuine
from dashboards.origin import is_secure, own_hosts
from dashboards.people.account_languages import chosen_language
from dashboards.people.logins import COOKIE, find_login
from dashboards.people.tokens import hash_of, is_token, new_token
from dashboards.permissions import NOBODY, Kind, Permission, Principal
from dashboards.security import put_headers

_log = logging.getLogger("footfall.dashboards")
_MOST_FIELDS = 1_000  # a person has a role on each site
_RETRY_AFTER = "10"  # seconds

Show = Callable[[Ask], Awaitable[web.Response]]


class Access(Enum):
    """Who may open a page that needs no permission."""

    ANYONE = auto()
    PEOPLE = auto()
    """Whoever is logged in: pages about their own account."""


@dataclass(frozen=True, slots=True)
class Page:
    """A row of the table of pages.

    ``access`` is the permission that the page needs, on the site that its path names ({domain}) or, without
    one, on the whole install; or who may open it without any.
    ``is_recorded``: that it was read is written down; not so of what a page that is open asks for by itself.
    ``is_one_click``: its POST comes from mail programs, without a form of ours; a secret in its path opens it.
    """

    method: str
    path: str
    name: str
    show: Show
    access: Access | Permission
    is_recorded: bool = True
    is_one_click: bool = False


def guarded(page: Page) -> Handler:
    """Make the handler of a page for who is logged in, or for anyone."""

    async def handle(request: web.Request) -> web.StreamResponse:
        response = await answered(request, _answer(page, request))
        put_headers(response, secure=is_secure(request, request.app[BOARD].settings))
        return response

    return handle


async def answered(request: web.Request, answer: Awaitable[web.Response]) -> web.Response:
    """Give an answer, or the page that says why there is none."""
    try:
        return await answer
    except web.HTTPException as refusal:  # aiohttp's own, such as 413
        ask = Ask(request)
        return ask.say(refusal.status, ask.language.text("This cannot be done"), f"{refusal.reason}.")
    except StoreError as error:
        _log.error("%s", error)
        return _without_store(Ask(request), error)


@web.middleware
async def answer_unknown_pages(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer a browser that asks for no page of ours with a page that says so."""
    unknown = request.match_info.http_exception
    if unknown is None or "text/html" not in request.headers.get("Accept", ""):
        return await handler(request)
    response = await answered(request, _missing(request))
    put_headers(response, secure=is_secure(request, request.app[BOARD].settings))
    return response


async def asked(
    request: web.Request,
    principal: Principal,
    secret_cookie: str,
    about: Site | None = None,
    way: Way | None = None,
) -> Ask:
    """Gather what a page is asked. The secret of its forms is in a cookie: the stated one, or a new one."""
    stated = read_cookie(request, request.app[BOARD].settings, secret_cookie)
    secret = stated if is_token(stated) else new_token()
    return Ask(request, principal, secret, await _form(request), about, way or Way())


def keep_secret(ask: Ask, response: web.Response) -> None:
    """Let a browser that had no secret for its forms keep the one that the page's forms were made with."""
    if ask.secret != ask.cookie(FORM_COOKIE):
        ask.put_cookie(response, FORM_COOKIE, ask.secret)


def refusal_of_form(ask: Ask) -> web.Response | None:
    """Give the answer to a form that was not sent from our own page; None for one that was."""
    hosts = own_hosts(ask.request, ask.board.settings)
    if comes_from_here(ask.request.headers, hosts) and is_genuine(ask.secret, ask.form.get(FIELD, "")):
        return None
    text = ask.language.text(
        "The form was open for too long, or your browser did not keep Footfall's cookie. Go back, reload the "
        "page and send the form again."
    )
    return ask.say(403, ask.language.text("The form was not accepted"), text)


async def recorded(page: Page, ask: Ask, site: int = NO_SITE) -> web.Response:
    """Make a page while it is written down who reads it; without that line nobody gets it.

    Raises StoreError. What changes something is written down right before it is done.
    """
    if not page.is_recorded:
        return await page.show(ask)
    recording = asyncio.create_task(ask.record(Accessed.PAGE, ask.principal.name, site, page.name))
    try:
        return await page.show(ask)
    finally:
        await recording


async def _answer(page: Page, request: web.Request) -> web.Response:
    principal = await _principal(request)
    if page.access is not Access.ANYONE and principal is NOBODY:
        return _to_login(Ask(request))
    domain = request.match_info.get("domain")
    about = None if domain is None else request.app[BOARD].sites.get(canonical_domain(domain))
    way = Way("", {} if about is None else {"domain": about.domain})
    ask = await asked(request, principal, FORM_COOKIE if principal is NOBODY else COOKIE, about, way)
    response = _refusal(page, ask, is_about_site=domain is not None)
    if response is None and request.method == "POST" and not page.is_one_click:
        response = refusal_of_form(ask)
    if response is None:
        response = await _shown(page, ask)
    if principal is NOBODY:
        keep_secret(ask, response)
    return response


async def _missing(request: web.Request) -> web.Response:
    """Answer with a page that keeps the ways on of who is logged in."""
    principal = await _principal(request)
    secret = "" if principal is NOBODY else read_cookie(request, request.app[BOARD].settings, COOKIE)
    return Ask(request, principal, secret).missing()


async def _shown(page: Page, ask: Ask) -> web.Response:
    if page.access is Access.ANYONE or page.method != "GET":
        return await page.show(ask)
    return await recorded(page, ask, ask.about.number if ask.about else NO_SITE)


def _refusal(page: Page, ask: Ask, *, is_about_site: bool) -> web.Response | None:
    """Give the answer to who may not open a page; None to who may."""
    if is_about_site and (ask.about is None or not ask.may(Permission.SEE)):
        return ask.missing()
    if isinstance(page.access, Access) or ask.may(page.access):
        return None
    text = ask.language.text("Your role does not allow this. Ask an owner or admin of this Footfall to change it.")
    return ask.say(403, ask.language.text("You do not have access"), text)


async def _principal(request: web.Request) -> Principal:
    board = request.app[BOARD]
    token = read_cookie(request, board.settings, COOKIE)
    if not token:
        return NOBODY
    return await asyncio.to_thread(_account_of, board, token)


def _account_of(board: Dashboards, token: str) -> Principal:
    now = board.clock()
    login = find_login(board.store, token, now)
    if login is None:
        return NOBODY
    board.uses.note(board.store, hash_of(token), now)
    language = board.languages.of(login.email, now, partial(chosen_language, board.store, login.email))
    return Principal(Kind.ACCOUNT, login.email, login.standing, language)


async def _form(request: web.Request) -> dict[str, str]:
    if request.method != "POST" or request.content_type != "application/x-www-form-urlencoded":
        return {}
    text = (await request.read()).decode(errors="replace")
    try:
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError:
        return {}


def _to_login(ask: Ask) -> web.Response:
    login = ask.request.app.router["login"].url_for()
    wanted = ask.request.rel_url
    if ask.request.method != "GET" or wanted.path == "/":
        return ask.go(str(login))
    return ask.go(str(login.with_query(next=str(wanted))))


def _without_store(ask: Ask, error: StoreError) -> web.Response:
    text = ask.language.text
    if not isinstance(error, StoreUnavailableError):
        refusal = text("The database refused to answer. Footfall's log says why.")
        return ask.say(500, text("Something went wrong"), refusal)
    wait = text(
        "The database of the reports is not responding. No visits are lost in the meantime. Try again in a moment."
    )
    again = str(ask.request.rel_url) if ask.request.method == "GET" else ""
    response = ask.say(503, text("Reports are briefly unavailable"), wait, again=again)
    response.headers["Retry-After"] = _RETRY_AFTER
    return response
