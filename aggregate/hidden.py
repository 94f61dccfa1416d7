"""What a closed day hides: carried, as bare integers, until a span of days has enough of it."""

from collections.abc import Iterator, Mapping, Sequence

from aggregate.cells import ABSENT, OTHER, PARENTS, Cell
from aggregate.release import parent_of, together


def carried_rows(
    found: Mapping[str, Sequence[Cell]], released: Mapping[str, Sequence[Cell]], k: int
) -> Iterator[tuple[object, ...]]:
    """Give the rows to carry: dimension, whether it is all of them as one, value, and the six figures.

    ``found`` are all cells of a day, ``released`` those that it shows. Of versions only those are carried
    whose browser or system is shown that day: the others would tell of it.
    """
    for dimension, cells in found.items():
        seen = {cell.value for cell in released[dimension]}
        hidden = [cell for cell in cells if cell.value not in seen and _is_hidden(cell, k)]
        if not hidden:
            continue
        as_one = next((cell for cell in released[dimension] if cell.value is OTHER), Cell(OTHER, together(hidden)))
        yield dimension, True, "", *as_one.figures.numbers
        parents = [str(cell.value) for cell in released.get(PARENTS.get(dimension, ""), ()) if cell.value]
        for cell in hidden:
            if dimension not in PARENTS or parent_of(str(cell.value), parents):
                yield dimension, False, cell.value, *cell.figures.numbers


def _is_hidden(cell: Cell, k: int) -> bool:
    """Tell whether a cell that is not shown is among "Other": those without a value are, while they are few."""
    return cell.value != ABSENT or cell.figures.visitors < k
