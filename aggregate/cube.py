"""The cube: a day's report under every filter, as two-way tables of one dimension by another."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import NamedTuple

import numpy as np

from aggregate.cells import EVENT_DIMENSIONS, FILTERED_DIMENSIONS, FILTERS, HOUR, Cell, Figures, is_filter
from aggregate.columns import Column
from aggregate.cross_tables import Table, seen_cells, seen_of_itself
from aggregate.pairs import (
    Axis,
    occurrence_axis,
    table_by_itself,
    table_of_both,
    table_of_carried,
    table_of_occurrences,
    table_of_visits,
    visit_axis,
)
from aggregate.rounding import Rounding, rounding_key
from aggregate.visits import Visits
from core.sites import Site
from core.store import Store

_BY_VISIT = tuple(name for name in FILTERED_DIMENSIONS if name not in EVENT_DIMENSIONS)
_HOURS = [Cell(str(hour), Figures()) for hour in range(24)]


class FilteredCell(NamedTuple):
    """A number of the report under a filter: of those with ``filter_value``, so many have ``value``."""

    filter: str
    filter_value: str
    dimension: str
    value: str
    figures: tuple[int, ...]


def filtered_cells(
    store: Store,
    site: Site,
    day: date,
    seen: Mapping[str, Sequence[Cell]],
    k: int,
    visits: Visits,
    rounding: Rounding | None = None,
) -> Iterator[FilteredCell]:
    """Give all cells of a closed day that may be seen under a filter, rounded. Raises StoreError.

    ``seen`` are the cells of each dimension that are seen without a filter: what is hidden there
    is hidden here. ``rounding`` is by the day's key, to multiples of five unless another is given.
    """
    rounding = rounding or Rounding(rounding_key(store, site, day))
    for rows, columns, table in _tables(visits, seen):
        if rows is columns:
            yield from _seen_of_itself(rows, table, k, rounding)
        else:
            yield from _seen(rows, columns, table, k, rounding)


def _tables(visits: Visits, seen: Mapping[str, Sequence[Cell]]) -> Iterator[tuple[Axis, Axis, Table]]:
    of_visits = [visit_axis(visits, name, visits.values[name], seen.get(name, ())) for name in _BY_VISIT]
    hours = Column(visits.hour, [each.value or "" for each in _HOURS])
    of_visits.append(visit_axis(visits, HOUR, hours, _HOURS))
    for rows, columns in combinations(of_visits, 2):
        if {rows.dimension, columns.dimension} & {*FILTERS}:
            yield rows, columns, table_of_visits(visits, rows, columns)
    several = {
        name: occurrence_axis(visits, name, found, seen.get(name, ()))
        for name, found in visits.occurrences.items()
    }
    for rows in several.values():
        for columns in of_visits:
            yield rows, columns, table_of_occurrences(visits, rows, columns)
    pages, events = several["page"], several["event"]
    for axis in (pages, events):
        yield axis, axis, table_by_itself(visits, axis)
    yield pages, events, table_of_both(visits, pages, events)
    for name, prop in visits.props.items():
        yield pages, several[name], table_of_both(visits, pages, several[name])
        yield events, several[name], table_of_carried(visits, events, several[name], prop)


def _seen(rows: Axis, columns: Axis, table: Table, k: int, rounding: Rounding) -> Iterator[FilteredCell]:
    found = np.flatnonzero(seen_cells(table, rows.people, columns.people, k))
    row_texts = [rows.texts[number] for number in table.rows[found].tolist()]
    column_texts = [columns.texts[number] for number in table.columns[found].tolist()]
    one, other = rows.dimension, columns.dimension
    places = [(one, row, other, column) for row, column in zip(row_texts, column_texts, strict=True)]
    figures = np.column_stack((table.visitors[found], table.amounts[found]))
    for (_one, row, _other, column), numbers in zip(places, rounding.rounded_all(figures, places), strict=True):
        if is_filter(one):
            yield FilteredCell(one, row, other, column, tuple(numbers))
        if is_filter(other):
            yield FilteredCell(other, column, one, row, tuple(numbers))


def _seen_of_itself(axis: Axis, table: Table, k: int, rounding: Rounding) -> Iterator[FilteredCell]:
    found = np.flatnonzero(seen_of_itself(table, axis.size, k))
    dimension, texts = axis.dimension, axis.texts
    pairs = [
        (texts[row], texts[column])
        for row, column in zip(table.rows[found].tolist(), table.columns[found].tolist(), strict=True)
    ]
    # The visits of two values are one number, so they are rounded alike under either.
    places = [(dimension, min(pair), dimension, max(pair)) for pair in pairs]
    figures = np.column_stack((table.visitors[found], table.amounts[found]))
    for (row, column), numbers in zip(pairs, rounding.rounded_all(figures, places), strict=True):
        yield FilteredCell(dimension, row, dimension, column, tuple(numbers))
