"""What small numbers may be seen once they are added up over a span of days: pure.

What a day hides is carried as bare integers to its part of the month, and from there to the month. A
value whose numbers come to k there may be seen, as one number for the whole span. That number must not
tell of a single day: what all values of a day hide is known (it is the total less what is seen), so days
by values are a two-way table, and a value that can only have come on two days tells of both. Therefore a
number is released only if each small one in it could be nobody: its visits, taken by other hidden values
on that day, which have as many less on other days, on which the value still may have come. No sum that is
seen would change. The remedy for a number that fails is to keep the smallest of all, which then is among
what hides the others.

Others can be in its place only if they are like it: all that are hidden elsewhere may have bounced, and these
not. So it is looked for in shares: a third of it may be found on one day if there is a third of its visitors
there, of its visits that did not bounce, and so on, and the other two thirds on other days.
"""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from aggregate.cells import ABSENT, Cell, Figures

Hidden = Mapping[str, Mapping[date, Figures]]
"""For each value, what was hidden of it, by day."""

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Shares = NDArray[np.float64]

_VISITORS = 0
"""Where they stand among the six metrics."""
_METRICS = 6

_LONGEST_PAUSE = 1_800  # seconds: with a longer one a visit ends
_MOST_VISITS = 48  # of a visitor on a day: a pause of more than 30 minutes is between two
_MOST_PAGEVIEWS = 1_000  # of a visit; there is no limit, this only says that no visits have none

OF_EVENTS: Integers = np.array(
    [  # visitors, visits, pageviews, bounces, seconds, events
        (1, 0, 0, 0, 0, 0),
        (-1, 1, 0, 0, 0, 0),
        (_MOST_VISITS, -1, 0, 0, 0, 0),
        (0, 0, 0, 1, 0, 0),
        (0, 1, 0, -1, 0, 0),
        (0, -1, 0, 0, 0, 1),
        (0, _MOST_PAGEVIEWS, 0, 0, 0, -1),
        (0, 0, 0, 0, 1, 0),
    ]
).T
"""What is at least 0 of any group: it has no more visitors than visits, no more bounces, and so on.

A group can be taken out of a larger one if of each of these the larger one has as much.
"""

OF_PAGES: Integers = np.append(
    OF_EVENTS,
    np.array(
        [
            (0, 0, 1, -1, 0, 0),
            (0, _MOST_PAGEVIEWS, -1, 1 - _MOST_PAGEVIEWS, 0, 0),
            (0, 0, -1, 0, 0, 1),
        ]
    ).T,
    axis=1,
)
"""The same where there are pageviews: a bounce has exactly one."""

