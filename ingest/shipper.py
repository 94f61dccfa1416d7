"""The shipper: sealed batches go from the spool to ClickHouse, each exactly once."""

import asyncio
import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.clock import Clock
from core.daemon_thread import in_daemon_thread
from core.errors import FootfallError, RowsRefusedError
from core.store import Store
from core.tallies import state_tallies
from ingest.delivery import deliver
from ingest.meter import Meter
from ingest.shipping_lock import batch_under_way
from ingest.spool import Batch, Spool
from ingest.watermark import Watermark

FIRST_PAUSE = 0.5  # seconds; doubled at each failure
LONGEST_PAUSE = 30.0

_log = logging.getLogger("footfall.shipper")


@dataclass(frozen=True, slots=True)
class Freight:
    """How to ship: rows in a batch at most, and the grace after which a day may be closed."""

    most_rows: int
    grace: timedelta


class Shipper:
    """Ships one spool to one store, one batch after the other."""

    def __init__(
        self, spool: Spool, store: Store, freight: Freight, clock: Clock, meter: Meter, place: str = ""
    ) -> None:
        self._spool = spool
        self._store = store
        self._freight = freight
        self._clock = clock
        self._meter = meter
        self._watermark = Watermark(store, spool.name, place)
        self._shipping = threading.Lock()

    @property
    def watermark(self) -> datetime | None:
        """What was last said to be in; None before the first time."""
        return self._watermark.reached

    def ship_all(self, mark: datetime) -> int:
        """Ship what is there; give how many events went.

        What comes meanwhile waits for the next time, unless it fills a batch: small inserts, one after
        the other, would cost ClickHouse more than the collector costs.

        ``mark``: all that was received before it is on disk. Raises StoreError, SpoolError.
        """
        shipped = 0
        with self._shipping:
            drained = False
            while not drained:
                with batch_under_way(self._spool.folder):
                    batch = self._spool.seal(self._freight.most_rows)
                    if batch is None:
                        break
                    # Also while there is much to ship: a collector that works is not dead.
                    self._watermark.state_when_due(min(batch.oldest, mark), self._clock())
                    shipped += self._ship(batch)
                drained = batch.drains
            self._state_tallies()
            self._watermark.state_when_due(mark, self._clock())
        return shipped

    def sign_off(self, mark: datetime) -> None:
        """Ship what is left and say that nothing more will come from here. Raises StoreError, SpoolError."""
        self.ship_all(mark)
        self._watermark.state(mark, self._clock(), stopped=not self._spool.batches_set_aside())

    def destroy_spooled(self) -> None:
        """Destroy all that is in the spool, once the batch that is on its way has arrived. Raises SpoolError."""
        with self._shipping:
            self._spool.destroy()

    async def keep_shipping(self, interval: float, mark: Callable[[], datetime]) -> None:
        """Ship every ``interval`` seconds until cancelled; wait longer and longer while the store is away.

        ``mark`` is asked on the event loop, where no hit can be between its time and the spool.
        """
        pause = FIRST_PAUSE
        while True:
            try:
                await in_daemon_thread(self.ship_all, mark())
            except Exception as error:  # noqa: BLE001 (shipping must outlive whatever goes wrong)
                told = error if isinstance(error, FootfallError) else f"Shipping failed ({type(error).__name__})."
                _log.warning("%s Events wait in the spool; next try in %.1f s.", told, pause)
                self._meter.retries.inc()
                await asyncio.sleep(pause * random.uniform(0.8, 1.2))  # noqa: S311 (jitter)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                pause = FIRST_PAUSE
                await asyncio.sleep(interval)

    def _ship(self, batch: Batch) -> int:
        began = time.perf_counter()
        try:
            tallies = deliver(self._store, batch, self._freight.grace, self._clock())
        except RowsRefusedError as error:
            self._spool.set_aside(batch, str(error))
            _log.error("%s Set %d events aside; `footfall check` says more.", error, batch.events)
            return 0
        self._meter.shipped(batch.events, time.perf_counter() - began)
        self._spool.discard(batch, tallies, self._clock())
        return batch.events

    def _state_tallies(self) -> None:
        statements = self._spool.unstated()
        if statements:
            state_tallies(self._store, self._spool.name, statements)
            self._spool.mark_stated(statements, self._clock())
