"""API keys: a program reads reports with one as the account that made it may see them, and does nothing else.

A key is shown once; the store has its SHA-256. It ends with its account, or when it is revoked; what its account
may see is looked up each time. All calls block; they raise StoreError.
"""

from dataclasses import dataclass
from datetime import date, datetime

from core.errors import AccountError
from core.sql import sql
from core.store import Store, encode_rows
from core.write_down import WriteDown, write_nothing
from dashboards.language import message
from dashboards.people.last_uses import note_use
from dashboards.people.roles import standing_of
from dashboards.people.tokens import hash_of, is_token, new_token, version_of
from dashboards.permissions import Kind, Principal, Role, Standing

PREFIX = "footfall_"
"""By it a scanner for secrets knows a key that was published by mistake."""
MOST_NAME = 100
MOST_KEYS = 100
_COLUMNS = ("api_key", "email", "name", "created", "revoked", "version")


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key. ``api_key`` is its hash; ``used`` the day of its last use, 1970-01-01 for none."""

    api_key: str
    email: str
    name: str
    created: datetime
    used: date


def add_key(store: Store, email: str, name: str, now: datetime, write_down: WriteDown[str] = write_nothing) -> str:
    """Make a key; give it: nothing else can tell it later. Raises AccountError for a bad name, or too many.

    A name that a key of the account has already is a bad one: a form that is sent twice makes one key.
    ``write_down`` is given the name.
    """
    name = name.strip()
    if not 0 < len(name) <= MOST_NAME or not name.isprintable():
        raise AccountError(message("Enter a name of at most %(most)s characters."), most=MOST_NAME)
    keys = keys_of(store, email)
    if any(each.name == name for each in keys):
        raise AccountError(
            message("There is already a key with this name. Choose another name, or revoke that key.")
        )
    if len(keys) >= MOST_KEYS:
        raise AccountError(message("An account can have at most %(most)s keys. Revoke one first."), most=MOST_KEYS)
    key = PREFIX + new_token()
    write_down(name)
    store.insert("api_keys", _COLUMNS, encode_rows([(hash_of(key), email, name, now, False, version_of(now))]))
    return key


def keys_of(store: Store, email: str) -> list[ApiKey]:
    """Give the keys of an account that hold, the newest first."""
    return [each for each in all_keys(store) if each.email == email]


def all_keys(store: Store) -> list[ApiKey]:
    """Give every key that holds, the newest first."""
    return [
        ApiKey(key, email, name, datetime.fromisoformat(created), date.fromisoformat(used))
        for key, email, name, created, used in store.rows(sql("dashboards", "all_keys"))
    ]


def revoke_keys(store: Store, keys: list[ApiKey], now: datetime) -> None:
    """Revoke keys; they open nothing from now on."""
    rows = [(each.api_key, each.email, each.name, each.created, True, version_of(now)) for each in keys]
    store.insert("api_keys", _COLUMNS, encode_rows(rows))


def find_key(store: Store, token: str, now: datetime) -> Principal | None:
    """Give who asks with this key, and note the day; None for a key that does not hold.

    It may see the reports that its account may see now, whatever else the account may do.
    """
    if not token.startswith(PREFIX) or not is_token(token.removeprefix(PREFIX)):
        return None
    for key, email, name, role, by_site, used in store.rows(
        sql("dashboards", "find_key"), {"api_key": hash_of(token)}
    ):
        note_use(store, key, date.fromisoformat(used), now)
        return Principal(Kind.KEY, f"{email} (key {name})", _only_seeing(standing_of(role, by_site)))
    return None


def _only_seeing(standing: Standing) -> Standing:
    role = None if standing.role is None else Role.VIEWER
    return Standing(role, dict.fromkeys(standing.by_site, Role.VIEWER))
