"""Browsers that an account knows: nobody who guesses elsewhere keeps its owner out."""

from datetime import timedelta

import pytest

from core.store import Store
from dashboards.people.accounts import add_account, change_password
from dashboards.people.known_browsers import KNOWN_COOKIE, KNOWN_LASTS, introduce, recognise
from dashboards.people.throttle import FREE_TRIES, MOST_A_MINUTE
from tests.dashboards.conftest import EMAIL, NOON, PASSWORD, Browser
from tests.fixtures.hands import Hands

WRONG = "a wrong password"
NEW = "another four words"


async def _log_out(browser: Browser) -> None:
    form = await browser.fill("/sites/new")
    assert (await browser.post("/logout", {"csrf": form.page.fields["csrf"]})).to == "/login"


def _guess_everywhere(browser: Browser) -> None:
    """Be somebody with no cookies who tries until nobody may any more, at this account and many others."""
    for number in range(MOST_A_MINUTE):
        browser.board.throttle.begin(EMAIL if number < 2 * FREE_TRIES else f"{number}@example.com", NOON)


async def test_whoever_guesses_elsewhere_keeps_nobody_out_who_was_here_before(nobody: Browser) -> None:
    """All tries are used up, and the browser of the last login logs in; one that is new has to wait."""
    assert (await nobody.log_in()).to == "/"
    await _log_out(nobody)
    _guess_everywhere(nobody)
    assert (await nobody.log_in()).to == "/"
    nobody.client.session.cookie_jar.clear()
    assert (await nobody.log_in()).status == 429


async def test_the_password_is_changed_while_somebody_guesses(mara: Browser) -> None:
    """Who is logged in is not held up when asked for the present password, and this browser stays known."""
    _guess_everywhere(mara)
    form = (await mara.get("/account")).page.fields
    answer = await mara.post("/account/password", form | {"password": PASSWORD, "new_password": NEW})
    assert answer.to == "/account?done=password"
    assert recognise(mara.board.store, EMAIL, mara.cookie(KNOWN_COOKIE), NOON)


async def test_who_has_somebodys_browser_cannot_guess_for_ever(nobody: Browser) -> None:
    """There, too, waits begin after five tries."""
    await nobody.log_in()
    await _log_out(nobody)
    for _ in range(FREE_TRIES):
        assert (await nobody.log_in(EMAIL, WRONG)).status == 403
    assert (await nobody.log_in()).status == 429


async def test_a_wrong_password_makes_no_browser_known(nobody: Browser) -> None:
    """The cookie comes with the login, out of reach for scripts and other sites."""
    assert KNOWN_COOKIE not in (await nobody.log_in(EMAIL, WRONG)).cookies
    cookie = (await nobody.log_in()).cookies[KNOWN_COOKIE]
    kept = [cookie[name] for name in ("httponly", "samesite", "path", "max-age")]
    assert kept == [True, "Lax", "/", str(int(KNOWN_LASTS.total_seconds()))]


def test_a_browser_is_known_to_its_own_account_for_so_long(embedded: Store, account: str, clock: Hands) -> None:
    """Not to another one, not after 180 days, and not with a changed cookie."""
    add_account(embedded, "jo@example.com", PASSWORD, NOON)
    cookie = introduce(embedded, EMAIL, NOON)
    until, name, seal = cookie.split(".")
    longer = f"{int(until) + 1}.{name}.{seal}"
    asked = ((EMAIL, cookie), ("jo@example.com", cookie), ("nobody@example.com", cookie), (EMAIL, longer))
    assert [recognise(embedded, email, stated, NOON) for email, stated in asked] == [name, "", "", ""]
    ends = NOON + KNOWN_LASTS
    assert [recognise(embedded, EMAIL, cookie, at) for at in (ends - timedelta(seconds=1), ends)] == [name, ""]


def test_another_password_makes_strangers_of_all_browsers(embedded: Store, account: str) -> None:
    """Whoever learnt the old one has no way around the waits either."""
    cookie = introduce(embedded, EMAIL, NOON)
    change_password(embedded, EMAIL, NEW, NOON + timedelta(seconds=1))
    assert recognise(embedded, EMAIL, cookie, NOON + timedelta(seconds=2)) == ""


@pytest.mark.parametrize("stated", ["", ".", "9" * 12, "x" * 5_000, f"{'9' * 12}.{'0' * 16}.{'0' * 64}"])
def test_a_made_up_cookie_is_nobodys(embedded: Store, account: str, stated: str) -> None:
    """Also for an address that has no account, whose seal anybody could make."""
    assert [recognise(embedded, email, stated, NOON) for email in (EMAIL, "nobody@example.com", "")] == [""] * 3
    forged = introduce(embedded, "nobody@example.com", NOON)
    assert recognise(embedded, "nobody@example.com", forged, NOON) == ""
