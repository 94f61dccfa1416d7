"""Periods: the words by which people name ranges of a site's days."""

from dataclasses import dataclass
from datetime import date, timedelta

from core.errors import PeriodError

PERIODS = ("day", "7d", "30d", "month", "custom")
_ROLLING_DAYS = {"day": 1, "7d": 7, "30d": 30}
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
MOST_DAYS = 3_660  # ten years of days


@dataclass(frozen=True, slots=True)
class DayRange:
    """Calendar days of a site, first and last included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days the range has."""
        return (self.last - self.first).days + 1


def day_range(
    period: str, today: date, on: date | None = None, first: date | None = None, last: date | None = None
) -> DayRange:
    """Give the days of a period.

    ``day`` is one day, ``7d`` and ``30d`` end with it, ``month`` is its calendar month up to
    today; the day is ``on``, or the site's ``today``. ``custom`` takes first and last.
    Raises PeriodError.
    """
    if period == "custom":
        return _custom(first, last)
    if first is not None or last is not None:
        raise PeriodError("--from and --to go with --period custom.")
    day = on or today
    if not _FIRST_YEAR <= day.year < _LAST_YEAR:
        raise PeriodError(f"{day} is out of reach; name a day from {_FIRST_YEAR} on.")
    if period == "month":
        following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
        end = following - timedelta(days=1)
        return DayRange(day.replace(day=1), min(end, today) if day <= today else end)
    if period not in _ROLLING_DAYS:
        raise PeriodError(f"{period!r} is no period; choose one of {', '.join(PERIODS)}.")
    return DayRange(day - timedelta(days=_ROLLING_DAYS[period] - 1), day)


def days_before(days: DayRange) -> DayRange:
    """Give as many days right before a range."""
    return DayRange(days.first - timedelta(days=days.days), days.first - timedelta(days=1))


def year_before(days: DayRange) -> DayRange:
    """Give the same dates of the year before; 29 February becomes the 28th."""
    return DayRange(_year_before(days.first), _year_before(days.last))


def _year_before(day: date) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)


def _custom(first: date | None, last: date | None) -> DayRange:
    if first is None or last is None:
        raise PeriodError("--period custom needs --from and --to, such as --from 2026-05-01 --to 2026-05-31.")
    if last < first:
        raise PeriodError(f"The range ends on {last}, before it begins on {first}; exchange --from and --to.")
    chosen = DayRange(first, last)
    if chosen.days > MOST_DAYS:
        raise PeriodError(f"The range has {chosen.days} days; at most {MOST_DAYS} can be asked for.")
    return chosen
