"""The open day watched minute by minute: totals move with each visitor, lists tell of none."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aggregate.cells import OTHER, Cell, Figures, Filter
from aggregate.growth import Dimension, may_have_grown
from aggregate.open_lists import WAITING, OpenList, Standing, follow, in_steps, open_lists
from aggregate.periods import DayRange
from aggregate.reading import Report, read_report
from aggregate.rolling import roll_day
from core.errors import PeriodError
from core.store import Store
from tests.fixtures.raw import DAY_START, event, site_in, store_events
from tests.fixtures.watched_day import MORNING, lists_of, pinned_in_growth, watch

SITE, DAY = site_in(), date(2026, 5, 1)
TODAY = DayRange(DAY, DAY)
THRESHOLDS = st.integers(5, 12)
# Who comes in each minute, by browser.
MINUTES = st.lists(st.lists(st.sampled_from("CCCCSSFEO"), max_size=6), min_size=8, max_size=30)
NUMBERS = st.integers(0, 60)


def people(visitors: int) -> Figures:
    """Give the figures of so many visitors with a view each."""
    return Figures(visitors, visitors, visitors, 0, 0, visitors)


def cells_of(**visitors: int) -> tuple[Cell, ...]:
    """Give cells by name; "other" is what is hidden."""
    return tuple(Cell(OTHER if name == "other" else name, people(each)) for name, each in visitors.items())


@settings(max_examples=25)
@given(MINUTES)
@example([[*each] for each in ("", "C", "C", "CCC", "CCCSS", "C", "S", "SS")])  # one row, and it was the whole day
def test_any_day_that_closes_tells_of_no_few_who_came_after_its_last_list(minutes: list[list[str]]) -> None:
    """Whoever comes when: the list that is shown and the day, should it close now, pin down no small group."""
    came, days = 0, []
    for minute, browsers in enumerate(minutes):
        at = MORNING + timedelta(minutes=minute)
        days.append([event(SITE, at, came + number, browser=name) for number, name in enumerate(browsers, 1)])
        came += len(browsers)
    watched = watch(days, "browser", 5)
    found = [pinned_in_growth([each.shown, each.if_closed], 5, "browser") for each in watched if each.shown]
    found += [pinned_in_growth(pair, 5, "browser") for pair in pairwise(lists_of(watched))]
    assert found == [{}] * len(found)


@given(st.builds(Figures, *[NUMBERS] * 6), THRESHOLDS)
def test_an_open_day_moves_in_steps_of_the_threshold(beyond: Figures, k: int) -> None:
    """Visitors, visits beyond them, views beyond those: each is a multiple of k, less than k below the truth."""
    visitors, visits, views, bounces, seconds, events = beyond.numbers
    true = [visitors, visitors + visits, visitors + visits + views, visitors + visits + views + events]
    exact = Figures(true[0], true[1], true[2], min(bounces, true[1]), seconds, true[3])
    ((cell),) = in_steps([Cell("a", exact)], k)
    shown = [cell.figures.visitors, cell.figures.visits, cell.figures.pageviews, cell.figures.events]
    parts = zip(pairwise([0, *true]), pairwise([0, *shown]), strict=True)
    for (below, number), (shown_below, shown_number) in parts:
        assert (shown_number - shown_below) % k == 0
        assert 0 <= (number - below) - (shown_number - shown_below) < k
    assert cell.figures.bounces <= min(cell.figures.visits, exact.bounces)
    assert (cell.figures.bounces % k, cell.figures.seconds) == (0, seconds - seconds % k)


@pytest.mark.parametrize(
    ("exact", "shown"),
    [
        (Figures(17, 17, 0, 0, 0, 29), Figures(10, 10, 0, 0, 0, 20)),  # an event: no views
        (Figures(17, 18, 6, 3, 95, 40), Figures(10, 10, 0, 0, 90, 30)),  # visits that were mostly events
    ],
)
def test_visits_without_views_move_in_steps_as_well(exact: Figures, shown: Figures) -> None:
    """Where there are fewer views than visits, views are rounded down by themselves."""
    assert in_steps([Cell("a", exact)], 10) == [Cell("a", shown)]


@pytest.mark.parametrize(
    ("then", "came", "later"),
    [
        ("CCCCCCCC SSSSSSSS EE", "SSFEE", "F"),
        ("CCCCCCC SSSSSSSSSSSSSSSSSSSS FFFFFF EEEE", "SFFFFFE", "SE"),
    ],
)
def test_a_list_that_would_no_longer_be_shown_tells_of_no_few_either(then: str, came: str, later: str) -> None:
    """Who comes later may make hidden values look as if all were small: the list that is out pins down nobody."""
    number, days = 0, []
    for minute, browsers in enumerate(each.replace(" ", "") for each in (then, came, later)):
        at = MORNING + timedelta(minutes=minute)
        days.append([event(SITE, at, number + each, browser=name) for each, name in enumerate(browsers, 1)])
        number += len(browsers)
    watched = watch(days, "browser", 5)
    assert watched[1].shown is not None
    assert [pinned_in_growth([watched[1].shown, each.if_closed], 5, "browser") for each in watched[1:]] == [{}, {}]


@pytest.mark.parametrize(
    ("now", "is_enough"),
    [
        ({"a": 25, "b": 25}, False),  # ten came, of whom each row may have had fewer
        ({"a": 49, "b": 12}, False),  # enough came, and nearly all of them to one row
        ({"a": 35, "b": 35}, True),
    ],
)
def test_a_row_that_was_near_its_next_step_keeps_its_list_waiting(now: dict[str, int], is_enough: bool) -> None:
    """Of 40 people in steps of 20 and 10, ten more are not enough if the closed day leaves a row few of them."""
    made = cells_of(a=20, b=10)
    assert may_have_grown(Dimension("browser"), made, 40, cells_of(**now), sum(now.values()), 10) is is_enough


def test_a_list_waits_and_one_that_waits_too_long_is_made_anew() -> None:
    """The first list is not shown but waits; if few of the new ones can be of a row, another one waits instead."""
    first = follow("browser", {}, Standing(cells_of(a=25, b=14), cells_of(a=25, b=14), 39), 10)
    assert first == {WAITING + "browser": OpenList(cells_of(a=20, b=10), 39)}
    soon = Standing(cells_of(a=45, b=14), cells_of(a=45, b=14), 59)
    assert follow("browser", first, soon, 10) == first
    late = Standing(cells_of(a=57, b=14), cells_of(a=57, b=14), 71)
    assert follow("browser", first, late, 10) == {WAITING + "browser": OpenList(cells_of(a=50, b=10), 71)}
    enough = Standing(cells_of(a=45, b=34), cells_of(a=45, b=34), 79)
    assert follow("browser", first, enough, 10) == {
        "browser": OpenList(cells_of(a=20, b=10), 39),
        WAITING + "browser": OpenList(cells_of(a=40, b=30), 79),
    }


def test_a_list_of_one_row_needs_no_room_beside_its_step() -> None:
    """If everybody has the same browser the total says as much, and the list waits for k people only."""
    waiting = follow("browser", {}, Standing(cells_of(a=40), cells_of(a=40), 40), 10)
    assert waiting == {WAITING + "browser": OpenList(cells_of(a=40), 40)}
    shown = [
        follow("browser", waiting, Standing(cells_of(a=now), cells_of(a=now), now), 10).get("browser")
        for now in (49, 50)
    ]
    assert shown == [None, OpenList(cells_of(a=40), 40)]


def read_pages(store: Store, came: int, before: int, minute: int) -> Report:
    """Let so many people look at the page, roll, and read."""
    at = DAY_START + timedelta(hours=9, minutes=minute)
    store_events(store, [event(SITE, at, before + number) for number in range(1, came + 1)])
    roll_day(store, SITE, DAY, 12, at + timedelta(minutes=1), close=False)
    return read_report(store, SITE, TODAY, ("page",))


def test_a_list_is_shown_once_enough_have_come_after_it(store: Store) -> None:
    """Totals are exact at once; a list is made of 23, seen once 12 more have come; a closed day is exact."""
    seen, everybody = [], 0
    for minute, came in enumerate((23, 1, 11, 11, 1)):
        report = read_pages(store, came, everybody, minute)
        everybody += came
        seen.append((report.totals.visitors, [cell.figures.visitors for cell in report.rows["page"]]))
    assert seen == [(23, []), (24, []), (35, [12]), (46, [12]), (47, [24])]
    roll_day(store, SITE, DAY, 12, DAY_START + timedelta(days=1), close=True)
    assert [cell.figures.visitors for cell in read_report(store, SITE, TODAY, ("page",)).rows["page"]] == [47]


def test_a_list_that_waits_is_read_by_nobody(store: Store) -> None:
    """It lies in the store, and no dimension and no filter gets at it."""
    report = read_pages(store, 40, 0, 0)
    waiting = open_lists(store, SITE, DAY)[WAITING + "page"]
    assert ([cell.value for cell in waiting.cells], waiting.came) == (["/"], 40)
    assert report.rows == {"page": []}
    with pytest.raises(PeriodError, match="is not a dimension"):
        read_report(store, SITE, TODAY, (WAITING + "page",))
    with pytest.raises(PeriodError, match="There is no filter by"):
        read_report(store, SITE, TODAY, (), Filter(WAITING + "page", "/"))
    assert read_report(store, SITE, TODAY, ("browser",), Filter("page", "/")).totals == Figures()
