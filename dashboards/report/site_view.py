"""A view of a site with all that it is shown with."""

from dataclasses import dataclass
from datetime import date, datetime

from aggregate.cells import Figures, has_several, is_of_events
from aggregate.periods import DayRange
from aggregate.points import Interval, natural_interval
from aggregate.reading import Report
from core.sites import Site
from dashboards.language import Language
from dashboards.report.site_links import SiteLinks
from dashboards.report.view_state import Metric, ViewState
from dashboards.wording import threshold_in_words

_DAYS_BY_DAY = 92
_DAYS_BY_WEEK = 200
_NOT_OF_NOISE = frozenset({Metric.BOUNCE_RATE, Metric.VISIT_DURATION})
_MOST_STEPS = 400  # days in one graph; beyond, weeks or months


@dataclass(frozen=True, slots=True)
class SiteView:
    """What a page shows of a site, in whose language and time.

    ``now`` is local time; ``earliest`` is the first day of which there is a report; ``before`` is the report that
    ``report`` is compared with. ``k`` is how many visitors a row needs.
    """

    site: Site
    state: ViewState
    days: DayRange
    earliest: date | None
    report: Report
    before: Report | None
    links: SiteLinks
    language: Language
    now: datetime
    k: int

    @property
    def today(self) -> date:
        """The site's day."""
        return self.now.date()

    @property
    def is_several_days(self) -> bool:
        """Whether days are added up, so that visitors are visitor-days."""
        return self.days.days > 1

    @property
    def least(self) -> str:
        """How many visitors a row needs, in words."""
        return threshold_in_words(self.k, self.language, drawn=self.site.profile.rounds_everything)

    @property
    def is_exact(self) -> bool:
        """Whether totals are as they were counted: neither rounded nor with noise."""
        return not (self.report.rounded or self.report.noisy)

    @property
    def is_all_but(self) -> bool:
        """Whether the view is of all visits but those in the filter."""
        return self.state.where is not None and self.state.where.is_not

    @property
    def is_being_counted(self) -> bool:
        """Whether nothing is published yet of what is shown, so that there is no number, not even 0."""
        return bool(self.report.withheld) and not self.report.totals.visits

    @property
    def interval(self) -> Interval:
        """The step of the graph."""
        return interval_shown(self.state, self.days)

    def figure(self, figures: Figures, metric: Metric) -> float | None:
        """Give a metric of totals; None where there is nothing to be a rate of, or it is not told."""
        value: float | None = getattr(figures, metric) if self.is_told(metric) else None
        return value

    def is_told(self, metric: Metric) -> bool:
        """Tell whether reports have a metric: not all of them are told of days with noise and under a filter.

        An event's row counts visitors, visits and how often it came. The seconds of a page are those in view.
        """
        where = self.state.where
        if self.report.noisy and metric in _NOT_OF_NOISE:
            return False
        if where is None:
            return True
        if is_of_events(where.dimension):
            return metric in {Metric.VISITORS, Metric.VISITS}
        return metric is not Metric.VISIT_DURATION or not has_several(where.dimension)


def interval_shown(state: ViewState, days: DayRange) -> Interval:
    """Give the step of the graph: the chosen one if it suits the days, else what suits them best."""
    return state.interval if state.interval in intervals_of(days) else _natural(days)


def intervals_of(days: DayRange) -> tuple[Interval, ...]:
    """Give the steps in which so many days can be drawn."""
    if days.days == 1:
        return (Interval.HOUR,)
    longer = [step for step, least in ((Interval.WEEK, 8), (Interval.MONTH, 32)) if days.days >= least]
    return (*([Interval.DAY] if days.days <= _MOST_STEPS else []), *longer)


def _natural(days: DayRange) -> Interval:
    if days.days <= _DAYS_BY_DAY:
        return natural_interval(days)
    return Interval.WEEK if days.days <= _DAYS_BY_WEEK else Interval.MONTH
