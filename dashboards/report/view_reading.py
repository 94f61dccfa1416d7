"""From the query of an address to the view that it asks for; what it asks in vain is told. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeVar

from multidict import MultiMapping

from aggregate.periods import MOST_DAYS, DayRange
from aggregate.points import Interval
from dashboards.report.panels import PANELS
from dashboards.report.view_error import Mistake, ViewError
from dashboards.report.view_filter import ViewFilter, read_filter
from dashboards.report.view_state import Compare, Match, Metric, Pairs, Period, ViewState, tabs_of

EARLIEST = date(2000, 1, 1)
LATEST = date(2099, 12, 31)
_WITHOUT_DATE = frozenset({Period.ALL, Period.CUSTOM})

Query = MultiMapping[str]
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(slots=True)
class ViewReading:
    """A view that was read, and the mistakes of its address; where there is one, its part is as by itself."""

    state: ViewState = field(default_factory=ViewState)
    mistakes: list[ViewError] = field(default_factory=list)


def parse_view(query: Query) -> ViewState:
    """Give the view that an address asks for. Raises ViewError for the first thing that it asks in vain."""
    reading = read_view(query)
    for mistake in reading.mistakes:
        raise mistake
    return reading.state


def read_view(query: Query) -> ViewReading:
    """Give the view that an address asks for, as far as it can be shown, and what is wrong with it."""
    reading = ViewReading()
    mistakes = reading.mistakes
    period, on, custom = _period(query, mistakes)
    compare, compared = _comparison(query, mistakes)
    match = _choice(Match, query, "match", Mistake.COMPARISON, mistakes) or Match.WEEKDAY
    reading.state = ViewState(
        period=period,
        on=on,
        custom=custom,
        compare=compare,
        compared=compared,
        match=match if compare is not None else Match.WEEKDAY,
        where=_filter(query, mistakes),
        metric=_choice(Metric, query, "metric", Mistake.METRIC, mistakes) or Metric.VISITORS,
        interval=_choice(Interval, query, "interval", Mistake.INTERVAL, mistakes),
        tabs=_tabs(query, mistakes),
    )
    return reading


def _period(query: Query, mistakes: list[ViewError]) -> tuple[Period | None, date | None, DayRange | None]:
    period = _choice(Period, query, "period", Mistake.PERIOD, mistakes)
    if period is Period.CUSTOM:
        custom = _range(query, "from", "to", mistakes)
        return (period, None, custom) if custom is not None else (None, None, None)
    on = _day(query, "date", mistakes)
    if on is None or period in _WITHOUT_DATE:
        return period, None, None
    return period or Period.DAY, on, None


def _comparison(query: Query, mistakes: list[ViewError]) -> tuple[Compare | None, DayRange | None]:
    compare = _choice(Compare, query, "compare", Mistake.COMPARISON, mistakes)
    if compare is not Compare.CUSTOM:
        return compare, None
    compared = _range(query, "compare_from", "compare_to", mistakes)
    return (compare, compared) if compared is not None else (None, None)


def _filter(query: Query, mistakes: list[ViewError]) -> ViewFilter | None:
    found: list[ViewFilter] = []
    for text in query.getall("f", []):
        try:
            found.append(read_filter(text))
        except ViewError as mistake:
            mistakes.append(mistake)
    mistakes += [ViewError(Mistake.SECOND_FILTER, f"{each.dimension}: {each.value}") for each in found[1:]]
    return found[0] if found else None


def _tabs(query: Query, mistakes: list[ViewError]) -> Pairs:
    return tabs_of(_chosen_tabs(query, mistakes))


def _chosen_tabs(query: Query, mistakes: list[ViewError]) -> Iterator[tuple[str, str]]:
    for name, panel in PANELS.items():
        tab = query.get(name, "")
        if tab and panel.shows(tab):
            yield name, tab
        elif tab:
            mistakes.append(ViewError(Mistake.TAB, tab))


def _choice(
    choices: type[Choice], query: Query, name: str, mistake: Mistake, mistakes: list[ViewError]
) -> Choice | None:
    text = query.get(name, "")
    known: Sequence[Choice] = list(choices)
    if not text or text in known:
        return choices(text) if text else None
    mistakes.append(ViewError(mistake, text))
    return None


def _range(query: Query, first_name: str, last_name: str, mistakes: list[ViewError]) -> DayRange | None:
    before = len(mistakes)
    first, last = _day(query, first_name, mistakes), _day(query, last_name, mistakes)
    if first is None or last is None:
        if len(mistakes) == before:
            mistakes.append(ViewError(Mistake.FIRST_AND_LAST))
        return None
    if last < first:
        mistakes.append(ViewError(Mistake.ORDER))
        return None
    if (last - first).days >= MOST_DAYS:
        mistakes.append(ViewError(Mistake.TOO_LONG))
        return None
    return DayRange(first, last)


def _day(query: Query, name: str, mistakes: list[ViewError]) -> date | None:
    text = query.get(name, "")
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or not EARLIEST <= day <= LATEST:
        mistakes.append(ViewError(Mistake.DAY, text))
        return None
    return day
