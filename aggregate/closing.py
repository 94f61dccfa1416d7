"""Closing a day and destroying what was raw.

A day is closed at its local midnight plus grace: rolled once more, published for good. A
closed day is never restated. Its raw partition is dropped once every site has closed it.
"""

import logging
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from aggregate.rolling import open_days, roll_day
from core.clock import day_of
from core.deletions import Deletion, DeletionRecord, Destroyed
from core.errors import StoreRefusedError
from core.sites import NO_SITE, Site
from core.sql import sql
from core.store import Store

_log = logging.getLogger("footfall.jobs")


def is_over(site: Site, day: date, now: datetime, grace: timedelta) -> bool:
    """Tell whether a site's day may be closed."""
    return day_of(day, site.zone).end + grace <= now


def close_due_days(
    store: Store, sites: Iterable[Site], k: int, grace: timedelta, now: datetime
) -> list[tuple[Site, date]]:
    """Close every day that is over and has raw events, oldest first; give what was closed.

    Run again, or late by days, it does what is left to do. Raises StoreError.
    """
    by_number = {site.number: site for site in sites}
    closed = []
    for open_day in open_days(store):
        site = by_number.get(open_day.site)
        if site is not None and is_over(site, open_day.day, now, grace):
            try:
                roll_day(store, site, open_day.day, k, now, close=True)
            except StoreRefusedError as error:  # one site's trouble must not keep the others open
                _log.warning("closing %s %s: %s", site.domain, open_day.day, error)
            else:
                closed.append((site, open_day.day))
    return closed


def destroy_raw_days(
    store: Store, record: DeletionRecord, sites: Iterable[Site], grace: timedelta, now: datetime
) -> list[date]:
    """Drop the raw partition of every day that all sites have closed; give the days.

    ``DROP PARTITION`` and nothing else: a lightweight DELETE leaves the bytes on disk.
    Each is a line in the deletion record. Raises StoreError.
    """
    known = list(sites)
    numbers = {site.number for site in known}
    still_open = {open_day.day for open_day in open_days(store) if open_day.site in numbers}
    destroyed = []
    for (text,) in store.rows(sql("aggregate", "raw_days")):
        day = date.fromisoformat(text)
        if day in still_open or not all(is_over(site, day, now, grace) for site in known):
            continue
        store.run(f"ALTER TABLE events DROP PARTITION '{day.isoformat()}'")
        record.append(Deletion(now, Destroyed.RAW_EVENTS, NO_SITE, day))
        destroyed.append(day)
    return destroyed
