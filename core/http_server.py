"""The one HTTP server that Footfall listens with: aiohttp's, hardened against bad clients.

What aiohttp 3.14 lacks is added: an end to every wait for a client (core.http_connection), a limit to the
number of connections, and a stop that loses no request which had begun.
"""

import asyncio
import errno
import heapq
import logging
import os
import resource
import select
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from itertools import islice
from typing import Any

from aiohttp import web

from core.errors import FootfallError, PortTakenError
from core.http_connection import HttpConnection, Patience

BACKLOG = 1_024  # connections that wait to be accepted; the kernel cuts it to its somaxconn (4,096)
RESERVED_FILES = 512  # for the store and the spool: the embedded ClickHouse holds some 100 files open

_LINGER = 2.0  # seconds an answered client may go on sending, so that it reads the answer; aiohttp has 10
_BODY_BUFFER = 64 * 1_024  # bytes; a body waits in twice as many, in 512 KiB by aiohttp's default
_SWEEP = 1.0  # seconds between two looks at all connections: 10,000 of them take 5 to 15 ms
_GRACE = 1.0  # seconds a new connection or a begun request has left once the server stops
_TURN = 0.01  # seconds between two looks at what is in flight while the server stops

_log = logging.getLogger("footfall.http_server")

PATIENCE = Patience()

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
RequestFactory = Callable[..., web.BaseRequest]


@asynccontextmanager
async def http_server(
    handler: Handler,
    sockets: Sequence[socket.socket],
    *,
    request_factory: RequestFactory | None = None,
    shutdown_timeout: float,
    patience: Patience = PATIENCE,
) -> AsyncIterator[web.Server]:
    """Answer on these listening sockets until the end of the block, and close them.

    At the end everything that had connected is still answered, for at most ``shutdown_timeout`` seconds;
    what is not done by then is cancelled. ``request_factory`` is the one of an application's server, where
    an application stands behind the handler. One socket must not be listened on by two processes: stopping
    the one would stop the other (see ``listening_sockets``).
    """
    loop, listeners = asyncio.get_running_loop(), list[asyncio.Server]()
    server = _Server(handler, request_factory, patience, _most_connections(patience.connections))
    try:
        server.sweep()
        for listening in sockets:
            listeners.append(await loop.create_server(server, sock=listening, backlog=BACKLOG))
        yield server
    finally:
        deadline = loop.time() + shutdown_timeout
        server.announce_end()
        await _accept_waiting(sockets)
        for listener in listeners:
            listener.close()
        for listening in sockets:
            listening.close()  # where nothing listens yet
        await server.finish(deadline)


def listening_sockets(host: str, port: int, *, shared: bool = False) -> list[socket.socket]:
    """Listen on every address of a host; port 0 takes the same free port for all. Raises FootfallError.

    With ``shared``, further processes can listen on the same port (SO_REUSEPORT): the kernel gives each
    connection to one of them.
    """
    bound: list[socket.socket] = []
    try:
        for family, address in dict.fromkeys((found[0], found[4]) for found in _addresses(host, port)):
            chosen = bound[0].getsockname()[1] if bound else port
            bound.append(_bound(family, (address[0], chosen, *address[2:]), shared=shared))
        for opened in bound:
            opened.listen(BACKLOG)
    except OSError as error:
        if bound and error.errno in {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}:
            return bound  # localhost is ::1 too, on machines that have no IPv6
        for opened in bound:
            opened.close()
        raise _cannot_listen(host, port, error) from None
    return bound


def check_port(host: str, port: int) -> None:
    """Find out whether a port can be listened on, for who listens much later. Raises FootfallError."""
    for opened in listening_sockets(host, port):
        opened.close()


def reserve_port(host: str, port: int) -> socket.socket:
    """Bind a port (0: a free one) that several processes will listen on, without listening.

    Raises PortTakenError if somebody listens on it already, though he shares it: half of our beacons
    would be his; FootfallError for another reason.
    """
    try:
        family, _, _, _, address = _addresses(host, port)[0]
        _bound(family, address, shared=False).close()
        return _bound(family, address, shared=True)
    except OSError as error:
        raise _cannot_listen(host, port, error) from None


def address_of(host: str, port: int) -> str:
    """Give the address by which a browser on this machine reaches a host and port that are listened on."""
    name = "localhost" if host in {"127.0.0.1", "0.0.0.0", "::", "::1"} else host  # noqa: S104
    return f"http://{name}:{port}"


def _addresses(host: str, port: int) -> list[Any]:
    return socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)


def _cannot_listen(host: str, port: int, error: OSError) -> FootfallError:
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return FootfallError(f"Cannot listen on {host}:{port} (no such address here); choose another --host.")
    reason = os.strerror(error.errno) if error.errno else "unknown"
    kind = PortTakenError if error.errno == errno.EADDRINUSE else FootfallError
    return kind(f"Cannot listen on {host}:{port} ({reason}); choose another --port.")


