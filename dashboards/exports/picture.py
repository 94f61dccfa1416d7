"""The graph as a picture that stands alone: title, axes, numbers, legend. Pure.

Lengths are in the pixels of the picture, from its upper left corner.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from aggregate.cells import Figures, has_several
from aggregate.points import Interval, Point
from aggregate.reading import Report
from core.sites import Site
from dashboards.language import Language
from dashboards.report.metric_words import METRICS
from dashboards.report.view_query import ReadView
from dashboards.report.view_state import Metric

_MOST_NUMBERS = 14  # more points than these have no number of their own beside them
_MOST_DOTS = 60
_MOST_TITLE = 60  # characters
_STEPS_UP = (4, 6)  # so many lines an axis has, at least and at most
_DAYS_WITH_DAY_LABELS = 200  # beyond, of each label the month is told
_ROUND = (1, 2, 2.5, 5, 10)
_LEAST = {Metric.VIEWS_PER_VISIT: 0.1}
"""The smallest step of an axis, where that is not 1."""

_DURATIONS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200)
"""Seconds that are round, which tens are not."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The size of a picture, and where its plot is in it; at most so many labels stand below.

    ``legend`` are the places of the lines' names. ``has_words``: whether it says by itself what it shows.
    """

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    labels: int
    legend: tuple[tuple[int, int], tuple[int, int]]
    has_words: bool


WIDE = Frame(960, 480, 88, 936, 136, 400, 8, ((24, 100), (424, 100)), has_words=True)
NARROW = Frame(480, 280, 64, 472, 76, 244, 5, ((12, 16), (12, 40)), has_words=False)
"""For e-mails, which tell around it what it shows: its letters can be read on a phone of 320 pixels."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A value of the graph at its place; ``number`` is written beside it, or ""."""

    x: float
    y: float
    number: str
    is_unfinished: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """A label of an axis at its place."""

    place: float
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the graph with its name in the legend.

    ``whole`` and ``dashed`` are paths in SVG's words; dashed is what is not finished. ``area`` is what lies below.
    """

    name: str
    whole: str
    dashed: str
    area: str
    dots: list[Dot]


@dataclass(frozen=True, slots=True)
class Picture:
    """What the template draws."""

    title: str
    metric: str
    total: str
    lines: list[Line]
    across: list[Mark]
    up: list[Mark]
    note: str
    frame: Frame

    @property
    def has_unfinished(self) -> bool:
        """Whether something in it is dashed, which is to be explained."""
        return any(line.dashed or any(dot.is_unfinished for dot in line.dots) for line in self.lines)


def draw_picture(
    site: Site,
    found: ReadView,
    interval: Interval,
    metric: Metric,
    language: Language,
    now: datetime,
    frame: Frame = WIDE,
) -> Picture:
    """Draw a report's points, and those of the report that it is compared with; ``now`` is an instant."""
    report, before = found.report, found.before
    points = list(_past(report, now.astimezone(site.zone)))
    earlier = before.points[: len(report.points)] if before else []
    values = [_value(report, point.figures, metric) or 0 for point in (*points, *earlier)]
    top, step = _axis(max(values, default=0), metric)
    scale = _Scale(len(report.points), top, frame)
    shown = [scale.line(report, points, metric, language)]
    if before:
        shown.append(scale.line(before, earlier, metric, language))
    return Picture(
        title=_title(site, found),
        metric=METRICS[metric].title(language, several=report.days.days > 1),
        total=_written(report, report.totals, metric, language),
        lines=shown,
        across=list(_across(report, interval, scale, language)),
        up=[Mark(scale.y(value), METRICS[metric].write(language, value)) for value in _steps(top, step)],
        note="; ".join(_notes(site, report, metric, language)),
        frame=frame,
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where the step of a number, and a value, are in the picture."""

    steps: int
    top: float
    frame: Frame

    def x(self, index: int) -> float:
        left, right = self.frame.left, self.frame.right
        if self.steps == 1:
            return (left + right) / 2
        inset = min(24.0, (right - left) / self.steps / 2)
        return round(left + inset + (right - left - 2 * inset) * index / (self.steps - 1), 2)

    def y(self, value: float) -> float:
        return round(self.frame.bottom - (self.frame.bottom - self.frame.top) * value / self.top, 2)

    def line(self, report: Report, points: Sequence[Point], metric: Metric, language: Language) -> Line:
        numbered = self.steps <= _MOST_NUMBERS
        dots: list[Dot | None] = []
        for index, point in enumerate(points):
            value = _value(report, point.figures, metric)
            number = METRICS[metric].write(language, value) if numbered else ""
            place = None if value is None else (self.x(index), self.y(value))
            dots.append(place and Dot(*place, number, point.is_partial))
        pieces = list(_pieces(dots))
        return Line(
            f"{language.days(report.days)}: {_written(report, report.totals, metric, language)}",
            whole="".join(_path(piece, dashed=False) for piece in pieces),
            dashed="".join(_path(piece, dashed=True) for piece in pieces),
            area="".join(_area(piece, self.frame.bottom) for piece in pieces),
            dots=[dot for piece in pieces if len(piece) == 1 or self.steps <= _MOST_DOTS for dot in piece],
        )


def _past(report: Report, local: datetime) -> Iterator[Point]:
    """Give the points that are not ahead; the present hour is not finished."""
    present = local.isoformat()
    for point in report.points:
        if point.label > present[: len(point.label)]:
            return
        is_present_hour = "T" in point.label and present.startswith(point.label)
        yield Point(point.label, point.figures, point.is_partial or is_present_hour)


def _pieces(dots: Sequence[Dot | None]) -> Iterator[list[Dot]]:
    """Give the runs of dots without a gap between them."""
    piece: list[Dot] = []
    for dot in (*dots, None):
        if dot is not None:
            piece.append(dot)
        elif piece:
            yield piece
            piece = []


def _path(piece: Sequence[Dot], *, dashed: bool) -> str:
    """Give the path of those stretches that end, or begin, in what is not finished; or of the others."""
    path, at = "", None
    for one, other in pairwise(piece):
        if (one.is_unfinished or other.is_unfinished) is not dashed:
            continue
        path += "" if at is one else f"M{one.x} {one.y}"
        path += f"L{other.x} {other.y}"
        at = other
    return path


def _area(piece: Sequence[Dot], bottom: int) -> str:
    if len(piece) == 1:
        return ""
    corners = "".join(f"L{dot.x} {dot.y}" for dot in piece)
    return f"M{piece[0].x} {bottom}{corners}L{piece[-1].x} {bottom}Z"


def _axis(most: float, metric: Metric) -> tuple[float, float]:
    """Give the top of an axis and the step between its lines: round numbers, four to six of them."""
    lowest, highest = _STEPS_UP
    least, round_steps = _LEAST.get(metric, 1.0), _DURATIONS if metric is Metric.VISIT_DURATION else ()
    wanted = max(most / highest, least)
    step = next(step for step in (*round_steps, *_decimal_steps(wanted, least)) if step >= wanted)
    return step * max(math.ceil(most / step), lowest), step


def _decimal_steps(wanted: float, least: float) -> Iterator[float]:
    scale = 10.0 ** math.floor(math.log10(wanted))
    for each in _ROUND:
        if round(scale * each / least, 6).is_integer():
            yield round(scale * each, 6)


def _steps(top: float, step: float) -> Iterator[float]:
    for index in range(round(top / step) + 1):
        yield round(step * index, 6)


def _across(report: Report, interval: Interval, scale: _Scale, language: Language) -> Iterator[Mark]:
    every = -(-len(report.points) // scale.frame.labels)
    is_by_month = interval is Interval.MONTH or report.days.days > _DAYS_WITH_DAY_LABELS
    for index, point in enumerate(report.points):
        if index % every == 0:
            yield Mark(scale.x(index), _label(point.label, language, is_by_month=is_by_month))


def _label(label: str, language: Language, *, is_by_month: bool) -> str:
    day, _, hour = label.partition("T")
    if hour:
        return f"{hour}:00"
    named = date.fromisoformat(day)
    return language.short_month(named) if is_by_month else language.short_day(named)


def printable(text: str, most: int) -> str:
    """Give what strangers wrote on one line: without control characters, of at most so many characters."""
    line = "".join(character if character.isprintable() else " " for character in text)
    return line if len(line) <= most else line[: most - 1] + "…"


def _title(site: Site, found: ReadView) -> str:
    where, sign = found.report.where, "≠" if found.is_all_but else "="
    if where is None:
        return site.name
    return printable(f"{site.name}, {where.dimension} {sign} {where.value}", _MOST_TITLE)


def _value(report: Report, figures: Figures, metric: Metric) -> float | None:
    """Give a metric of a report; the seconds of a page or an event are no duration of visits."""
    where = report.where
    if metric is Metric.VISIT_DURATION and where is not None and has_several(where.dimension):
        return None
    value: float | None = getattr(figures, metric)
    return value


def _written(report: Report, figures: Figures, metric: Metric, language: Language) -> str:
    return METRICS[metric].write(language, _value(report, figures, metric))


def _notes(site: Site, report: Report, metric: Metric, language: Language) -> Iterator[str]:
    if metric is Metric.VISITORS and report.totals.visitors:
        is_blurred = report.rounded or report.noisy
        yield language.text("approximate: numbers are blurred") if is_blurred else language.text("at least")
    if metric is Metric.VISITORS and report.days.days > 1:
        yield language.text("each day is counted separately")
    yield language.text("time zone: %(zone)s", zone=site.timezone)
