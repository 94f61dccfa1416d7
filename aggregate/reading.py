"""Reading reports: the only way in which anything is shown.

Reads the report tables and the ledger, never events. A reader sees one whole roll of each
day (see ``aggregate.moments``). Months and parts of a month that lie in a range whole are read as
they were added up. A page's lists, and under a filter its graph, too, are one statement.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial

from aggregate.cells import (
    DIMENSIONS,
    FILTERED_DIMENSIONS,
    FILTERS,
    HOUR,
    OTHER,
    OWN,
    PARENTS,
    PROP,
    Cell,
    Figures,
    Filter,
    is_filter,
)
from aggregate.coverage import covered_under_filter, covered_without_filter, with_remainder
from aggregate.kept_reports import KeptReports
from aggregate.moments import Moment, Rolls, of_one_moment
from aggregate.open_lists import LISTED
from aggregate.periods import DayRange
from aggregate.points import Interval, Point, hours_of, natural_interval, steps_of
from aggregate.range_cells import Lists, read_cells, read_filtered
from aggregate.release import parent_of
from core.errors import PeriodError
from core.sites import Site
from core.sql import sql
from core.store import Store


@dataclass(frozen=True, slots=True)
class Report:
    """What is known of a site over a range of days.

    ``visitors`` of more than one day are visitor-days: a person counts anew each day.
    ``unfinished`` holds the days that are not closed; their rows move in steps.
    ``updated`` is the latest roll's time, None if nothing was published; a withheld day's roll, which would
    tell when its last visitor came, is left out.

    With a filter the totals are exact and the rows rounded to multiples of 5, none of them of an
    unfinished day, and "Other" is what they do not show of closed days. ``hidden`` holds the days on which the
    filter's value has too few visitors to be seen: nothing of those days is in the report.

    ``covered`` says of how many visitors each list is, which need not be those of the totals.
    ``begins`` is the first day of the range that is published. ``first_day`` is that of all the site's reports,
    where somebody looked it up to compare with this one.

    ``withheld`` are unfinished days of a profile that shows closed days only: nothing of them is in the
    report. ``rounded`` are days whose numbers are all rounded to tens (see ``aggregate.strict``): they need
    not add up, and no row is shown above its total. ``noisy`` are days with noise (see
    ``aggregate.differential_privacy``): of them, what is not published is 0.
    """

    days: DayRange
    totals: Figures
    points: list[Point]
    rows: dict[str, list[Cell]]
    unfinished: list[date]
    updated: datetime | None
    where: Filter | None = None
    hidden: list[date] = field(default_factory=list)
    withheld: list[date] = field(default_factory=list)
    rounded: list[date] = field(default_factory=list)
    noisy: list[date] = field(default_factory=list)
    covered: Mapping[str, int | None] = field(default_factory=dict)
    begins: date | None = None
    first_day: date | None = None

    def everyone(self, dimension: str) -> int | None:
        """Give of how many visitors the rows of a list are shares; None where that is not known."""
        return self.covered.get(dimension, self.totals.visitors)

    @property
    def days_without_reports(self) -> int:
        """How many of its days lie before the first day of all reports, so that nothing can be said to grow."""
        if self.first_day is None:
            return 0
        return min(self.days.days, max(0, (self.first_day - self.days.first).days))

    @property
    def size(self) -> int:
        """How many cells and points it has."""
        return len(self.points) + sum(map(len, self.rows.values()))


def read_report(
    store: Store,
    site: Site,
    days: DayRange,
    dimensions: Sequence[str] = (),
    where: Filter | None = None,
    interval: Interval | None = None,
    kept: KeptReports[Report] | None = None,
) -> Report:
    """Read totals, the graph and the cells of these dimensions, of all visits or of those in a filter.

    With ``kept``, a report that is in it needs one look at what is published, and no more. Raises PeriodError for
    a dimension or filter that reports do not have, and for hours of more than one day; StoreError.
    """
    chosen = interval or natural_interval(days)
    if chosen is Interval.HOUR and days.days > 1:
        raise PeriodError(
            "Hours are only available for a single day. Choose one day, or show days, weeks or months."
        )
    for dimension in dimensions:
        check_dimension(dimension)
    if where is not None:
        _check_filter(where, dimensions)

    def read(moment: Moment) -> Report:
        found = _find(store, site, days, moment, dimensions, where)
        totals = sum(found.by_day.values(), Figures())
        published = moment.days
        withheld = [each.day for each in published if each.is_withheld]
        rounded = [each.day for each in published if each.closed and each.profile.rounds_everything]
        seen = found.by_day.keys() | withheld
        closed = sum((found.by_day.get(each.day, Figures()) for each in published if each.closed), Figures())
        rows = {dimension: _rows(found.lists, dimension, closed, totals, where) for dimension in dimensions}
        return Report(
            days=days,
            totals=totals,
            points=_points(days, chosen, found, moment.open_days),
            rows={dimension: _at_most(cells, totals) for dimension, cells in rows.items()} if rounded else rows,
            unfinished=moment.open_days,
            updated=max((each.at for each in published if not each.is_withheld), default=None),
            where=where,
            hidden=[] if where is None else [each.day for each in published if each.day not in seen],
            withheld=withheld,
            rounded=rounded,
            noisy=[each.day for each in published if each.closed and each.profile.has_noise],
            covered={each: _covered(found.lists, each, closed, totals, where) for each in dimensions},
            begins=published[0].day if published else None,
        )

    if kept is None:
        return of_one_moment(store, site, days, read)
    asked = (site.number, days, tuple(dimensions), where, chosen)
    return of_one_moment(
        store, site, days, lambda moment: kept.of((asked, moment.identity), partial(read, moment))
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """Totals by day, of one day also by hour, and each dimension's cells, unsorted."""

    by_day: dict[date, Figures]
    by_hour: dict[int, Figures]
    lists: Lists


