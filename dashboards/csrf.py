"""Forms are sent from our own pages only.

Every form carries a token made from a secret in a cookie: the session's, or before a login
that of FORM_COOKIE. Besides, the browser says where a request comes from: in Sec-Fetch-Site,
or, where that is missing (plain HTTP, old browsers), in Origin.
"""

import hmac
from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

FIELD = "csrf"
FORM_COOKIE = "footfall_form"


def csrf_token(secret: str) -> str:
    """Make the token that goes into the forms of who holds the secret."""
    return hmac.digest(secret.encode(), b"footfall csrf", "sha256").hex()


def is_genuine(secret: str, stated: str) -> bool:
    """Tell whether a form's token was made from the secret."""
    return hmac.compare_digest(csrf_token(secret).encode(), stated.encode(errors="replace"))


def comes_from_here(headers: Mapping[str, str], hosts: Collection[str]) -> bool:
    """Tell whether the browser says that a request comes from a page of one of these hosts.

    Only host and port are compared: behind a proxy the scheme may be unknown here.
    """
    site = headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = headers.get("Origin")
    return origin is None or urlsplit(origin).netloc in hosts
