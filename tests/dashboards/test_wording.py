"""Numbers, days and names in words."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from aggregate.periods import DayRange
from dashboards.countries import country_name
from dashboards.time_zones import is_offered, time_zones
from dashboards.wording import (
    NOTHING,
    days_in_words,
    decimal,
    duration,
    local_time,
    number,
    plural,
    reason_in_words,
)
from ingest.reasons import DropReason


def test_numbers_read_easily() -> None:
    """Thousands are set apart, rates have no needless zeros, and no visits means no rate."""
    assert [number(0), number(1_234_567)] == ["0", "1,234,567"]
    assert [decimal(2.5), decimal(40.0, "%"), decimal(1.53), decimal(0.0)] == ["2.5", "40%", "1.53", "0"]
    assert [decimal(None), duration(None)] == [NOTHING, NOTHING]
    assert [plural(0, "visit"), plural(1, "visit"), plural(1_000, "visit")] == [
        "0 visits",
        "1 visit",
        "1,000 visits",
    ]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0s"), (59.4, "59s"), (59.6, "1m 0s"), (83, "1m 23s"), (3_600, "1h 0m"), (7_322, "2h 2m")],
)
def test_durations_read_as_people_say_them(seconds: float, words: str) -> None:
    """Seconds, minutes and hours, rounded."""
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2026-05-17", "2026-05-17", "Sunday, 17 May 2026"),
        ("2026-05-11", "2026-05-17", "11 to 17 May 2026"),
        ("2026-04-28", "2026-05-04", "28 April to 4 May 2026"),
        ("2025-12-29", "2026-01-04", "29 December 2025 to 4 January 2026"),
    ],
)
def test_days_are_as_short_as_they_are_clear(first: str, last: str, words: str) -> None:
    """Month and year are said once where once is enough."""
    assert days_in_words(DayRange(date.fromisoformat(first), date.fromisoformat(last))) == words


def test_times_are_the_sites_own() -> None:
    """A time is said in the site's zone, with its day unless it is today."""
    instant, zone = datetime(2026, 5, 17, 22, 30, tzinfo=UTC), ZoneInfo("Europe/Berlin")
    assert local_time(instant, zone, date(2026, 5, 18)) == "00:30"
    assert local_time(instant, zone, date(2026, 5, 19)) == "00:30 on 18 May 2026"


def test_a_reason_without_words_speaks_for_itself() -> None:
    """A new reason of the ledger is shown before this page knows it."""
    assert reason_in_words("prefetch") == "Pages fetched ahead by a browser, which nobody has seen yet"
    assert reason_in_words("something new") == "Something new"


def test_countries_have_names() -> None:
    """A code that the list does not know is shown as it is."""
    assert [country_name(code) for code in ("DE", "US", "JP", "XK", "Unknown")] == [
        "Germany",
        "United States",
        "Japan",
        "XK",
        "Unknown",
    ]


def test_time_zones_are_places_and_utc() -> None:
    """Every zone that is offered exists; aliases, offsets and files of the machine are not offered."""
    zones = [zone for region in time_zones().values() for zone in region]
    assert len(zones) > 300
    assert all(ZoneInfo(zone).key == zone for zone in zones)
    assert all(is_offered(zone) for zone in ("UTC", "Europe/Kyiv", "America/Argentina/Ushuaia"))
    assert not any(is_offered(zone) for zone in ("", "localtime", "Etc/GMT+1", "EST", "posixrules", "/etc/passwd"))


def test_every_reason_of_the_collector_has_words() -> None:
    """Whatever the gate drops, the page says why in words; opted-out visitors are in no ledger."""
    named = {reason.value for reason in DropReason} - {DropReason.OPTED_OUT.value}
    assert all(reason_in_words(reason) != reason.capitalize() for reason in named)
