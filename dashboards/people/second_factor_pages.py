"""The pages of the second factor: enrol, recovery codes, turn off, and the second step of a login."""

import asyncio
from dataclasses import replace

from aiohttp import web
from markupsafe import Markup

from core.accesses import Accessed
from dashboards.ask import Ask
from dashboards.origin import public_origin
from dashboards.people.account_pages import begin_anew, begin_session, keep_session, wanted
from dashboards.people.logins import HALF_COOKIE, end_login, find_login
from dashboards.people.own_account import done
from dashboards.people.own_password import wrong_password
from dashboards.people.second_factor import (
    RECOVERY_CODES,
    Factor,
    Taken,
    add_factor,
    find_factor,
    fits,
    holds_recovery,
    is_secret,
    new_secret,
    remove_factor,
    renew_recovery,
    secret_as_svg,
    take_code,
)
from dashboards.people.too_many_tries import seconds_of, wait_in_words

_ISSUER = "Footfall"


async def show_second_factor(ask: Ask) -> web.Response:
    """``GET /account/second-factor``: enrol, or what to do with the one there is."""
    factor = await _factor(ask)
    return _enrol_page(ask, new_secret()) if factor is None else _factor_page(ask, factor)


async def enrol(ask: Ask) -> web.Response:
    """``POST /account/second-factor``: the app's first code and the password turn it on."""
    secret, code = ask.form.get("secret", ""), ask.form.get("code", "")
    if await _factor(ask) is not None:
        return ask.go(ask.path_of("second_factor"))
    if not is_secret(secret):
        return _enrol_page(ask, new_secret(), {"code": ask.language.text("Scan the QR code again.")})
    wrong = await wrong_password(ask, ask.form.get("password", ""))
    codes = None if wrong else await _add(ask, secret, code)
    if codes is None:
        return _enrol_page(ask, secret, _of_code(ask, secret, code) | ({"password": wrong} if wrong else {}))
    return await _codes_page(ask, codes)


async def _add(ask: Ask, secret: str, code: str) -> list[str] | None:
    return await asyncio.to_thread(
        add_factor,
        ask.board.store,
        ask.person,
        secret,
        code,
        ask.now,
        lambda _factor: ask.write_down(Accessed.FACTOR_ADDED, ask.person),
    )


def _of_code(ask: Ask, secret: str, code: str) -> dict[str, str]:
    """Say what is wrong with a code, also beside a wrong password: whoever sends the secret knows its codes."""
    if fits(secret, code, ask.now):
        return {}
    text = ask.language.text("This code is not right. Check your phone's clock, and use the latest code.")
    return {"code": text}


async def renew_codes(ask: Ask) -> web.Response:
    """``POST /account/second-factor/codes``: new recovery codes in the place of the old ones."""
    factor = await _factor(ask)
    if factor is None:
        return ask.go(ask.path_of("second_factor"))
    wrong = await wrong_password(ask, ask.form.get("password", ""))
    if wrong:
        return _factor_page(ask, factor, {"codes": wrong})
    await ask.record(Accessed.RECOVERY_RENEWED, ask.person)
    codes = await asyncio.to_thread(renew_recovery, ask.board.store, factor, ask.now)
    return await _codes_page(ask, codes)


async def download_codes(ask: Ask) -> web.Response:
    """``POST /account/second-factor/download``: the codes that the page shows, as a file; no others."""
    factor, codes = await _factor(ask), ask.form.get("codes", "").split()
    if factor is None or not codes or not holds_recovery(factor, codes):
        return ask.go(ask.path_of("second_factor"))
    origin = public_origin(ask.request, ask.board.settings)
    text = "\n".join((f"{origin} {ask.person}", *codes, ""))
    disposition = 'attachment; filename="footfall-recovery-codes.txt"'
    return web.Response(text=text, content_type="text/plain", headers={"Content-Disposition": disposition})


