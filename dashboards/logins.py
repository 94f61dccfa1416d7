"""Logins: a random cookie in the browser, its SHA-256 in the store.

Who reads the store cannot log in with what is there. Every login has a token of its own, so
none can be planted beforehand, and a logout ends it for good. All calls block.
"""

import re
import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from core.sql import sql
from core.store import Store, encode_rows

COOKIE = "footfall_session"
_TOKEN_BYTES = 32
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")  # 32 bytes in base64
_COLUMNS = ("session", "email", "expires", "ended", "version")


def new_token() -> str:
    """Make a token that nobody can guess."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def is_token(text: str) -> bool:
    """Tell whether a text has the form of a token."""
    return _TOKEN.fullmatch(text) is not None


def begin_login(store: Store, email: str, now: datetime, lasts: timedelta) -> str:
    """Begin a session; give the token for the cookie."""
    token = new_token()
    _write(store, [(_hash(token), email, now + lasts, False, _version(now))])
    return token


def find_login(store: Store, token: str, now: datetime) -> str | None:
    """Give the e-mail address of the session's account; None for a session that does not run."""
    if not is_token(token):
        return None
    milliseconds = int(now.timestamp() * 1_000)
    rows = store.rows(sql("dashboards", "find_login"), {"session": _hash(token), "now": milliseconds})
    return str(rows[0][0]) if rows else None


def end_login(store: Store, token: str, email: str, now: datetime) -> None:
    """End a session."""
    _write(store, [(_hash(token), email, now, True, _version(now))])


def end_logins_of(store: Store, email: str, now: datetime) -> None:
    """End every session of an account."""
    running = store.rows(sql("dashboards", "logins_of"), {"email": email})
    _write(store, [(session, email, expires, True, _version(now)) for session, expires in running])


def running_logins(store: Store) -> int:
    """Count the sessions that were not ended, also those that have expired."""
    return len(store.rows(sql("dashboards", "running_logins")))


def end_all_logins(store: Store, now: datetime) -> int:
    """End every session of every account; give how many."""
    running = store.rows(sql("dashboards", "running_logins"))
    # Also one that began a moment after ``now``.
    _write(store, [(*login, True, max(_version(now), version + 1)) for *login, version in running])
    return len(running)


def _write(store: Store, rows: list[tuple[str, str, object, bool, int]]) -> None:
    store.insert("logins", _COLUMNS, encode_rows(rows))


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _version(now: datetime) -> int:
    return int(now.timestamp() * 1_000_000)
