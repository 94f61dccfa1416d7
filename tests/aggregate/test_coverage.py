"""What lists under a filter, and those of an open day, say of what they do not cover."""

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregate.cells import OTHER, Cell, Figures, Filter
from aggregate.closing import Closing, close_due_days
from aggregate.coverage import covered_without_filter, with_remainder
from aggregate.periods import DayRange
from aggregate.reading import Report, read_report
from aggregate.rolling import roll_day
from aggregate.span_rolls import publish_due_spans
from core.store import Store
from tests.fixtures.months import visits_on
from tests.fixtures.raw import site_in, store_events

SITE = site_in()
K = 10
MAY = date(2026, 5, 1)
WEEK = DayRange(MAY, date(2026, 5, 7))
BUYERS = Filter("event", "Purchase")
JUNE = datetime(2026, 6, 2, tzinfo=UTC)
CLOSING = Closing(timedelta(minutes=5), timedelta(hours=1))
FULL = {"Chrome": 40, "Firefox": 30, "Safari": 20, "Opera": 20}
THIN = {"Chrome": 40, "Firefox": 30, "Safari": 6, "Opera": 6}


def buy(store: Store, day: date, people: Mapping[str, int], source: str = "Google") -> None:
    """Let so many people with each browser come on a day, look at a page and buy."""
    browsers = [browser for browser, count in people.items() for _ in range(count)]
    views = [
        replace(view, browser=browser, source=source)
        for view, browser in zip(visits_on(SITE, day, {"DE": len(browsers)}), browsers, strict=True)
    ]
    bought = [replace(view, name="Purchase", received=view.received + timedelta(minutes=1)) for view in views]
    store_events(store, [*views, *bought])


def close_days(store: Store, now: datetime, *, spans: bool) -> None:
    """Close all days that are over; if asked, add up the parts of the month and months that are."""
    close_due_days(store, [SITE], K, CLOSING, now)
    if spans:
        publish_due_spans(store, [SITE], K, CLOSING, now)


def rows_of(store: Store, days: DayRange, where: Filter | None = BUYERS) -> dict[str | None, tuple[int, bool]]:
    """Give each browser's visitor-days, and whether they are at least so many."""
    cells = read_report(store, SITE, days, ("browser",), where).rows["browser"]
    return {cell.value: (cell.figures.visitors, cell.is_at_least) for cell in cells}


@pytest.mark.parametrize("spans", [False, True])
def test_a_row_that_misses_days_says_so_and_what_is_missing_is_a_row(store: Store, *, spans: bool) -> None:
    """Of three days the second hides two browsers: their rows are "at least", and its twelve buyers "not shown".

    It is the same whether days are read one by one or as they were added up; of one day a row is what it is.
    """
    for number, people in enumerate((FULL, THIN, FULL)):
        buy(store, MAY + timedelta(days=number), people)
    close_days(store, JUNE, spans=spans)
    assert rows_of(store, WEEK) == {
        "Chrome": (120, False),
        "Firefox": (90, False),
        "Opera": (40, True),
        "Safari": (40, True),
        OTHER: (10, False),
    }
    assert rows_of(store, DayRange(MAY, MAY)) == {name: (count, False) for name, count in FULL.items()}


def test_a_day_that_hides_the_filter_makes_every_row_at_least(store: Store) -> None:
    """Of the second day nothing is known under the filter, not even its total, so no row is the whole range's."""
    buy(store, MAY, FULL)
    store_events(store, visits_on(SITE, MAY + timedelta(days=1), {"DE": 30}))
    close_days(store, JUNE, spans=False)
    report = read_report(store, SITE, WEEK, ("browser",), BUYERS)
    assert (report.hidden, report.everyone("browser")) == ([MAY + timedelta(days=1)], 110)
    assert rows_of(store, WEEK) == {name: (count, True) for name, count in FULL.items()}


@pytest.mark.parametrize("seed", range(3))
def test_every_row_is_the_sum_of_its_days_and_is_at_least_if_one_is_missing(embedded: Store, seed: int) -> None:
    """Of random weeks, for lists of which a visit has one value, and for pages, of which it may have several."""
    draw = random.Random(seed)  # noqa: S311 (no secret)
    for number in range(5):
        buy(embedded, MAY + timedelta(days=number), {name: draw.randrange(50) for name in FULL})
    close_days(embedded, JUNE, spans=bool(seed % 2))
    lists = ("browser", "country", "page")
    days = [DayRange(each, each) for each in (MAY + timedelta(days=number) for number in range(5))]
    by_day = [read_report(embedded, SITE, each, lists, BUYERS) for each in days]
    week = read_report(embedded, SITE, WEEK, lists, BUYERS)
    closed = len([each for each in by_day if each.begins])
    for dimension in lists:
        named = [cell for cell in week.rows[dimension] if cell.value is not OTHER]
        for cell in named:
            shown = [each for report in by_day for each in report.rows[dimension] if each.value == cell.value]
            assert cell.figures == sum((each.figures for each in shown), Figures())
            assert cell.is_at_least == (len(shown) < closed)
        rest = week.totals.visitors - sum(cell.figures.visitors for cell in named)
        other = [cell.figures.visitors for cell in week.rows[dimension] if cell.value is OTHER]
        assert other == ([rest - rest % 5] if rest >= 5 and dimension != "page" else [])


