"""Periods: the words by which people name ranges of days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregate.periods import MOST_DAYS, DayRange, day_range, days_before, year_before
from core.errors import PeriodError

TODAY = date(2026, 5, 17)


@pytest.mark.parametrize(
    ("period", "on", "first", "last"),
    [
        ("day", None, date(2026, 5, 17), date(2026, 5, 17)),
        ("day", date(2026, 2, 28), date(2026, 2, 28), date(2026, 2, 28)),
        ("7d", None, date(2026, 5, 11), date(2026, 5, 17)),
        ("30d", None, date(2026, 4, 18), date(2026, 5, 17)),
        ("month", None, date(2026, 5, 1), date(2026, 5, 17)),
        ("month", date(2024, 2, 10), date(2024, 2, 1), date(2024, 2, 29)),
        ("month", date(2025, 12, 31), date(2025, 12, 1), date(2025, 12, 31)),
        ("yesterday", None, date(2026, 5, 16), date(2026, 5, 16)),
        ("28d", None, date(2026, 4, 20), date(2026, 5, 17)),
        ("91d", None, date(2026, 2, 16), date(2026, 5, 17)),
        ("lastmonth", None, date(2026, 4, 1), date(2026, 4, 30)),
        ("lastmonth", date(2026, 1, 3), date(2025, 12, 1), date(2025, 12, 31)),
        ("year", None, date(2026, 1, 1), date(2026, 5, 17)),
        ("year", date(2024, 7, 1), date(2024, 1, 1), date(2024, 12, 31)),
        ("12mo", None, date(2025, 6, 1), date(2026, 5, 17)),
        ("12mo", date(2025, 12, 5), date(2025, 1, 1), date(2025, 12, 31)),
        ("month", date(2026, 6, 1), date(2026, 6, 1), date(2026, 6, 30)),
    ],
)
def test_a_period_ends_today_or_on_its_date(period: str, on: date | None, first: date, last: date) -> None:
    """A period without a date ends today, with one on that day; a month is its calendar month."""
    assert day_range(period, TODAY, on) == DayRange(first, last)


def test_a_custom_range_is_taken_as_given() -> None:
    """First and last day both belong to the range."""
    assert day_range("custom", TODAY, None, date(2026, 1, 1), date(2026, 1, 3)).days == 3


@pytest.mark.parametrize(
    ("period", "first", "last", "message"),
    [
        ("fortnight", None, None, "choose one of day, yesterday, 7d, 28d, 30d, 91d, month, lastmonth, year"),
        ("custom", None, TODAY, "needs --from and --to"),
        ("custom", TODAY, date(2026, 5, 1), "swap --from and --to"),
        ("custom", date(1990, 1, 1), TODAY, "at most 3660"),
        ("day", TODAY, None, "need --period custom"),
    ],
)
def test_what_is_no_period_is_refused_with_advice(
    period: str, first: date | None, last: date | None, message: str
) -> None:
    """The message says how to write it."""
    with pytest.raises(PeriodError, match=message):
        day_range(period, TODAY, None, first, last)


def test_all_begins_with_the_first_report() -> None:
    """All days are those from the first report on; without one it is today, and never more than ten years."""
    begins = [date(2024, 2, 29), None, date(2026, 6, 1), date(1995, 1, 1)]
    ranges = [day_range("all", TODAY, earliest=earliest) for earliest in begins]
    assert [days.first for days in ranges] == [date(2024, 2, 29), TODAY, TODAY, date(2016, 5, 10)]
    assert {days.last for days in ranges} == {TODAY}
    assert ranges[-1].days == MOST_DAYS


@given(st.dates(date(2001, 1, 1), date(2090, 1, 1)), st.integers(0, 400))
def test_matching_weekdays_moves_whole_weeks(first: date, length: int) -> None:
    """A comparison by weekday has as many days, on the same weekdays, and none of those it is compared with."""
    days = DayRange(first, first + timedelta(days=length))
    for before in (days_before(days, matching_weekdays=True), year_before(days, matching_weekdays=True)):
        assert (before.days, before.first.weekday()) == (days.days, first.weekday())
    nearest = days_before(days, matching_weekdays=True)
    assert 0 < (days.first - nearest.last).days <= 7
    assert (first - year_before(days, matching_weekdays=True).first).days == 364


def test_the_days_before_are_as_many() -> None:
    """A week is compared with the seven days before it."""
    week = DayRange(date(2026, 5, 1), date(2026, 5, 7))
    assert days_before(week) == DayRange(date(2026, 4, 24), date(2026, 4, 30))


def test_the_year_before_has_the_same_dates() -> None:
    """A leap day is compared with the 28th."""
    assert year_before(DayRange(date(2028, 2, 29), date(2028, 3, 1))) == DayRange(
        date(2027, 2, 28), date(2027, 3, 1)
    )
