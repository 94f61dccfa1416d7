"""What a site's page shows: all of it is in the page's address, so that a view can be kept and shared. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from urllib.parse import quote, urlencode

from aggregate.cells import Filter
from aggregate.comparing import Against, days_against
from aggregate.periods import DayRange, day_range
from aggregate.points import Interval
from dashboards.report.panels import PANELS
from dashboards.report.view_filter import ViewFilter

_READABLE = ":,/"  # characters of a query's values that need no escape, and are read by people
_REMEMBERED = 1024
"""So many parameters are kept as they are written: a page has a hundred addresses that share most of theirs."""

Pairs = tuple[tuple[str, str], ...]


class Period(StrEnum):
    """The periods of a page, those of ``aggregate.periods``."""

    DAY = "day"
    YESTERDAY = "yesterday"
    WEEK = "7d"
    FOUR_WEEKS = "28d"
    THIRTY_DAYS = "30d"
    QUARTER = "91d"
    MONTH = "month"
    LAST_MONTH = "lastmonth"
    YEAR = "year"
    TWELVE_MONTHS = "12mo"
    ALL = "all"
    CUSTOM = "custom"


class Compare(StrEnum):
    """What a period is compared with."""

    PREVIOUS = "previous"
    YEAR = "year"
    CUSTOM = "custom"


class Match(StrEnum):
    """Whether the compared days begin on the same weekday."""

    WEEKDAY = "weekday"
    NONE = "none"


class Metric(StrEnum):
    """What the graph shows."""

    VISITORS = "visitors"
    VISITS = "visits"
    PAGEVIEWS = "pageviews"
    VIEWS_PER_VISIT = "views_per_visit"
    BOUNCE_RATE = "bounce_rate"
    VISIT_DURATION = "visit_duration"


@dataclass(frozen=True, slots=True)
class ViewState:
    """A view of a site's reports.

    ``period`` is None where the address states none: then it is that of the site, see ``period_shown``. ``on`` is
    the day from which a period counts, None for today. ``custom`` and ``compared`` are set with the period and
    the comparison of that name, and with none other. ``match`` matters to the other comparisons. ``tabs`` are
    those that are not the first of their panel, in the panels' order.
    """

    period: Period | None = None
    on: date | None = None
    custom: DayRange | None = None
    compare: Compare | None = None
    compared: DayRange | None = None
    match: Match = Match.WEEKDAY
    where: ViewFilter | None = None
    metric: Metric = Metric.VISITORS
    interval: Interval | None = None
    tabs: Pairs = ()

    def period_shown(self, today: date, earliest: date | None) -> Period:
        """Give the period: without a choice the last 28 days, or today while reports are younger than two days."""
        if self.period is not None:
            return self.period
        is_young = earliest is None or (today - earliest).days < 1
        return Period.DAY if is_young else Period.FOUR_WEEKS

    @property
    def has_own_days(self) -> bool:
        """Whether the days that are shown do not depend on where the site's reports begin."""
        return self.period not in {None, Period.ALL}

    def days(self, today: date, earliest: date | None) -> DayRange:
        """Give the days that are shown; ``earliest`` is the first of which the site has a report."""
        if self.custom is not None:
            return self.custom
        return day_range(self.period_shown(today, earliest), today, self.on, earliest=earliest)

    @property
    def is_by_calendar(self) -> bool:
        """Whether the period is months of a year, which are compared with the same months and not by weekday."""
        return self.period in {Period.YEAR, Period.TWELVE_MONTHS}

    def compared_days(self, days: DayRange) -> DayRange | None:
        """Give the days that those shown are compared with; None without a comparison."""
        if self.compare is None or self.compared is not None:
            return self.compared
        if self.is_by_calendar:
            return days_against(days, Against.YEAR)
        return days_against(days, Against(self.compare), matching_weekdays=self.match is Match.WEEKDAY)

    @property
    def filter(self) -> Filter | None:
        """The filter as reports take it, also of a view of all *other* visits."""
        return Filter(self.where.dimension, self.where.value) if self.where is not None else None

    def tab(self, panel: str) -> str:
        """Give the tab of a panel that is shown."""
        return dict(self.tabs).get(panel, PANELS[panel].tabs[0])

    def with_period(self, period: Period, on: date | None = None) -> "ViewState":
        """Show another period; the interval of the graph is chosen anew."""
        return replace(self, period=period, on=on, custom=None, interval=None)

    def with_days(self, days: DayRange) -> "ViewState":
        """Show days of choice."""
        return replace(self, period=Period.CUSTOM, on=None, custom=days, interval=None)

    def with_comparison(self, compare: Compare | None, match: Match | None = None) -> "ViewState":
        """Compare with other days, or with none."""
        chosen = Match.WEEKDAY if compare is None else match or self.match
        return replace(self, compare=compare, compared=None, match=chosen)

    def with_filter(self, where: ViewFilter | None) -> "ViewState":
        """Show other visits; a view has one filter at most."""
        return replace(self, where=where)

    def with_metric(self, metric: Metric) -> "ViewState":
        """Draw another metric."""
        return replace(self, metric=metric)

    def with_interval(self, interval: Interval | None) -> "ViewState":
        """Draw other steps."""
        return replace(self, interval=interval)

    def with_tab(self, panel: str, tab: str) -> "ViewState":
        """Show another tab of a panel."""
        return replace(self, tabs=tabs_of([*self.tabs, (panel, tab)]))

    @property
    def pairs(self) -> Pairs:
        """The names and values of the address's query; what is as it is by itself is left out."""
        return tuple((name, str(value)) for name, value in self._pairs() if value is not None)

    @property
    def query(self) -> str:
        """The query of the address, without its question mark."""
        return query_of(self.pairs)

    def _pairs(self) -> Iterable[tuple[str, object]]:
        custom, compared = self.custom, self.compared
        yield "period", self.period
        yield "date", self.on
        yield "from", custom and custom.first
        yield "to", custom and custom.last
        yield "compare", self.compare
        yield "compare_from", compared and compared.first
        yield "compare_to", compared and compared.last
        yield "match", self.match if self.match is not Match.WEEKDAY else None
        yield "f", self.where
        yield "metric", self.metric if self.metric is not Metric.VISITORS else None
        yield "interval", self.interval
        yield from self.tabs


def tabs_of(chosen: Iterable[tuple[str, str]]) -> Pairs:
    """Give tabs as a state keeps them; of two for one panel the later one."""
    by_panel = dict(chosen)
    return tuple(
        (name, by_panel[name])
        for name, panel in PANELS.items()
        if by_panel.get(name, panel.tabs[0]) != panel.tabs[0]
    )


def query_of(pairs: Iterable[tuple[str, str]]) -> str:
    """Write names and values as the query of an address."""
    return "&".join(_parameter(name, value) for name, value in pairs)


@lru_cache(_REMEMBERED)
def _parameter(name: str, value: str) -> str:
    return urlencode([(name, value)], quote_via=quote, safe=_READABLE)
