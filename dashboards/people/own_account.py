"""The page of one's own account: password, language, sessions."""

import asyncio
from collections.abc import Mapping

from aiohttp import web

from core.accesses import Accessed
from core.errors import AccountError
from dashboards.ask import Ask
from dashboards.language import languages, message
from dashboards.people.account_languages import AUTOMATIC, choose_language
from dashboards.people.account_pages import begin_anew, keep_session, let_know
from dashboards.people.accounts import change_password
from dashboards.people.api_keys import ApiKey, keys_of
from dashboards.people.logins import COOKIE, Session, end_logins_of, end_session, sessions_of
from dashboards.people.own_password import wrong_password
from dashboards.people.passwords import LEAST_PASSWORD, check_new_password
from dashboards.people.second_factor import Factor, find_factor

DONE: Mapping[str, str] = {
    "password": message("Your password has been changed, and your other sessions have ended."),
    "language": message("Pages are now in this language."),
    "session": message("The session has ended."),
    "sessions": message("All other sessions have ended."),
    "factor-off": message("From now on, logging in needs only your password."),
}
"""What was just done, by the word for it in the address."""


async def show_account(ask: Ask) -> web.Response:
    """``GET /account``."""
    return await _account_page(ask)


async def change_own_password(ask: Ask) -> web.Response:
    """``POST /account/password``: asks for the present one; all other sessions end."""
    password = ask.form.get("new_password", "")
    try:
        check_new_password(password)
    except AccountError as error:
        return await _account_page(ask, {"new_password": ask.why(error)})
    wrong = await wrong_password(ask, ask.form.get("password", ""))
    if wrong:
        return await _account_page(ask, {"password": wrong})
    async with ask.board.hashing:
        await asyncio.to_thread(
            change_password,
            ask.board.store,
            ask.person,
            password,
            ask.now,
            lambda account: ask.write_down(Accessed.PERSON_CHANGED, ask.person, detail=account.email),
        )
    response = ask.go(done(ask, "password"))
    keep_session(ask, response, await begin_anew(ask))
    await let_know(ask, response, ask.person)
    return response


async def change_own_language(ask: Ask) -> web.Response:
    """``POST /account/language``."""
    code = ask.form.get("language", AUTOMATIC)
    try:
        await asyncio.to_thread(
            choose_language,
            ask.board.store,
            ask.person,
            code,
            ask.now,
            lambda code: ask.write_down(Accessed.LANGUAGE_CHANGED, ask.person, detail=code or "automatic"),
        )
    except AccountError as error:
        return await _account_page(ask, {"language": ask.why(error)})
    ask.board.languages.forget(ask.person)
    return ask.go(done(ask, "language"))


async def end_own_session(ask: Ask) -> web.Response:
    """``POST /account/sessions``: end one of the sessions, or without a name all but this one."""
    store, name = ask.board.store, ask.form.get("session", "")
    if name:
        await asyncio.to_thread(
            end_session,
            store,
            name,
            ask.person,
            ask.now,
            lambda _name: ask.write_down(Accessed.SESSIONS_ENDED, ask.person, detail="one"),
        )
    else:
        await ask.record(Accessed.SESSIONS_ENDED, ask.person, detail="all others")
        await asyncio.to_thread(end_logins_of, store, ask.person, ask.now, ask.cookie(COOKIE))
    return ask.go(done(ask, "session" if name else "sessions"))


def done(ask: Ask, what: str) -> str:
    """Give the path of the account's page that says what was done: a word of DONE."""
    return str(ask.request.app.router["account"].url_for().with_query(done=what))


async def _account_page(ask: Ask, errors: Mapping[str, str] | None = None) -> web.Response:
    sessions, factor, keys = await asyncio.to_thread(_read, ask)
    said = DONE.get(ask.request.query.get("done", ""), "")
    return ask.render(
        "account.html",
        400 if errors else 200,
        errors=errors or {},
        done=ask.language.text(said) if said else "",
        sessions=sessions,
        factor=factor,
        keys=len(keys),
        chosen=ask.principal.language,
        choices=[(code, each.name) for code, each in languages().items()],
        least_password=LEAST_PASSWORD,
    )


def _read(ask: Ask) -> tuple[list[Session], Factor | None, list[ApiKey]]:
    store = ask.board.store
    sessions = sessions_of(store, ask.person, ask.cookie(COOKIE), ask.now)
    return sessions, find_factor(store, ask.person), keys_of(store, ask.person)
