"""Current visitors: one number of now, which nobody can look up afterwards."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from aggregate.current_visitors import read_current_visitors
from aggregate.jobs import Workplace, roll_open_days
from core.deletions import DeletionRecord
from core.profiles import Profile
from core.settings import Settings
from core.sites import Site, add_site
from core.store import Store
from tests.fixtures.raw import DAY_START, event, store_events

NOON = DAY_START + timedelta(hours=12)
MINUTE = timedelta(minutes=1)
Roll = Callable[[datetime], str]


@pytest.fixture
def roll(store: Store, tmp_path: Path) -> Roll:
    """Run the minute's job as it is scheduled."""
    workplace = Workplace(store, Settings(data=tmp_path), DeletionRecord(store, tmp_path), sparing=True)
    return lambda now: roll_open_days(workplace, now)


def _site(store: Store, domain: str = "example.com", zone: str = "UTC", profile: str = "balanced") -> Site:
    return add_site(store, domain, zone, DAY_START, Profile(profile))


def _arrive(store: Store, site: Site, at: datetime, *visitors: int, name: str = "pageview") -> None:
    store_events(store, [event(site, at, visitor, name=name) for visitor in visitors])


def test_who_did_something_in_the_last_five_minutes_is_there_now(store: Store, roll: Roll) -> None:
    """A visitor counts once; not those of before, of no token, or who only say how long they have read."""
    site, other = _site(store), _site(store, "other.example")
    _arrive(store, site, NOON - 5 * MINUTE, 1, 2)
    _arrive(store, site, NOON - 4 * MINUTE, 2, 3, 3, 0)
    _arrive(store, site, NOON - MINUTE, 4, name="Signup")
    _arrive(store, site, NOON - MINUTE, 1, 5, name="engagement")
    _arrive(store, other, NOON, 1)
    roll(NOON)
    assert [read_current_visitors(store, each, NOON) for each in (site, other)] == [3, 1]


def test_a_number_gives_way_to_the_next(store: Store, roll: Roll) -> None:
    """No number of an earlier minute is kept, of this site or of one that nobody visits any more."""
    site, quiet = _site(store), _site(store, "quiet.example")
    _arrive(store, site, NOON, 1, 2)
    _arrive(store, quiet, NOON, 1)
    roll(NOON)
    for minutes, there in enumerate((3, 4, 5, 6, 5), 1):
        _arrive(store, site, NOON + minutes * MINUTE, 10 + minutes)
        roll(NOON + minutes * MINUTE)
        numbers = dict(store.rows("SELECT site, visitors FROM current_visitors"))
        assert numbers == {site.number: there} | ({quiet.number: 1} if minutes < 5 else {})
        assert store.rows("SELECT count() FROM current_visitors") == [[len(numbers)]]


def test_a_site_without_new_events_is_not_counted_anew(store: Store, roll: Roll) -> None:
    """The last number holds for five minutes, then nobody is there."""
    site = _site(store)
    assert read_current_visitors(store, site, NOON) == 0
    _arrive(store, site, NOON, 1, 2)
    roll(NOON)
    roll(NOON + MINUTE)
    assert store.rows("SELECT at FROM current_visitors") == [["2026-05-01T12:00:00.000Z"]]
    times = NOON + 5 * MINUTE - timedelta(seconds=1), NOON + 5 * MINUTE
    assert [read_current_visitors(store, site, now) for now in times] == [2, 0]


@pytest.mark.parametrize("profile", ["strict", "dp"])
def test_a_profile_of_closed_days_tells_nothing_of_now(store: Store, roll: Roll, profile: str) -> None:
    """What is not shown is not counted either."""
    site = _site(store, profile=profile)
    _arrive(store, site, NOON, 1, 2)
    roll(NOON)
    assert read_current_visitors(store, site, NOON) is None
    assert store.rows("SELECT count() FROM current_visitors") == [[0]]


def test_a_site_that_is_rolled_less_often_is_counted_each_minute(store: Store, roll: Roll) -> None:
    """A large site's lists may rest for longer than five minutes; who is there now is still told."""
    site = _site(store)
    _arrive(store, site, NOON, 1, 2)
    roll(NOON)
    store.run("INSERT INTO published SELECT * REPLACE (600000 AS took) FROM published FINAL")
    _arrive(store, site, NOON + MINUTE, 3)
    assert roll(NOON + MINUTE) == ""
    assert read_current_visitors(store, site, NOON + MINUTE) == 3


def test_around_midnight_both_days_count(store: Store, roll: Roll) -> None:
    """Who is there before and after a site's midnight has two tokens and counts twice for five minutes."""
    site = _site(store, zone="Europe/Kyiv")
    midnight = DAY_START + timedelta(hours=21)
    _arrive(store, site, midnight - 2 * MINUTE, 1)
    _arrive(store, site, midnight + 2 * MINUTE, 1)
    roll(midnight + 2 * MINUTE)
    assert read_current_visitors(store, site, midnight + 2 * MINUTE) == 2
