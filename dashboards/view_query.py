"""What of a site is to be taken away: the view that an address asks for, in the same words as the site's page."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from aggregate.cells import Filter
from aggregate.first_day import read_first_day
from aggregate.periods import DayRange
from aggregate.points import Interval, natural_interval
from aggregate.reading import Report, read_report
from core.errors import PeriodError
from core.sites import Site
from core.store import Store
from dashboards.graph_metrics import GRAPH_METRICS, GraphMetric
from dashboards.view_state import ViewState


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


def view_query(store: Store, site: Site, state: ViewState, now: datetime) -> ViewQuery:
    """Give what a view comes to now. Raises PeriodError for one that has no lists, StoreError."""
    if state.where is not None and state.where.is_not:
        raise PeriodError("All visits but those of a filter have no lists; take away those of the filter, or all.")
    today = now.astimezone(site.zone).date()
    days = state.days(today, read_first_day(store, site))
    interval = state.interval or natural_interval(days)
    return ViewQuery(days, state.compared_days(days), state.filter, interval, GRAPH_METRICS[state.metric])


def read_view(store: Store, site: Site, view: ViewQuery, dimensions: tuple[str, ...] = ()) -> ReadView:
    """Read what a view shows. Raises PeriodError for what cannot be listed, StoreError."""
    read = partial(read_report, store, site, dimensions=dimensions, where=view.where)
    before = view.before
    return ReadView(
        read(view.days, interval=view.interval),
        read(before, interval=_step_of(before, view.interval)) if before else None,
    )


def _step_of(days: DayRange, step: Interval) -> Interval:
    """Give the step of the compared days: hours are those of one day."""
    return Interval.DAY if step is Interval.HOUR and days.days > 1 else step
