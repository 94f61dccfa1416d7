"""Browsers in which an account has logged in before. Their tries to log in are counted apart from all others'.

So whoever tries passwords from elsewhere slows down nobody who was here before (OWASP, "Slow Down Online Guessing
Attacks with Device Cookies"). A browser proves it by a cookie that is sealed with the account's password hash:
nothing is kept of browsers here, and another password makes strangers of them all. All calls block; they raise
StoreError.
"""

import hmac
import re
import secrets
from datetime import datetime, timedelta

from core.store import Store
from dashboards.people.accounts import kept_password

KNOWN_COOKIE = "footfall_known"
KNOWN_LASTS = timedelta(days=180)
_COOKIE = re.compile(r"([0-9]{1,12})\.([0-9a-f]{16})\.([0-9a-f]{64})")
_NAME_BYTES = 8


def introduce(store: Store, email: str, now: datetime) -> str:
    """Give the cookie of a browser in which an account has just logged in."""
    until, name = str(int((now + KNOWN_LASTS).timestamp())), secrets.token_hex(_NAME_BYTES)
    return f"{until}.{name}.{_seal(kept_password(store, email), email, until, name)}"


def recognise(store: Store, email: str, cookie: str, now: datetime) -> str:
    """Give the random name of a browser if its cookie is of this account and not too old, else ""."""
    found = _COOKIE.fullmatch(cookie)
    if found is None or int(found[1]) <= now.timestamp():
        return ""
    until, name, seal = found.groups()
    kept = kept_password(store, email)
    is_genuine = hmac.compare_digest(_seal(kept, email, until, name), seal)
    return name if kept and is_genuine else ""


def _seal(kept: str, email: str, until: str, name: str) -> str:
    # The hash has a random salt: nobody can make a seal of a password that they guess.
    return hmac.digest(kept.encode(), f"{email.strip().lower()} {until} {name}".encode(), "sha256").hex()
