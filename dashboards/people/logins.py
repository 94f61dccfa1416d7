"""Logins: a random cookie in the browser, its SHA-256 in the store.

Every login has a token of its own, so none can be planted beforehand, and a logout ends it for good.
With a second factor there are two: the password begins half a login, which opens nothing but the
page that asks for the code; the code begins a whole one, and ends the half. All calls block.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.sql import sql
from core.store import Store, encode_rows
from core.write_down import WriteDown, write_nothing
from dashboards.people.roles import standing_of
from dashboards.people.tokens import hash_of, is_token, new_token, version_of
from dashboards.permissions import Standing

COOKIE = "footfall_session"
HALF_COOKIE = "footfall_half"
HALF_LASTS = timedelta(minutes=10)
_BEGUN = ("session", "email", "expires", "ended", "version", "created", "half")
_ENDED = _BEGUN[:5]


@dataclass(frozen=True, slots=True)
class Login:
    """A session that runs: whose it is, and what they may now."""

    email: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Session:
    """A line of the list of sessions. ``name`` is the hash of its cookie; ``seen`` the day of its last use."""

    name: str
    created: datetime
    seen: date
    is_this: bool


def begin_login(store: Store, email: str, now: datetime, lasts: timedelta, *, half: bool = False) -> str:
    """Begin a session; give the token for the cookie."""
    token = new_token()
    row = (hash_of(token), email, now + lasts, False, version_of(now), now, half)
    store.insert("logins", _BEGUN, encode_rows([row]))
    return token


def find_login(store: Store, token: str, now: datetime, *, half: bool = False) -> Login | None:
    """Give the session of a cookie; None for one that does not run."""
    if not is_token(token):
        return None
    asked = {"session": hash_of(token), "now": int(now.timestamp() * 1_000), "half": int(half)}
    for email, role, by_site in store.rows(sql("dashboards", "find_login"), asked):
        return Login(email, standing_of(role, by_site))
    return None


def sessions_of(store: Store, email: str, token: str, now: datetime) -> list[Session]:
    """Give the running sessions of an account, the last used first; ``token`` is that of who asks."""
    milliseconds, own = int(now.timestamp() * 1_000), hash_of(token)
    rows = store.rows(sql("dashboards", "sessions_of"), {"email": email, "now": milliseconds})
    return [
        Session(name, datetime.fromisoformat(created), date.fromisoformat(seen), is_this=name == own)
        for name, created, seen in rows
    ]


def end_login(store: Store, token: str, email: str, now: datetime) -> None:
    """End a session."""
    _end(store, [(hash_of(token), email, now, True, version_of(now))])


def end_session(
    store: Store, name: str, email: str, now: datetime, write_down: WriteDown[str] = write_nothing
) -> bool:
    """End a session of an account by its name in the list; tell whether it was one that ran."""
    running = [each for each in _running(store, email) if each[0] == name]
    if not running:
        return False
    write_down(name)
    _end(store, [(session, email, expires, True, version_of(now)) for session, expires in running])
    return True


def end_logins_of(store: Store, email: str, now: datetime, but: str = "") -> int:
    """End every session of an account, but for the one with the token ``but``; give how many."""
    running = [each for each in _running(store, email) if each[0] != hash_of(but)]
    _end(store, [(session, email, expires, True, version_of(now)) for session, expires in running])
    return len(running)


def running_logins(store: Store) -> int:
    """Count the sessions that were not ended, also those that have expired."""
    return len(store.rows(sql("dashboards", "running_logins")))


def end_all_logins(store: Store, now: datetime) -> int:
    """End every session of every account; give how many."""
    running = store.rows(sql("dashboards", "running_logins"))
    # Also one that began a moment after ``now``.
    _end(store, [(*login, True, max(version_of(now), version + 1)) for *login, version in running])
    return len(running)


def _running(store: Store, email: str) -> list[tuple[str, str]]:
    rows = store.rows(sql("dashboards", "logins_of"), {"email": email})
    return [(session, expires) for session, expires in rows]


def _end(store: Store, rows: list[tuple[str, str, object, bool, int]]) -> None:
    store.insert("logins", _ENDED, encode_rows(rows))
