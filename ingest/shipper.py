"""The shipper: sealed batches go from the spool to ClickHouse, each exactly once."""

import asyncio
import logging
import random
import threading

from core.errors import FootfallError
from core.store import Store, encode_rows
from ingest.event import COLUMNS
from ingest.spool import Batch, Spool

LEDGER_COLUMNS = ("site", "day", "outcome", "hits")
FIRST_PAUSE = 0.5  # seconds; doubled at each failure
LONGEST_PAUSE = 30.0

_log = logging.getLogger("footfall.shipper")


def ship_batch(store: Store, batch: Batch) -> None:
    """Insert a batch's events and its lines of the ledger, under tokens of its own.

    Sent again under the same tokens, whatever was inserted before is not inserted again
    (insert_deduplication_token). Raises StoreError.
    """
    store.insert("events", COLUMNS, b"\n".join(batch.rows), batch.token)
    lines = [(tally.site, tally.day, tally.outcome, tally.hits) for tally in batch.tallies]
    store.insert("ledger", LEDGER_COLUMNS, encode_rows(lines), f"{batch.token}-ledger")


class Shipper:
    """Ships one spool to one store, one batch after the other."""

    def __init__(self, spool: Spool, store: Store, most_rows: int) -> None:
        self._spool = spool
        self._store = store
        self._most_rows = most_rows
        self._shipping = threading.Lock()

    def ship_all(self) -> int:
        """Ship until the spool is empty; give how many events went. Raises StoreError, SpoolError."""
        shipped = 0
        with self._shipping:
            while (batch := self._spool.seal(self._most_rows)) is not None:
                ship_batch(self._store, batch)
                self._spool.discard(batch)
                shipped += len(batch.rows)
        return shipped

    async def keep_shipping(self, interval: float) -> None:
        """Ship every ``interval`` seconds until cancelled; wait longer and longer while the store is away."""
        pause = FIRST_PAUSE
        while True:
            try:
                await asyncio.to_thread(self.ship_all)
            except Exception as error:  # noqa: BLE001 (shipping must outlive whatever goes wrong)
                told = error if isinstance(error, FootfallError) else f"Shipping failed ({type(error).__name__})."
                _log.warning("%s Events wait in the spool; next try in %.1f s.", told, pause)
                await asyncio.sleep(pause * random.uniform(0.8, 1.2))  # noqa: S311 (jitter)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                pause = FIRST_PAUSE
                await asyncio.sleep(interval)
