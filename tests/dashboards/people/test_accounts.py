"""Accounts: made, found by their password, removed."""

from datetime import timedelta
from typing import Any

import argon2
import pytest

from core.errors import AccountError
from core.store import Store, encode_rows
from dashboards.people.accounts import add_account, change_password, list_accounts, remove_account, verify_password
from dashboards.people.logins import begin_login, find_login
from dashboards.people.passwords import decoy
from tests.dashboards.conftest import EMAIL, NOON, PASSWORD, Hands


def test_a_person_is_known_by_e_mail_address_and_password(store: Store) -> None:
    """The right password opens the account; capitals and spaces around the address do not matter."""
    added = add_account(store, " Mara@Example.com", PASSWORD, NOON)
    assert verify_password(store, "mara@example.COM ", PASSWORD, NOON) == added
    assert list_accounts(store) == [added]
    assert added.email == EMAIL


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (EMAIL, "four words do not"),
        (EMAIL, PASSWORD.upper()),
        (EMAIL, ""),
        ("mira@example.com", PASSWORD),
        ("no address", PASSWORD),
        ("", ""),
        ("' OR 1 = 1 --@x", PASSWORD),
    ],
)
def test_a_wrong_password_or_an_unknown_address_opens_nothing(store: Store, email: str, password: str) -> None:
    """Only this address with this password is let in."""
    add_account(store, EMAIL, PASSWORD, NOON)
    assert verify_password(store, email, password, NOON) is None


def test_the_store_holds_no_password(store: Store) -> None:
    """What is kept is argon2id with a salt, so that equal passwords do not look equal."""
    for email in (EMAIL, "jo@example.com"):
        add_account(store, email, PASSWORD, NOON)
    kept = [password for (password,) in store.rows("SELECT password FROM accounts")]
    assert all(text.startswith("$argon2id$") and PASSWORD not in text for text in kept)
    assert len(set(kept)) == 2


@pytest.mark.parametrize(
    ("email", "password", "message"),
    [
        (EMAIL, PASSWORD, "already has an account"),
        ("mara", PASSWORD, "Write it like you@example.com"),
        ("ma ra@example.com", PASSWORD, "Write it like you@example.com"),
        ("a" * 250 + "@example.com", PASSWORD, "Write it like you@example.com"),
        ("jo@example.com", "too short", "at least 12 characters"),
        ("jo@example.com", "x" * 1_001, "at most 1000 characters"),
    ],
)
def test_what_cannot_be_an_account_is_refused_with_advice(
    store: Store, email: str, password: str, message: str
) -> None:
    """A bad or known address and a bad password are refused, and the message says what to do."""
    add_account(store, EMAIL, PASSWORD, NOON)
    with pytest.raises(AccountError, match=message):
        add_account(store, email, password, NOON)
    assert len(list_accounts(store)) == 1


def test_a_removed_account_is_out_at_once(store: Store) -> None:
    """Its password opens nothing, its sessions end, and a new account of that address has none of them."""
    clock = Hands(NOON)
    add_account(store, EMAIL, PASSWORD, clock())
    add_account(store, "jo@example.com", PASSWORD, clock())
    token = begin_login(store, EMAIL, clock(), timedelta(days=30))
    clock.move(seconds=1)
    remove_account(store, EMAIL, clock())
    assert verify_password(store, EMAIL, PASSWORD, clock()) is None
    assert find_login(store, token, clock()) is None
    clock.move(seconds=1)
    add_account(store, EMAIL, PASSWORD, clock())
    assert find_login(store, token, clock()) is None
    with pytest.raises(AccountError, match="There is no account"):
        remove_account(store, "kim@example.com", clock())


def test_a_changed_password_shuts_out_who_knew_the_old_one(store: Store) -> None:
    """The old password opens nothing any more, and the sessions that it began end."""
    clock = Hands(NOON)
    add_account(store, EMAIL, PASSWORD, clock())
    token = begin_login(store, EMAIL, clock(), timedelta(days=30))
    clock.move(seconds=1)
    change_password(store, EMAIL, "another four words", clock())
    assert verify_password(store, EMAIL, PASSWORD, clock()) is None
    assert verify_password(store, EMAIL, "another four words", clock()) is not None
    assert find_login(store, token, clock()) is None
    with pytest.raises(AccountError, match="at least 12 characters"):
        change_password(store, EMAIL, "short", clock())
    with pytest.raises(AccountError, match=r"There is no account for jo@example\.com"):
        change_password(store, "jo@example.com", PASSWORD, clock())


def test_the_same_letters_are_the_same_password(store: Store) -> None:
    """Keyboards write ö in one character or in two; both log in."""
    add_account(store, EMAIL, "M\u00f6wen am Meer", NOON)
    assert verify_password(store, EMAIL, "Mo\u0308wen am Meer", NOON) is not None


def test_an_old_hash_is_made_anew_at_the_next_login(store: Store) -> None:
    """A password that was kept by weaker parameters is kept by today's once its owner logs in."""
    weak = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    columns = ("email", "password", "created", "removed", "version")
    store.insert("accounts", columns, encode_rows([(EMAIL, weak, NOON, False, 1)]))
    assert verify_password(store, EMAIL, PASSWORD, NOON) is not None
    [[kept]] = store.rows("SELECT password FROM accounts FINAL")
    assert kept != weak
    assert not argon2.PasswordHasher().check_needs_rehash(kept)
    assert verify_password(store, EMAIL, PASSWORD, NOON) is not None


def test_an_unknown_address_takes_the_same_work(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Known or not, the store is asked as often, and one password is checked against one hash of the same cost."""
    work: list[list[object]] = []
    verify, rows = argon2.PasswordHasher.verify, store.rows

    def noted(self: argon2.PasswordHasher, kept: str | bytes, password: str | bytes) -> bool:
        work[-1].append(argon2.extract_parameters(str(kept)))
        return bool(verify(self, kept, password))

    def asked(text: str, *rest: Any) -> list[Any]:
        work[-1].append(text)
        return rows(text, *rest)

    add_account(store, EMAIL, PASSWORD, NOON)
    monkeypatch.setattr(argon2.PasswordHasher, "verify", noted)
    monkeypatch.setattr(store, "rows", asked)
    for email in (EMAIL, "jo@example.com"):
        work.append([])
        assert verify_password(store, email, "a wrong password", NOON) is None
    assert work[0] == work[1]
    assert [type(each) for each in work[0]] == [str, argon2.Parameters]


def test_what_is_no_address_takes_the_same_check(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody can be called so, and it still takes as long as a password takes."""
    checked: list[str | bytes] = []

    def noted(_hasher: argon2.PasswordHasher, kept: str | bytes, _password: str | bytes) -> bool:
        checked.append(kept)
        return True

    monkeypatch.setattr(argon2.PasswordHasher, "verify", noted)
    assert verify_password(store, "no address", PASSWORD, NOON) is None
    assert checked == [decoy()]
