"""What is published of a range of days at a moment, so that a reader sees one whole roll of each day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from aggregate.cells import Figures
from aggregate.periods import DayRange
from aggregate.spans import Grain, Span, span_from
from core.clock import days_between
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
class Moment:
    """What is published of a range at a moment: its days, and the rolls of the spans that lie in it whole."""

    days: list[PublishedDay]
    spans: dict[Span, int]

    @property
    def open_days(self) -> list[date]:
        """The days that are not closed."""
        return [each.day for each in self.days if not each.closed]

    def units(self, days: DayRange) -> dict[str, object]:
        """Give what is read: months, parts of the other months, and the days that are in neither."""
        months = [span for span in self.spans if span.grain is Grain.MONTH]
        parts = [
            span
            for span in self.spans
            if span.grain is Grain.PART and not any(month.first <= span.first <= month.last for month in months)
        ]
        added_up = {day for span in (*months, *parts) for day in span.days}
        return {
            "months": [span.first for span in months],
            "parts": [span.first for span in parts],
            "days": [day for day in days_between(days.first, days.last) if day not in added_up],
        }


def of_one_moment(store: Store, site: Site, days: DayRange, read: Callable[[Moment], Answer]) -> Answer:
    """Read what ``read`` makes of a moment; anew, if anything was published meanwhile.

    Raises StoreUnavailableError if that happens time and again, StoreError.
    """
    moment = read_moment(store, site, days)
    for _try in range(_MOST_TRIES):
        answer = read(moment)
        now = read_moment(store, site, days)
        if now == moment:
            return answer
        moment = now
    raise StoreUnavailableError("The report was published anew each time it was read; try again.")


def read_moment(store: Store, site: Site, days: DayRange) -> Moment:
    """Look up what is published of a range now. Raises StoreError."""
    rows = store.rows(sql("aggregate", "read_moment"), range_keys(site, days))
    published, spans = [], dict[Span, int]()
    for grain, first, closed, roll, at, profile, *figures in rows:
        day = date.fromisoformat(first)
        if not grain:
            published.append(
                PublishedDay(day, closed, roll, datetime.fromisoformat(at), Profile(profile), Figures(*figures))
            )
            continue
        span = span_from(Grain(grain), day)
        if span.last <= days.last:
            spans[span] = roll
    return Moment(published, spans)


def range_keys(site: Site, days: DayRange) -> dict[str, object]:
    """Give the parameters of statements that read a site's range."""
    return {"site": site.number, "first": days.first, "last": days.last}
