"""Destroying what was raw: a day's events go once every site has closed the day.

At once by default. An operator may keep them longer (``raw_retention``, counted from 00:00 UTC
of the day), never less than until the last site has closed the day.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta

from aggregate.closing import Closing, is_over
from aggregate.rolling import open_days
from aggregate.spans import month_of
from core.clock import day_of, days_between
from core.collectors import behind, list_collectors
from core.deletions import Deletion, DeletionRecord, Destroyed
from core.settings import SHORTEST_RETENTION
from core.sites import NO_SITE, Site
from core.sql import sql
from core.store import Store
from core.tallies import LATE, STORED, Statement, Tally, state_tallies

_COUNTER = "closing"


def destroy_raw_days(
    store: Store,
    record: DeletionRecord,
    sites: Sequence[Site],
    closing: Closing,
    retention: timedelta,
    now: datetime,
) -> list[date]:
    """Destroy the raw events of every day that all sites have closed and nobody keeps longer; give the days.

    ``DROP PARTITION`` and nothing else: a lightweight DELETE leaves the bytes on disk.
    Each is a line in the deletion record. Run again, it does what is left to do. Raises StoreError.
    """
    _write_down(record, unrecorded_days(store), now)  # a run was cut off between its two steps
    destroyed = []
    for day in closed_everywhere(store, raw_days(store), sites, closing, now):
        if is_kept(day, retention, now):
            continue
        _count_late(store, day)
        store.run(f"ALTER TABLE events DROP PARTITION '{day.isoformat()}'")
        # What ClickHouse or an operator has put aside, which the line above leaves where it is.
        store.run(
            f"ALTER TABLE events DROP DETACHED PARTITION '{day.isoformat()}' SETTINGS allow_drop_detached = 1"
        )
        destroyed.append(day)
    _write_down(record, destroyed, now)
    return destroyed


def _write_down(record: DeletionRecord, days: Iterable[date], now: datetime) -> None:
    record.append(*(Deletion(now, Destroyed.RAW_EVENTS, NO_SITE, day) for day in days))


def raw_days(store: Store) -> list[date]:
    """Give the days that have raw events, oldest first. Raises StoreError."""
    return [date.fromisoformat(day) for (day,) in store.rows(sql("aggregate", "raw_days"))]


def unrecorded_days(store: Store) -> list[date]:
    """Give the days whose raw events are gone without a line in the deletion record. Raises StoreError."""
    return [date.fromisoformat(day) for (day,) in store.rows(sql("aggregate", "unrecorded_days"))]


def closed_everywhere(
    store: Store, days: Iterable[date], sites: Sequence[Site], closing: Closing, now: datetime
) -> list[date]:
    """Give those of the days that every site has closed and for which no collector holds anything back.

    Raises StoreError.
    """
    numbers = {site.number for site in sites}
    collectors = list_collectors(store)
    still_open = {open_day.day for open_day in open_days(store) if open_day.site in numbers}
    closed = []
    for day in days:
        if day in still_open or not all(is_over(site, day, now, closing.grace) for site in sites):
            continue
        # A site that has no events of that day yet may have some in a spool.
        last = max((day_of(day, site.zone).end for site in sites), default=now)
        if not behind(collectors, last, now, closing.patience):
            closed.append(day)
    return closed


def retention_ends(day: date, retention: timedelta) -> datetime:
    """Give the instant until which a day's raw events may be kept: so long after its 00:00 UTC."""
    return datetime.combine(day, time(), UTC) + retention


def is_kept(day: date, retention: timedelta, now: datetime) -> bool:
    """Tell whether the operator still wants a closed day's raw events; by default nobody does."""
    return retention.total_seconds() > SHORTEST_RETENTION and now < retention_ends(day, retention)


def destroy_carried_months(
    store: Store, record: DeletionRecord, sites: Sequence[Site], closing: Closing, now: datetime
) -> list[date]:
    """Destroy what was carried in every month that all sites have closed and added up; give the months.

    Each is a line in the deletion record. Run again, it does what is left to do. Raises StoreError.
    """
    destroyed = []
    for month, is_there in carried_months(store):
        days = list(days_between(month, month_of(month).last))
        if closed_everywhere(store, days, sites, closing, now) != days:
            continue
        if is_there:
            for statement in ("DROP PARTITION {}", "DROP DETACHED PARTITION {} SETTINGS allow_drop_detached = 1"):
                store.run(f"ALTER TABLE carried {statement.format(f'{month:%Y%m}')}")
        record.append(Deletion(now, Destroyed.CARRIED, NO_SITE, month))
        destroyed.append(month)
    return destroyed


def carried_months(store: Store) -> list[tuple[date, bool]]:
    """Give the months that every site has added up, and whether what they carried is still there.

    It is not where a run was cut off before it wrote its line in the deletion record. Raises StoreError.
    """
    rows = store.rows(sql("aggregate", "carried_months"))
    return [(date.fromisoformat(month), bool(is_there)) for month, is_there in rows]


def forget_open_reports(store: Store, sites: Sequence[Site], closing: Closing, now: datetime) -> None:
    """Drop what was shown of a day while it was open, once all sites have closed it. Raises StoreError."""
    for table, day in store.rows(sql("aggregate", "open_reports")):
        if closed_everywhere(store, [date.fromisoformat(day)], sites, closing, now):
            store.run(f"ALTER TABLE {table} DROP PARTITION {day.replace('-', '')}")


def _count_late(store: Store, day: date) -> None:
    """Move to the ledger's late ones what came between a day's closing and its destruction.

    A collector asks before it brings an old row; what is counted here came in that very moment.
    """
    late = store.rows(sql("aggregate", "late_rows"), {"day": day})
    state_tallies(
        store,
        _COUNTER,
        [
            # Counted on the day itself: a run that was cut off states the same again, not more.
            Statement(day, Tally(site, day, outcome, hits))
            for site, count in late
            for outcome, hits in ((LATE, count), (STORED, -count))
        ],
    )
