"""What of a report may be seen: the one rule of anonymity, pure."""

from collections.abc import Iterable
from dataclasses import astuple, replace

from aggregate.cells import ABSENT, OTHER, Cell, Figures

OPEN_DAY_STEP = 5


def release(cells: Iterable[Cell], k: int) -> list[Cell]:
    """Give the cells of one dimension that may be seen, largest first, then "Other".

    A cell of at least ``k`` visitors is seen as it is. The rest is one cell, "Other", which
    itself must come to at least k people: else the smallest seen cell is hidden with it, so
    that neither "Other" nor a subtraction from the total is about fewer than k. People who are
    in several hidden cells are one each. Those without a value (the cell ABSENT) are never
    seen; while they are fewer than k they hide among the others. If nothing is left to be
    seen, nothing is said at all.
    """
    ordered = sorted(cells, key=lambda cell: (-cell.figures.visitors, cell.value or ""))
    seen = [cell for cell in ordered if cell.figures.visitors >= k and cell.value != ABSENT]
    hidden = [cell for cell in ordered if cell.figures.visitors < k]
    if hidden and seen and _together(hidden).visitors < k:
        hidden.append(seen.pop())
    if not hidden or not seen:
        return seen
    return [*seen, Cell(OTHER, _together(hidden))]


def _together(cells: Iterable[Cell]) -> Figures:
    """Add cells up, counting each visitor and each visit once."""
    known = list(cells)
    figures = sum((cell.figures for cell in known), Figures())
    if not all(cell.members for cell in known if cell.figures.visitors):
        return figures
    members = frozenset().union(*(cell.members for cell in known))
    return replace(figures, visitors=len({visitor for visitor, _visit in members}), visits=len(members))


def in_steps(cells: Iterable[Cell]) -> list[Cell]:
    """Round the open day's cells down to multiples of OPEN_DAY_STEP.

    Somebody who reloads the page by the minute sees a group grow by fives, not each visitor.
    """
    return [Cell(cell.value, Figures(*map(_stepped, astuple(cell.figures)))) for cell in cells]


def _stepped(number: int) -> int:
    return number - number % OPEN_DAY_STEP
