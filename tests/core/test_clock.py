"""Days of a site's own time zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import given
from hypothesis import strategies as st

from core.clock import day_of, days_between, local_day

ZONES = st.sampled_from(sorted(available_timezones() - {"Factory", "localtime"})).map(ZoneInfo)
INSTANTS = st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2035, 1, 1)).map(  # noqa: DTZ001
    lambda instant: instant.replace(tzinfo=UTC)
)


@given(INSTANTS, ZONES)
def test_an_instant_is_on_its_local_day(instant: datetime, zone: ZoneInfo) -> None:
    """Whatever the zone and its clock changes, an instant lies within the day it is counted to."""
    day = local_day(instant, zone)
    assert day.holds(instant)
    assert day.day == instant.astimezone(zone).date()


def test_days_are_23_24_and_25_hours_long() -> None:
    """The days on which clocks change are an hour shorter or longer."""
    zone = ZoneInfo("Europe/Berlin")
    days = [day_of(day, zone) for day in (date(2026, 3, 29), date(2026, 7, 1), date(2026, 10, 25))]
    assert [day.end - day.start for day in days] == [timedelta(hours=hours) for hours in (23, 24, 25)]


def test_a_day_that_a_zone_skipped_has_no_length() -> None:
    """Samoa went from 29 to 31 December 2011: the 30th began and ended at once."""
    skipped = day_of(date(2011, 12, 30), ZoneInfo("Pacific/Apia"))
    assert skipped.start == skipped.end


def test_days_between_holds_both_ends() -> None:
    """A range of days has its first and its last."""
    assert list(days_between(date(2026, 2, 27), date(2026, 3, 1))) == [
        date(2026, 2, 27),
        date(2026, 2, 28),
        date(2026, 3, 1),
    ]
