"""The graph, without a page around it."""

from datetime import date, datetime, timedelta

import pytest

from aggregate.cells import Figures
from aggregate.periods import DayRange
from aggregate.points import Point, hours_of, steps_of
from aggregate.reading import Report
from dashboards.language import language_of
from dashboards.report.graph import Graph, graph_of
from dashboards.report.graph_drawing import draw
from dashboards.report.site_links import SiteLinks
from dashboards.report.site_view import SiteView, interval_shown
from dashboards.report.view_filter import ViewFilter
from dashboards.report.view_state import Metric, ViewState
from tests.fixtures.raw import site_in

TODAY = date(2026, 5, 17)
NOW = datetime(2026, 5, 17, 14, 30)  # noqa: DTZ001 (a site's local time)

PLAIN = ViewState()


def _graph(days: DayRange, state: ViewState = PLAIN, **known: list[date]) -> Graph:
    interval = interval_shown(state, days)
    by_day = {days.first + timedelta(days=index): Figures(index + 1, 2, 3) for index in range(days.days)}
    points: list[Point] = steps_of(days, interval, by_day, [TODAY])
    if days.days == 1:
        points = hours_of(days.first, {9: Figures(15, 15, 30), 14: Figures(20, 20, 20)})
    report = Report(days, Figures(), points, {}, [TODAY], None, state.filter, **known)
    view = SiteView(
        site=site_in(),
        state=state,
        days=days,
        earliest=date(2020, 1, 1),
        report=report,
        before=None,
        links=SiteLinks("/s"),
        language=language_of("", ""),
        now=NOW,
        k=10,
    )
    return graph_of(view)


def test_a_day_is_drawn_by_hour_up_to_the_present_one() -> None:
    """Hours ahead have a place on the axis and no value; the present one is marked; an hour leads nowhere."""
    graph = _graph(DayRange(TODAY, TODAY))
    assert (graph.title, graph.interval, len(graph.steps), graph.intervals) == ("Visitors by hour", "hour", 24, [])
    assert [step.value for step in graph.steps[8:16]] == [0, 15, 0, 0, 0, 0, 20, None]
    assert graph.data["unfinished"] == [14]
    assert graph.data["links"] is None
    assert graph.steps[14].name == "14:00 to 14:59"


def test_a_step_leads_to_its_days() -> None:
    """A day leads to that day, a week to its days, a month to the month; none to what lies ahead."""
    days = _graph(DayRange(date(2026, 5, 16), date(2026, 5, 18)))
    assert [step.href for step in days.steps] == [
        "/s?period=day&date=2026-05-16",
        "/s?period=day&date=2026-05-17",
        "",
    ]
    weeks = _graph(DayRange(date(2026, 1, 1), date(2026, 5, 17)))
    assert weeks.interval == "week"
    assert weeks.steps[0].href == "/s?period=custom&from=2026-01-01&to=2026-01-04"
    months = _graph(DayRange(date(2025, 6, 1), date(2026, 5, 17)), ViewState(metric=Metric.VISITS))
    assert months.title == "Visits by month"
    assert months.steps[-1].href == "/s?period=month&date=2026-05-01&metric=visits"


def test_several_days_in_a_step_are_visitor_days() -> None:
    """A day has visitors; a week adds up days, on each of which a person counts anew."""
    assert _graph(DayRange(date(2026, 5, 1), TODAY)).title == "Visitors by day"
    assert _graph(DayRange(date(2026, 1, 1), TODAY)).title == "Visitor-days by week"


def test_a_day_that_is_not_shown_is_a_gap() -> None:
    """A hidden or withheld day has no value: a zero would be a lie."""
    days = DayRange(date(2026, 5, 14), TODAY)
    graph = _graph(days, hidden=[date(2026, 5, 15)], withheld=[TODAY])
    assert [step.value for step in graph.steps] == [1, None, 3, None]
    assert graph.data["now"] == [1, None, 3, None]
    assert graph.drawing.line == ""
    assert len(graph.drawing.dots) == 2


def test_an_hour_that_a_filter_hides_is_a_gap() -> None:
    """Under a filter an hour without a row may have had a few visitors."""
    graph = _graph(DayRange(TODAY, TODAY), ViewState(where=ViewFilter("country", "DE")))
    assert [index for index, step in enumerate(graph.steps) if step.value is not None] == [9, 14]


def test_what_a_filter_does_not_tell_is_said() -> None:
    """Events have no duration and no pageviews: the graph says so and draws nothing."""
    state = ViewState(where=ViewFilter("event", "Signup"), metric=Metric.PAGEVIEWS)
    graph = _graph(DayRange(date(2026, 5, 1), TODAY), state)
    assert graph.gap == "This metric is not available under the filter; choose another one above."


@pytest.mark.parametrize("count", [2, 7, 8, 30, 31, 90])
def test_labels_have_room(count: int) -> None:
    """However many steps there are, at most seven are labelled, the first among them."""
    graph = _graph(DayRange(TODAY - timedelta(days=count - 1), TODAY))
    assert len(graph.ticks) == len(graph.steps) == count
    assert graph.ticks[0].name
    assert len([tick for tick in graph.ticks if tick.name]) <= 7


@pytest.mark.parametrize(
    ("most", "unit", "top"),
    [
        (0, "number", 4),
        (5, "number", 6),
        (21, "number", 40),
        (520, "number", 600),
        (12_345, "number", 16_000),
        (47.4, "percent", 60),
        (61, "percent", 100),
        (83, "seconds", 120),
        (100_000, "seconds", 100_000),
    ],
)
def test_the_axis_ends_at_a_round_number(most: float, unit: str, top: float) -> None:
    """The top is round, half of it as well, and a percentage never goes beyond a hundred."""
    assert draw([most], None, most=most, unit=unit, unfinished=None).top == top


def test_what_is_not_over_is_dashed() -> None:
    """The line ends with the last whole step, and dashes lead on from there."""
    drawing = draw([2, 4, 1], [4, 4, 4], most=4, unit="number", unfinished=2)
    assert drawing.line == "M166.7 50.0L500.0 0.0"
    assert drawing.dashed == "M500.0 0.0L833.3 75.0"
    assert drawing.compared == "M166.7 0.0L500.0 0.0L833.3 0.0"