def _find(
    store: Store, site: Site, days: DayRange, moment: Moment, dimensions: Sequence[str], where: Filter | None
) -> _Found:
    if where is not None:
        return _find_filtered(store, site, days, moment, dimensions, where)
    lists = read_cells(store, site, moment.rolls, dimensions) if dimensions else {}
    by_day = {each.day: each.totals for each in moment.days if not each.is_withheld}
    return _Found(by_day, _hours(store, site, moment.rolls) if days.days == 1 else {}, lists)


def _hours(store: Store, site: Site, rolls: Rolls) -> dict[int, Figures]:
    rows = store.rows(sql("aggregate", "read_hours"), {"site": site.number, "day_rolls": rolls.days})
    return {hour: Figures(*figures) for hour, *figures in rows}


def _find_filtered(
    store: Store, site: Site, days: DayRange, moment: Moment, dimensions: Sequence[str], where: Filter
) -> _Found:
    versions = [name for name in dimensions if PARENTS.get(name) == where.dimension]
    listed = [OWN, *(name for name in dimensions if name not in versions), *[HOUR] * (days.days == 1)]
    lists = read_filtered(store, site, moment.rolls, listed, where, len(moment.days) - len(moment.open_days))
    by_day = {date.fromisoformat(cell.value or ""): cell.figures for cell in lists.pop(OWN, [])}
    by_hour = {int(cell.value or ""): cell.figures for cell in lists.pop(HOUR, [])}
    return _Found(by_day, by_hour, lists | _versions(store, site, moment.rolls, versions, where))


def _versions(store: Store, site: Site, rolls: Rolls, versions: Sequence[str], where: Filter) -> Lists:
    """Give the versions of the browser or system that is filtered by: they are the same without a filter.

    As with all lists under a filter, those of open days are left out.
    """
    if not versions:
        return {}
    closed = Rolls(rolls.spans, [each for each in rolls.days if each not in rolls.opened], [])
    lists = read_cells(store, site, closed, [*versions, where.dimension])
    names = [cell.value for cell in lists.get(where.dimension, []) if cell.value is not OTHER]
    return {
        dimension: [
            cell
            for cell in lists.get(dimension, [])
            if cell.value is not OTHER and parent_of(cell.value, names) == where.value
        ]
        for dimension in versions
    }


def _rows(lists: Lists, dimension: str, closed: Figures, totals: Figures, where: Filter | None) -> list[Cell]:
    found = sorted(lists.get(dimension, []), key=_place)
    return found if where is None else with_remainder(found, dimension, closed, totals, where)


def _covered(lists: Lists, dimension: str, closed: Figures, totals: Figures, where: Filter | None) -> int | None:
    if where is not None:
        return covered_under_filter(closed, totals, lists.get(dimension, []))
    return covered_without_filter(closed, lists.get(LISTED, []), dimension)


def _at_most(cells: list[Cell], totals: Figures) -> list[Cell]:
    """Cut rounded rows down to their totals: 50 of 40 visitors are nobody's."""
    cut = (replace(cell, figures=cell.figures.at_most(totals)) for cell in cells)
    return [cell for cell in cut if cell.figures.visitors]


def _check_filter(where: Filter, dimensions: Sequence[str]) -> None:
    if not is_filter(where.dimension):
        raise PeriodError(
            f"There is no filter by {where.dimension!r}; choose one of {', '.join(FILTERS)}, {PROP}KEY."
        )
    for dimension in dimensions:
        is_own_version = PARENTS.get(dimension) == where.dimension
        if dimension not in FILTERED_DIMENSIONS and not dimension.startswith(PROP) and not is_own_version:
            raise PeriodError(
                f"{dimension} is not listed under a filter; "
                f"choose one of {', '.join(FILTERED_DIMENSIONS)}, {PROP}KEY."
            )


def check_dimension(name: str) -> None:
    """Raise PeriodError for a dimension that reports do not have."""
    if name not in DIMENSIONS and not name.startswith(PROP):
        raise PeriodError(f"{name!r} is not a dimension; choose one of {', '.join(DIMENSIONS)}, {PROP}KEY.")


def read_ledger(store: Store, site_number: int, days: DayRange) -> dict[str, int]:
    """Give how many hits were received, stored, and dropped by reason.

    ``received`` equals ``stored`` and all reasons together. Site 0 holds what named no site.
    """
    parameters = {"site": site_number, "first": days.first, "last": days.last}
    return {str(row[0]): int(row[1]) for row in store.rows(sql("aggregate", "read_ledger"), parameters)}


def _points(days: DayRange, interval: Interval, found: _Found, open_days: list[date]) -> list[Point]:
    if interval is Interval.HOUR:
        return hours_of(days.first, found.by_hour)
    return steps_of(days, interval, found.by_day, open_days)


def _place(cell: Cell) -> tuple[object, ...]:
    """Give a cell's place in its list: most visitors first; "Other" stands last."""
    figures = cell.figures
    return cell.value is OTHER, -figures.visitors, -figures.pageviews, cell.value or ""
