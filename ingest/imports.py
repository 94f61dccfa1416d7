"""Imported files in the store: each counts once, whenever a run of it is cut off.

The rows of a file are staged in a table of their own, made like ``events``; once all are there, one
row in ``imports`` says so together with what the ledger will hold. From then on the file is not
read again, and no other visitor's token is made up for it: whoever comes next takes the staged
rows and moves them to ``events``. A day moves whole (one part, MOVE PARTITION) or not at all, and
leaves the staging table by moving; so whatever is found there is still to be moved.
"""

import fcntl
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from core.errors import ImportFileError
from core.sql import sql
from core.store import Store, encode_rows
from core.tallies import STORED, Statement, Tally, state_tallies
from core.writing import writing_turn
from ingest.reasons import DropReason

_COLUMNS = ("site", "file", "state", "at", "tallies", "not_understood", "version")


class ImportState(StrEnum):
    """How far an import came; before the first there is no record of it."""

    STAGED = "staged"
    STORED = "stored"


@dataclass(frozen=True, slots=True)
class ImportRecord:
    """One file that was imported for one site, and what became of its lines.

    ``file`` is the SHA-256 of its content, ``not_understood`` holds the first numbers of such lines.
    """

    site: int
    file: str
    state: ImportState
    tallies: tuple[Tally, ...]
    not_understood: tuple[int, ...] = ()

    @property
    def outcomes(self) -> dict[str, int]:
        """How many lines were received, stored, and dropped by reason."""
        counts: Counter[str] = Counter()
        for tally in self.tallies:
            counts[tally.outcome] += tally.hits
        return dict(counts)

    @property
    def days(self) -> tuple[date, ...]:
        """The site's days that have rows of this file, oldest first."""
        return tuple(sorted(tally.day for tally in self.tallies if tally.outcome == STORED))

    @property
    def table(self) -> str:
        """The staging table's name: the same for the same file and site."""
        return "import_" + sha256(f"{self.site} {self.file}".encode()).hexdigest()[:16]


@contextmanager
def importing_alone(folder: Path) -> Iterator[None]:
    """Hold the lock of the one import that may read a file. Raises ImportFileError if it is taken."""
    with (folder / "import.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ImportFileError("Another import is running; wait until it has ended.") from None
        yield


def find_import(store: Store, site: int, file: str) -> ImportRecord | None:
    """Give the record of a file that was staged or stored before, or None."""
    for state, tallies, not_understood in store.rows(sql("ingest", "find_import"), {"site": site, "file": file}):
        return ImportRecord(site, file, ImportState(state), _tallies(tallies), tuple(not_understood))
    return None


def waiting_imports(store: Store) -> list[ImportRecord]:
    """Give the imports that were staged and not stored: ``store_import`` completes them."""
    return [
        ImportRecord(site, file, ImportState.STAGED, _tallies(tallies), tuple(not_understood))
        for site, file, tallies, not_understood in store.rows(sql("ingest", "waiting_imports"))
    ]


def closed_days(store: Store, site: int) -> set[date]:
    """Give the site's days that were published for good."""
    return {date.fromisoformat(day) for (day,) in store.rows(sql("ingest", "closed_days"), {"site": site})}


def make_staging_table(store: Store, record: ImportRecord) -> None:
    """Make a file's empty staging table, whatever another run left."""
    drop_staging_table(store, record)
    store.run(f"CREATE TABLE {record.table} AS events")
    # The part that will be moved comes of a merge; it must be on disk before the import says so.
    store.run(f"ALTER TABLE {record.table} MODIFY SETTING min_rows_to_fsync_after_merge = 1")


def drop_staging_table(store: Store, record: ImportRecord) -> None:
    """Destroy a file's staging table, if there is one."""
    store.run(f"DROP TABLE IF EXISTS {record.table} SYNC")


def drop_leftovers(store: Store) -> None:
    """Destroy what cut-off runs left: their rows bear tokens whose keys are gone.

    Only for the holder of ``importing_alone``. Staged imports are left alone.
    """
    found = [name for (name,) in store.rows(sql("ingest", "staging_tables"))]
    if found:
        kept = {record.table for record in waiting_imports(store)}
        for name in found:
            if name not in kept:
                store.run(f"DROP TABLE IF EXISTS {name} SYNC")


def write_import(store: Store, record: ImportRecord, now: datetime) -> None:
    """Write down how far an import came: the one step that makes it so. Raises StoreError."""
    tallies = [(tally.site, tally.day, tally.outcome, tally.hits) for tally in record.tallies]
    version = list(ImportState).index(record.state) + 1
    row = (record.site, record.file, record.state, now, tallies, record.not_understood, version)
    store.insert("imports", _COLUMNS, encode_rows([row]))


def store_import(store: Store, record: ImportRecord, now: datetime) -> ImportRecord:
    """Make a staged import's rows events and its tallies part of the ledger; give what became of it.

    Run again, it does what is left to do; an import that is stored changes nothing. The caller
    holds the lock of the one who closes days. Raises StoreError.
    """
    record = find_import(store, record.site, record.file) or record  # another may have come first
    if record.state is ImportState.STORED:
        drop_staging_table(store, record)
        return record
    late = _move_days(store, record)
    stored = replace(record, state=ImportState.STORED, tallies=tuple(_settled(record.tallies, late)))
    state_tallies(store, record.table, (Statement(tally.day, tally) for tally in stored.tallies))
    write_import(store, stored, now)
    drop_staging_table(store, record)
    return stored


def resume_imports(store: Store, folder: Path, now: datetime) -> list[ImportRecord]:
    """Complete the imports that were cut off once staged, destroy what the others left; give the former.

    Does nothing while an import is running. Raises StoreError, StoreUnavailableError while another host writes.
    """
    with suppress(ImportFileError), importing_alone(folder), writing_turn(store, folder, now):
        drop_leftovers(store)
        return [store_import(store, record, now) for record in waiting_imports(store)]
    return []


def _move_days(store: Store, record: ImportRecord) -> set[date]:
    """Move every staged day to the events; give the days that were closed before they could be."""
    closed = closed_days(store, record.site)
    late = set()
    for (text,) in store.rows(sql("ingest", "staged_days"), {"table": record.table}):
        day = date.fromisoformat(text)
        key = {"table": record.table, "site": record.site, "day": day}
        if store.rows(sql("ingest", "is_moved"), key)[0][0]:
            continue  # the move was cut off between its two sides
        if day in closed:
            late.add(day)
            continue
        partition = f"PARTITION '{day.isoformat()}'"
        store.run(f"OPTIMIZE TABLE {record.table} {partition} FINAL SETTINGS optimize_throw_if_noop = 1")
        # An import that was cut off before an upgrade was staged without the newest column.
        store.run(f"ALTER TABLE {record.table} ADD COLUMN IF NOT EXISTS receipt UInt64 CODEC(ZSTD)")
        store.run(f"ALTER TABLE {record.table} MOVE {partition} TO TABLE events")
    return late


def _settled(tallies: tuple[Tally, ...], late: set[date]) -> Iterator[Tally]:
    for tally in tallies:
        is_late = tally.outcome == STORED and tally.day in late
        yield tally._replace(outcome=DropReason.DAY_CLOSED) if is_late else tally


def _tallies(rows: list[tuple[int, str, str, int]]) -> tuple[Tally, ...]:
    return tuple(Tally(site, date.fromisoformat(day), outcome, hits) for site, day, outcome, hits in rows)
