"""The graph: a report's totals by hour, day, week or month."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby

from aggregate.cells import Figures
from aggregate.periods import DayRange
from aggregate.spans import month_of
from core.clock import days_between

_HOURS = 24


class Interval(StrEnum):
    """How long a step of the graph is. Weeks begin on Monday (ISO 8601)."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Point:
    """One step of a graph: a local hour (``2026-05-17T13``), or the days from ``label`` on (``2026-05-17``).

    ``is_partial``: the range has only some of its days, or one of them is not over.
    """

    label: str
    figures: Figures
    is_partial: bool = False


def natural_interval(days: DayRange) -> Interval:
    """Give the interval of a range for which nobody chose one: hours of one day, else days."""
    return Interval.HOUR if days.days == 1 else Interval.DAY


def hours_of(day: date, by_hour: Mapping[int, Figures]) -> list[Point]:
    """Give the 24 hours of a day; one without visits is zero."""
    return [Point(f"{day}T{hour:02d}", by_hour.get(hour, Figures())) for hour in range(_HOURS)]


def steps_of(
    days: DayRange, interval: Interval, by_day: Mapping[date, Figures], unfinished: Collection[date]
) -> list[Point]:
    """Give the days, weeks or months of a range; sums of several days' visitors are visitor-days."""
    return list(_steps(days, interval, by_day, unfinished))


def _steps(
    days: DayRange, interval: Interval, by_day: Mapping[date, Figures], unfinished: Collection[date]
) -> Iterator[Point]:
    for step, group in groupby(days_between(days.first, days.last), key=lambda day: _step(day, interval)):
        in_range = list(group)
        figures = sum((by_day.get(day, Figures()) for day in in_range), Figures())
        is_whole = step.days == len(in_range) and not any(day in unfinished for day in in_range)
        yield Point(str(step.first), figures, not is_whole)


def _step(day: date, interval: Interval) -> DayRange:
    if interval is Interval.WEEK:
        monday = day - timedelta(days=day.weekday())
        return DayRange(monday, monday + timedelta(days=6))
    if interval is Interval.MONTH:
        month = month_of(day)
        return DayRange(month.first, month.last)
    return DayRange(day, day)
