"""The visitors who come while the demo runs: the rest of its traffic, each at its time."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime

from core.background import background
from core.clock import day_of, days_between, local_day
from core.deletions import DeletionRecord
from core.sites import SiteRegistry
from ingest.assembly import freight
from ingest.demo.filling import PLACE, DemoFilling
from ingest.demo.traffic import Sent, entries_of
from ingest.meter import Meter
from ingest.shipper import Shipper
from ingest.spool import Spool
from ingest.spools import claimed_spool
from ingest.upkeep import KeyDestruction, keep_up

INTERVAL = 1.0
"""Seconds between two looks for beacons whose time has come."""


@dataclass(slots=True)
class DemoVisitors:
    """Sends each beacon when its time has come, through a spool of its own; ``sent_until`` is the last time."""

    filling: DemoFilling
    spool: Spool
    shipper: Shipper
    destruction: KeyDestruction
    sent_until: datetime
    _plans: dict[date, list[Sent]] = field(default_factory=dict)

    def send_due(self, now: datetime) -> None:
        """Send what has become due since the last time. Raises StoreError, SpoolError."""
        entries = list(entries_of(self._due(now), SiteRegistry([self.filling.site]), self.filling.today))
        if entries:
            self.spool.append(entries)
        self.sent_until = now
        self.shipper.ship_all(now)
        self.destruction.run(now)

    def _due(self, now: datetime) -> list[Sent]:
        zone = self.filling.site.zone
        days = list(days_between(local_day(self.sent_until, zone).day, local_day(now, zone).day))
        # A day's plan is made once, at its first look.
        self._plans = {
            day: self._plans.get(day) or self.filling.making.traffic.sent_on(day_of(day, zone)) for day in days
        }
        sent = (each for plan in self._plans.values() for each in plan)
        return [each for each in sent if self.sent_until < each.arrival.received <= now]


@asynccontextmanager
async def coming_visitors(filling: DemoFilling) -> AsyncIterator[None]:
    """Let visitors come until the end of the block."""
    with demo_visitors(filling) as visitors:
        async with background(keep_up("demo", visitors.send_due, filling.clock, INTERVAL)):
            yield


@contextmanager
def demo_visitors(filling: DemoFilling) -> Iterator[DemoVisitors]:
    """Give the visitors who come after the last one that was filled in; sign off at the end of the block."""
    settings, store, clock = filling.settings, filling.store, filling.clock
    with claimed_spool(settings.data, settings.spool_limit) as (spool, place):
        shipper = Shipper(spool, store, freight(settings), clock, Meter(), f"{PLACE}, {place}")
        destruction = KeyDestruction(filling.today.keys, DeletionRecord(store, settings.data))
        yield DemoVisitors(filling, spool, shipper, destruction, filling.until)
        shipper.sign_off(clock())
