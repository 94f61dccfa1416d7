"""A day of synthetic traffic, written straight into the table of raw events: seeded, by ClickHouse itself."""

from dataclasses import dataclass
from datetime import date

from core.clock import day_of
from core.sites import Site
from core.sql import sql
from core.store import Store

SEED = 1
LEAST_EVENTS = 100
_EVENTS_A_VISITOR = 1_000_000 / 120_000  # what the chances in queries/*.sql come to
_MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class DayShape:
    """What a generated day is like, counted in the store.

    ``platforms`` are browsers, systems and their versions together; equal days have equal fingerprints.
    """

    events: int
    visitors: int
    visits: int
    pageviews: int
    custom_events: int
    engagement_events: int
    tagged_events: int
    pages: int
    sources: int
    referrers: int
    countries: int
    platforms: int
    fingerprint: str


def write_day(store: Store, site: Site, day: date, events: int, seed: int = SEED) -> DayShape:
    """Write a day of about so many events (within 1 % from 100,000 on), the same for the same seed.

    The rows lie in one part, as after ClickHouse's merges. Raises StoreError.
    """
    store.run(
        sql("bench", "write_day"),
        {
            "seed": seed,
            "visitors": round(events / _EVENTS_A_VISITOR),
            "site": site.number,
            "hostname": site.domain,
            "day": day,
            "start": _start(site, day),
        },
    )
    store.run(f"OPTIMIZE TABLE events PARTITION '{day}' FINAL")
    return day_shape(store, site, day)


def day_shape(store: Store, site: Site, day: date) -> DayShape:
    """Count what a site's day of raw events is like. Raises StoreError."""
    parameters = {"site": site.number, "day": day, "start": _start(site, day)}
    return DayShape(*store.rows(sql("bench", "day_shape"), parameters)[0])


def _start(site: Site, day: date) -> int:
    return int(day_of(day, site.zone).start.timestamp()) * _MICROSECONDS
