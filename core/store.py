"""The store: ClickHouse behind four verbs, whichever way it is reached.

Embedded (chdb, in the process), a server (HTTP), or the embedded store of another
process through its control socket: the same SQL, the same answers. Rows come as JSON, so
that the three ways cannot differ in types: dates and times are ISO strings, 64-bit integers
are ints. Whole columns come as Arrow, which states their types.
"""

import queue
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Protocol
from uuid import uuid4

import clickhouse_connect
import orjson
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError

from core.errors import RowsRefusedError, StoreRefusedError, StoreUnavailableError

Parameters = Mapping[str, object]
Row = list[Any]

ROW_FORMAT = "JSONCompactEachRow"
COLUMN_FORMAT = "ArrowStream"
CONNECTION_SETTINGS: dict[str, Any] = {
    "output_format_json_quote_64bit_integers": 0,
    "date_time_output_format": "iso",
    "date_time_input_format": "best_effort",
    # One insert is one block, so that its deduplication token stands for all of its rows.
    "input_format_parallel_parsing": 0,
    "async_insert": 0,
    # Rows that a spool took before an upgrade lack the columns that are newer: those get their defaults.
    "input_format_json_compact_allow_variable_number_of_columns": 1,
    # Of a text that many rows have, a column holds one copy.
    "output_format_arrow_low_cardinality_as_dictionary": 1,
    "output_format_arrow_string_as_string": 1,
    # A materialized answer is what makes a SELECT see one moment; joins stay in memory.
    "join_use_nulls": 0,
}
_CLOSING_SECONDS = 30.0  # a roll of a large day takes some
_UNKNOWN_DATABASE = 81
MOST_CONNECTIONS = 8  # of two cores; a ninth caller waits for a free one

# https://github.com/ClickHouse/ClickHouse/blob/master/src/Common/ErrorCodes.cpp: not the statement's
# fault. TIMEOUT_EXCEEDED, TOO_MANY_SIMULTANEOUS_QUERIES, NETWORK_ERROR, NO_FREE_CONNECTION, SOCKET_TIMEOUT,
# TABLE_IS_READ_ONLY, MEMORY_LIMIT_EXCEEDED, NOT_ENOUGH_SPACE, TOO_MANY_PARTS, ALL_CONNECTION_TRIES_FAILED,
# QUERY_WAS_CANCELLED, KEEPER_EXCEPTION
_PASSING_CODES = frozenset({159, 202, 210, 203, 209, 242, 241, 243, 252, 279, 394, 999})

# Same list: the fault of the rows that were inserted. INCORRECT_NUMBER_OF_COLUMNS, CANNOT_PARSE_TEXT,
# NUMBER_OF_COLUMNS_DOESNT_MATCH, CANNOT_PARSE_ESCAPE_SEQUENCE, CANNOT_PARSE_QUOTED_STRING,
# CANNOT_PARSE_INPUT_ASSERTION_FAILED, ATTEMPT_TO_READ_AFTER_EOF, CANNOT_READ_ALL_DATA, CANNOT_PARSE_DATE,
# CANNOT_PARSE_DATETIME, TYPE_MISMATCH, ARGUMENT_OUT_OF_BOUND, CANNOT_CONVERT_TYPE, CANNOT_PARSE_NUMBER,
# INCORRECT_DATA, TOO_LARGE_STRING_SIZE, VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE,
# CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN, CANNOT_PARSE_BOOL, VIOLATED_CONSTRAINT
_ROWS_CODES = frozenset({6, 7, 20, 25, 26, 27, 32, 33, 38, 41, 53, 69, 70, 72, 117, 131, 321, 349, 467, 469})


class Store(Protocol):
    """What every part may ask of the store. All calls block: a coroutine uses a thread."""

    def rows(self, statement: str, parameters: Parameters | None = None) -> list[Row]:
        """Answer a SELECT. Parameters stand in the statement as ``{name:Type}``."""

    def columns(self, statement: str, parameters: Parameters | None = None) -> bytes:
        """Answer a SELECT of many rows column by column: an Arrow stream, its texts in dictionaries."""

    def run(self, statement: str, parameters: Parameters | None = None) -> None:
        """Run a statement that answers nothing."""

    def insert(self, table: str, columns: Sequence[str], rows: bytes, token: str = "") -> None:
        """Insert rows, one JSON array a line; a token seen before inserts nothing."""

    def close(self) -> None:
        """Let go of the store."""


def encode_rows(rows: Sequence[Sequence[object]]) -> bytes:
    """Write rows as the lines that ``Store.insert`` takes."""
    return b"\n".join(orjson.dumps(row) for row in rows)


def decode_rows(answer: bytes) -> list[Row]:
    """Read the lines in which ClickHouse answers (JSONCompactEachRow)."""
    # All at once, which takes half as long as line by line.
    rows: list[Row] = orjson.loads(b"[" + b",".join(answer.splitlines()) + b"]")
    return rows


