"""Passwords: how one is kept, and whether one is right.

Kept is argon2id with the library's own parameters, which follow RFC 9106. A check takes 64 MiB and a tenth of a
second of a core on purpose: who awaits one holds ``Dashboards.hashing`` meanwhile, in a thread.
"""

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.errors import AccountError
from dashboards.language import message

LEAST_PASSWORD = 12
MOST_PASSWORD = 1_000


def check_new_password(password: str, least: int = LEAST_PASSWORD) -> None:
    """Raise AccountError for a password that is too short or too long to be one."""
    if len(password) < least:
        raise AccountError(
            message("The password needs at least %(least)s characters; four words work well."), least=least
        )
    if len(password) > MOST_PASSWORD:
        raise AccountError(message("The password can have at most %(most)s characters."), most=MOST_PASSWORD)


def hash_password(password: str) -> str:
    """Give what the store keeps of a password."""
    return PasswordHasher().hash(_normal(password))


def is_password(kept: str, password: str) -> bool:
    """Tell whether a password is the one that is kept."""
    try:
        return PasswordHasher().verify(kept, _normal(password))
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Tell whether a password is kept by weaker parameters than today's."""
    return PasswordHasher().check_needs_rehash(kept)


@cache
def decoy() -> str:
    """Give the kept password of nobody: a check of what is unknown against it takes as long as any other."""
    return hash_password("the password of nobody")


def _normal(password: str) -> str:
    """Make one of the ways in which keyboards write the same letters (NIST SP 800-63B 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password[:MOST_PASSWORD])
