"""Numbers, days and names in words."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from aggregate.periods import DayRange
from dashboards.language import NOTHING, languages
from dashboards.report import listings
from dashboards.sites.time_zones import is_offered, time_zones
from dashboards.wording import reason_in_words
from ingest.channels import CHANNELS, UNASSIGNED
from ingest.reasons import DropReason

ENGLISH = languages()["en"]


def test_numbers_read_easily() -> None:
    """Thousands are set apart, rates have no needless zeros, and no visits means no rate."""
    assert [ENGLISH.number(0), ENGLISH.number(1_234_567)] == ["0", "1,234,567"]
    assert [ENGLISH.decimal(2.5), ENGLISH.percent(40.0), ENGLISH.decimal(1.53), ENGLISH.decimal(0.0)] == [
        "2.5",
        "40%",
        "1.53",
        "0",
    ]
    assert [ENGLISH.percent(33.333), ENGLISH.percent(0.1 + 0.2)] == ["33.33%", "0.3%"]
    assert [ENGLISH.decimal(None), ENGLISH.percent(None), ENGLISH.duration(None)] == [NOTHING, NOTHING, NOTHING]
    assert [ENGLISH.plural("%(num)s visit", "%(num)s visits", count) for count in (0, 1, 1_000)] == [
        "0 visits",
        "1 visit",
        "1,000 visits",
    ]


def test_figures_below_each_other_have_as_many_decimals() -> None:
    """In a column 3% has the zero that 3.1% needs; what grew many times over needs no decimals."""
    german = languages()["de"]
    assert [ENGLISH.share(3.0), ENGLISH.share(31.66), ENGLISH.share(0.04, places=2), ENGLISH.share(None)] == [
        "3.0%",
        "31.7%",
        "0.04%",
        NOTHING,
    ]
    assert german.share(3.0) == "3,0\N{NO-BREAK SPACE}%"
    assert [ENGLISH.growth(3.0), ENGLISH.growth(99.9), ENGLISH.growth(406.5), ENGLISH.growth(1_683.7)] == [
        "3.0%",
        "99.9%",
        "406%",
        "1,684%",
    ]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0s"), (59.4, "59s"), (59.6, "1m 0s"), (83, "1m 23s"), (3_600, "1h 0m"), (7_322, "2h 2m")],
)
def test_durations_read_as_people_say_them(seconds: float, words: str) -> None:
    """Seconds, minutes and hours, rounded."""
    assert ENGLISH.duration(seconds) == words


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [  # with the Unicode CLDR's dashes and thin spaces
        ("2026-05-17", "2026-05-17", "Sunday, 17 May 2026"),
        ("2026-05-11", "2026-05-17", "11\u2009\u2013\u200917 May 2026"),
        ("2026-04-28", "2026-05-04", "28 Apr\u2009\u2013\u20094 May 2026"),
        ("2025-12-29", "2026-01-04", "29 Dec 2025\u2009\u2013\u20094 Jan 2026"),
    ],
)
def test_days_are_as_short_as_they_are_clear(first: str, last: str, words: str) -> None:
    """Month and year are said once where once is enough."""
    assert ENGLISH.days(DayRange(date.fromisoformat(first), date.fromisoformat(last))) == words


def test_times_are_the_sites_own() -> None:
    """A time is said in the site's zone, with its day unless it is today."""
    instant, zone = datetime(2026, 5, 17, 22, 30, tzinfo=UTC), ZoneInfo("Europe/Berlin")
    assert ENGLISH.time(instant, zone, date(2026, 5, 18)) == "00:30"
    assert ENGLISH.time(instant, zone, date(2026, 5, 19)) == "18 May 2026, 00:30"


def test_a_reason_without_words_speaks_for_itself() -> None:
    """A new reason of the ledger is shown before this page knows it."""
    assert reason_in_words("prefetch", ENGLISH) == "Pages that a browser loaded in advance and nobody has seen yet"
    assert reason_in_words("something new", ENGLISH) == "Something new"


def test_countries_have_names() -> None:
    """A code that the list does not know is shown as it is."""
    assert [ENGLISH.country(code) for code in ("DE", "US", "JP", "XX", "Unknown")] == [
        "Germany",
        "United States",
        "Japan",
        "XX",
        "Unknown",
    ]


def test_time_zones_are_places_and_utc() -> None:
    """Every zone that is offered exists; aliases, offsets and files of the machine are not offered."""
    zones = [zone for region in time_zones().values() for zone in region]
    assert len(zones) > 300
    assert all(ZoneInfo(zone).key == zone for zone in zones)
    assert all(is_offered(zone) for zone in ("UTC", "Europe/Kyiv", "America/Argentina/Ushuaia"))
    assert not any(is_offered(zone) for zone in ("", "localtime", "Etc/GMT+1", "EST", "posixrules", "/etc/passwd"))


def test_every_channel_of_the_collector_has_a_name() -> None:
    """Whatever channel a visit came by can be named in the reader's language."""
    assert listings.CHANNELS.keys() == {name for name, _holds in CHANNELS} | {UNASSIGNED}


def test_every_reason_of_the_collector_has_words() -> None:
    """Whatever the gate drops, the page says why in words; opted-out visitors are in no ledger."""
    named = {reason.value for reason in DropReason} - {DropReason.OPTED_OUT.value}
    assert all(reason_in_words(reason, ENGLISH) != reason.capitalize() for reason in named)
