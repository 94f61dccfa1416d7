"""The open day's lists: seldom enough, and in steps so wide, that watching them tells of no single visitor.

The totals of an open day are exact and move with each visitor. If a list moved with them, a row that
goes from one step to the next in the minute in which one visitor came would say what that visitor is.
So a list is shown anew only once so many have come since it was shown last that any of its rows may have
grown by k people.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from aggregate.cells import OTHER, Cell, Figures
from core.sites import Site
from core.sql import sql
from core.store import Store

LISTED = ""
"""The dimension under which stands, for each list, how many visitors the day had when it was made."""


@dataclass(frozen=True, slots=True)
class OpenList:
    """The cells of a dimension, and the visitors of the whole day when they were made."""

    cells: Sequence[Cell]
    visitors: int


def in_steps(cells: Sequence[Cell], step: int) -> list[Cell]:
    """Round cells down to multiples of a step; with k for a step, a row that moves may have grown by k."""
    return [Cell(cell.value, cell.figures.in_steps(step)) for cell in cells]


def next_list(fresh: OpenList, shown: OpenList | None, k: int, *, exclusive: bool) -> OpenList:
    """Give what is shown from now on: what was shown, until any row may have k of those who came since.

    ``exclusive``: a visit is in one row alone, so that k must be left beside the fewest that all changed
    rows need. A visit has many pages: there k and one for each row are enough.
    """
    if shown is None:
        return fresh
    rows, rows_before = _by_value(fresh), _by_value(shown)
    changed = [
        rows.get(value, Figures()).visitors - rows_before.get(value, Figures()).visitors
        for value in rows.keys() | rows_before.keys()
        if rows.get(value) != rows_before.get(value)
    ]
    # A row that went up by so many steps grew by less than a step fewer, at the least.
    needed = sum(max(1, grown - k + 1) for grown in changed) if exclusive else len(changed)
    return fresh if fresh.visitors - shown.visitors >= k + needed else shown


def _by_value(listed: OpenList) -> Mapping[str | None, Figures]:
    return {cell.value: cell.figures for cell in listed.cells}


def shown_lists(store: Store, site: Site, day: date) -> dict[str, OpenList]:
    """Give the lists of an open day that readers see now. Raises StoreError."""
    rows = store.rows(sql("aggregate", "shown_lists"), {"site": site.number, "day": day})
    visitors = {value: figures[0] for dimension, _other, value, *figures in rows if dimension == LISTED}
    cells: dict[str, list[Cell]] = {dimension: [] for dimension in visitors}
    for dimension, other, value, *figures in rows:
        if dimension != LISTED:
            cells[dimension].append(Cell(OTHER if other else value, Figures(*figures)))
    return {dimension: OpenList(cells[dimension], visitors[dimension]) for dimension in visitors}
