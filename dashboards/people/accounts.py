"""Accounts: the people who read reports, what each may, and the check of their passwords.

At least one owner always remains. All calls block: a coroutine uses a thread.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime

from core.errors import AccountError
from core.sql import sql
from core.store import Store, encode_rows
from core.write_down import WriteDown, write_nothing
from dashboards.language import message
from dashboards.people.api_keys import keys_of, revoke_keys
from dashboards.people.invites import withdraw_invites_by
from dashboards.people.logins import end_logins_of
from dashboards.people.passwords import check_new_password, decoy, hash_password, is_outdated, is_password
from dashboards.people.roles import check_standing, read_standings, write_standing
from dashboards.people.second_factor import remove_factor
from dashboards.people.tokens import version_of
from dashboards.permissions import NOTHING, OWNER, Permission, Role, Standing

_MOST_EMAIL = 254  # RFC 5321, with its errata
_EMAIL = re.compile(r"[^\s@\x00-\x1f\x7f]+@[^\s@\x00-\x1f\x7f]+")
_COLUMNS = ("email", "password", "created", "removed", "version")


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may log in."""

    email: str
    created: datetime
    standing: Standing = NOTHING


@dataclass(frozen=True, slots=True)
class _Kept:
    """A row of the store; ``created`` as it is written there."""

    email: str
    password: str = field(repr=False)
    created: str


def canonical_email(text: str) -> str:
    """Give an e-mail address as it is kept: in lower case. Raises AccountError for no address."""
    email = text.strip().lower()
    if len(email) > _MOST_EMAIL or not _EMAIL.fullmatch(email):
        raise AccountError(message("This is not an e-mail address. Write it like you@example.com."))
    return email


def add_account(
    store: Store,
    email: str,
    password: str,
    now: datetime,
    standing: Standing = OWNER,
    write_down: WriteDown[Account] = write_nothing,
) -> Account:
    """Add an account: an owner's, unless a standing is given.

    Raises AccountError for a bad or known address, a bad password or roles that do not go together; StoreError.
    """
    name = canonical_email(email)
    check_new_password(password)
    if _find(store, name) is not None:
        raise AccountError(message("%(email)s already has an account."), email=name)
    check_standing(standing)
    account, kept = Account(name, now, standing), hash_password(password)
    write_down(account)
    write_standing(store, name, standing, now)  # before the account: cut off in between, nobody has got in
    _write(store, account, kept, now)
    return account


def list_accounts(store: Store) -> list[Account]:
    """Give all accounts, ordered by e-mail address."""
    standings = read_standings(store)
    return [
        Account(email, datetime.fromisoformat(created), standings.get(email, NOTHING))
        for email, created in store.rows(sql("dashboards", "list_accounts"))
    ]


def find_account(store: Store, email: str) -> Account:
    """Give the account of an address. Raises AccountError if there is none."""
    name = canonical_email(email)
    for account in list_accounts(store):
        if account.email == name:
            return account
    raise AccountError(message("There is no account for %(email)s."), email=name)


def change_password(
    store: Store, email: str, password: str, now: datetime, write_down: WriteDown[Account] = write_nothing
) -> Account:
    """Give an account another password and end its sessions. Raises AccountError, StoreError."""
    check_new_password(password)
    account, kept = find_account(store, email), hash_password(password)
    write_down(account)
    _write(store, account, kept, now)
    end_logins_of(store, account.email, now)
    return account


def change_standing(
    store: Store, email: str, standing: Standing, now: datetime, write_down: WriteDown[Account] = write_nothing
) -> Account:
    """Give an account other roles; they hold at once. Raises AccountError, also for the last owner; StoreError."""
    check_standing(standing)
    account = find_account(store, email)
    if standing.role is not Role.OWNER:
        _check_another_owner(store, account)
    changed = replace(account, standing=standing)
    write_down(changed)
    write_standing(store, account.email, standing, now)
    if not standing.may(Permission.PEOPLE):
        withdraw_invites_by(store, account.email, now)
    return changed


def remove_account(
    store: Store, email: str, now: datetime, write_down: WriteDown[Account] = write_nothing
) -> Account:
    """Remove an account; its sessions, keys, invitations and second factor end with it.

    Raises AccountError if there is none, or for the last owner; StoreError.
    """
    account = find_account(store, email)
    _check_another_owner(store, account)
    write_down(account)
    _write(store, account, "", now, removed=True)
    end_logins_of(store, account.email, now)
    write_standing(store, account.email, NOTHING, now)
    withdraw_invites_by(store, account.email, now)
    revoke_keys(store, keys_of(store, account.email), now)
    remove_factor(store, account.email, now)
    return account


def verify_password(store: Store, email: str, password: str, now: datetime) -> Account | None:
    """Give the account if the password is its own, else None.

    An unknown address takes as long as a known one: its password is checked against a decoy.
    """
    found = _find_by_text(store, email)
    kept = found.password if found else decoy()
    if not is_password(kept, password) or found is None:
        return None
    account = _account(store, found)  # not before: the store is asked as often for who is unknown
    if is_outdated(kept):
        _write(store, account, hash_password(password), now)
    return account


def kept_password(store: Store, email: str) -> str:
    """Give what is kept of an account's password, or "" if there is no such account. Raises StoreError."""
    found = _find_by_text(store, email)
    return found.password if found else ""


def _check_another_owner(store: Store, account: Account) -> None:
    owners = {each.email for each in list_accounts(store) if each.standing.role is Role.OWNER}
    if owners == {account.email}:
        raise AccountError(
            message("%(email)s is the only owner. Make somebody else an owner first."), email=account.email
        )


def _find_by_text(store: Store, text: str) -> _Kept | None:
    try:
        return _find(store, canonical_email(text))
    except AccountError:
        return None


def _find(store: Store, email: str) -> _Kept | None:
    rows = store.rows(sql("dashboards", "find_account"), {"email": email})
    return _Kept(*rows[0]) if rows else None


def _account(store: Store, kept: _Kept) -> Account:
    standing = read_standings(store).get(kept.email, NOTHING)
    return Account(kept.email, datetime.fromisoformat(kept.created), standing)


def _write(store: Store, account: Account, password: str, now: datetime, *, removed: bool = False) -> None:
    row = (account.email, password, account.created, removed, version_of(now))
    store.insert("accounts", _COLUMNS, encode_rows([row]))
