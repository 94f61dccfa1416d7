"""Tokens: what opens something to whoever holds it. The store has nothing but their SHA-256.

Who reads the store cannot come in with what is there. A token is 32 random bytes, so that its hash
needs no salt and no slowness: there is nothing to guess.
"""

import re
import secrets
from datetime import datetime
from hashlib import sha256

_TOKEN_BYTES = 32
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")  # 32 bytes in base64


def new_token() -> str:
    """Make a token that nobody can guess."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def is_token(text: str) -> bool:
    """Tell whether a text has the form of a token."""
    return _TOKEN.fullmatch(text) is not None


def hash_of(token: str) -> str:
    """Give what the store keeps of a token."""
    return sha256(token.encode()).hexdigest()


def version_of(now: datetime) -> int:
    """Give the version of a row that is written now: the newest row holds."""
    return int(now.timestamp() * 1_000_000)