OF_VISITS: Integers = np.append(OF_PAGES, [[0], [-_LONGEST_PAUSE], [0], [0], [-1], [_LONGEST_PAUSE]], axis=1)
"""The same where seconds are those from a visit's first event to its last; of pages they are those in view."""


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
    alike: Integers = OF_VISITS,
) -> list[Row]:
    """Give the values whose numbers over a span come to at least ``k`` visitor-days and may be seen.

    ``hidden`` is what was neither seen by day nor released before; ``seen`` are the days on which a value
    was. ``parts`` are the span's days, in the groups of days that must not be told of either: of a part
    of the month one day each, of a month its parts. ``released`` are the rows that parts of the span have
    released. The cell ABSENT, of those without a value, is never released. The order does not matter.

    Values are an open set: whoever is hidden may have had one that nobody knows of. What stays hidden is
    nothing, or at least k visitor-days; with ``keeps_some`` it is never nothing. ``alike`` is what visits that
    may be in each other's place have in common: OF_VISITS, OF_PAGES or OF_EVENTS.
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
    if not waiting:
        return []
    most = len(waiting)
    table = _Table([*waiting, *released], days, k, alike)
    while waiting and not (
        rest.is_enough(k, nothing_is=not keeps_some)
        and table.without(range(len(waiting), most)).protects(parts, rest.amounts)
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
    """Days by values: the rows whose sums are known. Beside them stands all that stays hidden, as one."""

    def __init__(self, rows: Sequence[Row], days: Sequence[date], k: int, alike: Integers) -> None:
        self._k = k
        self._alike = alike
        self._days = days
        self._amounts: Integers = np.stack([_by_day(row, days) for row in rows])
        """Of each row by day: the six metrics."""
        self._open: Flags = np.array([[day in row.days for day in days] for row in rows])
        """Whether a row's number is also of that day."""

    def without(self, rows: range) -> "_Table":
        """Give the table without some of its rows."""
        fewer = copy(self)
        fewer._amounts = np.delete(self._amounts, rows, axis=0)  # noqa: SLF001 (its own)
        fewer._open = np.delete(self._open, rows, axis=0)  # noqa: SLF001
        return fewer

    def protects(self, parts: Sequence[Sequence[date]], hidden: Integers) -> bool:
        """Tell whether every small number, of a day or of one of the parts, could be nobody.

        ``hidden`` are the amounts, by day, of all that stays hidden.
        """
        place = {day: number for number, day in enumerate(self._days)}
        groups = [[number] for number in place.values()]
        groups += [[place[day] for day in part] for part in parts if len(part) > 1]
        room = hidden @ self._alike
        return all(self._protects_in(group, room) for group in groups)

    def _protects_in(self, group: Sequence[int], room: Integers) -> bool:
        outside = np.ones(len(self._days), np.bool_)
        outside[group] = False
        there: Integers = (self._amounts * (self._open & ~outside)[:, :, None]).sum(axis=1)
        small = np.flatnonzero(there.any(axis=1) & (there[:, _VISITORS] < self._k))
        shares = _shares(room, there[small] @ self._alike)
        most = self._most_shares(small, there[small], outside)
        doubtful = small[np.minimum(shares, most).sum(axis=1) < 1].tolist()
        return all(self._has_room_beside_rows(row, there[row], outside, room) for row in doubtful)

    def _has_room_beside_rows(self, row: int, there: Integers, outside: Flags, room: Integers) -> bool:
        """Look for room among the other rows as well: those that could take this one's people there."""
        inside = ~outside
        together = self._amounts[:, inside, _VISITORS] + self._amounts[row, inside, _VISITORS]
        takes = ((together < self._k) & self._open[:, inside]).all(axis=1)
        takes[row] = False
        others = (self._amounts[takes] * (self._open[takes] & outside)[:, :, None]) @ self._alike
        rooms = np.concatenate([room[None], others])
        need = (there @ self._alike)[None]
        shares = _shares(rooms.reshape(-1, rooms.shape[-1]), need).reshape(len(rooms), -1).sum(axis=0)
        most = self._most_shares(np.array([row]), there[None], outside)
        return bool(np.minimum(shares, most).sum() >= 1)

    def _most_shares(self, rows: Integers, there: Integers, outside: Flags) -> Shares:
        """Give how much of what rows have there they may have on each other day: with k they would be seen."""
        headroom = np.clip(self._k - 1 - self._amounts[rows, :, _VISITORS], 0, None)
        people = np.maximum(there[:, _VISITORS], 1)[:, None]
        most: Shares = headroom * (self._open[rows] & outside) / people
        return most


def _shares(rooms: Integers, needs: Integers) -> Shares:
    """Give for each need, by day, how much of it (1 is all) can be taken out of that day's room."""
    limited = needs > 0
    parts = np.maximum(rooms, 0)[None] / np.where(limited, needs, 1)[:, None]
    parts[np.broadcast_to(~limited[:, None], parts.shape)] = np.inf
    shares: Shares = parts.min(axis=2)
    shares[:, (rooms < 0).any(axis=1)] = 0
    return shares


def _by_day(row: Row, days: Sequence[date]) -> Integers:
    return np.array([row.by_day.get(day, Figures()).numbers for day in days], np.int64)
