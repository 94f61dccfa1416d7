"""The scheme by which a browser came."""

from collections.abc import Callable

from aiohttp import web


def scheme_of(request: web.BaseRequest, is_trusted: Callable[[str], bool]) -> str:
    """Give the scheme that the browser used, http or https; a trusted proxy may state it (X-Forwarded-Proto).

    ``is_trusted`` is asked for the peer's address as it stands in the socket.
    """
    stated = request.headers.get("X-Forwarded-Proto", "").partition(",")[0].strip().lower()
    if stated in {"http", "https"} and is_trusted(request.remote or ""):
        return stated
    return request.scheme
