"""The second factor: enrolled, asked for at the login, recovered from, turned off."""

import asyncio
import re
from datetime import datetime

import pyotp
import pytest

from core.accesses import read_accesses
from core.store import Store
from dashboards.people.logins import COOKIE, HALF_COOKIE, HALF_LASTS
from dashboards.people.second_factor import (
    RECOVERY_CODES,
    Taken,
    add_factor,
    find_factor,
    new_secret,
    remove_factor,
    secret_as_svg,
    take_code,
)
from dashboards.people.throttle import FREE_TRIES
from tests.dashboards.conftest import EMAIL, NOON, PASSWORD, Answer, Browser
from tests.fixtures.hands import Hands

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PATH = "/account/second-factor"


def _code(at: datetime, steps: int = 0) -> str:
    return pyotp.TOTP(SECRET).at(int(at.timestamp()) + 30 * steps)


def _shown(answer: Answer) -> list[str]:
    return re.findall(r"<li>([a-z2-7]{4}(?:-[a-z2-7]{4}){3})</li>", answer.page.html)


@pytest.fixture
def codes(embedded: Store, account: str, clock: Hands) -> list[str]:
    """The recovery codes of Mara, who has a second factor since a minute ago."""
    added = add_factor(embedded, EMAIL, SECRET, _code(clock()), clock())
    assert added is not None
    clock.move(seconds=60)
    return added


async def test_a_second_factor_is_turned_on_by_its_first_code(
    mara: Browser, embedded: Store, clock: Hands
) -> None:
    """The page shows the secret; the first code and the password turn it on and show ten recovery codes, once."""
    opened = (await mara.get(PATH)).page
    secret, before = opened.fields["secret"], mara.cookie(COOKIE)
    assert 'class="qr"' in opened.html
    assert " ".join(re.findall("....", secret)) in opened.html
    sent = opened.fields | {"code": pyotp.TOTP(secret).at(clock()), "password": PASSWORD}
    clock.move(seconds=1)
    shown = await mara.post(PATH, sent)
    assert len(set(_shown(shown))) == RECOVERY_CODES
    assert mara.cookie(COOKIE) != before
    download = await mara.post(f"{PATH}/download", shown.page.fields)
    assert download.headers["Content-Disposition"].startswith("attachment")
    assert all(code in download.page.html for code in _shown(shown))
    assert _shown(await mara.get(PATH)) == []
    kept = str(embedded.rows("SELECT * FROM second_factors"))
    assert not any(code in kept or code.replace("-", "") in kept for code in _shown(shown))
    assert [line.what for line in read_accesses(embedded) if line.what != "page"] == ["second factor added"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"code": "000000"}, "is not right"),
        ({"code": ""}, "is not right"),
        ({"password": "not the password"}, "not your current password"),
        ({"secret": "SHORT"}, "Scan the QR code again"),
    ],
)
async def test_a_wrong_code_or_password_turns_nothing_on(
    mara: Browser, embedded: Store, clock: Hands, wrong: dict[str, str], message: str
) -> None:
    """What is wrong is said, and the same picture can be tried again."""
    opened = (await mara.get(PATH)).page.fields
    sent = opened | {"code": pyotp.TOTP(opened["secret"]).at(clock()), "password": PASSWORD} | wrong
    answer = await mara.post(PATH, sent)
    assert (answer.status, message in answer.page.text) == (400, True)
    assert find_factor(embedded, EMAIL) is None
    assert (answer.page.fields["secret"] == opened["secret"]) == ("secret" not in wrong)


async def test_a_wrong_code_and_a_wrong_password_are_named_at_once(mara: Browser, embedded: Store) -> None:
    """Both are said beside their fields, and the secret that one types in stays unfolded for the next try."""
    folded = '<details class="fold">'
    opened = (await mara.get(PATH)).page
    answer = await mara.post(PATH, opened.fields | {"code": "000000", "password": "not the password"})
    said = re.findall(r'id="([a-z]+)-error">([^<.]+)', answer.page.html)
    assert (answer.status, said) == (
        400,
        [("code", "This code is not right"), ("password", "This is not your current password")],
    )
    assert (folded in opened.html, folded in answer.page.html) == (True, False)
    assert find_factor(embedded, EMAIL) is None


async def test_the_login_asks_for_a_code(nobody: Browser, codes: list[str], clock: Hands) -> None:
    """The password opens nothing but the next step, which leads where one wanted to go."""
    answer = await nobody.fill("/login?next=/account", email=EMAIL, password=PASSWORD)
    assert answer.to == "/login/code?next=/account"
    assert not nobody.cookie(COOKIE)
    half = nobody.cookie(HALF_COOKIE)
    assert (await nobody.get("/account")).to == "/login?next=/account"
    assert (await nobody.get("/account", Cookie=f"{COOKIE}={half}")).to == "/login?next=/account"
    assert (await nobody.fill(answer.to, code="000000")).status == 403
    code = _code(clock())
    assert (await nobody.fill(answer.to, code=f"{code[:3]} {code[3:]}")).to == "/account"
    assert nobody.cookie(HALF_COOKIE) == ""
    assert (await nobody.get("/account")).status == 200
    nobody.client.session.cookie_jar.clear()
    assert (await nobody.get("/login/code", Cookie=f"{HALF_COOKIE}={half}")).to == "/login"


