"""The graph, without a page around it."""

from datetime import date, datetime, timedelta

from aggregate.cells import Figures
from aggregate.points import Point
from dashboards.chart import HEIGHT, Chart, draw_chart
from dashboards.language import languages

NOW = datetime(2026, 5, 17, 14, 30)  # noqa: DTZ001 (a site's local time)


def _hours(day: str, visitors: dict[int, int]) -> list[Point]:
    return [Point(f"{day}T{hour:02d}", Figures(visitors.get(hour, 0), 1, 2)) for hour in range(24)]


def _days(count: int, last: date) -> list[Point]:
    return [Point(str(last - timedelta(days=ago)), Figures(1, 1, 1)) for ago in reversed(range(count))]


def _names(chart: Chart) -> list[str]:
    return [bar.name for bar in chart.bars]


def test_the_highest_bar_is_below_a_round_number() -> None:
    """Bars are to scale under the next round top, half of which is whole."""
    chart = draw_chart(_hours("2026-05-16", {9: 15, 10: 20}), NOW)
    assert (chart.unit, chart.top) == ("hour", 20)
    assert [(bar.y, bar.height) for bar in chart.bars[9:11]] == [(25, 75), (0, HEIGHT)]
    tops = [draw_chart(_hours("2026-05-16", {0: most}), NOW).top for most in (0, 4, 5, 11, 21, 99, 101, 12_345)]
    assert tops == [4, 4, 10, 20, 40, 100, 200, 20_000]


def test_what_lies_ahead_has_no_bar() -> None:
    """Today's coming hours have their place on the axis, and the present one is marked."""
    chart = draw_chart(_hours("2026-05-17", {14: 1}), NOW)
    assert _names(chart)[-1] == "14:00 to 14:59"
    assert [bar.is_unfinished for bar in chart.bars] == [False] * 14 + [True]
    assert chart.bars[-1].title(languages()["en"]) == "14:00 to 14:59: 1 visitor, 1 visit, 2 pageviews so far"
    assert len(chart.ticks) == 24
    assert draw_chart(_days(7, date(2027, 1, 1)), NOW).bars == []


def test_labels_have_room() -> None:
    """However many bars there are, at most seven are labelled, the first among them."""
    for count in (2, 7, 8, 30, 31, 90, 366, 400):
        chart = draw_chart(_days(count, date(2026, 5, 17)), NOW)
        assert len(chart.ticks) == len(chart.bars) == count
        assert chart.ticks[0]
        assert len([tick for tick in chart.ticks if tick]) <= 7


def test_years_are_drawn_by_month() -> None:
    """More days than a screen has room for become months, added up; none is lost."""
    chart = draw_chart(_days(3_660, date(2026, 5, 17)), NOW)
    assert chart.unit == "month"
    assert _names(chart)[-1] == "May 2026"
    assert chart.bars[-1].is_unfinished
    assert chart.bars[-1].figures == Figures(17, 17, 17)
    assert sum(bar.figures.visitors for bar in chart.bars) == 3_660
