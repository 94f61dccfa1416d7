"""Parts of a month, and months: the spans of days over which small numbers add up until they may be seen."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from aggregate.periods import DayRange
from core.clock import days_between

_PARTS_BEGIN = (1, 8, 15, 22)


class Grain(StrEnum):
    """How long a span is."""

    PART = "part"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Span:
    """The days 1-7, 8-14, 15-21 or 22 to the end of a month, or a whole month."""

    grain: Grain
    first: date
    last: date

    def __str__(self) -> str:
        """Give the span as people write it."""
        return f"{self.first:%Y-%m}" if self.grain is Grain.MONTH else f"{self.first}/{self.last:%d}"

    @property
    def days(self) -> list[date]:
        """All of its days."""
        return list(days_between(self.first, self.last))

    @property
    def parts(self) -> list["Span"]:
        """The parts of a month; of a part, itself."""
        return parts_of(self.first) if self.grain is Grain.MONTH else [self]


def month_of(day: date) -> Span:
    """Give the month of a day."""
    following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return Span(Grain.MONTH, day.replace(day=1), following - timedelta(days=1))


def parts_of(day: date) -> list[Span]:
    """Give the four parts of a day's month."""
    month = month_of(day)
    begins = [month.first.replace(day=begin) for begin in _PARTS_BEGIN]
    ends = [begin - timedelta(days=1) for begin in begins[1:]]
    return [Span(Grain.PART, first, last) for first, last in zip(begins, [*ends, month.last], strict=True)]


def part_of(day: date) -> Span:
    """Give the part of the month in which a day is."""
    return next(part for part in parts_of(day) if part.first <= day <= part.last)


def span_from(grain: Grain, first: date) -> Span:
    """Give the span that begins on a day."""
    return month_of(first) if grain is Grain.MONTH else part_of(first)


def whole_spans(days: DayRange) -> list[Span]:
    """Give all spans that lie within a range, months and parts."""
    found: list[Span] = []
    first = days.first.replace(day=1)
    while first <= days.last:
        month = month_of(first)
        found += [span for span in (month, *month.parts) if days.first <= span.first and span.last <= days.last]
        first = month.last + timedelta(days=1)
    return found