async def test_a_code_never_leads_to_another_host(nobody: Browser, codes: list[str], clock: Hands) -> None:
    """Nor does the second step."""
    answer = await nobody.fill("/login?next=//evil.example", email=EMAIL, password=PASSWORD)
    assert answer.to == "/login/code?next=/"
    assert (await nobody.fill("/login/code?next=//evil.example", code=_code(clock()))).to == "/"


async def test_the_second_step_has_to_be_soon(nobody: Browser, codes: list[str], clock: Hands) -> None:
    """After ten minutes the password is asked for again."""
    await nobody.log_in()
    fields = (await nobody.get("/login/code")).page.fields
    clock.move(seconds=HALF_LASTS.total_seconds())
    assert (await nobody.post("/login/code", fields | {"code": _code(clock())})).to == "/login"
    assert (await nobody.get("/login/code")).to == "/login"


async def test_a_code_is_taken_once(nobody: Browser, codes: list[str], clock: Hands) -> None:
    """Who looked over a shoulder comes too late, also if both send it at once; nor does an older code hold."""
    await nobody.log_in()
    fields = (await nobody.get("/login/code")).page.fields | {"code": _code(clock())}
    answers = await asyncio.gather(*(nobody.post("/login/code", fields) for _ in range(3)))
    assert sorted(answer.status for answer in answers)[:1] == [303]
    assert sum(answer.to == "/" for answer in answers) == 1
    nobody.client.session.cookie_jar.clear()
    await nobody.log_in()
    for steps in (-1, 0):
        assert (await nobody.fill("/login/code", code=_code(clock(), steps))).status == 403
    assert (await nobody.fill("/login/code", code=_code(clock(), 1))).to == "/"


async def test_guessing_codes_is_slowed_down(nobody: Browser, codes: list[str], clock: Hands) -> None:
    """After five tries even the right code has to wait, and a new login with the password changes nothing."""
    await nobody.log_in()
    for _ in range(FREE_TRIES):
        assert (await nobody.fill("/login/code", code="000000")).status == 403
    await nobody.log_in()
    answer = await nobody.fill("/login/code", code=_code(clock()))
    assert (answer.status, answer.headers["Retry-After"]) == (429, "1")
    clock.move(seconds=1)
    assert (await nobody.fill("/login/code", code=_code(clock()))).to == "/"


async def test_a_recovery_code_lets_in_once(
    nobody: Browser, embedded: Store, codes: list[str], clock: Hands
) -> None:
    """In any letters, with or without hyphens; the account's page counts what is left."""
    await nobody.log_in()
    assert (await nobody.fill("/login/code", code=codes[3].upper().replace("-", " "))).to == "/"
    assert "9 recovery codes are left" in (await nobody.get("/account")).page.text
    assert "recovery code used" in [line.what for line in read_accesses(embedded)]
    nobody.client.session.cookie_jar.clear()
    await nobody.log_in()
    assert (await nobody.fill("/login/code", code=codes[3])).status == 403


async def test_recovery_codes_are_made_anew(
    mara: Browser, embedded: Store, codes: list[str], clock: Hands
) -> None:
    """With the password; the old ones stop working, and are no file to download."""
    fields = (await mara.get(PATH)).page.fields
    assert (await mara.post(f"{PATH}/codes", fields | {"password": "wrong"})).status == 400
    answer = await mara.post(f"{PATH}/codes", fields | {"password": PASSWORD})
    assert len(_shown(answer)) == RECOVERY_CODES
    clock.move(seconds=1)
    assert take_code(embedded, EMAIL, codes[0], clock()) is None
    for text in (" ".join(codes), "anything at all", ""):
        assert (await mara.post(f"{PATH}/download", answer.page.fields | {"codes": text})).to == PATH


async def test_a_second_factor_is_turned_off_with_the_password(
    mara: Browser, embedded: Store, codes: list[str], clock: Hands
) -> None:
    """Then the password alone logs in."""
    fields = (await mara.get(PATH)).page.fields
    refused = await mara.post(f"{PATH}/off", fields | {"password": "wrong"})
    assert (refused.status, find_factor(embedded, EMAIL) is None) == (400, False)
    answer = await mara.post(f"{PATH}/off", fields | {"password": PASSWORD})
    assert answer.to == "/account?done=factor-off"
    assert find_factor(embedded, EMAIL) is None
    mara.client.session.cookie_jar.clear()
    assert (await mara.log_in()).to == "/"


def test_codes_by_time_are_checked_as_the_standard_says(store: Store) -> None:
    """A clock may be half a minute off, no more; on both engines a used step stays used."""
    assert add_factor(store, EMAIL, SECRET, _code(NOON, 2), NOON) is None
    assert add_factor(store, EMAIL, SECRET, _code(NOON, -1), NOON) is not None
    clock = Hands(NOON)
    for steps, taken in ((-1, None), (0, Taken.CODE), (0, None), (1, Taken.CODE), (0, None), (2, None)):
        clock.move(seconds=1)
        assert take_code(store, EMAIL, _code(NOON, steps), clock()) is taken
    clock.move(seconds=1)
    remove_factor(store, EMAIL, clock())
    clock.move(seconds=60)
    assert take_code(store, EMAIL, _code(clock()), clock()) is None


def test_the_picture_needs_no_style() -> None:
    """It is an svg with a light ground and a quiet zone, and nothing in it that the policy forbids."""
    picture = secret_as_svg(new_secret(), EMAIL, "Footfall")
    assert picture.startswith("<svg")
    assert not re.search(r"style|<script|href|onload", picture)
