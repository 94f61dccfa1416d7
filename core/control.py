"""The control socket: how a command reaches the embedded store while `serve` holds it.

A Unix socket in the data folder, readable by its owner alone (0600). It speaks HTTP and
knows the four verbs of ``core.store.Store``; rows travel as the lines that ClickHouse
takes and gives, columns as its Arrow stream.
"""

import asyncio
import http.client
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import orjson
from aiohttp import web

from core.errors import RowsRefusedError, StoreError, StoreRefusedError, StoreUnavailableError
from core.private_socket import private_socket
from core.store import Parameters, Row, Store, decode_rows, encode_rows

SOCKET = "control.sock"
_MOST_BODY_BYTES = 256 * 1024 * 1024
# Which error an answer stands for; the most special first.
_STATUSES: Mapping[int, type[StoreError]] = {
    422: RowsRefusedError,
    403: StoreRefusedError,
    503: StoreUnavailableError,
}
_CREDENTIALS = struct.Struct("3i")  # unix(7), SO_PEERCRED: process, user, group
_STANDARD_ERROR = 2
_TIMEOUT = 600.0  # seconds; a command may roll a large day


@asynccontextmanager
async def control_socket(
    store: Store, data: Path, inserted: Callable[[str], None] = lambda _table: None
) -> AsyncIterator[None]:
    """Let commands use the store until the end of the block.

    ``inserted`` is told the table of every insert before the command is answered, so that
    this process knows a new site no later than the command that made it.
    """
    app = web.Application(client_max_size=_MOST_BODY_BYTES)
    app.router.add_post("/rows", _answering(partial(_rows, store)))
    app.router.add_post("/columns", _answering(partial(_columns, store)))
    app.router.add_post("/run", _answering(partial(_run, store)))
    app.router.add_post("/insert", _answering(partial(_insert, store, inserted)))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    path = data / SOCKET
    await web.SockSite(runner, private_socket(path)).start()
    try:
        yield
    finally:
        await runner.cleanup()
        path.unlink(missing_ok=True)


class SocketStore:
    """The store of the process that holds the data folder, reached through its socket."""

    def __init__(self, data: Path) -> None:
        self._path = data / SOCKET

    def rows(self, statement: str, parameters: Parameters | None = None) -> list[Row]:
        """Answer a SELECT. Raises StoreError."""
        return decode_rows(self._ask("/rows", orjson.dumps([statement, dict(parameters or {})])))

    def columns(self, statement: str, parameters: Parameters | None = None) -> bytes:
        """Answer a SELECT as an Arrow stream. Raises StoreError."""
        return self._ask("/columns", orjson.dumps([statement, dict(parameters or {})]))

    def run(self, statement: str, parameters: Parameters | None = None) -> None:
        """Run a statement that answers nothing. Raises StoreError."""
        self._ask("/run", orjson.dumps([statement, dict(parameters or {})]))

    def insert(self, table: str, columns: Sequence[str], rows: bytes, token: str = "") -> None:
        """Insert rows, one JSON array a line; a token seen before inserts nothing. Raises StoreError."""
        if rows:
            self._ask("/insert", orjson.dumps([table, columns, token]) + b"\n" + rows)

    def close(self) -> None:
        """Do nothing: each call opens and closes a connection of its own."""

    def _ask(self, path: str, body: bytes) -> bytes:
        connection = _UnixConnection(self._path)
        try:
            connection.request("POST", path, body)
            response = connection.getresponse()
            answer = response.read()
        except (OSError, http.client.HTTPException):
            raise StoreUnavailableError(
                f"The process that holds {self._path.parent} does not respond; check that `footfall serve` runs."
            ) from None
        finally:
            connection.close()
        if response.status == http.client.OK:
            return answer
        error = _STATUSES.get(response.status, StoreUnavailableError)
        raise error(answer.decode("utf-8", "replace"))


def is_answered(data: Path) -> bool:
    """Tell whether a process answers the data folder's socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(data / SOCKET))
        except OSError:
            return False
        return True


def log_of_holder(data: Path) -> Path | None:
    """Give the file into which the process that answers the socket logs; None where it logs to no file.

    Footfall logs to standard error, and only the system knows where that leads. Raises StoreUnavailableError
    if no process answers.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(data / SOCKET))
            credentials = probe.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
        except OSError:
            raise StoreUnavailableError(f"No process holds {data}.") from None
    process, _user, _group = _CREDENTIALS.unpack(credentials)
    try:
        log = Path(f"/proc/{process}/fd/{_STANDARD_ERROR}").readlink()
    except OSError:  # it has just ended, or runs in another container
        return None
    return log if log.is_file() else None


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=_TIMEOUT)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(_TIMEOUT)
        self.sock.connect(str(self._path))


Verb = Callable[[bytes], bytes]
Handler = Callable[[web.Request], Awaitable[web.Response]]


def _asked(body: bytes) -> tuple[str, dict[str, object]]:
    """Read a statement and its parameters. Arrays hold values or tuples, never arrays; JSON knows no tuple."""
    statement, parameters = orjson.loads(body)
    return statement, {name: _with_tuples(value) for name, value in parameters.items()}


def _with_tuples(value: object) -> object:
    if not isinstance(value, list):
        return value
    return [tuple(each) if isinstance(each, list) else each for each in value]


def _rows(store: Store, body: bytes) -> bytes:
    statement, parameters = _asked(body)
    return encode_rows(store.rows(statement, parameters))


def _columns(store: Store, body: bytes) -> bytes:
    statement, parameters = _asked(body)
    return store.columns(statement, parameters)


def _run(store: Store, body: bytes) -> bytes:
    statement, parameters = _asked(body)
    store.run(statement, parameters)
    return b""


def _insert(store: Store, inserted: Callable[[str], None], body: bytes) -> bytes:
    head, _, rows = body.partition(b"\n")
    table, columns, token = orjson.loads(head)
    store.insert(table, columns, rows, token)
    inserted(table)
    return b""


def _answering(verb: Verb) -> Handler:
    async def answer(request: web.Request) -> web.Response:
        try:
            return web.Response(body=await asyncio.to_thread(verb, await request.read()))
        except StoreError as error:
            status = next((number for number, kind in _STATUSES.items() if isinstance(error, kind)), 503)
            return web.Response(status=status, text=str(error))

    return answer
