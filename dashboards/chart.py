"""The graph: bars of a report's points, in the units of an SVG that stretches. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from aggregate.cells import Figures
from aggregate.points import Point
from dashboards.language import Language

HEIGHT = 100
STEP = 10
_BAR = 8
_MOST_BARS = 400  # a point to a pixel; beyond, months
_MOST_LABELS = 7
_TOPS = (4, 10, 20)
_HOUR_LABEL = 13  # characters: 2026-05-17T13
_MONTH_LABEL = 7  # characters: 2026-05


@dataclass(frozen=True, slots=True)
class Bar:
    """One step of the graph."""

    x: int
    y: float
    height: float
    name: str
    figures: Figures
    is_unfinished: bool

    def title(self, language: Language) -> str:
        """What the bar says."""
        figures = self.figures
        said = (
            language.plural("%(num)s visitor", "%(num)s visitors", figures.visitors),
            language.plural("%(num)s visit", "%(num)s visits", figures.visits),
            language.plural("%(num)s pageview", "%(num)s pageviews", figures.pageviews),
        )
        return f"{self.name}: {', '.join(said)}" + (" so far" if self.is_unfinished else "")


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars by hour, day or month, up to ``top`` visitors.

    ``ticks`` has a label for every step of the axis, "" where there is no room; what lies ahead
    has a step and no bar.
    """

    unit: str
    top: int
    ticks: list[str]
    bars: list[Bar]

    @property
    def width(self) -> int:
        """The width in the units of the bars."""
        return len(self.ticks) * STEP

    @property
    def bar_width(self) -> int:
        """The width of a bar."""
        return _BAR


def draw_chart(points: list[Point], now: datetime) -> Chart:
    """Draw a report's points; ``now`` is local time."""
    unit = "hour" if len(points[0].label) == _HOUR_LABEL else "day"
    if len(points) > _MOST_BARS:
        unit, points = "month", list(_by_month(points))
    top = _top(max(point.figures.visitors for point in points))
    present = now.isoformat()[: len(points[0].label)]  # labels compare as times do
    bars = [
        _bar(index, point, top, is_unfinished=point.label == present)
        for index, point in enumerate(points)
        if point.label <= present
    ]
    every = -(-len(points) // _MOST_LABELS)
    ticks = [_names(point.label)[0] if index % every == 0 else "" for index, point in enumerate(points)]
    return Chart(unit, top, ticks, bars)


def _bar(index: int, point: Point, top: int, *, is_unfinished: bool) -> Bar:
    height = round(HEIGHT * point.figures.visitors / top, 2)
    return Bar(
        x=index * STEP + (STEP - _BAR) // 2,
        y=round(HEIGHT - height, 2),
        height=height,
        name=_names(point.label)[1],
        figures=point.figures,
        is_unfinished=is_unfinished,
    )


def _names(label: str) -> tuple[str, str]:
    """Give a step's short name and its long one."""
    if len(label) == _HOUR_LABEL:
        hour = label[-2:]
        return f"{hour}:00", f"{hour}:00 to {hour}:59"
    if len(label) == _MONTH_LABEL:
        month = date.fromisoformat(f"{label}-01")
        return f"{month:%b %Y}", f"{month:%B %Y}"
    day = date.fromisoformat(label)
    return f"{day.day} {day:%b}", f"{day:%a} {day.day} {day:%b %Y}"


def _by_month(points: Iterable[Point]) -> Iterator[Point]:
    for month, days in groupby(points, key=lambda point: point.label[:_MONTH_LABEL]):
        yield Point(month, sum((day.figures for day in days), Figures()))


def _top(most: int) -> int:
    """Give the next round number, so that half of it is whole."""
    scale = 1
    while True:
        for top in _TOPS:
            if most <= top * scale:
                return top * scale
        scale *= 10
