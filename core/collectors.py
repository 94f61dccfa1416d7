"""The collectors of a store, by what they last said: read by who closes days and by `footfall check`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.sql import sql
from core.store import Store


@dataclass(frozen=True, slots=True)
class CollectorState:
    """One collector's last word. ``place`` is host and spool; ``stopped``: it ended and left nothing behind."""

    place: str
    watermark: datetime
    stated: datetime
    stopped: bool

    def is_silent(self, now: datetime, patience: timedelta) -> bool:
        """Tell whether nothing was heard of it for too long, though it has not said that it ends."""
        return not self.stopped and now - self.stated > patience


def list_collectors(store: Store) -> list[CollectorState]:
    """Give every collector that was ever heard of, by place. Raises StoreError."""
    return [
        CollectorState(place, datetime.fromisoformat(watermark), datetime.fromisoformat(stated), stopped)
        for place, watermark, stated, stopped in store.rows(sql("core", "list_collectors"))
    ]


def behind(
    collectors: Iterable[CollectorState], instant: datetime, now: datetime, patience: timedelta
) -> list[CollectorState]:
    """Give those that may still bring what they received before an instant."""
    return [
        each
        for each in collectors
        if not each.stopped and not each.is_silent(now, patience) and each.watermark < instant
    ]
