"""Reading reports: the only way in which anything is shown.

Reads the report tables and the ledger, never events. A reader sees one whole roll of each
day: the rolls are looked up, read, and looked up again; if one was published meanwhile, all
is read anew.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from aggregate.cells import (
    DIMENSIONS,
    EVENT_DIMENSIONS,
    FILTERED_DIMENSIONS,
    FILTERS,
    HOUR,
    OTHER,
    Cell,
    Figures,
    Filter,
)
from aggregate.periods import DayRange
from aggregate.rolling import WHOLE_DAY
from aggregate.rounding import BASE
from core.clock import days_between
from core.errors import PeriodError, StoreUnavailableError
from core.profiles import Profile
from core.sites import Site
from core.sql import sql
from core.store import Row, Store

_MOST_TRIES = 20  # a day is rolled every minute at most: the second try is already rare
_HOURS = 24

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class PublishedDay:
    """The roll of a day that readers see; ``at`` is when it was made."""

    day: date
    closed: bool
    roll: int
    at: datetime
    profile: Profile

    @property
    def is_withheld(self) -> bool:
        """Whether nothing of the day is shown yet: it is open, and its profile shows closed days only."""
        return not self.closed and not self.profile.shows_open_days


@dataclass(frozen=True, slots=True)
class Point:
    """One step of a graph: a local hour (``2026-05-17T13``) or a day (``2026-05-17``)."""

    label: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Report:
    """What is known of a site over a range of days.

    ``visitors`` of more than one day are visitor-days: a person counts anew each day.
    ``unfinished`` holds the days that are not closed; their rows move in steps.
    ``updated`` is the latest roll's time, None if nothing was published; a withheld day's roll, which would
    tell when its last visitor came, is left out.

    With a filter the totals are exact and the rows rounded to multiples of 5, none of them of an
    unfinished day. ``hidden`` holds the days on which the filter's value has too few visitors to be
    seen: nothing of those days is in the report.

    ``withheld`` are unfinished days of a profile that shows closed days only: nothing of them is in the
    report. ``rounded`` are days whose numbers are all rounded to tens (see ``aggregate.strict``): they need
    not add up, and no row is shown above its total.
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


def read_report(
    store: Store, site: Site, days: DayRange, dimensions: Sequence[str] = (), where: Filter | None = None
) -> Report:
    """Read totals, the graph and the cells of these dimensions, of all visits or of those in a filter.

    Raises PeriodError for a dimension or filter that reports do not have, StoreError.
    """
    for dimension in dimensions:
        check_dimension(dimension)
    if where is not None:
        _check_filter(where, dimensions)

    def read(published: list[PublishedDay]) -> Report:
        found = _read_all(store, site, days, dimensions, where)
        by_day = [row for row in found.totals if row[1] == WHOLE_DAY]
        totals = sum(map(_figures, by_day), Figures())
        withheld = [each.day for each in published if each.is_withheld]
        rounded = [each.day for each in published if each.closed and each.profile.rounds_everything]
        seen = {date.fromisoformat(row[0]) for row in by_day} | {*withheld}
        rows = {dimension: _rows(found.cells, dimension, totals, where) for dimension in dimensions}
        return Report(
            days=days,
            totals=totals,
            points=_points(days, found.totals),
            rows={dimension: _at_most(cells, totals) for dimension, cells in rows.items()} if rounded else rows,
            unfinished=[each.day for each in published if not each.closed],
            updated=max((each.at for each in published if not each.is_withheld), default=None),
            where=where,
            hidden=[] if where is None else [each.day for each in published if each.day not in seen],
            withheld=withheld,
            rounded=rounded,
        )

    return _of_one_moment(store, site, days, read)


@dataclass(frozen=True, slots=True)
class _Found:
    """Rows of totals (day, hour, figures) and of cells (dimension, is it Other, value, figures)."""

    totals: list[Row]
    cells: list[Row]


def _read_all(store: Store, site: Site, days: DayRange, dimensions: Sequence[str], where: Filter | None) -> _Found:
    keys = _keys(site, days)
    if where is None:
        cells = store.rows(sql("aggregate", "read_cells"), {**keys, "dimensions": list(dimensions)})
        return _Found(store.rows(sql("aggregate", "read_totals"), keys), cells)
    keys |= {"filter": where.dimension, "filter_value": where.value}
    listed = [*dimensions, HOUR] if days.days == 1 else list(dimensions)
    cells = store.rows(sql("aggregate", "read_filtered"), {**keys, "dimensions": listed})
    hours = [[str(days.first), int(row[2]), *row[3:]] for row in cells if row[0] == HOUR]
    return _Found(store.rows(sql("aggregate", "read_filter_days"), keys) + hours, cells)


