"""Logins: a cookie that the store cannot tell."""

from datetime import date, timedelta

import pytest

from core.store import Store
from dashboards.people.accounts import add_account
from dashboards.people.last_uses import note_use
from dashboards.people.logins import (
    Login,
    begin_login,
    end_login,
    end_logins_of,
    end_session,
    find_login,
    sessions_of,
)
from dashboards.people.tokens import hash_of
from dashboards.permissions import OWNER
from tests.dashboards.conftest import EMAIL, NOON, PASSWORD

DAY = timedelta(days=1)
MARA = Login(EMAIL, OWNER)


@pytest.fixture(autouse=True)
def account(store: Store) -> None:
    """Mara has an account."""
    add_account(store, EMAIL, PASSWORD, NOON)


def test_a_session_runs_until_it_expires(store: Store) -> None:
    """The cookie holds for its days, to the millisecond, and not longer."""
    token = begin_login(store, EMAIL, NOON, DAY)
    assert find_login(store, token, NOON) == MARA
    assert find_login(store, token, NOON + DAY - timedelta(milliseconds=1)) == MARA
    assert find_login(store, token, NOON + DAY) is None


def test_a_logout_ends_one_session(store: Store) -> None:
    """Who logs out on the phone stays logged in at the desk."""
    phone, desk = (begin_login(store, EMAIL, NOON, DAY) for _ in range(2))
    end_login(store, phone, EMAIL, NOON)
    assert find_login(store, phone, NOON) is None
    assert find_login(store, desk, NOON) == MARA
    end_logins_of(store, EMAIL, NOON)
    assert find_login(store, desk, NOON) is None


def test_the_store_does_not_hold_what_logs_in(store: Store) -> None:
    """Whoever reads the store finds no cookie there, and what stands there is none."""
    token = begin_login(store, EMAIL, NOON, DAY)
    rows = store.rows("SELECT * FROM logins")
    assert token not in str(rows)
    assert find_login(store, rows[0][0], NOON) is None


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "é" * 43, "x" * 10_000])
def test_what_is_no_token_is_no_session(store: Store, token: str) -> None:
    """An invented cookie opens nothing."""
    begin_login(store, EMAIL, NOON, DAY)
    assert find_login(store, token, NOON) is None


def test_sessions_are_listed_and_ended_by_name(store: Store) -> None:
    """Those that run and are whole, the last used first; the name of another account's ends nothing."""
    add_account(store, "jo@example.com", PASSWORD, NOON)
    phone, desk = (begin_login(store, EMAIL, NOON + DAY * days, DAY * 30) for days in range(2))
    begin_login(store, EMAIL, NOON - DAY * 2, DAY)
    begin_login(store, "jo@example.com", NOON, DAY * 30)
    half = begin_login(store, EMAIL, NOON, DAY * 30, half=True)
    for _ in range(2):
        note_use(store, hash_of(phone), date.min, NOON + DAY * 3)
    listed = sessions_of(store, EMAIL, desk, NOON + DAY * 3)
    assert [(each.created, each.seen, each.is_this) for each in listed] == [
        (NOON, (NOON + DAY * 3).date(), False),
        (NOON + DAY, date(1970, 1, 1), True),
    ]
    assert (find_login(store, half, NOON), find_login(store, half, NOON, half=True)) == (None, MARA)
    now = NOON + DAY * 4
    assert not end_session(store, listed[0].name, "jo@example.com", now)
    assert end_session(store, listed[0].name, EMAIL, now)
    assert end_logins_of(store, EMAIL, now, but=desk) == 2
    assert [find_login(store, token, now) for token in (phone, desk)] == [None, MARA]
