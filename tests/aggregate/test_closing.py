"""Closing days: each at its site's midnight plus grace, late if need be, and once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from aggregate.cells import DIMENSIONS
from aggregate.closing import Closed, Closing, close_due_days
from aggregate.periods import DayRange
from aggregate.reading import Report, read_report
from core.sites import Site
from core.store import Store
from tests.fixtures.raw import event, site_in, store_events
from tests.fixtures.store import empty

CLOSING = Closing(timedelta(minutes=5), timedelta(hours=6))
HOUR = timedelta(hours=1)
ZONES = (
    "Pacific/Kiritimati",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Auckland",
    "Australia/Lord_Howe",
    "Australia/Adelaide",
    "Asia/Tokyo",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Tehran",
    "Europe/Kyiv",
    "Europe/Berlin",
    "UTC",
    "Atlantic/Azores",
    "America/St_Johns",
    "America/Santiago",
    "America/New_York",
    "America/Los_Angeles",
    "Pacific/Marquesas",
    "Pacific/Pago_Pago",
)


def close(store: Store, sites: Sequence[Site], now: datetime) -> Closed:
    """Close what is due."""
    return close_due_days(store, sites, 5, CLOSING, now)


def read(store: Store, sites: Sequence[Site], first: date, last: date) -> list[Report]:
    """Read every list of every day, but for when it was made."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    reports = [read_report(store, site, DayRange(day, day), DIMENSIONS) for site in sites for day in days]
    return [replace(report, updated=None) for report in reports]


def _first_hour_after(site: Site, day: date) -> datetime:
    """Find, minute by minute and without the product's clock, the first full hour at which a day may be closed."""
    instant = datetime(day.year, day.month, day.day, tzinfo=UTC) - 15 * HOUR
    while instant.astimezone(site.zone).date() <= day:
        instant += timedelta(minutes=1)
    due = instant + CLOSING.grace
    return due.replace(minute=0) + (HOUR if due.minute else timedelta())


@pytest.mark.parametrize(
    ("start", "zone", "hours"),
    [
        (date(2026, 3, 28), "Europe/Berlin", {date(2026, 3, 28): 24, date(2026, 3, 29): 23}),
        (date(2026, 10, 24), "Europe/Berlin", {date(2026, 10, 24): 24, date(2026, 10, 25): 25}),
        (date(2026, 4, 4), "Australia/Lord_Howe", {date(2026, 4, 4): 24, date(2026, 4, 5): 25}),  # 24 and a half
        (date(2011, 12, 29), "Pacific/Apia", {date(2011, 12, 29): 24, date(2011, 12, 31): 24}),
    ],
)
def test_twenty_sites_close_at_their_own_midnights(
    embedded: Store, start: date, zone: str, hours: dict[date, int]
) -> None:
    """Each day of each of twenty time zones is closed in the first hour after its midnight and grace."""
    sites = [site_in(name, number, f"{number}.example") for number, name in enumerate(ZONES, 1)]
    begin = datetime(start.year, start.month, start.day, tzinfo=UTC)
    instants = [begin + number * HOUR for number in range(-11, 58)]
    views = [event(site, instant) for site in sites for instant in instants]
    views = [view for view in views if min(hours) <= view.day <= max(hours)]
    store_events(embedded, views)
    expected: dict[datetime, set[tuple[str, date]]] = defaultdict(set)
    for site in sites:
        for day in {view.day for view in views if view.site == site.number}:
            expected[_first_hour_after(site, day)].add((site.domain, day))
    closed = {}
    for now in (begin + number * HOUR for number in range(-11, 100)):
        done = close(embedded, sites, now).days
        if done:
            closed[now] = {(site.domain, day) for site, day in done}
    assert closed == expected
    watched = sites[ZONES.index(zone)]
    seen = {day: read_report(embedded, watched, DayRange(day, day)).totals.pageviews for day in hours}
    assert seen == hours


def _four_days(store: Store) -> list[Site]:
    """Three sites with visitors on four days."""
    sites = [site_in(zone, number) for number, zone in enumerate(("Asia/Tokyo", "UTC", "America/New_York"), 1)]
    store_events(
        store,
        [
            event(site, datetime(2026, 5, day, 16, tzinfo=UTC), visitor, f"/{visitor % (day + 1)}")
            for site in sites
            for day in range(1, 5)
            for visitor in range(1, 20 + day)
        ],
    )
    return sites


def test_a_server_that_was_off_for_three_days_catches_up_day_by_day(store: Store) -> None:
    """It closes the oldest day first, and all reports are those of a server that was never off."""
    first, last = date(2026, 5, 1), date(2026, 5, 5)
    begin, end = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 5, 5, 1, tzinfo=UTC)
    sites = _four_days(store)
    for hour in range(98):
        close(store, sites, begin + hour * HOUR)
    never_off = read(store, sites, first, last)
    empty(store)
    sites = _four_days(store)
    close(store, sites, begin + 30 * HOUR)
    caught_up = close(store, sites, end)
    assert [(site.timezone, day.day) for site, day in caught_up.days] == [
        ("Asia/Tokyo", 2),
        ("UTC", 2),
        ("America/New_York", 2),
        ("Asia/Tokyo", 3),
        ("UTC", 3),
        ("America/New_York", 3),
        ("Asia/Tokyo", 4),
        ("UTC", 4),
    ]
    assert read(store, sites, first, last) == never_off


def test_closing_again_changes_nothing(store: Store) -> None:
    """A second run, with new raw events or without, closes no day again and changes no report."""
    now = datetime(2026, 5, 9, tzinfo=UTC)
    sites = _four_days(store)
    close(store, sites, now)
    published = _everything(store)
    store_events(store, [event(sites[1], datetime(2026, 5, 1, tzinfo=UTC), visitor) for visitor in range(90)])
    assert close(store, sites, now + HOUR).days == []
    assert _everything(store) == published


def _everything(store: Store) -> list[object]:
    tables = ("published", "report_totals", "report_cells", "report_filtered", "report_scroll")
    return [store.rows("SELECT * FROM {name:Identifier} FINAL ORDER BY ALL", {"name": name}) for name in tables]
