"""Audits of texts: no log, table, spool or temporary file holds a whole address or a user agent.

What they find is named by its place. The address or user agent itself is never printed: an audit that quotes it
would be the next log to hold it.
"""

import gzip
import io
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from core.auditing import Inspected, Result
from core.control import log_of_holder
from core.errors import FootfallError, StoreUnavailableError
from core.inventory import stored_table
from core.memory_folder import memory_folder
from core.sql import sql
from ingest.personal_traces import Own, own_addresses, traces_in_log, traces_in_text

MOST_NAMED = 20
"""So many lines of one log are named; of more, how many there are."""

_PIECE_BYTES = 64 * 1024
_OVERLAP_BYTES = 512  # longer than an address, and than the beginning by which a user agent is known
_GZIP = b"\x1f\x8b"  # RFC 1952 section 2.3.1
_STORE_FOLDER = "store"
_STORE_TEXTS = frozenset({".txt", ".sql", ".log", ".err", ".json", ".tmp"})
"""What of the embedded store's folder is text: columns are packed, and asked for by the audit of tables."""
_RECORDS = frozenset({"accesses"})
"""Tables without visitors in which an address would be a trace of somebody, too."""


def audit_logs(inspected: Inspected) -> Result:
    """No line of a log holds a whole address or a user agent."""
    own, logs = own_addresses(inspected.settings), _logs(inspected)
    if not logs:
        return Result("logs", "none: no process runs here that logs to a file, and no file was given with --log.")
    violations, lines = list[str](), 0
    for log in logs:
        try:
            searched, found = _searched(log, own)
        except FootfallError as error:
            violations.append(str(error))
            continue
        lines += searched
        violations += [f"{log}:{number}: {trace}" for number, trace in found[:MOST_NAMED]]
        if len(found) > MOST_NAMED:
            violations.append(f"{log}: {len(found) - MOST_NAMED:,} more such lines")
    names = ", ".join(map(str, logs))
    return Result(
        "logs", f"{lines:,} lines of {names}, which may hold no address and no user agent.", tuple(violations)
    )


def _logs(inspected: Inspected) -> list[Path]:
    """Give the logs to search: that of the process that holds the data folder, and those that were named."""
    try:
        running = log_of_holder(inspected.settings.data)
    except StoreUnavailableError:
        running = None
    return list(dict.fromkeys((running, *inspected.logs) if running is not None else inspected.logs))


def _searched(log: Path, own: Own) -> tuple[int, list[tuple[int, str]]]:
    """Count a log's lines; give the number of each that holds something, with what. Raises FootfallError."""
    found: dict[tuple[int, str], None] = {}
    number = 0
    try:
        with _opened(log) as file:
            for number, piece in _pieces(file):
                found |= {(number, trace): None for trace in traces_in_log(piece, own)}
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise FootfallError(f"{log} is a damaged .gz file; it was not searched to its end.") from None
    except OSError as error:
        raise FootfallError(f"{log} cannot be read ({error.strerror}); check its name and rights.") from None
    return number, list(found)


def _pieces(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of a log with their numbers; a long one in pieces that overlap."""
    number, before = 1, b""
    while piece := file.readline(_PIECE_BYTES):
        yield number, before + piece
        is_whole = piece.endswith(b"\n")
        before = b"" if is_whole else piece[-_OVERLAP_BYTES:]
        number += is_whole


@contextmanager
def _opened(log: Path) -> Iterator[IO[bytes]]:
    with log.open("rb") as raw:
        packed = raw.peek(len(_GZIP)).startswith(_GZIP)
        yield io.BufferedReader(gzip.GzipFile(fileobj=raw)) if packed else raw


def audit_texts(inspected: Inspected) -> Result:
    """No text of a table, and no file of the data folder or its folder in memory, holds either of them."""
    own = own_addresses(inspected.settings)
    columns = [
        (table, column)
        for table, column in inspected.store.rows(sql("ingest", "text_columns"))
        if stored_table(table) is not None or table in _RECORDS
    ]
    violations = [each for column in columns for each in _violations_of(inspected, *column, own)]
    statements = inspected.store.rows(sql("ingest", "mutation_texts"))
    violations += [
        f"a mutation of {table} holds {trace}" for table, text in statements for trace in _traces(text, own)
    ]
    files = list(_files(inspected))
    violations += [f"{file}: {trace}" for file in files for trace in _traces_in_file(file, own)]
    checked = (
        f"{len(columns):,} columns of text, {len(statements):,} mutations, {len(files):,} files of the data folder"
    )
    return Result("texts", f"{checked}, which may hold no address and no user agent.", tuple(violations))


def _violations_of(inspected: Inspected, table: str, column: str, own: Own) -> Iterator[str]:
    """Name what a column's texts hold, with how many rows of each."""
    suspects = inspected.store.rows(sql("ingest", "suspect_texts"), {"table": table, "column": column})
    counts: dict[str, int] = {}
    for text, rows in suspects:
        for trace in _traces(text, own):
            counts[trace] = counts.get(trace, 0) + rows
    for trace, rows in counts.items():
        yield f"{table}.{column} holds {trace} in {rows:,} rows"


def _traces(text: str, own: Own) -> list[str]:
    return list(traces_in_text(text.encode("utf-8", "surrogatepass"), own))


def _files(inspected: Inspected) -> Iterator[Path]:
    """Yield every file whose text is not packed: spools, temporary files, notes of the embedded store.

    Raises FootfallError for a folder that cannot be listed.
    """
    data = inspected.settings.data
    for folder in (data, memory_folder(inspected.settings.key_folder, data)):
        for place, _folders, names in os.walk(folder, onerror=_refuse) if folder is not None else ():
            for file in (Path(place, name) for name in sorted(names)):
                packed = file.is_relative_to(data / _STORE_FOLDER) and file.suffix not in _STORE_TEXTS
                if file.is_file() and not packed:
                    yield file


def _traces_in_file(file: Path, own: Own) -> Iterator[str]:
    """Name what a file holds, once each. Raises FootfallError."""
    found: dict[str, None] = {}
    before = b""
    try:
        with file.open("rb") as content:
            while piece := content.read(_PIECE_BYTES):
                found |= dict.fromkeys(traces_in_text(before + piece, own))
                before = piece[-_OVERLAP_BYTES:]
    except OSError as error:
        _refuse(error)
    yield from found


def _refuse(error: OSError) -> None:
    """Refuse to audit what cannot be read. Raises FootfallError.

    Parts of tables and rows on their way are there for a moment only: what is gone holds nothing.
    """
    if not isinstance(error, FileNotFoundError):
        raise FootfallError(
            f"{error.filename} cannot be read ({error.strerror}); run the audit as the user of Footfall."
        ) from None
