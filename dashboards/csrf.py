"""Forms are sent from our own pages only.

Every form carries a token made from a secret in a cookie: the session's, or before a login
that of FORM_COOKIE. It is masked anew for every page: pages are compressed, and whoever saw
how long many of them are could else learn it bit by bit (BREACH). Besides, the browser says
where a request comes from: in Sec-Fetch-Site, or, where that is missing (plain HTTP, old
browsers), in Origin.
"""

import hmac
import secrets
from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

FIELD = "csrf"
FORM_COOKIE = "footfall_form"
_LENGTH = 32  # bytes of a token's mask, and of what is masked


def csrf_token(secret: str) -> str:
    """Make the token that goes into the forms of who holds the secret."""
    mask = secrets.token_bytes(_LENGTH)
    return (mask + _xor(_proof(secret), mask)).hex()


def is_genuine(secret: str, stated: str) -> bool:
    """Tell whether a form's token was made from the secret."""
    try:
        token = bytes.fromhex(stated)
    except ValueError:
        return False
    mask, masked = token[:_LENGTH], token[_LENGTH:]
    return len(token) == 2 * _LENGTH and hmac.compare_digest(_xor(masked, mask), _proof(secret))


def comes_from_here(headers: Mapping[str, str], hosts: Collection[str]) -> bool:
    """Tell whether the browser says that a request comes from a page of one of these hosts.

    Only host and port are compared: behind a proxy the scheme may be unknown here.
    """
    site = headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = headers.get("Origin")
    return origin is None or urlsplit(origin).netloc in hosts


def _proof(secret: str) -> bytes:
    return hmac.digest(secret.encode(), b"footfall csrf", "sha256")


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(left ^ right for left, right in zip(one, other, strict=True))
