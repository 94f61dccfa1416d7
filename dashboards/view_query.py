"""What of a site an address asks for, to be taken away: the same query as that of the site's page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from aggregate.cells import Filter
from aggregate.periods import DayRange, days_before, year_before
from aggregate.points import Interval, natural_interval
from aggregate.reading import Report, read_report
from core.errors import PeriodError
from core.sites import Site
from core.store import Store
from dashboards.graph_metrics import GRAPH_METRICS, VISITORS, GraphMetric
from dashboards.picker import read_choice

_EARLIER = {"previous": days_before, "year": year_before}


@dataclass(frozen=True, slots=True)
class ViewQuery:
    """Days of a site, those that they are compared with, a filter; the graph's step and its metric."""

    days: DayRange
    before: DayRange | None
    where: Filter | None
    interval: Interval
    metric: GraphMetric


@dataclass(frozen=True, slots=True)
class ReadView:
    """The report of a view, and the one that it is compared with."""

    report: Report
    before: Report | None


def read_view_query(query: Mapping[str, str], today: date) -> ViewQuery:
    """Read an address's query; without one it is today. Raises PeriodError."""
    days = read_choice(query, today).days
    return ViewQuery(
        days,
        _before(query.get("compare", ""), days),
        _where(query.get("filter", "")),
        _interval(query.get("interval", ""), days),
        _metric(query.get("metric", "")),
    )


def read_view(store: Store, site: Site, view: ViewQuery, dimensions: tuple[str, ...] = ()) -> ReadView:
    """Read what a view shows. Raises PeriodError for what cannot be listed, StoreError."""
    read = partial(read_report, store, site, dimensions=dimensions, where=view.where, interval=view.interval)
    return ReadView(read(view.days), read(view.before) if view.before else None)


def _before(name: str, days: DayRange) -> DayRange | None:
    if not name:
        return None
    if name not in _EARLIER:
        raise PeriodError(f"{name!r} is no comparison; choose one of {', '.join(_EARLIER)}.")
    return _EARLIER[name](days)


def _where(text: str) -> Filter | None:
    if not text:
        return None
    dimension, _, value = text.partition("=")
    if not value:
        raise PeriodError("A filter is a dimension and its value, such as country=DE.")
    return Filter(dimension, value)


def _interval(name: str, days: DayRange) -> Interval:
    if not name:
        return natural_interval(days)
    try:
        return Interval(name)
    except ValueError:
        raise PeriodError(f"{name!r} is no step of a graph; choose one of {', '.join(Interval)}.") from None


def _metric(name: str) -> GraphMetric:
    if not name:
        return VISITORS
    if name not in GRAPH_METRICS:
        raise PeriodError(f"{name!r} is no metric of the graph; choose one of {', '.join(GRAPH_METRICS)}.")
    return GRAPH_METRICS[name]
