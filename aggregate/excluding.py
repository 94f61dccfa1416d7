"""All visits but some: what a report says without those of a filter, by subtracting one report from another."""

from dataclasses import replace

from aggregate.cells import Figures, Filter, has_several
from aggregate.periods import DayRange
from aggregate.points import Interval, Point, natural_interval, steps_of
from aggregate.reading import Report, read_report
from core.clock import days_between
from core.errors import PeriodError
from core.sites import Site
from core.store import Store


def read_all_but(
    store: Store, site: Site, days: DayRange, where: Filter, interval: Interval | None = None
) -> Report:
    """Read totals and graph of the visits that are not in a filter; there are no lists of them.

    Days on which the filter is not seen are ``hidden`` and left out whole, since what is not seen cannot be
    taken away. Who came twice, once in the filter and once not, is not among the visitors. Nothing is told that
    the two reports do not tell. Raises PeriodError for a dimension of which a visit may have several values,
    StoreError.
    """
    if has_several(where.dimension):
        raise PeriodError(f"A visit can have several values of {where.dimension}, so it cannot be excluded.")
    chosen = interval or natural_interval(days)
    step = Interval.HOUR if chosen is Interval.HOUR else Interval.DAY
    everything = read_report(store, site, days, (), None, step)
    part = read_report(store, site, days, (), where, step)
    unknown = {*part.hidden, *part.withheld}
    points = [
        replace(whole, figures=_difference(whole.figures, taken.figures, step))
        for whole, taken in zip(everything.points, part.points, strict=True)
    ]
    if step is Interval.HOUR and unknown:
        return replace(part, totals=Figures(), points=[Point(each.label, Figures()) for each in points])
    if step is Interval.HOUR:
        return replace(part, totals=everything.totals.without(part.totals), points=points)
    by_day = {
        day: point.figures
        for day, point in zip(days_between(days.first, days.last), points, strict=True)
        if day not in unknown
    }
    return replace(
        part,
        totals=sum(by_day.values(), Figures()),
        points=steps_of(days, chosen, by_day, part.unfinished),
    )


def _difference(whole: Figures, taken: Figures, step: Interval) -> Figures:
    """Take figures away; an hour of which the filter shows nothing may have had a few of them, so it is zero."""
    if step is Interval.HOUR and taken == Figures():
        return Figures()
    return whole.without(taken)
