"""Closing a day and destroying what was raw.

A day is closed at its local midnight plus grace, once every collector's watermark has passed
it: rolled once more, published for good. A closed day is never restated. Its raw partition is
dropped once every site has closed it.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from aggregate.rolling import open_days, roll_day
from core.clock import day_of
from core.collectors import CollectorState, behind, list_collectors
from core.deletions import Deletion, DeletionRecord, Destroyed
from core.errors import StoreRefusedError
from core.sites import NO_SITE, Site
from core.sql import sql
from core.store import Store
from core.tallies import LATE, STORED, Statement, Tally, state_tallies

_COUNTER = "closing"

_log = logging.getLogger("footfall.jobs")


@dataclass(frozen=True, slots=True)
class Closing:
    """When a day may be closed: so long after its midnight, and so long is a silent collector waited for."""

    grace: timedelta
    patience: timedelta


@dataclass(frozen=True, slots=True)
class Closed:
    """The days that were closed, and the collectors for which others wait."""

    days: list[tuple[Site, date]]
    waits_for: list[CollectorState]


def is_over(site: Site, day: date, now: datetime, grace: timedelta) -> bool:
    """Tell whether a site's day is over, its grace included."""
    return day_of(day, site.zone).end + grace <= now


def close_due_days(store: Store, sites: Sequence[Site], k: int, closing: Closing, now: datetime) -> Closed:
    """Close every day that is over and has raw events, oldest first; give what was closed.

    Run again, or late by days, it does what is left to do. Raises StoreError.
    """
    by_number = {site.number: site for site in sites}
    collectors = list_collectors(store)
    closed, waits_for = [], dict[str, CollectorState]()
    for open_day in open_days(store):
        site = by_number.get(open_day.site)
        if site is None or not is_over(site, open_day.day, now, closing.grace):
            continue
        late = behind(collectors, day_of(open_day.day, site.zone).end, now, closing.patience)
        if late:
            waits_for |= {each.place: each for each in late}
            continue
        try:
            roll_day(store, site, open_day.day, k, now, close=True)
        except StoreRefusedError as error:  # one site's trouble must not keep the others open
            _log.warning("closing %s %s: %s", site.domain, open_day.day, error)
        else:
            closed.append((site, open_day.day))
    return Closed(closed, list(waits_for.values()))


def destroy_raw_days(
    store: Store, record: DeletionRecord, sites: Sequence[Site], closing: Closing, now: datetime
) -> list[date]:
    """Drop the raw partition of every day that all sites have closed; give the days.

    ``DROP PARTITION`` and nothing else: a lightweight DELETE leaves the bytes on disk.
    Each is a line in the deletion record. Raises StoreError.
    """
    numbers = {site.number for site in sites}
    collectors = list_collectors(store)
    still_open = {open_day.day for open_day in open_days(store) if open_day.site in numbers}
    destroyed = []
    for (text,) in store.rows(sql("aggregate", "raw_days")):
        day = date.fromisoformat(text)
        if day in still_open or not all(is_over(site, day, now, closing.grace) for site in sites):
            continue
        # A site that has no events of that day yet may have some in a spool.
        last = max((day_of(day, site.zone).end for site in sites), default=now)
        if behind(collectors, last, now, closing.patience):
            continue
        _count_late(store, day, now)
        store.run(f"ALTER TABLE events DROP PARTITION '{day.isoformat()}'")
        record.append(Deletion(now, Destroyed.RAW_EVENTS, NO_SITE, day))
        destroyed.append(day)
    return destroyed


def _count_late(store: Store, day: date, now: datetime) -> None:
    """Move to the ledger's late ones what came between a day's closing and its destruction.

    A collector asks before it brings an old row; what is counted here came in that very moment.
    """
    late = store.rows(sql("aggregate", "late_rows"), {"day": day})
    state_tallies(
        store,
        _COUNTER,
        [
            Statement(now.date(), Tally(site, day, outcome, hits))
            for site, count in late
            for outcome, hits in ((LATE, count), (STORED, -count))
        ],
    )
