"""The spool: what makes an acknowledgement mean something.

SQLite on the collector's disk. A commit is on disk before anyone is told so (WAL,
synchronous=FULL); sealed batches keep their content and their token until ClickHouse has
them, so that a batch sent twice counts once. It holds finished, anonymised rows and counts
by reason, nothing else; deleted content is overwritten (secure_delete).
"""

import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import uuid4

import orjson

from core.errors import SpoolError

STORED = "stored"
RECEIVED = "received"

_TABLES = """
CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY, site INTEGER, day TEXT, row BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS tallies
    (site INTEGER, day TEXT, outcome TEXT, hits INTEGER NOT NULL, PRIMARY KEY (site, day, outcome)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS batches (token TEXT PRIMARY KEY, last INTEGER NOT NULL, tallies BLOB NOT NULL);
"""
_COUNT = """INSERT INTO tallies VALUES (?, ?, ?, ?)
ON CONFLICT (site, day, outcome) DO UPDATE SET hits = hits + excluded.hits"""


@dataclass(frozen=True, slots=True)
class Tally:
    """One line of the ledger: so many hits of a site's day ended so."""

    site: int
    day: date
    outcome: str
    hits: int = 1


@dataclass(frozen=True, slots=True)
class SpooledEvent:
    """One finished row with what the ledger counts it under."""

    site: int
    day: date
    row: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """What one hit leaves: its tally of ``received`` and of its drop, or its event."""

    tallies: tuple[Tally, ...]
    event: SpooledEvent | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Sealed rows: the same token always stands for the same content."""

    token: str
    rows: tuple[bytes, ...]
    tallies: tuple[Tally, ...]


class Spool:
    """A spool file. All calls block and may come from any thread."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = threading.Lock()
        try:
            self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            path.chmod(0o600)
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "busy_timeout=5000"):
                self._database.execute(f"PRAGMA {pragma}")
            self._database.executescript(_TABLES)
        except sqlite3.Error as error:
            raise SpoolError(
                f"The spool {path} cannot be opened ({error}); check the disk and its rights."
            ) from None

    def append(self, entries: Sequence[Entry]) -> None:
        """Write entries in one commit; they are on disk when this returns. Raises SpoolError."""
        counts: Counter[tuple[int, str, str]] = Counter()
        for entry in entries:
            for tally in entry.tallies:
                counts[tally.site, tally.day.isoformat(), tally.outcome] += tally.hits
        rows = [
            (entry.event.site, entry.event.day.isoformat(), entry.event.row)
            for entry in entries
            if entry.event is not None
        ]
        with self._transaction() as database:
            database.executemany("INSERT INTO events (site, day, row) VALUES (?, ?, ?)", rows)
            database.executemany(_COUNT, [(*key, hits) for key, hits in counts.items()])

    def seal(self, most_rows: int) -> Batch | None:
        """Give the oldest unshipped batch, sealing one of at most so many rows if none is; None if empty."""
        with self._transaction() as database:
            if database.execute("SELECT 1 FROM batches").fetchone() is None:
                self._seal_next(database, most_rows)
            return self._oldest(database)

    def discard(self, batch: Batch) -> None:
        """Forget a batch that ClickHouse has; its rows are overwritten on disk. Raises SpoolError."""
        with self._transaction() as database:
            database.execute(
                "DELETE FROM events WHERE id <= (SELECT last FROM batches WHERE token = ?)", (batch.token,)
            )
            database.execute("DELETE FROM batches WHERE token = ?", (batch.token,))
        # The log still holds the rows as they came: empty it too, or at the next batch if it is busy.
        with self._lock, suppress(sqlite3.Error):
            self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close the file; what it holds is shipped after the next start."""
        with self._lock:
            self._database.close()

    def _seal_next(self, database: sqlite3.Connection, most_rows: int) -> None:
        last = database.execute(
            "SELECT max(id) FROM (SELECT id FROM events ORDER BY id LIMIT ?)", (most_rows,)
        ).fetchone()[0]
        stored = database.execute(
            "SELECT site, day, ?, count(*) FROM events WHERE id <= ? GROUP BY site, day", (STORED, last or 0)
        ).fetchall()
        dropped = database.execute("SELECT site, day, outcome, hits FROM tallies").fetchall()
        if not stored and not dropped:
            return
        database.execute("DELETE FROM tallies")
        database.execute(
            "INSERT INTO batches VALUES (?, ?, ?)", (uuid4().hex, last or 0, orjson.dumps(stored + dropped))
        )

    def _oldest(self, database: sqlite3.Connection) -> Batch | None:
        found = database.execute("SELECT token, last, tallies FROM batches ORDER BY last LIMIT 1").fetchone()
        if found is None:
            return None
        token, last, tallies = found
        rows = database.execute("SELECT row FROM events WHERE id <= ? ORDER BY id", (last,)).fetchall()
        return Batch(
            token,
            tuple(row for (row,) in rows),
            tuple(
                Tally(site, date.fromisoformat(day), outcome, hits)
                for site, day, outcome, hits in orjson.loads(tallies)
            ),
        )

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                self._database.execute("BEGIN IMMEDIATE")
                yield self._database
                self._database.execute("COMMIT")
            except sqlite3.Error as error:
                self._roll_back()
                raise SpoolError(f"The spool cannot be written ({error}); check the disk.") from None
            except BaseException:
                self._roll_back()
                raise

    def _roll_back(self) -> None:
        with suppress(sqlite3.Error):  # nothing to roll back where nothing could be begun
            self._database.execute("ROLLBACK")
