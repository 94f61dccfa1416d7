"""What the lists of a report cover: less than its totals, where an open day is in the range. Pure.

The lists of an open day come late (see ``aggregate.open_lists``), and under a filter not before the day is closed;
its totals are exact at once. A share of the totals would grow by itself while nothing but time goes by.
"""

from collections.abc import Sequence

from aggregate.cells import OTHER, PARENTS, Cell, Figures, Filter, has_several
from aggregate.rounding import BASE


def covered_without_filter(closed: Figures, listed: Sequence[Cell], dimension: str) -> int | None:
    """Give the visitors whom a list covers: those of closed days, and who had come when an open day's was made.

    ``listed`` are the rows of LISTED of the open days. None where a list was made before its visitors were noted.
    """
    made = [cell.figures for cell in listed if cell.value == dimension]
    if any(each.visitors and not each.visits for each in made):
        return None
    return closed.visitors + sum(each.visits for each in made)


def covered_under_filter(closed: Figures, totals: Figures, cells: Sequence[Cell]) -> int:
    """Give the visitors whom a list under a filter covers: those of closed days.

    A list that has nothing but the filter's own row is that of all days.
    """
    return closed.visitors if cells else totals.visitors


def is_remainder(cell: Cell, where: Filter | None) -> bool:
    """Tell whether a row is what a list under a filter does not show: numbers of which no rate can be told."""
    return where is not None and cell.value is OTHER


def with_remainder(
    cells: list[Cell], dimension: str, closed: Figures, totals: Figures, where: Filter
) -> list[Cell]:
    """Give a list under a filter with its own row, or with what it does not show of closed days as "Other".

    Only where a visit has one value do rows add up to the filter's total; of pages, events and props there are
    others in the same visits. Rows are rounded, so what is left is no more exact than they are.
    """
    if dimension == where.dimension:
        return [Cell(where.value, totals), *cells] if totals.visits else []
    if not cells or has_several(dimension):
        return cells
    shown = sum((cell.figures for cell in cells), Figures())
    left = closed.without(shown).in_steps(1 if dimension in PARENTS else BASE)
    return [*cells, Cell(OTHER, left)] if left.visitors else cells
