"""The period picker: from an address to days, and to the addresses of other days. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from aggregate.periods import DayRange, day_range
from core.errors import PeriodError

_EARLIEST = date(2000, 1, 1)
_LATEST = date(2100, 12, 31)
_DAY = timedelta(days=1)

Query = dict[str, str]


@dataclass(frozen=True, slots=True)
class Choice:
    """The period that an address asks for, and its days."""

    period: str
    days: DayRange


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a period: its label, the query of its address, whether it is the one shown."""

    label: str
    query: Query
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Picker:
    """The choice with all ways from it."""

    choice: Choice
    presets: list[Link]
    earlier: Link | None
    later: Link | None


def read_choice(query: Mapping[str, str], today: date) -> Choice:
    """Read an address's query; without one it is today. Raises PeriodError."""
    period = query.get("period", "day")
    on, first, last = (_date(query.get(name, "")) for name in ("date", "from", "to"))
    if period != "custom":
        return Choice(period, day_range(period, today, on))
    if first is None or last is None:
        raise PeriodError("Choose both the first day and the last day.")
    if last < first:
        raise PeriodError("The last day lies before the first day.")
    return Choice(period, day_range(period, today, first=first, last=last))


def picker_of(choice: Choice, today: date) -> Picker:
    """Give the links that lead on from a choice."""
    return Picker(choice, _presets(choice, today), _earlier(choice), _later(choice, today))


def _date(text: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise PeriodError("A day is written like 2026-05-17.") from None
    if not _EARLIEST <= day <= _LATEST:
        raise PeriodError(f"A day lies between {_EARLIEST} and {_LATEST}.")
    return day


def _presets(choice: Choice, today: date) -> list[Link]:
    presets: list[tuple[str, Query]] = [
        ("Today", {"period": "day"}),
        ("Yesterday", {"period": "day", "date": str(today - _DAY)}),
        ("7 days", {"period": "7d"}),
        ("30 days", {"period": "30d"}),
        ("Month to date", {"period": "month"}),
    ]
    return [Link(label, query, read_choice(query, today) == choice) for label, query in presets]


def _earlier(choice: Choice) -> Link | None:
    last = choice.days.first - _DAY
    return Link(*_beside(choice, "Previous", last - _length(choice), last)) if last >= _EARLIEST else None


def _later(choice: Choice, today: date) -> Link | None:
    first = choice.days.last + _DAY
    return Link(*_beside(choice, "Next", first, min(first + _length(choice), today))) if first <= today else None


def _length(choice: Choice) -> timedelta:
    return choice.days.last - choice.days.first


def _beside(choice: Choice, word: str, first: date, last: date) -> tuple[str, Query]:
    match choice.period:
        case "day":
            return f"{word} day", {"period": "day", "date": str(last)}
        case "month":
            return f"{word} month", {"period": "month", "date": str(first if word == "Next" else last)}
        case "custom":
            query = {"period": "custom", "from": str(max(first, _EARLIEST)), "to": str(last)}
            return f"{word} {_count(choice)}", query
        case period:
            return f"{word} {_count(choice)}", {"period": period, "date": str(last)}


def _count(choice: Choice) -> str:
    return "day" if choice.days.days == 1 else f"{choice.days.days} days"
