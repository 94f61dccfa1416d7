"""The watermark: a collector's word that all it received before an instant is in ClickHouse.

Days are closed by it (``aggregate.closing``), so it is never said too early and never taken
back. A collector that ends with nothing left behind says so, and holds no day open any more.
"""

from datetime import datetime, timedelta

from core.store import Store, encode_rows

STATEMENT_INTERVAL = timedelta(seconds=10)
"""How often a collector repeats it, also when nothing comes in: silence means that it died."""

_COLUMNS = ("collector", "place", "watermark", "stated", "stopped", "version")


class Watermark:
    """The watermark of one spool. ``place`` says to people where that is."""

    def __init__(self, store: Store, collector: str, place: str) -> None:
        self._store = store
        self._names = (collector, place)
        self._stated_at: datetime | None = None
        self.reached: datetime | None = None

    def state(self, mark: datetime, now: datetime, *, stopped: bool = False) -> None:
        """Say that all that was received before ``mark`` is in. Raises StoreError."""
        reached = max(mark, self.reached or mark)
        version = int(now.timestamp() * 1_000_000)
        self._store.insert("collectors", _COLUMNS, encode_rows([(*self._names, reached, now, stopped, version)]))
        self.reached, self._stated_at = reached, now

    def state_when_due(self, mark: datetime, now: datetime) -> None:
        """Say it if it was not said lately. Raises StoreError."""
        if self._stated_at is None or now - self._stated_at >= STATEMENT_INTERVAL:
            self.state(mark, now)
