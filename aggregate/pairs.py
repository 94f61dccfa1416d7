"""Counting pairs of values that visits have: the cells of two-way tables."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from aggregate.cells import Cell
from aggregate.columns import Column, Numbers
from aggregate.cross_tables import HIDDEN, Table
from aggregate.props import CarriedProp
from aggregate.visits import Occurrences, Visits

_MOST_PAIRS = 4_000_000  # counted at once: some hundred megabytes
_DENSE_SIZE = 65_536  # of a table whose every place is counted, though it may have few pairs


@dataclass(frozen=True, slots=True, eq=False)
class Axis:
    """A dimension as rows or columns of tables: numbers for its values, HIDDEN for all that are hidden.

    The other values are numbered in the order of their texts, and ``people`` are the visitors of each.
    ``visit``, ``number`` and ``times`` have a row for each visit and value, ordered by visit.
    """

    dimension: str
    texts: Sequence[str]
    people: Numbers
    visit: Numbers
    number: Numbers
    times: Numbers
    earlier: NDArray[np.uint64] = field(repr=False)
    """For each row the earlier visits of the same visitor that have the same value (see ``Visits``)."""

    def numbers_of(self, column: Column) -> Numbers:
        """Give the numbers of other rows' values."""
        return _numbers(self.texts, column)

    @property
    def size(self) -> int:
        """How many numbers its values have."""
        return len(self.texts)


def visit_axis(visits: Visits, dimension: str, values: Column, seen: Sequence[Cell]) -> Axis:
    """Make an axis of a dimension of which each visit has one value; ``seen`` are the cells that may be seen."""
    texts, people, number = _numbered(values, seen)
    every = np.arange(visits.count)
    return Axis(dimension, texts, people, every, number, np.ones_like(every), visits.earlier(every, number))


def occurrence_axis(visits: Visits, dimension: str, found: Occurrences, seen: Sequence[Cell]) -> Axis:
    """Make an axis of a dimension of which a visit has any number of values."""
    texts, people, number = _numbered(found.values, seen)
    # The values that are hidden have become one.
    places = found.visit * len(texts) + number
    places, (times,) = _added_up(places, visits.count * len(texts), [found.times])
    visit, number = np.divmod(places, len(texts))
    return Axis(dimension, texts, people, visit, number, times, visits.earlier(visit, number))


def _numbered(values: Column, seen: Sequence[Cell]) -> tuple[list[str], Numbers, Numbers]:
    """Give the texts of an axis, the visitors of each, and the number of each row of a column."""
    visitors = {cell.value: cell.figures.visitors for cell in seen if cell.value is not None}
    texts = ["", *sorted(visitors)]  # the empty text, which is never seen, stands for HIDDEN
    return texts, np.array([0, *(visitors[text] for text in texts[1:])], np.int64), _numbers(texts, values)


def _numbers(texts: Sequence[str], column: Column) -> Numbers:
    known = {text: number for number, text in enumerate(texts)}
    return np.array([known.get(text, HIDDEN) for text in column.texts], np.int64)[column.codes]


def table_of_visits(visits: Visits, rows: Axis, columns: Axis) -> Table:
    """Count visits by two of their dimensions."""
    figures = (visits.pageviews, visits.bounced, visits.seconds, visits.events)
    return _table(
        rows.number * columns.size + columns.number,
        (rows.earlier & columns.earlier) != 0,
        figures,
        (rows.size, columns.size),
    )


def table_of_occurrences(visits: Visits, rows: Axis, columns: Axis) -> Table:
    """Count pages or events (rows) by a dimension of visits: pageviews and events are those of the row."""
    pageviews = rows.times if rows.dimension == "page" else np.zeros_like(rows.times)
    return _table(
        rows.number * columns.size + columns.number[rows.visit],
        (rows.earlier & columns.earlier[rows.visit]) != 0,
        (pageviews, visits.bounced[rows.visit], np.zeros_like(rows.times), rows.times),
        (rows.size, columns.size),
    )


