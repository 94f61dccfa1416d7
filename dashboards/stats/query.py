"""What is asked of the stats API, whichever of its versions it came by."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aggregate.cells import DIMENSIONS, PROP, Cell, Figures, Filter, is_filter, is_of_events
from aggregate.periods import DayRange
from aggregate.points import Interval
from core.errors import FootfallError

MOST_ROWS = 10_000

Number = int | float | None


class StatsError(FootfallError):
    """The API is asked what it cannot answer; the message says what it can."""


@dataclass(frozen=True, slots=True)
class StatsQuery:
    """A question about one site: rows by a dimension, or by time, or one row of totals.

    ``order`` has metrics or the dimension itself (""), each with whether it descends. ``before`` are the days
    to compare with.
    """

    days: DayRange
    metrics: tuple[str, ...]
    dimension: str = ""
    interval: Interval | None = None
    where: Filter | None = None
    before: DayRange | None = None
    order: tuple[tuple[str, bool], ...] = ()
    limit: int = MOST_ROWS
    offset: int = 0


Measure = Callable[[Figures, int | None, Cell | None], Number]
"""Gives a metric of a row, of the visitors whom its list covers, and of its cell, if it is one."""

METRICS: Mapping[str, Measure] = {
    "visitors": lambda figures, _everyone, _cell: figures.visitors,
    "visits": lambda figures, _everyone, _cell: figures.visits,
    "pageviews": lambda figures, _everyone, _cell: figures.pageviews,
    "events": lambda figures, _everyone, _cell: figures.events,
    "views_per_visit": lambda figures, _everyone, _cell: figures.views_per_visit,
    "bounce_rate": lambda figures, _everyone, _cell: figures.bounce_rate,
    "visit_duration": lambda figures, _everyone, _cell: figures.visit_duration,
    "percentage": lambda figures, everyone, _cell: figures.conversion_rate(everyone),
    "conversion_rate": lambda figures, everyone, _cell: figures.conversion_rate(everyone),
    "time_on_page": lambda figures, _everyone, _cell: figures.visit_duration if figures.seconds else None,
    "scroll_depth": lambda _figures, _whole, cell: cell.scroll_depth if cell is not None else None,
}
"""The metrics by Plausible's names: what a row's figures, those of the whole report and its cell say."""

_ALWAYS = frozenset({"visitors"})
_OF_VISITS = _ALWAYS | {"visits", "pageviews", "events", "views_per_visit", "bounce_rate", "visit_duration"}
_OF_PAGES = _ALWAYS | {"visits", "pageviews", "percentage", "time_on_page", "scroll_depth"}
_OF_EVENTS = _ALWAYS | {"events", "percentage", "conversion_rate"}

_NAMES: Mapping[str, str] = {
    "event:name": "event",
    "event:goal": "event",
    "event:page": "page",
    "event:hostname": "hostname",
    "visit:entry_page_hostname": "hostname",
    **{f"visit:{name}": name for name in DIMENSIONS if name not in {"page", "event", "hostname"}},
}
_PROPS = "event:props:"


def read_dimension(name: str) -> str:
    """Give the reports' dimension for Plausible's name of it. Raises StatsError."""
    if name.startswith(_PROPS) and name != _PROPS:
        return PROP + name.removeprefix(_PROPS)
    if name not in _NAMES:
        raise StatsError(f"{name!r} is not a dimension; choose one of {', '.join(_NAMES)}, {_PROPS}KEY.")
    return _NAMES[name]


def read_condition(name: str, value: object) -> Filter:
    """Give a filter by one value of a dimension. Raises StatsError for what reports are not filtered by."""
    dimension = read_dimension(name)
    if not is_filter(dimension):
        raise StatsError(f"Reports cannot be filtered by {name}.")
    if not isinstance(value, str) or not value:
        raise StatsError(f"The value of {name} is a text that is not empty.")
    return Filter(dimension, value)


def check_metrics(metrics: tuple[str, ...], dimension: str) -> None:
    """Raise StatsError for metrics that rows by this dimension do not have."""
    if not metrics:
        raise StatsError(f"Name at least one metric: {', '.join(METRICS)}.")
    offered = _offered(dimension)
    for metric in metrics:
        if metric not in METRICS:
            raise StatsError(f"{metric!r} is not a metric; choose from {', '.join(METRICS)}.")
        if metric not in offered:
            rows = f"Rows by {dimension}" if dimension else "Totals"
            raise StatsError(f"{rows} have no {metric}; choose from {', '.join(sorted(offered))}.")


def _offered(dimension: str) -> frozenset[str]:
    if not dimension:
        return _OF_VISITS
    if dimension == "page":
        return _OF_PAGES
    return _OF_EVENTS if is_of_events(dimension) else _OF_VISITS | {"percentage"}
