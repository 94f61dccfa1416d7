"""The pages of accounts: log in, log out, and the one-time set-up."""

import asyncio
from datetime import timedelta

from aiohttp import web

from core.accesses import Accessed
from core.domains import check_domain
from core.errors import AccountError, SiteError
from core.sites import Site
from dashboards.ask import Ask
from dashboards.csrf import FORM_COOKIE
from dashboards.language import message
from dashboards.people.accounts import add_account, canonical_email, list_accounts, verify_password
from dashboards.people.known_browsers import KNOWN_COOKIE, KNOWN_LASTS, introduce, recognise
from dashboards.people.logins import (
    COOKIE,
    HALF_COOKIE,
    HALF_LASTS,
    begin_login,
    end_login,
    end_logins_of,
)
from dashboards.people.passwords import LEAST_PASSWORD, check_new_password
from dashboards.people.second_factor import find_factor
from dashboards.people.too_many_tries import seconds_of, wait_in_words
from dashboards.sites.site_form import SiteForm, make_site

_WRONG = message("Wrong e-mail address or password. Check both; the password is case-sensitive.")


async def show_login(ask: Ask) -> web.Response:
    """``GET /login``."""
    if ask.person:
        return ask.go(wanted(ask.request.query.get("next", "")))
    return _login_page(ask)


async def log_in(ask: Ask) -> web.Response:
    """``POST /login``: the same answer for a wrong password and an unknown address."""
    board, now = ask.board, ask.now
    email, password = ask.form.get("email", ""), ask.form.get("password", "")
    browser = await asyncio.to_thread(recognise, board.store, email, ask.cookie(KNOWN_COOKIE), now)
    wait = board.throttle.begin(email, now, browser)
    if wait:
        return _told_to_wait(ask, email, wait)
    async with board.hashing:
        account = await asyncio.to_thread(verify_password, board.store, email, password, now)
    if account is None:
        return _login_page(ask, 403, email=email, error=ask.language.text(_WRONG))
    board.throttle.succeeded(email, browser)
    path = wanted(ask.form.get("next", ""))
    if await asyncio.to_thread(find_factor, board.store, account.email) is not None:
        return await _ask_for_code(ask, account.email, path)
    return await logged_in(ask, account.email, path)


async def log_out(ask: Ask) -> web.Response:
    """``POST /logout``: end the session here and in the store."""
    token = ask.cookie(COOKIE)
    await ask.record(Accessed.LOGOUT, ask.person)
    await asyncio.to_thread(end_login, ask.board.store, token, ask.person, ask.now)
    response = ask.go(ask.path_of("login"))
    ask.drop_cookie(response, COOKIE)
    return response


async def show_setup(ask: Ask) -> web.Response:
    """``GET /setup/{token}``: where the first account and site are made."""
    if not await _may_set_up(ask):
        return _no_setup(ask)
    return _setup_page(ask, SiteForm())


async def set_up(ask: Ask) -> web.Response:
    """``POST /setup/{token}``: make the account and the site, log in, show the snippet."""
    if not await _may_set_up(ask) or (token := ask.board.setup.take()) is None:
        return _no_setup(ask)
    done = False  # until then the address is taken: whoever else comes by it finds no page
    try:
        response = await _make_first(ask)
        done = response.status == 303  # noqa: PLR2004 (See Other: it was made)
    finally:
        if not done:
            ask.board.setup.put_back(token)
    return response


async def _may_set_up(ask: Ask) -> bool:
    setup = ask.board.setup
    if not setup.opens(ask.part("token")):
        return False
    if await asyncio.to_thread(list_accounts, ask.board.store):  # made in another process
        setup.take()
    return setup.path is not None


async def _make_first(ask: Ask) -> web.Response:
    board = ask.board
    email, password = ask.form.get("email", ""), ask.form.get("password", "")
    form = SiteForm.read(ask.form)
    errors = _mistakes(ask, email, password, form)
    if errors:
        return _setup_page(ask, form, errors, email)
    try:
        site = None if board.sites.all() else await _make_first_site(ask, form, canonical_email(email))
    except SiteError as error:
        return _setup_page(ask, form, {"domain": ask.why(error)}, email)
    async with board.hashing:
        account = await asyncio.to_thread(
            add_account,
            board.store,
            email,
            password,
            ask.now,
            write_down=lambda account: ask.write_down(Accessed.PERSON_ADDED, account.email, detail=account.email),
        )
    path = ask.path_of("install", domain=site.domain) if site else ask.path_of("sites")
    return await logged_in(ask, account.email, path)


