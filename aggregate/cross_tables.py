"""What of a two-way table may be seen, such as countries by browsers: pure.

The browsers of visitors from Germany are one row of such a table, the countries of Firefox one
column. Each number is in a row and in a column whose sums are known, so a hidden number could be
solved for. Statistical disclosure control calls the remedy secondary suppression; ours is a corner:
some rows and some columns are hidden whole, chosen so that where they cross there is as much as any
small number needs. A small number can then be nobody at all: its visits would be in a hidden column
of the same row, those of its column in a hidden row, and the corner would be so much less. No sum
that is seen would change.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from operator import add, ge, sub
from typing import NamedTuple

from aggregate.cells import Figures

HIDDEN = None
"""The row, or the column, of all values that are themselves hidden."""

Value = Hashable
"""A value of a dimension, or HIDDEN."""


class Place(NamedTuple):
    """Where a number stands in the table."""

    row: Value
    column: Value


Amount = tuple[int, ...]
"""What adds up along rows and columns: visits, pageviews, bounces, seconds, events."""

People = Mapping[Value, int]
"""How many visitors each row, or each column, has, as far as that is known."""


def seen_cells(cells: Mapping[Place, Figures], rows: People, columns: People, k: int) -> dict[Place, Figures]:
    """Give the cells of a whole table that may be seen; those of at least ``k`` visitors, at most.

    ``cells`` has every number that is not zero, those of HIDDEN rows and columns, too. What is hidden
    in a row or column comes to at least k visitors or to nothing.
    """
    small = [place for place, figures in cells.items() if figures.visitors < k]
    corner = _Corner(cells, small)
    seen = {
        place: figures
        for place, figures in cells.items()
        if figures.visitors >= k
        and HIDDEN not in place
        and place.row not in corner.rows
        and place.column not in corner.columns
    }
    for position, people in enumerate((rows, columns)):
        _hide_beside_small_remainders(cells, seen, position, people, k)
    return seen


def _hide_beside_small_remainders(
    cells: Mapping[Place, Figures], seen: dict[Place, Figures], position: int, people: People, k: int
) -> None:
    """Hide the smallest cell of every row (or column) whose hidden ones may be fewer than k people.

    They are at least as many as in the largest of them, and as are in no cell that is seen.
    """
    largest: dict[Value, int] = defaultdict(int)
    shown: dict[Value, int] = defaultdict(int)
    smallest: dict[Value, Place] = {}
    for place, figures in cells.items():
        line = place[position]
        if place not in seen:
            largest[line] = max(largest[line], figures.visitors)
            continue
        shown[line] += figures.visitors
        if line not in smallest or _is_smaller(place, smallest[line], seen):
            smallest[line] = place
    for line, place in smallest.items():
        if line in largest and max(largest[line], people.get(line, 0) - shown[line]) < k:
            del seen[place]


def _is_smaller(place: Place, than: Place, cells: Mapping[Place, Figures]) -> bool:
    one, other = cells[place].visitors, cells[than].visitors
    return one < other or (one == other and repr(place) < repr(than))


@dataclass(slots=True)
class _Side:
    """The rows, or the columns: those in the corner, and the others, smallest last."""

    sums: dict[Value, Amount] = field(default_factory=dict)
    waiting: list[Value] = field(default_factory=list)
    taken: int = 0
    """How many visits those in the corner have."""

    def take(self) -> Value:
        """Take the next one into the corner."""
        value = self.waiting.pop()
        self.taken += self.sums[value][0]
        return value


class _Corner:
    """Hidden rows and columns, grown from the smallest until every small number could be nobody."""

    def __init__(self, cells: Mapping[Place, Figures], small: Iterable[Place]) -> None:
        self.rows: dict[Value, Amount] = {}
        """What each of its rows has in its columns."""
        self.columns: dict[Value, Amount] = {}
        self._amounts = {place: _amount(figures) for place, figures in cells.items()}
        self._small = list(small)
        if not self._small:
            return
        self._need = tuple(map(max, zip(*(self._amounts[place] for place in self._small), strict=True)))
        self._total = (0,) * len(self._need)
        sides = _Side(), _Side()
        for place, amount in self._amounts.items():
            for side, value in zip(sides, place, strict=True):
                side.sums[value] = _plus(side.sums[value], amount) if value in side.sums else amount
        for side in sides:
            side.waiting = sorted(
                side.sums, key=lambda value: (value is not HIDDEN, side.sums[value][0], repr(value)), reverse=True
            )
        self._grow(*sides)

    def _grow(self, rows: _Side, columns: _Side) -> None:
        if HIDDEN in rows.sums:
            self._add_row(rows.take())
        if HIDDEN in columns.sums:
            self._add_column(columns.take())
        while (rows.waiting or columns.waiting) and not self._protects():
            # In small steps at first: of a table with a thousand rows each look at it takes 50 milliseconds.
            for _ in range(1 + (len(self.rows) + len(self.columns)) // 16):
                self._add_smallest(rows, columns)

    def _add_smallest(self, rows: "_Side", columns: "_Side") -> None:
        # Rows and columns of the same weight cross in the largest corner for what is hidden.
        if rows.waiting and (not columns.waiting or rows.taken <= columns.taken):
            self._add_row(rows.take())
        elif columns.waiting:
            self._add_column(columns.take())

    def _add_row(self, row: Value) -> None:
        self.rows[row] = self._nothing()
        for column in self.columns:
            self._count(Place(row, column))

    def _add_column(self, column: Value) -> None:
        self.columns[column] = self._nothing()
        for row in self.rows:
            self._count(Place(row, column))

    def _count(self, place: Place) -> None:
        amount = self._amounts.get(place)
        if amount is not None:
            self.rows[place.row] = _plus(self.rows[place.row], amount)
            self.columns[place.column] = _plus(self.columns[place.column], amount)
            self._total = _plus(self._total, amount)

    def _protects(self) -> bool:
        """Tell whether the corner, without a small number's own row and column, has what it needs."""
        if not _reaches(self._total, self._need):
            return False
        beside = {
            (
                place.row if place.row in self.rows else _OUTSIDE,
                place.column if place.column in self.columns else _OUTSIDE,
            )
            for place in self._small
        }
        return all(_reaches(self._without(row, column), self._need) for row, column in beside)

    def _without(self, row: Value, column: Value) -> Amount:
        nothing = self._nothing()
        left = _minus(_minus(self._total, self.rows.get(row, nothing)), self.columns.get(column, nothing))
        return _plus(left, self._amounts.get(Place(row, column), nothing) if row in self.rows else nothing)

    def _nothing(self) -> Amount:
        return (0,) * len(self._need)


_OUTSIDE = object()


def _amount(figures: Figures) -> Amount:
    # By name, because astuple takes ten times as long: a large day has a million numbers.
    return figures.visits, figures.pageviews, figures.bounces, figures.seconds, figures.events


def _plus(one: Amount, other: Amount) -> Amount:
    return tuple(map(add, one, other))


def _minus(one: Amount, other: Amount) -> Amount:
    return tuple(map(sub, one, other))


def _reaches(amount: Amount, need: Amount) -> bool:
    return all(map(ge, amount, need))
