"""Importing an access log: its lines pass the same gate as beacons, its rows are staged.

``stage_log`` reads the file; ``ingest.imports.store_import`` then makes events of what it staged.
A log's days are past: each gets a key for as long as the file is read, and it is destroyed before
the rows can be stored.
"""

import logging
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from core.deletions import Deletion, DeletionRecord, Destroyed
from core.errors import ImportFileError, StoreError
from core.sites import Site
from core.store import Store
from core.tallies import STORED, Tally
from geo.network import Cut
from ingest.event import COLUMNS
from ingest.gate import Knowledge
from ingest.imports import (
    ImportRecord,
    ImportState,
    closed_days,
    drop_leftovers,
    drop_staging_table,
    find_import,
    importing_alone,
    make_staging_table,
    write_import,
)
from ingest.keys import ImportKeys
from ingest.log_file import LogFile, Progress, identify, numbered_lines
from ingest.log_lines import LogLines
from ingest.spool import Entry

_log = logging.getLogger("footfall.import")

MOST_ROWS = 10_000
MOST_DAYS = 50  # an insert may touch 100 partitions
LINES_TO_JUDGE = 1_000

_NO_SIGNALS = (
    "%s does not say who sent Do Not Track or Global Privacy Control: they are counted, too. "
    "docs/log-import.md has a log format that says it."
)
_EXAMPLE = (
    '192.0.2.1 - - [17/May/2026:10:05:03 +0000] "GET /page HTTP/1.1" 200 1234 '
    '"https://example.org/" "Mozilla/5.0 (...) ..."'
)


@dataclass(frozen=True, slots=True)
class LogImporter:
    """What an import works with: the store, what the gate knows, and the data folder for its lock.

    The keys of ``knowledge`` are not used: each import has its own.
    """

    store: Store
    knowledge: Knowledge
    deletions: DeletionRecord
    folder: Path
    cut: Cut
    count_opt_outs: bool = False

    def stage_log(self, path: Path, site: Site, now: datetime, progress: Progress) -> ImportRecord:
        """Read a log for a site and stage its rows; give what became of its lines.

        A file that was staged or stored before is not read again: its record is given as it is.
        Raises ImportFileError, StoreError.
        """
        log = identify(path)
        with importing_alone(self.folder):
            drop_leftovers(self.store)
            known = find_import(self.store, site.number, log.sha256)
            if known is not None:
                return known
            record = ImportRecord(site.number, log.sha256, ImportState.STAGED, ())
            try:
                record = self._stage(log, site, record, now, progress)
            except BaseException:
                with suppress(StoreError):  # then the next import does it
                    drop_staging_table(self.store, record)
                raise
            write_import(self.store, record, now)
            return record

    def _stage(
        self, log: LogFile, site: Site, record: ImportRecord, now: datetime, progress: Progress
    ) -> ImportRecord:
        make_staging_table(self.store, record)
        keys = ImportKeys()
        knowledge = replace(self.knowledge, keys=keys)
        closed = closed_days(self.store, site.number)
        lines = LogLines(site, now, self.cut, knowledge, closed, self.count_opt_outs)
        batches = _Batches(self.store, record.table)
        try:
            for number, text in numbered_lines(log, progress):
                entry = lines.take(number, text)
                if entry is not None:
                    batches.add(entry)
                elif number >= LINES_TO_JUDGE and not lines.understood:
                    break
            batches.flush()
        finally:
            destroyed = list(keys.destroy_all())  # all of them, before one is written down
            for name in destroyed:
                self.deletions.append(Deletion(now, Destroyed.KEY, name.site, name.day))
        if not lines.understood:
            raise ImportFileError(f"{log.path} is no access log in combined format; a line looks like {_EXAMPLE}")
        if not lines.stating:
            _log.warning(_NO_SIGNALS, log.path)
        for entry in lines.lost():
            batches.add(entry)
        return replace(record, tallies=batches.tallies(), not_understood=tuple(lines.not_understood))


@dataclass(slots=True)
class _Batches:
    """Stages rows, batch by batch, and counts what the ledger will hold."""

    store: Store
    table: str
    _counts: Counter[tuple[int, date, str]] = field(default_factory=Counter)
    _rows: dict[date, list[bytes]] = field(default_factory=dict)
    _waiting: int = 0
    _inserts: int = 0

    def add(self, entry: Entry) -> None:
        """Take what a line leaves. Raises StoreError."""
        for tally in entry.tallies:
            self._counts[tally.site, tally.day, tally.outcome] += tally.hits
        if entry.row is not None:
            day = next(tally.day for tally in entry.tallies if tally.outcome == STORED)
            self._rows.setdefault(day, []).append(entry.row)
            self._waiting += 1
            if self._waiting >= MOST_ROWS:
                self.flush()

    def flush(self) -> None:
        """Stage what is at hand. Raises StoreError."""
        days = sorted(self._rows)
        for start in range(0, len(days), MOST_DAYS):
            rows = b"\n".join(row for day in days[start : start + MOST_DAYS] for row in self._rows[day])
            self._inserts += 1
            self.store.insert(self.table, COLUMNS, rows, f"{self.table}-{self._inserts}")
        self._rows.clear()
        self._waiting = 0

    def tallies(self) -> tuple[Tally, ...]:
        """Give the import's lines of the ledger."""
        return tuple(
            Tally(site, day, str(outcome), hits) for (site, day, outcome), hits in sorted(self._counts.items())
        )