def _bound(family: int, address: tuple[Any, ...], *, shared: bool) -> socket.socket:
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        if family == socket.AF_INET6:
            opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)  # IPv4 has a socket of its own
        opened.bind(address)
    except OSError:
        opened.close()
        raise
    return opened


def _most_connections(wanted: int) -> int:
    """Let this process open as many files as it may, and say how many of them can be connections.

    Whoever runs out of files cannot accept: libuv then closes all that wait in the listen queue.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    except (OSError, ValueError):  # a kernel that allows less than it says
        hard = soft
    if hard == resource.RLIM_INFINITY:
        return wanted
    allowed = max(hard - RESERVED_FILES, hard // 2)
    if allowed < wanted:
        _log.warning("At most %d connections at once: RLIMIT_NOFILE is %d. Raise it for more.", allowed, hard)
    return min(wanted, allowed)


async def _accept_waiting(sockets: Sequence[socket.socket]) -> None:
    """Accept what is in the listen queue: closing a socket resets every connection that waits there."""
    waiting = select.poll()
    for listening in sockets:
        listening.listen(0)  # so that the queue, but for one, fills no more; a client tries again in a second
        waiting.register(listening, select.POLLIN)
    for _ in range(BACKLOG * len(sockets)):  # libuv accepts one in each turn of the loop
        if not waiting.poll(0):
            break
        await asyncio.sleep(0)
    await asyncio.sleep(_TURN)  # asyncio's loop takes some turns to make connections of what it has accepted


class _Server(web.Server):
    """Makes the connections, and knows those that are open."""

    def __init__(
        self, handler: Handler, request_factory: RequestFactory | None, patience: Patience, most: int
    ) -> None:
        super().__init__(handler, request_factory=request_factory)
        self._ends = False
        self._patience = patience
        self._interval = min(_SWEEP, patience.headers / 4)
        self._next_sweep: asyncio.TimerHandle | None = None
        self._most = most
        self._at_once = max(1, most // 32)  # so that a look for the longest idle costs each new one 10 to 40 us
        self._open: dict[HttpConnection, asyncio.Transport] = {}  # those that were cut are no longer in it
        self._options: dict[str, Any] = {
            "access_log": None,  # aiohttp's holds addresses and user agents
            "auto_decompress": False,  # 60 KB can unpack to 60 MB; the collector answers 415
            "keepalive_timeout": patience.idle,
            "lingering_time": _LINGER,
            "read_bufsize": _BODY_BUFFER,
        }

    def __call__(self) -> web.RequestHandler:
        """Make a connection, without aiohttp's way out for options that it does not know."""
        return HttpConnection(self, is_last=self._ends, loop=self._loop, **self._options)

    def connection_made(self, handler: web.RequestHandler, transport: asyncio.Transport) -> None:
        """Note a new connection, and close others for it, or it for them, if there are too many."""
        super().connection_made(handler, transport)
        assert isinstance(handler, HttpConnection)  # noqa: S101 (for mypy)
        if len(self._open) >= self._most and not self._make_room():
            transport.abort()
            return
        self._open[handler] = transport

    def connection_lost(self, handler: web.RequestHandler, exc: BaseException | None = None) -> None:
        """Forget a connection."""
        super().connection_lost(handler, exc)
        self._open.pop(handler, None)  # type: ignore[call-overload]

    def sweep(self) -> None:
        """Close the connections whose time is over, again and again until ``finish``."""
        now = self._loop.time()
        self._next_sweep = self._loop.call_at(now + self._interval, self.sweep)
        for connection, line in tuple(self._open.items()):
            connection.check(line, now, self._patience)

    def announce_end(self) -> None:
        """Make every next answer the last of its connection."""
        self._ends = True
        for connection in self._open:
            connection.announce_end()

    async def finish(self, deadline: float) -> None:
        """Answer what is in flight; from the deadline on (the loop's time in seconds), cancel it."""
        while self.connections and self._loop.time() < deadline:
            since = self._loop.time() - _GRACE
            for connection in tuple(self._open):
                connection.close_if_idle(since)
            await asyncio.sleep(_TURN)
        self.handler_cancellation = True
        for line in self._open.values():
            line.abort()
        for _ in range(round(_GRACE / _TURN)):
            if not self.connections:
                break
            await asyncio.sleep(_TURN)
        if self._next_sweep is not None:
            self._next_sweep.cancel()

    def _make_room(self) -> bool:
        """Close the connections that are idle longest, else those that lack a body; say whether there were any."""
        idle = (connection for connection in self._open if connection.waits)
        found = heapq.nsmallest(self._at_once, idle, key=lambda connection: connection.waits_since)
        if not found:
            slow = (connection for connection in self._open if connection.lacks_body)
            found = list(islice(slow, self._at_once))  # the oldest: a dictionary keeps its order
        for connection in found:
            self._open.pop(connection).abort()
        return bool(found)
