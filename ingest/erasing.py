"""Erasing a visitor's raw rows for good: from every spool of the data folder, then from ClickHouse.

A token is made with a key of this data folder, so that no other collector has rows of it. The order is what
makes it last (docs/decisions/0017-erasure.md): while no batch is under way, rows are taken out of what was not
sealed, batches that ClickHouse may have are delivered to the end, and only then ClickHouse deletes. So no batch
with the visitor's rows is left that could come later, or that would be looked up and seem to be missing.
"""

import threading
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from core.deletions import DeletionLine
from core.errors import RowsRefusedError, StoreUnavailableError
from core.sql import sql
from core.store import Store, encode_rows
from core.tallies import RECEIVED, STORED, Statement, Tally, state_tallies
from ingest.delivery import deliver
from ingest.erased_rows import OneVisitor
from ingest.shipping_lock import no_batch_under_way
from ingest.spool import Spool
from ingest.spools import spool_folder, spool_paths

PATIENCE = 45.0
"""Seconds for which an erasure waits for batches under way; an insert is given up after 30."""
MOST_AT_ONCE = 8
"""So many erasures may wait for each other; more are asked to come again."""

_STALE = timedelta(hours=1)
_COLUMNS = ("erasure", "at", "site", "day", "visitor")


@dataclass(frozen=True, slots=True)
class Erasures:
    """Erases in one data folder and its store. All calls block, and may come from any thread.

    ``grace`` is that after which a day may be closed.
    """

    data: Path
    store: Store
    grace: timedelta
    _places: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(MOST_AT_ONCE), repr=False)

    def erase(self, visitor: OneVisitor, now: datetime) -> None:
        """Erase every raw row of a visitor that is on disk; ClickHouse removes its old files within minutes.

        Safe to call again. Raises StoreError, SpoolError: then not all of it is gone.
        """
        if not self._places.acquire(blocking=False):
            raise StoreUnavailableError("Others are being erased; try again later.")
        try:
            with no_batch_under_way(spool_folder(self.data), PATIENCE):
                counter = self._erase_from_spools(visitor, now)
                self._erase_from_store(visitor, counter, now)
        finally:
            self._places.release()

    def key_deletion(self, site: int, day: date) -> DeletionLine | None:
        """Give the deletion record's line of a day's key, or of the last one before it. Raises StoreError."""
        rows = self.store.rows(sql("ingest", "key_deletion"), {"site": site, "day": day})
        for sequence, at, what, number, of_day, previous, own_hash in rows:
            return DeletionLine(
                sequence, datetime.fromisoformat(at), what, number, date.fromisoformat(of_day), previous, own_hash
            )
        return None

    def _erase_from_spools(self, visitor: OneVisitor, now: datetime) -> str:
        """Leave no row in any spool, whoever holds it; give the name of the first, under which it is counted."""
        spools = [Spool(path) for path in spool_paths(self.data)]
        try:
            for spool in spools:  # first what needs no ClickHouse
                spool.erase(visitor)
            for spool in spools:
                self._settle(spool, visitor, now)
            return spools[0].name if spools else ""
        finally:
            for spool in spools:
                spool.close()

    def _settle(self, spool: Spool, visitor: OneVisitor, now: datetime) -> None:
        """Deliver what was sealed: it may be in ClickHouse already, or on its way from a try that was given up."""
        while (batch := spool.sealed()) is not None:
            try:
                tallies = deliver(self.store, batch, self.grace, now)
            except RowsRefusedError as error:
                spool.set_aside(batch, str(error))
                spool.erase(visitor)
            else:
                spool.discard(batch, tallies, now)

    def _erase_from_store(self, visitor: OneVisitor, counter: str, now: datetime) -> None:
        key = {"erasure": uuid4().hex}
        row = (key["erasure"], now, *visitor)
        self.store.insert("erasing", _COLUMNS, encode_rows([row]))
        try:
            found = self._count(key)
            if not found:
                return
            self.store.run(sql("ingest", "erase_rows"), key | {"day": visitor.day.isoformat()})
            if self._count(key):
                raise StoreUnavailableError("ClickHouse has not erased all; try again later.")
        finally:
            stale = (now - _STALE).isoformat()
            self.store.run(sql("ingest", "forget_erasing"), key | {"stale": stale})
        self._lower_ledger(visitor, found, counter, now)

    def _count(self, key: dict[str, str]) -> int:
        return int(self.store.rows(sql("ingest", "count_erasing"), key)[0][0])

    def _lower_ledger(self, visitor: OneVisitor, erased: int, counter: str, now: datetime) -> None:
        """Let the ledger say of these rows nothing: neither that they were received nor that they were stored."""
        site, day, counter = visitor.site, visitor.day, f"erasures {counter}"
        counted = now.date()
        key = {"site": site, "day": day, "counter": counter, "counted": counted}
        statements = []
        for outcome in (RECEIVED, STORED):
            before = self.store.rows(sql("ingest", "erased_so_far"), key | {"outcome": outcome})[0][0]
            statements.append(Statement(counted, Tally(site, day, outcome, -(before + erased))))
        state_tallies(self.store, counter, statements)
