"""What of a two-way table may be seen, such as countries by browsers: pure.

The browsers of visitors from Germany are one row of such a table, the countries of Firefox one
column. Each number is in a row and in a column whose sums are known, so a hidden number could be
solved for. Statistical disclosure control calls the remedy secondary suppression; ours is a corner:
some rows and some columns are hidden whole, chosen so that where they cross there is as much as any
small number needs. A small number can then be nobody at all: its visits would be in a hidden column
of the same row, those of its column in a hidden row, and the corner would be so much less. No sum
that is seen would change. What the corner is asked for is also visits that are like the small number's:
visits that did not bounce, visitors, and so on (decision 15).
"""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from aggregate.columns import Numbers

HIDDEN = 0
"""The number of the row, or the column, of all values that are themselves hidden."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A two-way table: a line for each of its numbers that is not zero, those of HIDDEN, too.

    ``rows`` and ``columns`` say where it stands, ``visitors`` how many they are. ``amounts`` add up along
    rows and columns: visits, pageviews, bounces, seconds, events.
    """

    rows: Numbers
    columns: Numbers
    visitors: Numbers
    amounts: Numbers

    def __len__(self) -> int:
        """How many numbers."""
        return len(self.rows)


def seen_cells(table: Table, rows: Numbers, columns: Numbers, k: int) -> Mask:
    """Tell which cells of a whole table may be seen; those of at least ``k`` visitors, at most.

    ``rows`` and ``columns`` are how many visitors each has, 0 where that is not known. What is hidden in a
    row or column comes to at least k visitors or to nothing.
    """
    seen: Mask = (table.visitors >= k) & (table.rows != HIDDEN) & (table.columns != HIDDEN)
    if not seen.any():
        return seen
    small = np.flatnonzero(table.visitors < k)
    if len(small):
        in_corner = _corner(_likened(table), small, len(rows), len(columns))
        seen &= ~in_corner[0][table.rows] & ~in_corner[1][table.columns]
    _hide_beside_small_remainders(table, seen, (table.rows, table.columns), rows, k)
    _hide_beside_small_remainders(table, seen, (table.columns, table.rows), columns, k)
    return seen


def seen_of_itself(table: Table, size: int, k: int) -> Mask:
    """Tell which cells may be seen of a table of a dimension by itself, such as pages by pages.

    A row is what is listed under a value, without the value itself. Of each two values the table has two
    cells with the same visits: both are seen or none. ``size`` is how many rows it has.
    """
    seen: Mask = (table.visitors >= k) & (table.rows != HIDDEN) & (table.columns != HIDDEN)
    if not seen.any():
        return seen
    mirror = _mirror(table, size)
    small = np.flatnonzero(table.visitors < k)
    if len(small):
        in_corner = _own_corner(_likened(table), small, size, mirror)
        seen &= ~in_corner[table.rows] & ~in_corner[table.columns]
    _hide_beside_small_remainders(table, seen, (table.rows, table.columns), np.zeros(size, np.int64), k)
    return seen & seen[mirror]


def _likened(table: Table) -> Table:
    """Give the table with what tells visits apart among its amounts.

    Not with visits beyond visitors and events beyond visits: asking for those as well would hide half of what
    a day of a million events shows under filters.
    """
    visits, pageviews, bounces, _seconds, _events = table.amounts.T
    more = (table.visitors, visits - bounces, pageviews - bounces)
    # Of pages by events pageviews are those of one, bounces of neither.
    countable = [amount for amount in more if len(amount) and amount.min() >= 0]
    return replace(table, amounts=np.column_stack((table.amounts, *countable)))


def _mirror(table: Table, size: int) -> Numbers:
    """Give for each cell the place of the one with row and column exchanged."""
    places, mirrored = table.rows * size + table.columns, table.columns * size + table.rows
    order = np.argsort(places)
    return order[np.searchsorted(places, mirrored, sorter=order)]


def _hide_beside_small_remainders(
    table: Table, seen: Mask, places: tuple[Numbers, Numbers], people: Numbers, k: int
) -> None:
    """Hide the smallest cell of every row (or column) whose hidden ones may be fewer than k people.

    They are at least as many as in the largest of them, and as are in no cell that is seen.
    """
    lines, across = places
    largest = np.zeros(len(people), np.int64)
    np.maximum.at(largest, lines[~seen], table.visitors[~seen])
    shown = np.bincount(lines[seen], table.visitors[seen], len(people)).astype(np.int64)
    hides_few = (largest > 0) & (np.maximum(largest, people - shown) < k)
    chosen = np.flatnonzero(seen & hides_few[lines])
    chosen = chosen[np.lexsort((across[chosen], table.visitors[chosen], lines[chosen]))]
    seen[chosen[np.unique(lines[chosen], return_index=True)[1]]] = False


