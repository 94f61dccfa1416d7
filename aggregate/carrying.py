"""What small numbers may be seen once they are added up over a span of days: pure.

What a day hides is carried as bare integers to its part of the month, and from there to the month. A
value whose numbers come to k there may be seen, as one number for the whole span. That number must not
tell of a single day: what all values of a day hide is known (it is the total less what is seen), so days
by values are a two-way table, and a value that can only have come on two days tells of both. Therefore a
number is released only if each small one in it could be nobody: its visits, taken by other hidden values
on that day, which have as many less on other days, on which the value still may have come. No sum that is
seen would change. The remedy for a number that fails is to keep the smallest of all, which then is among
what hides the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from aggregate.cells import ABSENT, Cell, Figures

Hidden = Mapping[str, Mapping[date, Figures]]
"""For each value, what was hidden of it, by day."""

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

_VISITORS, _VISITS = 0, 1
"""Where they stand among the six metrics."""
_METRICS = 6


@dataclass(frozen=True, slots=True)
class Row:
    """A value of which one number is known: what it had, by day, and the days that the number is of."""

    value: str
    by_day: Mapping[date, Figures]
    days: frozenset[date]

    @property
    def figures(self) -> Figures:
        """The number that is known, once this is released."""
        return sum(self.by_day.values(), Figures())

    @property
    def cell(self) -> Cell:
        """The number as a cell of the span."""
        return Cell(self.value, self.figures)


def release_carried(
    hidden: Hidden,
    seen: Mapping[str, frozenset[date]],
    parts: Sequence[Sequence[date]],
    k: int,
    released: Sequence[Row] = (),
    *,
    keeps_some: bool = False,
) -> list[Row]:
    """Give the values whose numbers over a span come to at least ``k`` visitor-days and may be seen.

    ``hidden`` is what was neither seen by day nor released before; ``seen`` are the days on which a value
    was. ``parts`` are the span's days, in the groups of days that must not be told of either: of a part
    of the month one day each, of a month its parts. ``released`` are the rows that parts of the span have
    released. The cell ABSENT, of those without a value, is never released. The order does not matter.

    Values are an open set: whoever is hidden may have had one that nobody knows of. What stays hidden is
    nothing, or at least k visitor-days; with ``keeps_some`` it is never nothing.
    """
    days = [day for part in parts for day in part]
    rows = [
        Row(value, by_day, frozenset(days) - seen.get(value, frozenset()) - _days_of(value, released))
        for value, by_day in hidden.items()
    ]
    waiting = sorted((row for row in rows if _is_enough(row, k)), key=_smallest_last)
    rest = _Rest(days)
    for row in rows:
        if not _is_enough(row, k):
            rest.add(row)
    most = len(waiting)
    while waiting and not (
        rest.is_enough(k, nothing_is=not keeps_some) and _Table([*waiting, *released], rest, k).protects(parts)
    ):
        # In small steps at first, as with rows and columns of a two-way table.
        for _ in range(min(len(waiting), 1 + (most - len(waiting)) // 16)):
            rest.add(waiting.pop())
    return waiting


def _is_enough(row: Row, k: int) -> bool:
    return row.value != ABSENT and row.figures.visitors >= k


def _smallest_last(row: Row) -> tuple[int, str]:
    return -row.figures.visitors, row.value


def _days_of(value: str, rows: Sequence[Row]) -> frozenset[date]:
    return frozenset[date]().union(*(row.days for row in rows if row.value == value))


class _Rest:
    """All that stays hidden, by day."""

    def __init__(self, days: Sequence[date]) -> None:
        self.days = days
        self.amounts = np.zeros((len(days), _METRICS), np.int64)
        self._people = np.zeros(len(days), np.int64)

    def add(self, row: Row) -> None:
        """Hide a value."""
        amounts = _by_day(row, self.days)
        self.amounts += amounts
        self._people = np.maximum(self._people, amounts[:, _VISITORS])

    def is_enough(self, k: int, *, nothing_is: bool) -> bool:
        """Tell whether it is at least k visitor-days, or nothing where that is allowed.

        A day's people are at least those of its largest value.
        """
        return int(self._people.sum()) >= k or (nothing_is and not self.amounts.any())


class _Table:
    """Days by values: the rows whose sums are known, and beside them all that stays hidden, as one."""

    def __init__(self, rows: Sequence[Row], rest: _Rest, k: int) -> None:
        self._k = k
        self._days = rest.days
        self._rest = rest.amounts
        self._amounts: Integers = np.stack([_by_day(row, rest.days) for row in rows])
        """Of each row by day: the six metrics."""
        self._open: Flags = np.array([[day in row.days for day in rest.days] for row in rows])
        """Whether a row's number is also of that day."""

    def protects(self, parts: Sequence[Sequence[date]]) -> bool:
        """Tell whether every small number, of a day or of one of the parts, could be nobody."""
        place = {day: number for number, day in enumerate(self._days)}
        groups = [[number] for number in place.values()]
        groups += [[place[day] for day in part] for part in parts if len(part) > 1]
        return all(self._protects_in(group) for group in groups)

    def _protects_in(self, group: Sequence[int]) -> bool:
        outside = np.ones(len(self._days), np.bool_)
        outside[group] = False
        there: Integers = (self._amounts * (self._open & ~outside)[:, :, None]).sum(axis=1)
        is_small = there.any(axis=1) & (there[:, _VISITORS] < self._k)
        elsewhere = self._open & outside
        is_safe = self._has_room(there, self._amounts, elsewhere, self._rest)
        doubtful: list[int] = np.flatnonzero(is_small & ~is_safe).tolist()
        return all(self._has_room_beside_rows(row, there[row], outside) for row in doubtful)

    def _has_room_beside_rows(self, row: int, there: Integers, outside: Flags) -> bool:
        """Look for room among the other rows as well: those that could take this one's people there."""
        inside = ~outside
        together = self._amounts[:, inside, _VISITORS] + self._amounts[row, inside, _VISITORS]
        takes = ((together < self._k) & self._open[:, inside]).all(axis=1)
        takes[row] = False
        room = self._rest + (self._amounts * (self._open & outside)[:, :, None])[takes].sum(axis=0)
        elsewhere = (self._open[row] & outside)[None]
        return bool(self._has_room(there[None], self._amounts[row][None], elsewhere, room)[0])

    def _has_room(self, there: Integers, amounts: Integers, elsewhere: Flags, room: Integers) -> Flags:
        """Tell for each row whether the other days have room for what it has there, in every metric."""
        metrics = elsewhere.astype(np.int64) @ room[:, _VISITS:]
        # On no day more than k - 1: with more it would have been seen.
        headroom = np.clip(self._k - 1 - amounts[:, :, _VISITORS], 0, room[:, _VISITS])
        people = (headroom * elsewhere).sum(axis=1)
        enough: Flags = (metrics >= there[:, _VISITS:]).all(axis=1) & (people >= there[:, _VISITORS])
        return enough


def _by_day(row: Row, days: Sequence[date]) -> Integers:
    return np.array([row.by_day.get(day, Figures()).numbers for day in days], np.int64)
