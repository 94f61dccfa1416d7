"""What the collector answers. Any page may send a beacon and read the answer (CORS)."""

import time
from collections.abc import Iterable, Mapping
from email.utils import formatdate
from functools import lru_cache

import orjson
from aiohttp import HttpVersion11, web

from core.errors import (
    BeaconCompressedError,
    BeaconError,
    BeaconTooLargeError,
    BeaconTooSlowError,
    TooManyBeaconsError,
)

RETRY_AFTER = "5"  # seconds
NOT_NOW = "cannot be taken now; send it again later"

CORS = {"Access-Control-Allow-Origin": "*"}
TRACKING_STATUS = {"Tk": "N"}
"""Not tracking (Tracking Preference Expression, section 6.2.2): nobody is followed from one site to another. It is
the same for all: one that told what became of a beacon would tell a page who has opted out."""
_PREFLIGHT = CORS | {
    "Access-Control-Allow-Methods": "POST, OPTIONS",
    "Access-Control-Allow-Headers": "Content-Type",
    "Access-Control-Max-Age": "86400",
}
_SCRIPT_HEADERS = CORS | {"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"}
_GIF_HEADERS = CORS | TRACKING_STATUS | {"Cache-Control": "no-store"}
_GIF = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")
_ACCEPTED = (
    b"HTTP/1.1 202 Accepted\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 2\r\n"
    b"Access-Control-Allow-Origin: *\r\nTk: N\r\n"
)
_OK = b"\r\nok"
_STATUSES: Mapping[type[BeaconError], int] = {
    BeaconTooSlowError: 408,  # RFC 9110 sections 15.5.9, 15.5.14, 15.5.16; RFC 6585 section 4
    BeaconTooLargeError: 413,
    BeaconCompressedError: 415,
    TooManyBeaconsError: 429,
}


class Acknowledgement(web.StreamResponse):
    """202 ``ok``, its bytes known beforehand but for the second.

    aiohttp takes 8 microseconds to make, check and write a response's headers, a fifth of all
    that a beacon costs; this takes one.
    """

    def __init__(self) -> None:  # its base's own makes what is not needed here
        self._keep_alive: bool | None = None

    async def prepare(self, request: web.BaseRequest) -> None:  # there is no writer to give
        """Write the whole answer. Raises ConnectionResetError if the client is gone."""
        if request.transport is None:
            raise ConnectionResetError
        if self._keep_alive is None:
            self._keep_alive = request.keep_alive
        request.transport.write(
            b"".join((_ACCEPTED, _date_line(int(time.time())), self._connection(request), _OK))
        )

    async def write_eof(self, data: bytes = b"") -> None:
        """Do nothing: all is written."""

    def _connection(self, request: web.BaseRequest) -> bytes:
        if request.version >= HttpVersion11:
            return b"" if self._keep_alive else b"Connection: close\r\n"
        return b"Connection: keep-alive\r\n" if self._keep_alive else b""


@lru_cache(maxsize=1)
def _date_line(second: int) -> bytes:
    return f"Date: {formatdate(second, usegmt=True)}\r\n".encode()  # RFC 9110 section 6.6.1 asks for one


def accepted(_request: web.BaseRequest) -> web.StreamResponse:
    """202: what the beacon leaves is on disk."""
    return Acknowledgement()


def image(_request: web.BaseRequest) -> web.StreamResponse:
    """A transparent pixel, for pages without scripts."""
    return web.Response(body=_GIF, content_type="image/gif", headers=_GIF_HEADERS)


def refused(_request: web.BaseRequest, error: BeaconError) -> web.StreamResponse:
    """4xx: the errors by field, as Plausible's Events API answers them."""
    response = errors(error.errors, status_of(error), {**CORS, **retry_of(error)})
    close_after(response, error)
    return response


def status_of(error: BeaconError) -> int:
    """Give the status that tells of an error."""
    return _STATUSES.get(type(error), 400)


def retry_of(error: BeaconError) -> Mapping[str, str]:
    """Give the header that says when to come again, where that may help."""
    return {"Retry-After": RETRY_AFTER} if isinstance(error, TooManyBeaconsError) else {}


def close_after(response: web.StreamResponse, error: BeaconError) -> None:
    """Close the connection after an answer if the rest of the body is not waited for."""
    if isinstance(error, BeaconTooSlowError | BeaconTooLargeError):
        response.force_close()


def unavailable(_request: web.BaseRequest) -> web.StreamResponse:
    """503: the beacon was not taken, and may be sent again."""
    return errors({"request": [NOT_NOW]}, 503, CORS | {"Retry-After": RETRY_AFTER})


def errors(
    by_field: Mapping[str, list[str]], status: int, headers: Mapping[str, str] = CORS
) -> web.StreamResponse:
    """Give an error's answer."""
    body = orjson.dumps({"errors": by_field})
    return web.Response(body=body, status=status, content_type="application/json", headers=headers)


def preflight() -> web.StreamResponse:
    """204: any page may post JSON."""
    return web.Response(status=204, headers=_PREFLIGHT)


def script(content: bytes) -> web.StreamResponse:
    """The tracker, the same bytes for everybody."""
    return web.Response(body=content, content_type="text/javascript", charset="utf-8", headers=_SCRIPT_HEADERS)


async def not_allowed(methods: Iterable[str]) -> web.StreamResponse:
    """405: another method is asked for here."""
    allowed = ", ".join(methods)
    return errors({"request": [f"must be made with {allowed}"]}, 405, CORS | {"Allow": allowed})


def text(content: str, status: int = 200) -> web.StreamResponse:
    """A line of text."""
    return web.Response(text=content, status=status)
