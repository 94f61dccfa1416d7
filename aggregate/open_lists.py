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
    """The cells of a dimension, and how many the whole day had when they were made.

    ``came`` are its visitors; of pages pageviews, of events and their props events: a visitor has several.
    """

    cells: Sequence[Cell]
    came: int


def in_steps(cells: Sequence[Cell], step: int) -> list[Cell]:
    """Round cells down to multiples of a step; with k for a step, a row that moves may have grown by k."""
    return [Cell(cell.value, cell.figures.in_steps(step)) for cell in cells]


def next_list(fresh: OpenList, shown: OpenList | None, k: int, metric: str = "visitors") -> OpenList:
    """Give what is shown from now on: what was shown, until any row may have k of those who came since.

    ``metric`` is what rows add up to the day in, and ``came`` counts. What came is shared by all rows that
    changed: each must have had a least, and k of it must be left for any that may have grown by fewer.
    """
    if shown is None:
        return fresh
    rows_before = _by_value(shown)
    fresh = OpenList([_moved(cell, rows_before.get(cell.value)) for cell in fresh.cells], fresh.came)
    rows = _by_value(fresh)
    least = [
        max(1, _grown(rows.get(value, Figures()), rows_before.get(value, Figures()), metric) - k + 1)
        for value in rows.keys() | rows_before.keys()
        if rows.get(value) != rows_before.get(value)
    ]
    came = fresh.came - shown.came
    if not least:  # whoever watches may guess as much: what comes now is counted from here
        return fresh if came >= k else shown
    left = came - sum(least)
    return fresh if all(each >= k or left + each >= k for each in least) else shown


def _moved(cell: Cell, before: Figures | None) -> Cell:
    """Give a row as it is, or as it was while its visitors alone went up by a step.

    Its pageviews, if they are still on the same step, went up by fewer than k: so many, at most, are new.
    """
    after = cell.figures
    if before is None or after.visitors <= before.visitors:
        return cell
    steps = [after.visits - before.visits, after.events - before.events]
    if after.pageviews:  # events have none
        steps.append(after.pageviews - before.pageviews)
    return cell if min(steps) > 0 else Cell(cell.value, before)


def _grown(after: Figures, before: Figures, metric: str) -> int:
    """Give by how many steps a row went up: its visitors, or what it has of the metric if that is more."""
    return max(
        after.visitors - before.visitors,
        int(getattr(after, metric)) - int(getattr(before, metric)),
    )


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
