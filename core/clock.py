"""Time: always passed in, always UTC, days always a site's own.

Nothing below the wiring reads the time by itself: a test, a replay and an import
choose their own ``now``. SQL is given its times as parameters and never calls now().
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]
"""Gives the present instant, time zone UTC."""


def system_clock() -> datetime:
    """Read the machine's clock, in UTC. Only the wiring passes this on."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class LocalDay:
    """One calendar day of a time zone, and the instants at which it begins and ends.

    ``start`` and ``end`` are UTC; ``end`` is the next day's ``start``. A day lasts 23 or
    25 hours when the clocks change, and no time at all when a zone skips it.
    """

    day: date
    start: datetime
    end: datetime

    def holds(self, instant: datetime) -> bool:
        """Tell whether the instant falls on this day."""
        return self.start <= instant < self.end


def local_day(instant: datetime, zone: ZoneInfo) -> LocalDay:
    """Give the zone's calendar day on which the instant falls."""
    return day_of(instant.astimezone(zone).date(), zone)


def day_of(day: date, zone: ZoneInfo) -> LocalDay:
    """Give a calendar day of the zone with its bounds."""
    return LocalDay(day, midnight(day, zone), midnight(day + timedelta(days=1), zone))


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Give the instant, in UTC, at which the zone's calendar day begins.

    Where the clocks skip midnight (America/Santiago in spring, say), the zone's offset
    before the jump makes 00:00 the very instant of the jump, which is the day's first.
    """
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def days_between(first: date, last: date) -> Iterator[date]:
    """Yield every calendar day from the first to the last, both included."""
    day = first
    while day <= last:
        yield day
        day += timedelta(days=1)
