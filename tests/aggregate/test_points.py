"""The steps of a graph."""

from datetime import UTC, date, datetime, timedelta

import pytest

from aggregate.cells import Figures
from aggregate.comparing import change, compare
from aggregate.periods import DayRange, days_before
from aggregate.points import Interval, Point, steps_of
from aggregate.reading import read_report
from aggregate.rolling import roll_day
from core.errors import PeriodError
from core.store import Store
from tests.fixtures.months import visits_on
from tests.fixtures.raw import site_in, store_events

SITE = site_in()
MAY = date(2026, 5, 1)  # a Friday
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def days(count: int) -> dict[date, Figures]:
    """Give days from 1 May on, the first with one visitor, the second with two."""
    return {MAY + timedelta(days=number): Figures(number + 1) for number in range(count)}


def test_weeks_begin_on_monday_and_say_what_they_lack() -> None:
    """The first week has only its end in the range, the last one a day that is still open."""
    asked, open_day = DayRange(MAY, date(2026, 5, 17)), date(2026, 5, 17)
    assert steps_of(asked, Interval.WEEK, days(17), [open_day]) == [
        Point("2026-04-27", Figures(1 + 2 + 3), is_partial=True),
        Point("2026-05-04", Figures(4 + 5 + 6 + 7 + 8 + 9 + 10)),
        Point("2026-05-11", Figures(11 + 12 + 13 + 14 + 15 + 16 + 17), is_partial=True),
    ]


def test_months_are_calendar_months() -> None:
    """A month that has no visits is there, as zero."""
    asked = DayRange(MAY, date(2026, 7, 1))
    assert steps_of(asked, Interval.MONTH, days(31), []) == [
        Point("2026-05-01", Figures(sum(range(1, 32)))),
        Point("2026-06-01", Figures()),
        Point("2026-07-01", Figures(), is_partial=True),
    ]


def test_hours_are_those_of_one_day(store: Store) -> None:
    """Hours of several days are an error that says what to choose."""
    with pytest.raises(PeriodError, match="Hours are only available for a single day"):
        read_report(store, SITE, DayRange(MAY, MAY + timedelta(days=1)), interval=Interval.HOUR)


def test_a_range_is_compared_with_the_days_before(store: Store) -> None:
    """Totals and rows of both; a row that was hidden before has nothing to compare with."""
    for day, people in ((MAY - timedelta(days=1), {"DE": 20, "FR": 4}), (MAY, {"DE": 30, "FR": 15})):
        store_events(store, visits_on(SITE, day, people))
        roll_day(store, SITE, day, 10, NOON + timedelta(days=1), close=True)
    today = DayRange(MAY, MAY)
    found = compare(store, SITE, today, days_before(today), ("country",))
    assert (found.report.totals.visitors, found.before.totals.visitors) == (45, 24)
    assert change(found.report.totals.visitors, found.before.totals.visitors) == 87.5
    rows = [(cell.value, found.figures_before("country", cell.value)) for cell in found.report.rows["country"]]
    assert rows == [("DE", None), ("FR", None)]  # France's four hid Germany with them
    assert found.figures_before("country", "PL") is None


@pytest.mark.parametrize(
    ("now", "before", "percent"), [(12, 10, 20.0), (0, 8, -100.0), (5, 0, None), (None, 5, None)]
)
def test_a_change_is_in_percent_of_before(now: float | None, before: float | None, percent: float | None) -> None:
    """Where there was nothing before, there is no percentage."""
    assert change(now, before) == percent
