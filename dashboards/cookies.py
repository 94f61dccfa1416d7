"""The names of our cookies.

By HTTPS they begin with ``__Host-``: a browser takes such a cookie only from this very host, with Secure and for
all paths, so that no neighbouring subdomain can plant one (RFC 6265bis 4.1.3.2). Plain HTTP cannot have that.
"""

from aiohttp import web

from core.settings import Settings
from dashboards.origin import is_secure

_PREFIX = "__Host-"


def cookie_name(request: web.Request, settings: Settings, name: str) -> str:
    """Give the name by which the browser of this request has a cookie of ours."""
    return _PREFIX + name if is_secure(request, settings) else name


def read_cookie(request: web.Request, settings: Settings, name: str) -> str:
    """Give the value of a cookie of ours, or ""."""
    return request.cookies.get(cookie_name(request, settings, name), "")


def put_cookie(
    response: web.Response, request: web.Request, settings: Settings, name: str, value: str, max_age: int | None
) -> None:
    """Set a cookie that no script can read and no other site's form can send."""
    response.set_cookie(
        cookie_name(request, settings, name),
        value,
        max_age=max_age,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=is_secure(request, settings),
    )


def drop_cookie(response: web.Response, request: web.Request, settings: Settings, name: str) -> None:
    """Make the browser forget a cookie."""
    named = cookie_name(request, settings, name)
    response.del_cookie(named, path="/", httponly=True, samesite="Lax", secure=is_secure(request, settings))
