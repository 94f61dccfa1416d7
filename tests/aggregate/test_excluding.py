"""All visits but some: one report less another."""

from datetime import UTC, date, datetime, timedelta

import pytest

from aggregate.cells import Figures, Filter
from aggregate.excluding import read_all_but
from aggregate.periods import DayRange
from aggregate.points import Interval
from aggregate.rolling import roll_day
from core.errors import PeriodError
from core.store import Store
from tests.fixtures.raw import event, site_in, store_events

K = 5
SITE = site_in()
MONDAY, TUESDAY, WEDNESDAY = date(2026, 5, 11), date(2026, 5, 12), date(2026, 5, 13)
NOW = datetime(2026, 5, 20, tzinfo=UTC)
GERMANY = Filter("country", "DE")


def _close(store: Store, day: date, germans: int, others: int) -> None:
    at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    countries = ["DE"] * germans + ["FR"] * others
    events = [event(SITE, at, number, country=country) for number, country in enumerate(countries, 1)]
    events += [event(SITE, at + timedelta(seconds=30), number, country="DE") for number in range(1, germans + 1)]
    store_events(store, events)
    roll_day(store, SITE, day, K, NOW, close=True)


def test_totals_are_a_difference_and_hidden_days_are_left_out(store: Store) -> None:
    """A day on which the filter is too small to be seen is not counted as though nobody were in it."""
    _close(store, MONDAY, germans=20, others=30)
    _close(store, TUESDAY, germans=3, others=30)
    _close(store, WEDNESDAY, germans=10, others=10)
    found = read_all_but(store, SITE, DayRange(MONDAY, WEDNESDAY), GERMANY)
    assert found.hidden == [TUESDAY]
    assert found.totals == Figures(40, 40, 40, 40, 0, 40)
    assert [point.figures.visitors for point in found.points] == [30, 0, 10]
    week = read_all_but(store, SITE, DayRange(MONDAY, WEDNESDAY), GERMANY, Interval.WEEK)
    assert [(point.label, point.figures.visitors, point.is_partial) for point in week.points] == [
        ("2026-05-11", 40, True)
    ]


def test_an_hour_in_which_the_filter_shows_nothing_is_not_told(embedded: Store) -> None:
    """Of a day there are totals and the hours of which both reports tell; a hidden day has nothing."""
    _close(embedded, MONDAY, germans=20, others=30)
    _close(embedded, TUESDAY, germans=3, others=30)
    monday, tuesday = (read_all_but(embedded, SITE, DayRange(day, day), GERMANY) for day in (MONDAY, TUESDAY))
    assert monday.totals.visitors == 30
    assert {point.label for point in monday.points if point.figures.visitors} <= {"2026-05-11T09"}
    assert (tuesday.totals, {point.figures for point in tuesday.points}) == (Figures(), {Figures()})


def test_who_did_not_see_a_page_is_not_told(embedded: Store) -> None:
    """A visit has several pages, so that the others are no difference of two reports."""
    with pytest.raises(PeriodError, match="several values of page"):
        read_all_but(embedded, SITE, DayRange(MONDAY, MONDAY), Filter("page", "/"))
