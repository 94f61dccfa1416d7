"""Accounts: the people who read reports, and the check of their passwords.

A password is kept as argon2id with the library's own parameters, which follow RFC 9106; when
those change, it is hashed anew at the next login. All calls block: a coroutine uses a thread.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.errors import AccountError
from core.sql import sql
from core.store import Store, encode_rows
from dashboards.logins import end_logins_of

LEAST_PASSWORD = 12
MOST_PASSWORD = 1_000
_MOST_EMAIL = 254  # RFC 5321, with its errata
_EMAIL = re.compile(r"[^\s@\x00-\x1f\x7f]+@[^\s@\x00-\x1f\x7f]+")
_COLUMNS = ("email", "password", "created", "removed", "version")


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may log in."""

    email: str
    created: datetime


def canonical_email(text: str) -> str:
    """Give an e-mail address as it is kept: in lower case. Raises AccountError for no address."""
    email = text.strip().lower()
    if len(email) > _MOST_EMAIL or not _EMAIL.fullmatch(email):
        raise AccountError("This is no e-mail address; write it like you@example.com.")
    return email


def check_new_password(password: str) -> None:
    """Raise AccountError for a password that is too short or too long to be one."""
    if len(password) < LEAST_PASSWORD:
        raise AccountError(f"The password needs at least {LEAST_PASSWORD} characters; four words do well.")
    if len(password) > MOST_PASSWORD:
        raise AccountError(f"The password may have at most {MOST_PASSWORD} characters.")


def add_account(store: Store, email: str, password: str, now: datetime) -> Account:
    """Add an account. Raises AccountError for a bad or known address or a bad password; StoreError."""
    name = canonical_email(email)
    check_new_password(password)
    if _find(store, name) is not None:
        raise AccountError(f"{name} has an account already.")
    account = Account(name, now)
    _write(store, account, _hash(password), now)
    return account


def list_accounts(store: Store) -> list[Account]:
    """Give all accounts, ordered by e-mail address."""
    return [
        Account(email, datetime.fromisoformat(created))
        for email, created in store.rows(sql("dashboards", "list_accounts"))
    ]


def change_password(store: Store, email: str, password: str, now: datetime) -> Account:
    """Give an account another password and end its sessions. Raises AccountError, StoreError."""
    check_new_password(password)
    account = _known(store, email)
    _write(store, account, _hash(password), now)
    end_logins_of(store, account.email, now)
    return account


def remove_account(store: Store, email: str, now: datetime) -> Account:
    """Remove an account; its sessions end with it. Raises AccountError if there is none."""
    account = _known(store, email)
    _write(store, account, "", now, removed=True)
    end_logins_of(store, account.email, now)
    return account


def verify_password(store: Store, email: str, password: str, now: datetime) -> Account | None:
    """Give the account if the password is its own, else None.

    An unknown address takes as long as a known one: its password is checked against a decoy.
    """
    found = _find_by_text(store, email)
    kept = found[1] if found else _decoy()
    if not _is_password(kept, password) or found is None:
        return None
    account, kept = found
    if PasswordHasher().check_needs_rehash(kept):
        _write(store, account, _hash(password), now)
    return account


def _known(store: Store, email: str) -> Account:
    found = _find(store, canonical_email(email))
    if found is None:
        raise AccountError(f"There is no account {canonical_email(email)}.")
    return found[0]


def _find_by_text(store: Store, text: str) -> tuple[Account, str] | None:
    try:
        return _find(store, canonical_email(text))
    except AccountError:
        return None


def _find(store: Store, email: str) -> tuple[Account, str] | None:
    rows = store.rows(sql("dashboards", "find_account"), {"email": email})
    for name, password, created in rows:
        return Account(name, datetime.fromisoformat(created)), password
    return None


def _write(store: Store, account: Account, password: str, now: datetime, *, removed: bool = False) -> None:
    version = int(now.timestamp() * 1_000_000)
    row = (account.email, password, account.created, removed, version)
    store.insert("accounts", _COLUMNS, encode_rows([row]))


@cache
def _decoy() -> str:
    return _hash("the password of nobody")


def _hash(password: str) -> str:
    return PasswordHasher().hash(_normal(password))


def _is_password(kept: str, password: str) -> bool:
    try:
        return PasswordHasher().verify(kept, _normal(password))
    except (VerificationError, InvalidHashError):
        return False


def _normal(password: str) -> str:
    """Make one of the ways in which keyboards write the same letters (NIST SP 800-63B 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password[:MOST_PASSWORD])
