"""Periods: the words by which people name ranges of a site's days."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from core.errors import PeriodError

_DAY = timedelta(days=1)
_ROLLING_DAYS = {"day": 1, "7d": 7, "28d": 28, "30d": 30, "91d": 91}
_MONTHS = 12
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


def _month(day: date) -> DayRange:
    return DayRange(day.replace(day=1), _end_of_month(day))


def _last_month(day: date) -> DayRange:
    return _month(day.replace(day=1) - _DAY)


def _year(day: date) -> DayRange:
    return DayRange(date(day.year, 1, 1), date(day.year, 12, 31))


def _twelve_months(day: date) -> DayRange:
    month = day.year * _MONTHS + day.month - _MONTHS  # the months since the year 0, less eleven
    return DayRange(date(month // _MONTHS, month % _MONTHS + 1, 1), _end_of_month(day))


def _yesterday(day: date) -> DayRange:
    return DayRange(day - _DAY, day - _DAY)


_CALENDAR: Mapping[str, Callable[[date], DayRange]] = {
    "yesterday": _yesterday,
    "month": _month,
    "lastmonth": _last_month,
    "year": _year,
    "12mo": _twelve_months,
}
PERIODS = (
    "day",
    "yesterday",
    "7d",
    "28d",
    "30d",
    "91d",
    "month",
    "lastmonth",
    "year",
    "12mo",
    "all",
    "custom",
)


def day_range(
    period: str,
    today: date,
    on: date | None = None,
    first: date | None = None,
    last: date | None = None,
    earliest: date | None = None,
) -> DayRange:
    """Give the days of a period.

    ``day`` is one day, ``7d`` to ``91d`` end with it, ``yesterday`` is the day before it; ``month`` and ``year``
    are its calendar month and year, ``lastmonth`` the month before, ``12mo`` its month and the eleven before,
    none of them beyond today; ``all`` begins with the site's ``earliest`` day, at most ten years back. The
    day is ``on``, or the site's ``today``. ``custom`` takes first and last. Raises PeriodError.
    """
    if period == "custom":
        return _custom(first, last)
    if first is not None or last is not None:
        raise PeriodError("--from and --to need --period custom.")
    day = on or today
    if not _FIRST_YEAR <= day.year < _LAST_YEAR:
        raise PeriodError(f"{day} is too early; choose a day in {_FIRST_YEAR} or later.")
    if period == "all":
        return DayRange(max(min(earliest or day, day), day - timedelta(days=MOST_DAYS - 1)), day)
    if period in _CALENDAR:
        days = _CALENDAR[period](day)
        return DayRange(days.first, min(days.last, today)) if days.first <= today else days
    if period not in _ROLLING_DAYS:
        raise PeriodError(f"{period!r} is not a period; choose one of {', '.join(PERIODS)}.")
    return DayRange(day - timedelta(days=_ROLLING_DAYS[period] - 1), day)


def days_before(days: DayRange, *, matching_weekdays: bool = False) -> DayRange:
    """Give as many days right before a range; those nearest to them that begin on its weekday, if asked."""
    back = days.days
    return moved_back(days, -(-back // 7) * 7 if matching_weekdays else back)


def year_before(days: DayRange, *, matching_weekdays: bool = False) -> DayRange:
    """Give the same dates of the year before; 29 February becomes the 28th. With weekdays: 52 weeks before."""
    if matching_weekdays:
        return moved_back(days, 52 * 7)
    return DayRange(_year_before(days.first), _year_before(days.last))


def moved_back(days: DayRange, by: int) -> DayRange:
    """Give a range as long, so many days earlier."""
    return DayRange(days.first - timedelta(days=by), days.last - timedelta(days=by))


def _end_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - _DAY


def _year_before(day: date) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)


def _custom(first: date | None, last: date | None) -> DayRange:
    if first is None or last is None:
        raise PeriodError("--period custom needs --from and --to, such as --from 2026-05-01 --to 2026-05-31.")
    if last < first:
        raise PeriodError(f"The range ends on {last}, before it begins on {first}; swap --from and --to.")
    chosen = DayRange(first, last)
    if chosen.days > MOST_DAYS:
        raise PeriodError(f"The range has {chosen.days} days; at most {MOST_DAYS} are possible.")
    return chosen