def _rows(cells: list[Row], dimension: str, totals: Figures, where: Filter | None) -> list[Cell]:
    """Give a list; under a filter with what it does not show as "Other", where rows add up to the total."""
    if where is None:
        return _cells(cells, dimension)
    if dimension == where.dimension:
        return [Cell(where.value, totals)] if totals.visits else []
    found = _cells(cells, dimension)
    if not found or dimension in EVENT_DIMENSIONS or where.dimension == "event":
        return found
    shown = sum((cell.figures for cell in found), Figures())
    left = totals.without(shown).in_steps(BASE)
    return [*found, Cell(OTHER, left)] if left.visits else found


def _at_most(cells: list[Cell], totals: Figures) -> list[Cell]:
    """Cut rounded rows down to their totals: 50 of 40 visitors are nobody's."""
    cut = (Cell(cell.value, cell.figures.at_most(totals)) for cell in cells)
    return [cell for cell in cut if cell.figures.visitors]


def _check_filter(where: Filter, dimensions: Sequence[str]) -> None:
    if where.dimension not in FILTERS:
        raise PeriodError(f"Nothing is filtered by {where.dimension!r}; choose one of {', '.join(FILTERS)}.")
    for dimension in dimensions:
        if dimension not in FILTERED_DIMENSIONS:
            raise PeriodError(
                f"{dimension} is not listed under a filter; choose one of {', '.join(FILTERED_DIMENSIONS)}."
            )


def check_dimension(name: str) -> None:
    """Raise PeriodError for a dimension that reports do not have."""
    if name not in DIMENSIONS:
        raise PeriodError(f"{name!r} is no dimension; choose one of {', '.join(DIMENSIONS)}.")


def read_ledger(store: Store, site_number: int, days: DayRange) -> dict[str, int]:
    """Give how many hits were received, stored, and dropped by reason.

    ``received`` equals ``stored`` and all reasons together. Site 0 holds what named no site.
    """
    parameters = {"site": site_number, "first": days.first, "last": days.last}
    return {str(row[0]): int(row[1]) for row in store.rows(sql("aggregate", "read_ledger"), parameters)}


def _of_one_moment(
    store: Store, site: Site, days: DayRange, read: Callable[[list[PublishedDay]], Answer]
) -> Answer:
    published = _published(store, site, days)
    for _try in range(_MOST_TRIES):
        answer = read(published)
        now_published = _published(store, site, days)
        if now_published == published:
            return answer
        published = now_published
    raise StoreUnavailableError("The report was published anew each time it was read; try again.")


def _published(store: Store, site: Site, days: DayRange) -> list[PublishedDay]:
    return [
        PublishedDay(date.fromisoformat(day), closed, roll, datetime.fromisoformat(at), Profile(profile))
        for day, closed, roll, at, profile in store.rows(sql("aggregate", "read_published"), _keys(site, days))
    ]


def _keys(site: Site, days: DayRange) -> dict[str, object]:
    return {"site": site.number, "first": days.first, "last": days.last}


def _figures(row: Row) -> Figures:
    return Figures(*row[-6:])


def _points(days: DayRange, totals: list[Row]) -> list[Point]:
    """Give the graph: hours of one day, else days; a step without visits is zero."""
    if days.days == 1:
        by_hour = {row[1]: _figures(row) for row in totals}
        return [Point(f"{days.first}T{hour:02d}", by_hour.get(hour, Figures())) for hour in range(_HOURS)]
    by_day = {row[0]: _figures(row) for row in totals if row[1] == WHOLE_DAY}
    return [Point(str(day), by_day.get(str(day), Figures())) for day in days_between(days.first, days.last)]


def _cells(rows: list[Row], dimension: str) -> list[Cell]:
    """Give a dimension's cells, most visitors first; "Other" stands last."""
    found = [Cell(OTHER if row[1] else row[2], _figures(row)) for row in rows if row[0] == dimension]
    return sorted(
        found,
        key=lambda cell: (
            cell.value is OTHER,
            -cell.figures.visitors,
            -cell.figures.pageviews,
            cell.value or "",
        ),
    )
