"""What of a site is to be taken away: the view that an address asks for, in the same words as the site's page."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from aggregate.cells import Filter
from aggregate.excluding import read_all_but
from aggregate.first_day import read_first_day
from aggregate.periods import DayRange
from aggregate.points import Interval
from aggregate.reading import Report, read_report
from core.errors import PeriodError
from core.sites import Site
from core.store import Store
from dashboards.report.site_view import interval_shown
from dashboards.report.view_state import Metric, ViewState


@dataclass(frozen=True, slots=True)
class ViewQuery:
    """Days of a site, those that they are compared with, a filter; the graph's step and its metric.

    ``is_all_but``: of all visits but those of the filter, of which there are totals and a graph, and no lists.
    ``first_day`` is the first one of which the site has a report.
    """

    days: DayRange
    before: DayRange | None
    where: Filter | None
    interval: Interval
    metric: Metric
    is_all_but: bool = False
    first_day: date | None = None


@dataclass(frozen=True, slots=True)
class ReadView:
    """The report of a view, and the one that it is compared with."""

    report: Report
    before: Report | None
    is_all_but: bool = False


def view_query(store: Store, site: Site, state: ViewState, now: datetime) -> ViewQuery:
    """Give what a view comes to now, as the page shows it. Raises StoreError."""
    first_day = read_first_day(store, site)
    days = state.days(now.astimezone(site.zone).date(), first_day)
    is_all_but = state.where is not None and state.where.is_not
    step = interval_shown(state, days)
    return ViewQuery(days, state.compared_days(days), state.filter, step, state.metric, is_all_but, first_day)


def read_view(store: Store, site: Site, view: ViewQuery, dimensions: tuple[str, ...] = ()) -> ReadView:
    """Read what a view shows. Raises PeriodError for what cannot be listed, StoreError."""
    if view.is_all_but and dimensions:
        raise PeriodError("All visits but those of a filter have totals and a graph, and no lists.")
    before = None
    if view.before is not None:
        before = replace(_read(store, site, view, view.before, dimensions), first_day=view.first_day)
    return ReadView(_read(store, site, view, view.days, dimensions), before, view.is_all_but)


def _read(store: Store, site: Site, view: ViewQuery, days: DayRange, dimensions: tuple[str, ...]) -> Report:
    is_too_long = view.interval is Interval.HOUR and days.days > 1
    step = Interval.DAY if is_too_long and days is not view.days else view.interval
    if view.is_all_but and view.where is not None:
        return read_all_but(store, site, days, view.where, step)
    return read_report(store, site, days, dimensions, view.where, step)
