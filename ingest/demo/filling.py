"""Filling a store with the demo's traffic: what is missing, month by month, by the ordinary way of a beacon.

A month's rows go into the spool in one commit, and out of it in one batch: no part of a month can be published
while some of its days are still to come, which would then stay out of what it releases.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from threading import Event

from core.clock import Clock, days_between, local_day
from core.deletions import Deletion, DeletionRecord, Destroyed
from core.errors import SiteError
from core.settings import Settings
from core.sites import Site, add_site, list_sites
from core.sql import sql
from core.store import Store
from ingest.assembly import freight, ship_local_spools
from ingest.demo.makers import Makers, OwnMaker
from ingest.demo.making import Gap, Made, Making
from ingest.demo.site import DOMAIN
from ingest.gate import Knowledge
from ingest.imports import closed_days
from ingest.meter import Meter
from ingest.shipper import Shipper
from ingest.spools import claimed_spool

MONTHS = 13
"""Whole ones before the present month: a year, and what the year before had in the same month."""
_STAGES = 3
RECENT = timedelta(days=31)
"""What the first look at the dashboard must not lack: thirty days, and most of those they are compared with."""
PLACE = "demo"

Month = tuple[Gap, ...]
"""What is missing of one month, oldest first."""


def demo_site_in(store: Store, now: datetime) -> Site:
    """Find the demo's site, or add it to an empty store.

    Raises SiteError if the store is somebody's own, StoreError.
    """
    sites = list_sites(store)
    found = next((site for site in sites if site.domain == DOMAIN), None)
    if found is None and sites:
        raise SiteError("This folder holds sites of your own, and no demo; name another one with --data.")
    return found or add_site(store, DOMAIN, "UTC", now)


@dataclass(frozen=True, slots=True)
class DemoFilling:
    """Fills a store with all that was sent up to an instant, ``until``.

    ``today`` is what the gate knows, with the keys of the present day; each past day has a key of its own, for as
    long as it is made. ``past_days`` are how many there are before the demo's first start, if not whole months.
    """

    store: Store
    settings: Settings
    site: Site
    today: Knowledge
    until: datetime
    clock: Clock
    past_days: int | None = None

    @property
    def making(self) -> Making:
        """What makes up the traffic until then."""
        return Making(self.site, self.until)

    def stages(self) -> Iterator["DemoFilling"]:
        """Yield this filling up to three instants of the present day, the last one its own.

        An open day's lists are shown a step late: filled and rolled at once, it would show none.
        """
        began = local_day(self.until, self.site.zone).start
        for stage in range(1, _STAGES + 1):
            yield replace(self, until=began + (self.until - began) * stage / _STAGES)

    def missing(self) -> tuple[list[Month], list[Month]]:
        """Give what is missing of each month, the newest first: recent months, and the others.

        Months of which there is something already count as recent: their days may be closed any moment.
        Raises StoreError, SpoolError.
        """
        ship_local_spools(self.settings, self.store, self.clock)  # what a killed demo left
        today = local_day(self.until, self.site.zone).day
        closed, last = closed_days(self.store, self.site.number), self._last_received()
        days = days_between(first_day(self.making.traffic.began, self.past_days), today)
        gaps = [Gap(day, last.get(day)) for day in days if day not in closed]
        months = [tuple(month) for _first, month in groupby(gaps, key=lambda gap: _month(gap.day))][::-1]
        begun = {_month(day) for day in (*closed, *last, *days_between(today - RECENT, today))}
        recent = [month for month in months if _month(month[0].day) in begun]
        return recent, [month for month in months if month not in recent]

    def fill(self, month: Month, makers: Makers | None = None, stopping: Event | None = None) -> None:
        """Bring what is missing of a month into the store; nothing of it, once ``stopping`` is set.

        Raises FootfallError.
        """
        makers = makers or OwnMaker(self.making, self.today)
        days: list[Made] = []
        for gap in month:
            if stopping is not None and stopping.is_set():
                return
            days.append(self._today(gap) if self.making.is_today(gap.day) else makers.make(gap))
        with claimed_spool(self.settings.data, self.settings.spool_limit) as (spool, place):
            entries = [entry for day in days for entry in day.entries]
            if entries:
                spool.append(entries)
            shipper = Shipper(spool, self.store, freight(self.settings), self.clock, Meter(), f"{PLACE}, {place}")
            shipper.sign_off(self.until)
        destroyed = [name for day in days for name in day.destroyed]
        record = DeletionRecord(self.store, self.settings.data)
        record.append(*(Deletion(self.clock(), Destroyed.KEY, name.site, name.day) for name in destroyed))

    def _today(self, gap: Gap) -> Made:
        """Make the present day here: more visitors come under its key."""
        return Made(self.making.entries(gap, self.today), [])

    def _last_received(self) -> dict[date, datetime]:
        rows = self.store.rows(sql("ingest", "last_received"), {"site": self.site.number})
        return {date.fromisoformat(day): datetime.fromisoformat(received) for day, received in rows}


def first_day(began: date, past_days: int | None = None) -> date:
    """Give the first day of a demo that was first started on the day ``began``."""
    if past_days is not None:
        return began - timedelta(days=past_days)
    number = began.year * 12 + began.month - 1 - MONTHS
    return date(number // 12, number % 12 + 1, 1)


def _month(day: date) -> date:
    return day.replace(day=1)