async def _make_first_site(ask: Ask, form: SiteForm, who: str) -> Site:
    return await make_site(ask.board, form, lambda site: ask.write_down(Accessed.SITE_ADDED, who, site.number))


def _mistakes(ask: Ask, email: str, password: str, form: SiteForm) -> dict[str, str]:
    """Name all that is wrong at once, by field."""
    errors = {}
    for field, check, value in (
        ("email", canonical_email, email),
        ("password", check_new_password, password),
        ("domain", check_domain, form.domain),
    ):
        try:
            check(value)
        except (AccountError, SiteError) as error:
            errors[field] = ask.why(error)
    if ask.board.sites.all():
        errors.pop("domain", None)  # it was not asked for
    return errors


async def logged_in(ask: Ask, email: str, path: str) -> web.Response:
    """Write down a login, and begin its session."""
    await ask.record(Accessed.LOGIN, email)
    return await begin_session(ask, email, path)


async def begin_session(ask: Ask, email: str, path: str) -> web.Response:
    """Begin a session with a token of its own, its login being written down; what the browser had is void."""
    if ask.person:
        await asyncio.to_thread(end_login, ask.board.store, ask.cookie(COOKIE), ask.person, ask.now)
    token = await asyncio.to_thread(begin_login, ask.board.store, email, ask.now, _lasts(ask))
    response = ask.go(path)
    keep_session(ask, response, token)
    ask.drop_cookie(response, FORM_COOKIE)
    await let_know(ask, response, email)
    return response


async def let_know(ask: Ask, response: web.Response, email: str) -> None:
    """Let this browser prove from now on that the account has logged in here."""
    cookie = await asyncio.to_thread(introduce, ask.board.store, email, ask.now)
    ask.put_cookie(response, KNOWN_COOKIE, cookie, max_age=int(KNOWN_LASTS.total_seconds()))


async def begin_anew(ask: Ask) -> str:
    """End all sessions of who is logged in, since what lets them in has changed; give this browser's new token."""
    await asyncio.to_thread(end_logins_of, ask.board.store, ask.person, ask.now)
    return await asyncio.to_thread(begin_login, ask.board.store, ask.person, ask.now, _lasts(ask))


def keep_session(ask: Ask, response: web.Response, token: str) -> None:
    """Let the browser keep the token of its session."""
    ask.put_cookie(response, COOKIE, token, max_age=int(_lasts(ask).total_seconds()))


async def _ask_for_code(ask: Ask, email: str, path: str) -> web.Response:
    """Begin half a login: the password was right, and the second factor is to come."""
    token = await asyncio.to_thread(begin_login, ask.board.store, email, ask.now, HALF_LASTS, half=True)
    response = ask.go(str(ask.request.app.router["login_code"].url_for().with_query(next=path)))
    ask.put_cookie(response, HALF_COOKIE, token, max_age=int(HALF_LASTS.total_seconds()))
    return response


def _lasts(ask: Ask) -> timedelta:
    return timedelta(days=ask.board.settings.session_days)


def wanted(path: str) -> str:
    """Give where to go after a login: a path of ours, never another host's address."""
    is_path = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if is_path and path.isprintable() and " " not in path else "/"


def _login_page(ask: Ask, status: int = 200, *, email: str = "", error: str = "") -> web.Response:
    asked = ask.form.get("next", ask.request.query.get("next", ""))
    is_new = ask.board.setup.path is not None
    return ask.render("login.html", status, email=email, error=error, wanted=asked, is_new=is_new)


def _told_to_wait(ask: Ask, email: str, wait: timedelta) -> web.Response:
    response = _login_page(ask, 429, email=email, error=wait_in_words(ask.language, wait))
    response.headers["Retry-After"] = str(seconds_of(wait))
    return response


def _no_setup(ask: Ask) -> web.Response:
    """Answer the same to who has a used address and to who guesses one."""
    text = ask.language.text
    why = text(
        "It works once, and only while there is no account. If you have an account, log in. If not, restart "
        "Footfall: it then prints a new address."
    )
    return ask.say(404, text("This set-up address does not work"), why)


def _setup_page(ask: Ask, form: SiteForm, errors: dict[str, str] | None = None, email: str = "") -> web.Response:
    return ask.render(
        "setup.html",
        400 if errors else 200,
        errors=errors or {},
        email=email,
        site=form,
        needs_site=not ask.board.sites.all(),
        least_password=LEAST_PASSWORD,
    )
