"""Delivery: one sealed batch reaches ClickHouse exactly once.

The batch's token makes ClickHouse skip rows that it has (insert_deduplication_token). That
alone is not enough: ClickHouse writes the token down before it puts the rows in place
(MergeTreeSink, 24.10), so a crash between the two leaves a token without rows, and after a
power cut there can be rows without a token. A batch that may have been tried before is
therefore looked up before and after each further try.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import orjson

from core.errors import StoreUnavailableError
from core.sql import sql
from core.store import Row, Store
from core.tallies import STORED, Tally
from ingest.event import COLUMNS
from ingest.reasons import DropReason
from ingest.spool import Batch

_MOST_TRIES = 5
_SAMPLE = 20  # rows of a day
_MARKS = 256  # of a token one byte: a server that logs at the level trace writes parameters down
_SITE, _DAY, _RECEIVED, _VISITOR = (COLUMNS.index(name) for name in ("site", "day", "received", "visitor"))


def deliver(store: Store, batch: Batch, grace: timedelta, now: datetime) -> tuple[Tally, ...]:
    """Insert a batch's events; give what the ledger is to count of it.

    Rows of a day that was closed before they came are not inserted: they are late. Safe to
    call again with the same batch, whatever became of the last call. Raises StoreError.
    """
    late = _late_days(store, batch, grace, now)
    if batch.fresh and not late:
        store.insert("events", COLUMNS, batch.rows, batch.token)
        return batch.tallies
    lines = batch.rows.splitlines()
    rows = [(line, row) for line in lines if (row := orjson.loads(line))[: _DAY + 1] not in late]
    _insert_missing(store, rows, batch.token)
    return tuple(_settled(batch.tallies, late))


def _insert_missing(store: Store, rows: list[tuple[bytes, Row]], token: str) -> None:
    """Insert the rows of every day that is not there, until all are."""
    for attempt in count():
        missing = _missing_days(store, [row for _, row in rows])
        if not missing:
            return
        if attempt == _MOST_TRIES:
            raise StoreUnavailableError("ClickHouse takes events and does not have them; see its log.")
        lines = b"\n".join(line for line, row in rows if row[_DAY] in missing)
        # First under the same token, should the last try still be going on in ClickHouse; one that
        # does not help was written down without its rows.
        store.insert("events", COLUMNS, lines, f"{token}-{attempt}" if attempt else token)


def _missing_days(store: Store, rows: Iterable[Row]) -> set[str]:
    """Give the days of these rows that are not stored.

    A day of one insert is one part: all of its rows are there, or none. Looking for a few is enough.
    """
    by_day: dict[str, list[tuple[Any, ...]]] = {}
    for row in rows:
        by_day.setdefault(row[_DAY], []).append((row[_SITE], row[_VISITOR] % _MARKS, row[_RECEIVED]))
    return {day for day, keys in by_day.items() if not _are_stored(store, day, keys)}


def _are_stored(store: Store, day: str, keys: list[tuple[Any, ...]]) -> bool:
    sample = sorted(set(keys[:: max(1, len(keys) // _SAMPLE)]))
    # Three arrays, not one of tuples: the control socket's JSON knows no tuples.
    sites, marks, times = (list(column) for column in zip(*sample, strict=True))
    parameters = {"day": day, "sites": sites, "marks": marks, "times": times}
    return bool(store.rows(sql("ingest", "count_stored"), parameters)[0][0] == len(sample))


def _late_days(store: Store, batch: Batch, grace: timedelta, now: datetime) -> list[list[Any]]:
    """Give the batch's sites and days that were closed before it came."""
    if now - batch.oldest < grace:  # a day is closed a grace after its last event at the earliest
        return []
    days = sorted({tally.day for tally in batch.tallies})
    return store.rows(sql("ingest", "closed_of"), {"days": days})


def _settled(tallies: Iterable[Tally], late: list[list[Any]]) -> Iterable[Tally]:
    counts: Counter[tuple[int, date, str]] = Counter()
    for site, day, outcome, hits in tallies:
        is_late = outcome == STORED and [site, day.isoformat()] in late
        counts[site, day, DropReason.LATE if is_late else outcome] += hits
    return (Tally(*key, hits) for key, hits in counts.items())
