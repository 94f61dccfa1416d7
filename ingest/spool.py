"""The spool: what makes an acknowledgement mean something.

SQLite on the collector's disk. A commit is on disk before anyone is told so (WAL,
synchronous=FULL); sealed batches keep their content and their token until ClickHouse has
them. It holds finished, anonymised rows and counts by reason, nothing else; deleted
content is overwritten (secure_delete).
"""

import sqlite3
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import orjson

from core.errors import SpoolError, SpoolFullError
from core.sql import sql
from core.tallies import Statement, Tally
from ingest.erased_rows import Commit, OneVisitor, without
from ingest.instants import to_instant, to_stamp

MOST_BATCH_BYTES = 32 * 1024 * 1024
NO_LIMIT = 2**63
_COMMITS_AT_ONCE = 20  # some 0.2 MB at the highest rate: overwriting them takes a millisecond
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "secure_delete=ON",
    "busy_timeout=10000",
    # The shipper empties the log after each batch: nobody who waits for a commit pays for it.
    "wal_autocheckpoint=0",
)


class Entry(NamedTuple):
    """What one hit leaves: its tallies, and its row if it is stored."""

    received: datetime
    tallies: tuple[Tally, ...]
    row: bytes | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Sealed rows, one JSON array a line: the same token always stands for the same content.

    ``oldest`` is when the first of them was received. ``fresh``: it was sealed just now, so that
    no try to insert it can have been made. ``drains``: it took all that was there.
    """

    token: str
    events: int
    rows: bytes
    tallies: tuple[Tally, ...]
    oldest: datetime
    fresh: bool
    drains: bool


@dataclass(frozen=True, slots=True)
class SetAside:
    """A batch that ClickHouse refused for its content: kept until it is replayed."""

    token: str
    events: int
    oldest: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a spool holds: events, bytes of their rows, and when the oldest was received."""

    events: int
    bytes: int
    oldest: datetime | None