def _corner(table: Table, small: Numbers, row_count: int, column_count: int) -> tuple[Mask, Mask]:
    """Choose hidden rows and columns, from the smallest, until every small number could be nobody."""
    row_steps, column_steps, hidden, steps = _order(table, row_count, column_count)
    joins = np.maximum(row_steps[table.rows], column_steps[table.columns])
    need = table.amounts[small].max(axis=0)
    step = _first_step(hidden, steps, lambda step: _protects(table, joins < step, small, need))
    return row_steps < step, column_steps < step


def _own_corner(table: Table, small: Numbers, size: int, mirror: Numbers) -> Mask:
    """Choose values that are hidden both as rows and as columns, until every small number could be nobody."""
    visits = np.bincount(table.rows, table.amounts[:, 0], size).astype(np.int64)
    present = np.flatnonzero(visits)
    order = present[np.lexsort((present, visits[present], present != HIDDEN))]
    joins = np.full(size, len(order), np.int64)
    joins[order] = np.arange(len(order))
    inside = np.maximum(joins[table.rows], joins[table.columns])
    # A number's mirror image is moved with it, and both come out of the same corner.
    need = 2 * table.amounts[small].max(axis=0)
    hidden = int((order[:1] == HIDDEN).sum())
    step = _first_step(hidden, len(order), lambda step: _protects_both(table, inside < step, small, need, mirror))
    return joins < step


def _first_step(first: int, last: int, protects: Callable[[int], bool]) -> int:
    """Give the first step, of those looked at, from which on the corner protects; else the last."""
    looks = [first]
    while looks[-1] < last:  # in steps that grow with it, as few rows or columns more do not matter then
        looks.append(min(last, looks[-1] + 1 + looks[-1] // 16))
    # The larger the corner, the more it protects.
    return looks[bisect_left(looks[:-1], x=True, key=protects)]


def _order(table: Table, row_count: int, column_count: int) -> tuple[Numbers, Numbers, int, int]:
    """Tell at which step each row and each column would join the corner, from 0, the smallest first.

    HIDDEN ones come before all others. Besides, give how many of those there are, and how many steps in all.
    Rows and columns take turns by what has joined of either: those of the same weight cross in the largest
    corner for what is hidden.
    """
    keys, lines = [], []
    for numbers, count in ((table.rows, row_count), (table.columns, column_count)):
        weights = np.bincount(numbers, table.amounts[:, 0], count).astype(np.int64)
        present = np.flatnonzero(np.bincount(numbers, minlength=count))
        order = present[np.lexsort((present, weights[present], present != HIDDEN))]
        taken = np.cumsum(weights[order]) - weights[order]
        taken[order == HIDDEN] = -1
        keys.append(taken)
        lines.append(order)
    hidden = sum(int((each == -1).sum()) for each in keys)
    turns = np.argsort(np.concatenate(keys), kind="stable")
    steps = np.empty(len(turns), np.int64)
    steps[turns] = np.arange(len(turns))
    found = []
    for order, own, count in zip(lines, np.split(steps, [len(lines[0])]), (row_count, column_count), strict=True):
        joins = np.full(count, len(turns), np.int64)
        joins[order] = own
        found.append(joins)
    return found[0], found[1], hidden, len(turns)


def _protects(table: Table, inside: Mask, small: Numbers, need: Numbers) -> bool:
    """Tell whether the corner, without a small number's own row and column, has what it needs."""
    rows, columns, amounts = table.rows[inside], table.columns[inside], table.amounts[inside]
    total = amounts.sum(axis=0)
    if (total < need).any():
        return False
    of_rows = _sums(rows, amounts, int(table.rows.max()) + 1)
    of_columns = _sums(columns, amounts, int(table.columns.max()) + 1)
    twice = table.amounts[small] * inside[small, np.newaxis]
    left = total - of_rows[table.rows[small]] - of_columns[table.columns[small]] + twice
    return bool((left >= need).all())


def _protects_both(table: Table, inside: Mask, small: Numbers, need: Numbers, mirror: Numbers) -> bool:
    """Tell whether the corner, without both rows and columns of a small number's values, has what it needs."""
    rows, columns, amounts = table.rows[inside], table.columns[inside], table.amounts[inside]
    size = int(table.rows.max()) + 1
    of_values = _sums(rows, amounts, size) + _sums(columns, amounts, size)
    twice = (table.amounts[small] + table.amounts[mirror[small]]) * inside[small, np.newaxis]
    left = amounts.sum(axis=0) - of_values[table.rows[small]] - of_values[table.columns[small]] + twice
    return bool((left >= need).all())


def _sums(lines: Numbers, amounts: Numbers, count: int) -> Numbers:
    """Add up the amounts of each row, or of each column."""
    found = np.zeros((count, amounts.shape[1]), np.int64)
    for metric in range(amounts.shape[1]):
        found[:, metric] = np.bincount(lines, amounts[:, metric], count)
    return found