class ClickHouseStore:
    """A store reached through clickhouse-connect, which speaks to chdb and servers alike.

    A clickhouse-connect client serves one caller at a time, so callers borrow from a
    pool that grows with need to MOST_CONNECTIONS.
    """

    def __init__(self, connect: Callable[[], Client]) -> None:
        self._connect = connect
        self._closed = False
        self._free: queue.LifoQueue[Client | None] = queue.LifoQueue()
        for _ in range(MOST_CONNECTIONS):
            self._free.put(None)

    def rows(self, statement: str, parameters: Parameters | None = None) -> list[Row]:
        """Answer a SELECT. Raises StoreError."""
        with self._client() as client:
            return decode_rows(client.raw_query(statement, parameters=dict(parameters or {}), fmt=ROW_FORMAT))

    def columns(self, statement: str, parameters: Parameters | None = None) -> bytes:
        """Answer a SELECT as an Arrow stream. Raises StoreError."""
        with self._client() as client:
            return client.raw_query(statement, parameters=dict(parameters or {}), fmt=COLUMN_FORMAT)

    def run(self, statement: str, parameters: Parameters | None = None) -> None:
        """Run a statement that answers nothing. Raises StoreError."""
        with self._client() as client:
            client.command(statement, parameters=dict(parameters or {}))

    def insert(self, table: str, columns: Sequence[str], rows: bytes, token: str = "") -> None:
        """Insert rows, one JSON array a line; a token seen before inserts nothing. Raises StoreError."""
        if not rows:
            return
        # Without a token ClickHouse would go by the block's content, and two equal inserts can both be meant.
        settings = {"insert_deduplication_token": token or uuid4().hex}
        with self._client(_refused_insert) as client:
            client.raw_insert(table, list(columns), rows, settings=settings, fmt=ROW_FORMAT)

    def close(self) -> None:
        """Wait for the statements that are running, but not long; close every connection; further calls fail."""
        self._closed = True
        deadline = time.monotonic() + _CLOSING_SECONDS
        with suppress(queue.Empty):  # what still runs hangs: its thread is left behind
            for _ in range(MOST_CONNECTIONS):
                client = self._free.get(timeout=max(0.0, deadline - time.monotonic()))
                if client is not None:
                    client.close()
        for _ in range(MOST_CONNECTIONS):
            self._free.put(None)

    @contextmanager
    def _client(self, refusal: Callable[[int, str], StoreRefusedError] | None = None) -> Iterator[Client]:
        client = self._free.get()
        try:
            if self._closed:
                raise StoreUnavailableError("The store was closed: Footfall is stopping.")
            if client is None:
                client = self._connect()
            yield client
        except ClickHouseError as error:
            raise _translated(error, refusal or _refused) from None
        except OSError as error:  # urllib3's and the sockets' own
            raise StoreUnavailableError(_unreached(error)) from None
        finally:
            self._free.put(client)


def connect_server(url: str, timeout: float = 300.0) -> ClickHouseStore:
    """Give a store on a ClickHouse server, reached when it is first asked; its database is made then.

    ``url`` is like ``http://user:password@host:8123/database``; ``timeout`` is in seconds, for one answer.
    """
    scheme, _, rest = url.partition("://")
    host, _, database = rest.partition("/")
    database = database or "footfall"

    def connect() -> Client:
        try:
            return client(f"{scheme}://{host}/{database}")
        except ClickHouseError as error:
            if getattr(error, "code", None) != _UNKNOWN_DATABASE:
                raise
        bare = client(f"{scheme}://{host}")
        bare.command("CREATE DATABASE IF NOT EXISTS {name:Identifier}", parameters={"name": database})
        bare.close()
        return client(f"{scheme}://{host}/{database}")

    def client(dsn: str) -> Client:
        return clickhouse_connect.get_client(
            dsn=dsn,
            settings=CONNECTION_SETTINGS,
            autogenerate_session_id=False,
            show_clickhouse_errors="scrub",
            send_receive_timeout=timeout,
        )

    return ClickHouseStore(connect)


def _translated(
    error: ClickHouseError, refusal: Callable[[int, str], StoreRefusedError]
) -> StoreUnavailableError | StoreRefusedError:
    code = getattr(error, "code", None)
    if code is None or code in _PASSING_CODES:
        return StoreUnavailableError(_unreached(error))
    # The message may quote the statement's values: only its number and name are told.
    return refusal(code, getattr(error, "name", "") or "see ClickHouse's list of error codes")


def _refused(code: int, name: str) -> StoreRefusedError:
    return StoreRefusedError(f"ClickHouse refused the statement (code {code}, {name}).")


def _refused_insert(code: int, name: str) -> StoreRefusedError:
    if code in _ROWS_CODES:
        return RowsRefusedError(f"ClickHouse refused the rows for their content (code {code}, {name}).")
    return _refused(code, name)


def _unreached(error: Exception) -> str:
    return (
        f"ClickHouse did not respond ({type(error).__name__}); check that it runs and that its address is right."
    )