class Spool:
    """A spool file. All calls block and may come from any thread.

    ``limit`` is in bytes of rows. ``name`` is random and stays with the file, ``folder`` is where it is.
    """

    def __init__(self, path: Path, limit: int = NO_LIMIT) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder = path.parent
        self._writing = threading.Lock()
        self._limit = limit
        self.path = path
        try:
            # Two: a long read or the emptying of the log must not keep a commit waiting.
            self._appending, self._database = _open(path), _open(path)
            self._database.executescript(sql("ingest", "spool_tables"))
            self._database.execute("INSERT OR IGNORE INTO identity VALUES (1, ?)", (uuid4().hex,))
            self.name: str = self._database.execute("SELECT name FROM identity").fetchone()[0]
            self._bytes: int = self._database.execute(sql("ingest", "spooled_bytes")).fetchone()[0]
        except sqlite3.Error as error:
            raise SpoolError(
                f"The spool {path} cannot be opened ({error}); check the disk and its rights."
            ) from None

    def append(self, entries: Sequence[Entry]) -> Mapping[str, int]:
        """Write entries in one commit; they are on disk when this returns. Give how many hits ended how.

        Raises SpoolFullError at the limit, SpoolError; then none of them was written.
        """
        rows = [entry.row for entry in entries if entry.row is not None]
        tallies = _count(entries)
        content, counts = b"\n".join(rows), orjson.dumps([(*key, hits) for key, hits in tallies.items()])
        size, oldest = len(content) + len(counts), min(map(itemgetter(0), entries))
        with self._writing, _translated():
            if self._bytes + size > self._limit:
                raise SpoolFullError("The spool is full (spool_limit): ClickHouse has not taken events for long.")
            self._appending.execute(
                "INSERT INTO commits (received, events, rows, tallies) VALUES (?, ?, ?, ?)",
                (to_stamp(oldest), len(rows), content, counts),
            )
            self._bytes += size
        return _by_outcome(tallies)

    def seal(self, most_rows: int) -> Batch | None:
        """Give the oldest unshipped batch, sealing one of about so many rows if none is; None if empty.

        A commit goes whole, so a batch may be larger by one commit. Raises SpoolError.
        """
        self._delete_delivered()  # a process that was killed may have left some
        with self._transaction() as database:
            sealed = database.execute(sql("ingest", "oldest_batch")).fetchone()
            found, drains = (sealed, False) if sealed else self._seal_next(database, most_rows)
        return self._read(*found, fresh=sealed is None, drains=drains) if found else None

    def sealed(self) -> Batch | None:
        """Give the oldest batch that is sealed already, which ClickHouse may have. Raises SpoolError."""
        with self._transaction() as database:
            found = database.execute(sql("ingest", "oldest_batch")).fetchone()
        return self._read(*found, fresh=False, drains=False) if found else None

    def rows_with(self, mark: bytes) -> list[bytes]:
        """Give the rows of every commit that has these bytes in them. Raises SpoolError."""
        with self._writing, _translated():
            return [rows for (rows,) in self._database.execute(sql("ingest", "rows_with"), (mark,))]

    def erase(self, visitor: OneVisitor) -> None:
        """Take a visitor's rows out of all that is not sealed or was set aside, and off the disk.

        What was delivered goes for good as well. Nothing may be shipped meanwhile. Raises SpoolError.
        """
        self._delete_delivered()
        with self._writing, _translated():
            found = self._database.execute(sql("ingest", "commits_with"), (visitor.mark,)).fetchall()
        for (number,) in found:
            with self._transaction() as database:
                before = Commit(
                    *database.execute(
                        "SELECT events, rows, tallies FROM commits WHERE id = ?", (number,)
                    ).fetchone()
                )
                after = without(before, visitor)
                database.execute(
                    "UPDATE commits SET events = ?, rows = ?, tallies = ? WHERE id = ?", (*after, number)
                )
                self._bytes -= len(before.rows + before.tallies) - len(after.rows + after.tallies)
        with _translated():
            emptied = self._empty_log_at_once()
        if not emptied:
            raise SpoolError("The spool's log is in use and could not be emptied; try again.")

    def discard(self, batch: Batch, tallies: Iterable[Tally], now: datetime) -> None:
        """Forget a batch that ClickHouse has, and count its tallies. Raises SpoolError.

        The rows are overwritten on disk, in the file and in its log.
        """
        with self._transaction() as database:
            (size,) = database.execute(sql("ingest", "batch_bytes"), (batch.token,)).fetchone()
            database.execute("UPDATE batches SET delivered = 1 WHERE token = ?", (batch.token,))
            database.executemany(
                sql("ingest", "count_tally"),
                [(now.date().isoformat(), each.site, each.day.isoformat(), *each[2:]) for each in tallies],
            )
            # Counted anew when that is little work: an erasure in another process may have made it less.
            self._bytes = (
                database.execute(sql("ingest", "spooled_bytes")).fetchone()[0]
                if batch.drains
                else (self._bytes - (size or 0))
            )
        self._delete_delivered()

    def set_aside(self, batch: Batch, reason: str) -> None:
        """Put a batch aside that ClickHouse refuses: the next ones can go. Raises SpoolError."""
        with self._transaction() as database:
            database.execute("UPDATE batches SET reason = ? WHERE token = ?", (reason, batch.token))

    def replay(self) -> int:
        """Put the batches that were set aside back in the queue; give how many. Raises SpoolError."""
        with self._transaction() as database:
            return database.execute("UPDATE batches SET reason = NULL WHERE reason IS NOT NULL").rowcount

    def batches_set_aside(self) -> list[SetAside]:
        """Give the batches that were set aside, oldest first. Raises SpoolError."""
        with self._writing, _translated():
            found = self._database.execute(sql("ingest", "batches_set_aside")).fetchall()
        return [SetAside(token, events, to_instant(oldest), reason) for token, events, oldest, reason in found]

    def waiting(self) -> Waiting:
        """Give what waits to be shipped; what was set aside does not count. Raises SpoolError."""
        with self._writing, _translated():
            events, size, oldest = self._database.execute(sql("ingest", "waiting")).fetchone()
        return Waiting(events, size, to_instant(oldest) if oldest is not None else None)

    def unstated(self) -> list[Statement]:
        """Give the counts that the ledger has not been told. Raises SpoolError."""
        with self._writing, _translated():
            found = self._database.execute(sql("ingest", "unstated_tallies")).fetchall()
        return [
            Statement(date.fromisoformat(counted), Tally(site, date.fromisoformat(day), outcome, hits))
            for counted, site, day, outcome, hits in found
        ]

    def mark_stated(self, statements: Iterable[Statement], now: datetime) -> None:
        """Remember what the ledger was told; forget counts that can grow no more. Raises SpoolError."""
        with self._transaction() as database:
            database.executemany(
                sql("ingest", "mark_stated"),
                [
                    (tally.hits, counted.isoformat(), tally.site, tally.day.isoformat(), tally.outcome)
                    for counted, tally in statements
                ],
            )
            over = (now.date() - timedelta(days=1)).isoformat()
            database.execute("DELETE FROM tallies WHERE hits = stated AND counted < ?", (over,))

    def destroy(self) -> None:
        """Destroy all that it holds, sealed or set aside, and what the ledger would have counted of it.

        It is overwritten on disk, in the file and in its log. Raises SpoolError.
        """
        with self._transaction() as database:
            database.execute("DELETE FROM batches")
            database.execute("DELETE FROM commits")
            self._bytes = 0
        with self._writing, _translated():
            is_busy, *_ = self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if is_busy:
            raise SpoolError("The spool's log could not be emptied: another process reads it. It is tried again.")

    def close(self) -> None:
        """Close the file; what it holds is shipped after the next start."""
        with self._writing:
            self._appending.close()
            self._database.close()

    def _seal_next(self, database: sqlite3.Connection, most_rows: int) -> tuple[tuple[str, int, int] | None, bool]:
        """Seal the next batch, if there is anything; tell whether it is all that there is."""
        drains = True
        first = last = events = size = 0
        for number, of_commit, bytes_of_commit in database.execute(sql("ingest", "unsealed_commits")):
            first, last = first or number, number
            events, size = events + of_commit, size + bytes_of_commit
            if events >= most_rows or size >= MOST_BATCH_BYTES:
                drains = False
                break
        if not last:
            return None, drains
        sealed = (uuid4().hex, first, last)
        database.execute("INSERT INTO batches (token, first, last) VALUES (?, ?, ?)", sealed)
        return sealed, drains

    def _read(self, token: str, first: int, last: int, *, fresh: bool, drains: bool) -> Batch:
        with _translated():
            commits = self._database.execute(sql("ingest", "batch_commits"), (first, last)).fetchall()
        tallies: Counter[tuple[int, str, str]] = Counter()
        for *_, counts in commits:
            for site, day, outcome, hits in orjson.loads(counts):
                tallies[site, day, outcome] += hits
        return Batch(
            token,
            sum(events for _, events, _, _ in commits),
            b"\n".join(rows for _, _, rows, _ in commits if rows),
            tuple(
                Tally(site, date.fromisoformat(day), outcome, hits)
                for (site, day, outcome), hits in tallies.items()
            ),
            to_instant(min(received for received, *_ in commits)),
            fresh,
            drains,
        )

    def _delete_delivered(self) -> None:
        """Delete what ClickHouse has, little by little: a commit must not wait while megabytes are overwritten."""
        deleted = 0
        while True:
            with self._transaction() as database:
                now_deleted = database.execute(sql("ingest", "discard_rows"), (_COMMITS_AT_ONCE,)).rowcount
                if not now_deleted:
                    database.execute(sql("ingest", "forget_delivered"))
                    break
            deleted += now_deleted
        if deleted:
            self._empty_log()

    def _empty_log(self) -> None:
        """Move the log into the file and empty it: it still holds the rows as they came."""
        with suppress(sqlite3.Error):  # else after the next batch
            self._database.execute("PRAGMA wal_checkpoint(PASSIVE)")  # the most of it, beside new commits
            self._empty_log_at_once()

    def _empty_log_at_once(self) -> bool:
        with self._writing:
            busy, *_pages = self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._writing, _translated():
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
                self._database.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # SQLite has rolled back by itself
                    self._database.execute("ROLLBACK")
                raise


def _count(entries: Sequence[Entry]) -> Counter[tuple[int, str, str]]:
    # Nearly all entries of a moment have the very same tallies: those are counted, not their parts.
    same = {id(tallies): tallies for _, tallies, _ in entries}
    counts: Counter[tuple[int, str, str]] = Counter()
    for number, times in Counter(map(id, map(itemgetter(1), entries))).items():
        for site, day, outcome, hits in same[number]:
            counts[site, day.isoformat(), outcome] += times * hits
    return counts


def _by_outcome(tallies: Mapping[tuple[int, str, str], int]) -> Mapping[str, int]:
    outcomes: Counter[str] = Counter()
    for (_site, _day, outcome), hits in tallies.items():
        outcomes[outcome] += hits
    return outcomes


def _open(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    path.chmod(0o600)
    for pragma in _PRAGMAS:
        database.execute(f"PRAGMA {pragma}")
    return database


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise SpoolError(f"The spool cannot be written ({error}); check the disk.") from None
