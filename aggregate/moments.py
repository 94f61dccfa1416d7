"""What is published of a range of days at a moment, so that a reader sees one whole roll of each day.

A reader takes the rolls of a moment by their numbers. What is published for good, closed days and what was added
up of them, has its rows for ever; those of an open day give way to its roll after the next. So a reader looks
again at open days alone.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from aggregate.cells import Figures
from aggregate.periods import DayRange
from aggregate.spans import Grain, Span, span_from
from core.errors import StoreUnavailableError
from core.profiles import Profile
from core.sites import Site
from core.sql import sql
from core.store import Store

_MOST_TRIES = 20  # a day is rolled every minute at most: the second try is already rare

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class PublishedDay:
    """The roll of a day that readers see; ``at`` is when it was made."""

    day: date
    closed: bool
    roll: int
    at: datetime
    profile: Profile
    totals: Figures

    @property
    def is_withheld(self) -> bool:
        """Whether nothing of the day is shown yet: it is open, and its profile shows closed days only."""
        return not self.closed and not self.profile.shows_open_days


@dataclass(frozen=True, slots=True)
class Rolls:
    """The numbers of rolls, as statements take them; those of open days are in ``opened`` and in ``days``."""

    spans: list[tuple[Grain, date, int]]
    days: list[tuple[date, int]]
    opened: list[tuple[date, int]]


@dataclass(frozen=True, slots=True)
class Moment:
    """What is published of a range at a moment: its days, and the rolls of the spans that lie in it whole.

    Those spans are left out that were added up of other days than the moment's: read day by day, the range is
    right before and after one more day is added to them.
    """

    days: list[PublishedDay]
    spans: dict[Span, int]

    @property
    def identity(self) -> Hashable:
        """What two moments have in common of which the same is read."""
        return tuple(self.days), frozenset(self.spans.items())

    @property
    def open_days(self) -> list[date]:
        """The days that are not closed."""
        return [each.day for each in self.days if not each.closed]

    @property
    def open_rolls(self) -> list[tuple[date, int]]:
        """The rolls of the days that are not closed."""
        return [(each.day, each.roll) for each in self.days if not each.closed]

    @property
    def rolls(self) -> Rolls:
        """The rolls to read: of months, of parts of the other months, of days in neither, of open days."""
        months = [span for span in self.spans if span.grain is Grain.MONTH]
        parts = [
            span
            for span in self.spans
            if span.grain is Grain.PART and not any(month.first <= span.first <= month.last for month in months)
        ]
        added_up = {day for span in (*months, *parts) for day in span.days}
        return Rolls(
            [(span.grain, span.first, self.spans[span]) for span in (*months, *parts)],
            [(each.day, each.roll) for each in self.days if each.day not in added_up],
            self.open_rolls,
        )


def of_one_moment(store: Store, site: Site, days: DayRange, read: Callable[[Moment], Answer]) -> Answer:
    """Read what ``read`` makes of a moment; anew, if an open day was published meanwhile.

    Raises StoreUnavailableError if that happens time and again, StoreError.
    """
    for _try in range(_MOST_TRIES):
        moment = read_moment(store, site, days)
        answer = read(moment)
        if not moment.open_days or _rolls_now(store, site, moment.open_days) == moment.open_rolls:
            return answer
    raise StoreUnavailableError("The report kept changing while it was read; try again.")


def read_moment(store: Store, site: Site, days: DayRange) -> Moment:
    """Look up what is published of a range now. Raises StoreError."""
    rows = store.rows(sql("aggregate", "read_moment"), range_keys(site, days))
    published = [
        PublishedDay(
            date.fromisoformat(day), closed, roll, datetime.fromisoformat(at), Profile(profile), Figures(*figures)
        )
        for grain, day, _added_up, closed, roll, at, profile, *figures in rows
        if not grain
    ]
    spans = dict[Span, int]()
    for grain, first, added_up, _closed, roll, *_more in rows:
        span = span_from(Grain(grain), date.fromisoformat(first)) if grain else None
        if span and span.last <= days.last and added_up == _closed_days(published, span):
            spans[span] = roll
    return Moment(published, spans)


def _closed_days(published: Sequence[PublishedDay], span: Span) -> int:
    return sum(each.closed and span.first <= each.day <= span.last for each in published)


def _rolls_now(store: Store, site: Site, days: Sequence[date]) -> list[tuple[date, int]]:
    rows = store.rows(sql("aggregate", "read_rolls"), {"site": site.number, "days": list(days)})
    return [(date.fromisoformat(day), roll) for day, roll in rows]


def range_keys(site: Site, days: DayRange) -> dict[str, object]:
    """Give the parameters of statements that read a site's range."""
    return {"site": site.number, "first": days.first, "last": days.last}