def table_of_both(visits: Visits, rows: Axis, columns: Axis) -> Table:
    """Count visits that have a page (row) and an event or prop (column), with their own pageviews and events."""
    found = []
    for one, other in _side_by_side(rows, columns):
        figures = (rows.times[one], visits.bounced[rows.visit[one]], np.zeros_like(one), columns.times[other])
        places = rows.number[one] * columns.size + columns.number[other]
        again = (rows.earlier[one] & columns.earlier[other]) != 0
        found.append(_table(places, again, figures, (rows.size, columns.size)))
    return _added_tables(found, (rows.size, columns.size))


def table_of_carried(visits: Visits, events: Axis, props: Axis, carried: CarriedProp) -> Table:
    """Count visits that have an event (row) with a value of a prop (column), and those events."""
    size = events.size * props.size
    places = events.numbers_of(carried.events) * props.size + props.numbers_of(carried.values)
    found, (times,) = _added_up(carried.visit * size + places, visits.count * size, [np.ones_like(places)])
    visit, places = np.divmod(found, size)
    nothing = np.zeros_like(times)
    figures = (nothing, visits.bounced[visit], nothing, times)
    return _table(places, visits.earlier(visit, places) != 0, figures, (events.size, props.size))


def table_by_itself(visits: Visits, axis: Axis) -> Table:
    """Count visits that have two pages, or two events: all other figures are those of the second, the column."""
    found = []
    for one, other in _side_by_side(axis, axis):
        is_pair = axis.number[one] != axis.number[other]
        row, column = one[is_pair], other[is_pair]
        times, nothing = axis.times[column], np.zeros_like(column)
        pageviews = times if axis.dimension == "page" else nothing
        figures = (pageviews, visits.bounced[axis.visit[row]], nothing, times)
        places = axis.number[row] * axis.size + axis.number[column]
        again = (axis.earlier[row] & axis.earlier[column]) != 0
        found.append(_table(places, again, figures, (axis.size, axis.size)))
    return _added_tables(found, (axis.size, axis.size))


def _side_by_side(rows: Axis, columns: Axis) -> Iterator[tuple[Numbers, Numbers]]:
    """Yield which rows of two axes are of the same visit, not too many pairs at once."""
    begins = np.searchsorted(columns.visit, rows.visit, "left")
    counts = np.searchsorted(columns.visit, rows.visit, "right") - begins
    parts = np.cumsum(counts) // _MOST_PAIRS
    for part in np.split(np.arange(len(counts)), np.flatnonzero(np.diff(parts)) + 1):
        one = np.repeat(part, counts[part])
        before = np.cumsum(counts[part]) - counts[part]
        yield one, np.arange(len(one)) - np.repeat(before - begins[part], counts[part])


def _table(places: Numbers, again: NDArray[np.bool_], figures: Sequence[Numbers], size: tuple[int, int]) -> Table:
    """Count rows by place (row * columns + column): visitors (those not ``again``), visits, other figures."""
    found, sums = _added_up(places, size[0] * size[1], [(~again).astype(np.int64), np.ones_like(places), *figures])
    rows, columns = np.divmod(found, size[1])
    return Table(rows, columns, sums[0], np.stack(sums[1:], axis=1))


def _added_tables(tables: Sequence[Table], size: tuple[int, int]) -> Table:
    if len(tables) == 1:
        return tables[0]
    places = np.concatenate([each.rows * size[1] + each.columns for each in tables])
    figures = np.concatenate([np.column_stack((each.visitors, each.amounts)) for each in tables])
    found, sums = _added_up(places, size[0] * size[1], list(figures.T))
    rows, columns = np.divmod(found, size[1])
    return Table(rows, columns, sums[0], np.stack(sums[1:], axis=1))


def _added_up(places: Numbers, size: int, figures: Sequence[Numbers]) -> tuple[Numbers, list[Numbers]]:
    """Give the places that there are, in order, and the sums of each; sums below 2 to the 53 are exact."""
    if size <= max(_DENSE_SIZE, 4 * len(places)):
        found = np.flatnonzero(np.bincount(places, minlength=size))
        return found, [np.bincount(places, each, size)[found].astype(np.int64) for each in figures]
    found, compact = np.unique(places, return_inverse=True)
    return found, [np.bincount(compact, each, len(found)).astype(np.int64) for each in figures]