def test_under_a_filter_an_open_day_is_in_no_list_and_in_no_share(store: Store) -> None:
    """Its buyers are in the totals; they are not "not shown", and rows are shares of the closed day's buyers."""
    today = MAY + timedelta(days=1)
    buy(store, MAY, FULL)
    close_days(store, datetime(2026, 5, 2, 1, tzinfo=UTC), spans=False)
    for first, minute in ((1, 0), (101, 1), (201, 2)):
        came = visits_on(SITE, today, {"DE": 60}, first)
        store_events(store, [replace(each, name="Purchase", browser="Chrome") for each in came])
        roll_day(store, SITE, today, K, datetime(2026, 5, 2, 13, minute, tzinfo=UTC), close=False)
    report = read_report(store, SITE, DayRange(MAY, today), ("browser", "event"), BUYERS)
    assert report.totals.visitors > 110
    assert (report.everyone("browser"), report.everyone("event")) == (110, report.totals.visitors)
    assert rows_of(store, DayRange(MAY, today)) == {name: (count, False) for name, count in FULL.items()}


def test_a_list_of_an_open_day_is_a_share_of_those_who_had_come(store: Store) -> None:
    """While totals go on, a row's share stays as it is until its list is another; of pages and sources, too."""
    shares = []
    for minute, came in enumerate((30, 30, 10, 10)):
        people = visits_on(SITE, MAY, {"DE": came}, 1 + 100 * minute)
        store_events(store, [replace(each, source="Google") for each in people])
        roll_day(store, SITE, MAY, K, datetime(2026, 5, 1, 13, minute, tzinfo=UTC), close=False)
        report = read_report(store, SITE, WEEK, ("source", "page", "screen"))
        rows = [cell.figures.visitors for cell in report.rows["source"]]
        shares.append((report.totals.visitors, rows, report.everyone("source"), report.everyone("page")))
    assert shares == [(30, [], 0, 0), (60, [30], 30, 30), (70, [60], 60, 60), (80, [70], 70, 70)]


def test_versions_under_a_filter_leave_the_open_day_out(store: Store) -> None:
    """The list without a filter has some of today; under the filter it is of closed days, as its total is."""
    today = MAY + timedelta(days=1)
    versions = ("139", "140", "141")
    for day, first in ((MAY, 1), (today, 1), (today, 101)):
        people = visits_on(SITE, day, {"DE": 50}, first)
        known = [replace(each, browser_version=versions[place % 3]) for place, each in enumerate(people)]
        store_events(store, known)
        close_days(store, datetime(2026, 5, 2, 1, tzinfo=UTC), spans=False)
        if day == today:
            roll_day(store, SITE, today, K, datetime(2026, 5, 2, 13, first // 100, tzinfo=UTC), close=False)
    under = read_report(store, SITE, WEEK, ("browser_version",), Filter("browser", "Firefox"))
    everyone = read_report(store, SITE, WEEK, ("browser_version",))
    assert [cell.figures.visitors for cell in under.rows["browser_version"]] == [17, 17, 16]
    assert (under.totals.visitors, under.everyone("browser_version")) == (100, 50)
    assert [cell.figures.visitors for cell in everyone.rows["browser_version"]] == [27, 27, 26]


def test_of_a_list_that_was_made_before_its_visitors_were_noted_there_is_no_share() -> None:
    """An open day that another version of Footfall has rolled: no share rather than a wrong one."""
    noted, bare = Cell("page", Figures(120, 40)), Cell("source", Figures(50))
    assert [covered_without_filter(Figures(100), [noted, bare], name) for name in ("page", "source", "os")] == [
        140,
        None,
        100,
    ]


NUMBERS = st.lists(st.integers(0, 60), max_size=8)


@given(NUMBERS, st.integers(0, 400), st.sampled_from(["browser", "page"]))
def test_rows_and_what_is_not_shown_come_to_the_total_but_for_a_step(
    rows: list[int], total: int, dimension: str
) -> None:
    """Of what is below a step, and where rows were rounded beyond the total, nothing is said; pages overlap."""
    whole = Figures(total, total, total, 0, 0, total)
    cells = [Cell(str(place), Figures(count * 5, count * 5)) for place, count in enumerate(rows)]
    found = with_remainder(cells, dimension, whole, whole, BUYERS)
    left = total - sum(cell.figures.visitors for cell in cells)
    assert found[: len(cells)] == cells
    rest = [cell.figures.visitors for cell in found[len(cells) :]]
    assert rest == ([left - left % 5] if cells and left >= 5 and dimension == "browser" else [])


@given(st.integers(-400, 400), st.integers(1, 400))
def test_days_before_the_first_report_are_counted(begins: int, count: int) -> None:
    """However the range lies to the first day, those of its days are counted that lie before it."""
    days = DayRange(MAY, MAY + timedelta(days=count - 1))
    report = Report(days, Figures(), [], {}, [], None, first_day=MAY + timedelta(days=begins))
    missing = [number for number in range(count) if number < begins]
    assert (report.days_without_reports, replace(report, first_day=None).days_without_reports) == (len(missing), 0)
