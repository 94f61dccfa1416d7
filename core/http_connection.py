"""A client's connection to the HTTP server: aiohttp's, with an end to what a bad client can draw out.

aiohttp 3.14 alone gives the headers of a request as long as a kept-alive connection may be idle, however
few bytes drip in, and up to 1 MiB; it waits without end for a body, and for its answer to be read.
"""

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import LineTooLong

MOST_HEADER_BYTES = 32 * 1_024  # as many as nginx takes (large_client_header_buffers)
TOO_LARGE = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE

_log = logging.getLogger("footfall.http_server")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long and how much of a client is put up with."""

    headers: float = 10.0
    """Seconds from connecting, or from the first byte of a further request, to the end of its headers."""
    idle: float = 150.0
    """Seconds that a kept-alive connection may be idle, that a body may take where its handler sets no limit
    of its own, and that an answer may wait to be read. Proxies keep theirs for less (nginx 60, Caddy 120), so
    that none uses one that we are closing."""
    connections: int = 10_000
    """How many may be open at once, if RLIMIT_NOFILE allows as many."""


class HttpConnection(web.RequestHandler):
    """A client's connection. All that is known of aiohttp's private state is known in this class.

    It may cost a request half a microsecond, of the 66 there are at 15,000 a second; 0.2 were measured.
    """

    __slots__ = ("_half_closed", "_is_last", "_part_bytes", "_part_of", "_part_since", "_stuck_at", "_stuck_since")

    def __init__(self, server: web.Server, *, is_last: bool, **options: Any) -> None:
        super().__init__(server, **options)
        self._is_last = is_last
        self._half_closed = False
        self._part_of = -1  # how many requests had come when a part of the next one's headers came
        self._part_since = 0.0
        self._part_bytes = 0
        self._stuck_at = -1  # the number of the request that was stuck at the last look
        self._stuck_since = 0.0

    def data_received(self, data: bytes) -> None:
        """Take bytes of a request, and note those that complete no headers."""
        web.RequestHandler.data_received(self, data)
        waiter = self._waiter
        if (waiter is not None and not waiter.done()) or not self._request_count:
            self._note_part(len(data))

    def eof_received(self) -> bool:  # type: ignore[override] # aiohttp returns None, which closes
        """Keep the connection of a client that sent all of a request, and sends no more, for the answer.

        aiohttp alone closes it, and a handler that has not yet read the body loses what was there.
        """
        self._half_closed = self._request_count > 0 and not (self.waits or self.lacks_body)
        return self._half_closed

    def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> Coroutine[Any, Any, tuple[web.StreamResponse, bool]]:
        """Send an answer; the last one says so."""
        if self._is_last or (self._half_closed and not self._messages):
            resp.force_close()
        return web.RequestHandler.finish_response(self, request, resp, start_time)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = HTTPStatus.INTERNAL_SERVER_ERROR,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what is no HTTP; aiohttp alone would quote it to the client, and log an error for each."""
        has_hung_up = self.transport is None and isinstance(exc, ConnectionError)
        if status != HTTPStatus.BAD_REQUEST and not has_hung_up:
            return super().handle_error(request, status, exc, message)
        _log.debug("a request was not understood, or not finished (%s)", type(exc).__name__)
        wrong = TOO_LARGE if isinstance(exc, LineTooLong) else HTTPStatus.BAD_REQUEST
        response = web.Response(status=wrong, text=wrong.phrase)
        response.force_close()
        return response

    @property
    def waits(self) -> bool:
        """Whether no request is being answered, or about to be."""
        return self._waiter is not None and not self._waiter.done()

    @property
    def waits_since(self) -> float:
        """When it connected, or was last answered: the loop's time in seconds."""
        return self._next_keepalive_close_time - self._keepalive_timeout

    @property
    def lacks_body(self) -> bool:
        """Whether the body of the request that is being answered has not all come."""
        return self._current_request is not None and not self._current_request.content.is_eof()

    def announce_end(self) -> None:
        """Make the next answer the last."""
        self._is_last = True

    def check(self, line: asyncio.Transport, now: float, patience: Patience) -> None:
        """Close it if its time is over; an idle one, which is aiohttp's matter, takes a microsecond."""
        waiter = self._waiter
        if waiter is not None and not waiter.done():
            if self._half_closed:  # its end came while the last answer was on its way, too late to say so there
                self.force_close()
                return
            since = self._asks_since()
            if since is not None and now - since > patience.headers:
                self._refuse(HTTPStatus.REQUEST_TIMEOUT)
        elif not (self.writing_paused or self.lacks_body or line.is_closing()):  # it closes once all is read
            self._stuck_at = -1
        elif self._stuck_at != self._request_count:
            self._stuck_at, self._stuck_since = self._request_count, now
        elif now - self._stuck_since > patience.idle:
            line.abort()

    def close_if_idle(self, since: float) -> None:
        """Close it, unless a request is being answered, or was begun after this time."""
        if self.waits and (self._asks_since() or 0.0) < since:
            self.force_close()

    def _asks_since(self) -> float | None:
        """Say since when a request's headers are on their way; None in the pause between two requests."""
        if self._request_count == 0:
            return self.waits_since
        return self._part_since if self._part_of == self._request_count else None

    def _note_part(self, size: int) -> None:
        if self._part_of != self._request_count:
            self._part_of, self._part_since, self._part_bytes = self._request_count, self._loop.time(), 0
        self._part_bytes += size
        if self._part_bytes > MOST_HEADER_BYTES:
            self._refuse(TOO_LARGE)

    def _refuse(self, status: HTTPStatus) -> None:
        """Close it, and say why to a client that has begun a request; a browser may only have connected."""
        has_begun = self._part_of == self._request_count
        if has_begun and self.transport is not None and not self.transport.is_closing():
            head = f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            self.transport.write(head.encode())
        self.force_close()