async def turn_off(ask: Ask) -> web.Response:
    """``POST /account/second-factor/off``: asks for the password."""
    factor = await _factor(ask)
    if factor is None:
        return ask.go(ask.path_of("account"))
    wrong = await wrong_password(ask, ask.form.get("password", ""))
    if wrong:
        return _factor_page(ask, factor, {"off": wrong})
    await ask.record(Accessed.FACTOR_REMOVED, ask.person)
    await asyncio.to_thread(remove_factor, ask.board.store, ask.person, ask.now)
    response = ask.go(done(ask, "factor-off"))
    keep_session(ask, response, await begin_anew(ask))
    return response


async def show_login_code(ask: Ask) -> web.Response:
    """``GET /login/code``: for who has just given the right password."""
    if not await _half_person(ask):
        return ask.go(ask.path_of("login"))
    return _login_code_page(ask)


async def log_in_with_code(ask: Ask) -> web.Response:
    """``POST /login/code``: slowed down by account, whatever its password's tries; a code is taken once."""
    board, now, person = ask.board, ask.now, await _half_person(ask)
    if not person:
        return ask.go(ask.path_of("login"))
    wait = board.code_throttle.begin(person, now)
    if wait:
        response = _login_code_page(ask, 429, wait_in_words(ask.language, wait))
        response.headers["Retry-After"] = str(seconds_of(wait))
        return response
    async with board.changing_people:
        taken = await asyncio.to_thread(
            take_code,
            board.store,
            person,
            ask.form.get("code", ""),
            now,
            lambda taken: _write_down_login(ask, person, taken),
        )
    if taken is None:
        return _login_code_page(ask, 403, ask.language.text("This code is wrong or has already been used."))
    board.code_throttle.succeeded(person)
    await asyncio.to_thread(end_login, board.store, ask.cookie(HALF_COOKIE), person, now)
    response = await begin_session(ask, person, wanted(ask.form.get("next", "")))
    ask.drop_cookie(response, HALF_COOKIE)
    return response


def _write_down_login(ask: Ask, person: str, taken: Taken) -> None:
    if taken is Taken.RECOVERY:
        ask.write_down(Accessed.RECOVERY_USED, person)
    ask.write_down(Accessed.LOGIN, person)


async def _half_person(ask: Ask) -> str:
    """Give who has given the right password and no code yet, or ""."""
    store, token = ask.board.store, ask.cookie(HALF_COOKIE)
    login = await asyncio.to_thread(find_login, store, token, ask.now, half=True)
    return "" if login is None else login.email


async def _factor(ask: Ask) -> Factor | None:
    return await asyncio.to_thread(find_factor, ask.board.store, ask.person)


def _enrol_page(ask: Ask, secret: str, errors: dict[str, str] | None = None) -> web.Response:
    return ask.render(
        "second_factor_enrol.html",
        400 if errors else 200,
        errors=errors or {},
        secret=secret,
        grouped=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        picture=Markup(secret_as_svg(secret, ask.person, _ISSUER)),  # noqa: S704 (segno's own svg)
    )


def _factor_page(ask: Ask, factor: Factor, errors: dict[str, str] | None = None) -> web.Response:
    return ask.render(
        "second_factor.html",
        400 if errors else 200,
        errors=errors or {},
        left=len(factor.recovery),
        all_codes=RECOVERY_CODES,
    )


async def _codes_page(ask: Ask, codes: list[str]) -> web.Response:
    """Show the codes once. Sessions that began without them end; this one gets a token of its own."""
    token = await begin_anew(ask)
    response = replace(ask, secret=token).render("recovery_codes.html", codes=codes)
    keep_session(ask, response, token)
    return response


def _login_code_page(ask: Ask, status: int = 200, error: str = "") -> web.Response:
    next_page = ask.form.get("next", ask.request.query.get("next", ""))
    return ask.render("login_code.html", status, error=error, wanted=next_page)
