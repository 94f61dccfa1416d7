"""Totals of a day, and its cells in every dimension, before anything is hidden."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from aggregate.cells import ABSENT, PROP, Cell, Figures
from aggregate.columns import Column, Numbers
from aggregate.props import props_key
from aggregate.visits import Occurrences, Visits
from core.sites import Site
from core.sql import sql
from core.store import Store

WHOLE_DAY = 255
"""The hour under which a day's own totals stand."""

_HOURS = 24
_MILLISECONDS = 1_000

Totals = tuple[int, ...]
"""An hour and its six figures."""


@dataclass(frozen=True, slots=True)
class LooseEvents:
    """Events that belong to no visit: pageviews and events by hour; figures by dimension and value."""

    by_hour: Mapping[int, tuple[int, int]]
    by_value: Mapping[str, Mapping[str, Figures]]


def read_loose_events(store: Store, site: Site, day: date) -> LooseEvents:
    """Read what belongs to no visit. Raises StoreError."""
    key = {"site": site.number, "day": day, "zone": site.timezone}
    hours: dict[int, tuple[int, int]] = {}
    values: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0, 0]))
    for dimension, value, hour, *counts in store.rows(sql("aggregate", "loose_events"), key):
        pageviews, events, _milliseconds = counts
        if events:
            before = hours.get(hour, (0, 0))
            hours[hour] = before[0] + pageviews, before[1] + events
        found = values[dimension][value]
        values[dimension][value] = [one + other for one, other in zip(found, counts, strict=True)]
    by_value = {
        dimension: {
            value: Figures(pageviews=pageviews, seconds=milliseconds // _MILLISECONDS, events=events)
            for value, (pageviews, events, milliseconds) in found.items()
        }
        for dimension, found in values.items()
    }
    for prop, value, events in store.rows(sql("aggregate", "loose_props"), props_key(site, day)):
        by_value.setdefault(PROP + prop, {})[value] = Figures(events=events)
    return LooseEvents(hours, by_value)


def day_totals(visits: Visits, loose: LooseEvents) -> list[Totals]:
    """Give exact totals: a row for each hour in which something came, and one for the day (hour 255).

    Visits, bounces and seconds are of the hour in which a visit began.
    """
    begun, bounces, seconds = (
        _sums(visits.hour, weights, _HOURS).tolist() for weights in (None, visits.bounced, visits.seconds)
    )
    rows: list[Totals] = []
    for hour in sorted(visits.by_hour.keys() | loose.by_hour.keys()):
        visitors, pageviews, events = visits.by_hour.get(hour, (0, 0, 0))
        more_pageviews, more_events = loose.by_hour.get(hour, (0, 0))
        pageviews, events = pageviews + more_pageviews, events + more_events
        rows.append((hour, visitors, begun[hour], pageviews, bounces[hour], seconds[hour], events))
    day = [sum(column) for column in zip(*rows, strict=True)] or [0] * 7
    return [*rows, (WHOLE_DAY, visits.visitors, *day[2:])]


def day_cells(visits: Visits, loose: LooseEvents, k: int) -> Iterator[tuple[str, list[Cell]]]:
    """Yield each dimension of which the day has something, and its cells.

    Who is in a cell is told of those of fewer than ``k`` visitors and, if there are such, of the smallest
    other: those which may come to be hidden together.
    """
    for dimension, found in visits.occurrences.items():
        cells = _occurrence_cells(visits, dimension, found, loose.by_value.get(dimension, {}), k)
        if cells:
            yield dimension, cells
    every = np.arange(visits.count)
    for dimension, column in visits.values.items():
        figures = (visits.pageviews, visits.bounced, visits.seconds, visits.events)
        cells = _cells(visits, every, column, figures, k)
        if cells:
            yield dimension, cells


def _occurrence_cells(
    visits: Visits, dimension: str, found: Occurrences, loose: Mapping[str, Figures], k: int
) -> list[Cell]:
    nothing = np.zeros(len(found.visit), np.int64)
    is_page = dimension == "page"
    figures = (
        found.times if is_page else nothing,
        visits.bounced[found.visit] if is_page else nothing,
        nothing,
        found.times,
    )
    cells = {cell.value: cell for cell in _cells(visits, found.visit, found.values, figures, k)}
    for value, more in loose.items():
        known = cells.get(value)
        # Time in view of a page that nobody was seen to open makes no row.
        if known is not None or more.events:
            members: frozenset[tuple[int, int]] = frozenset() if known is None else known.members
            cells[value] = Cell(value, more + (Figures() if known is None else known.figures), members)
    return list(cells.values())


def _cells(visits: Visits, visit: Numbers, column: Column, figures: tuple[Numbers, ...], k: int) -> list[Cell]:
    """Count rows of (visit, value): visitors, visits and what else each row counts for."""
    size = len(column.texts)
    first = visits.earlier(visit, column.codes) == 0
    visitors = _sums(column.codes[first], None, size)
    counted = [visitors, _sums(column.codes, None, size), *(_sums(column.codes, each, size) for each in figures)]
    members = _members(visits, visit, column, visitors, k)
    return [
        Cell(column.texts[code], Figures(*numbers), members.get(code, frozenset()))
        for code, numbers in enumerate(zip(*(each.tolist() for each in counted), strict=True))
        if numbers[1]
    ]


def _members(
    visits: Visits, visit: Numbers, column: Column, visitors: Numbers, k: int
) -> dict[int, frozenset[tuple[int, int]]]:
    hidden = (visitors < k) & (visitors > 0)
    if not hidden.any():
        return {}
    asked = hidden | (visitors == _smallest_seen(column, visitors, k))
    rows = np.flatnonzero(asked[column.codes])
    rows = rows[np.argsort(column.codes[rows], kind="stable")]
    codes, begins = np.unique(column.codes[rows], return_index=True)
    people = list(zip(visits.visitor[visit[rows]].tolist(), visit[rows].tolist(), strict=True))
    ends = [*begins[1:].tolist(), len(people)]
    return {
        code: frozenset(people[begin:end])
        for code, begin, end in zip(codes.tolist(), begins.tolist(), ends, strict=True)
    }


def _smallest_seen(column: Column, visitors: Numbers, k: int) -> int:
    seen = visitors >= k
    if ABSENT in column.texts:
        seen[column.texts.index(ABSENT)] = False
    return int(visitors[seen].min()) if seen.any() else -1


def _sums(codes: Numbers, weights: Numbers | None, size: int) -> NDArray[np.int64]:
    """Add up by code; sums below 2 to the 53 are exact."""
    return np.bincount(codes, weights, size).astype(np.int64)
