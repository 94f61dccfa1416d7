"""What of a report may be seen: the one rule of anonymity, pure."""

from collections.abc import Iterable
from dataclasses import replace

from aggregate.cells import ABSENT, OTHER, Cell, Figures


def release(cells: Iterable[Cell], k: int) -> list[Cell]:
    """Give the cells of one dimension that may be seen, largest first, then "Other".

    A cell of at least ``k`` visitors is seen as it is. The rest is one cell, "Other", which
    itself must come to at least k people: else the smallest seen cell is hidden with it, so
    that neither "Other" nor a subtraction from the total is about fewer than k. People who are
    in several hidden cells are one each. Those without a value (the cell ABSENT) are never
    seen; while they are fewer than k they hide among the others. If nothing is left to be
    seen, nothing is said at all.
    """
    ordered = sorted(cells, key=_largest_first)
    seen = [cell for cell in ordered if cell.figures.visitors >= k and cell.value != ABSENT]
    hidden = [cell for cell in ordered if cell.figures.visitors < k]
    if hidden and seen and together(hidden).visitors < k:
        hidden.append(seen.pop())
    return _with_other(seen, hidden)


def release_versions(versions: Iterable[Cell], parents: Iterable[Cell], k: int) -> list[Cell]:
    """Give the versions ("Chrome 120") that may be seen beside their browsers ("Chrome"), then "Other".

    The versions of one browser add up to it: what is hidden of them must be at least ``k`` people by
    itself, and of a browser that is hidden no version is seen. ``parents`` are all browsers, seen or not.
    """
    known = list(parents)
    by_parent: dict[str, list[Cell]] = {cell.value: [] for cell in known if cell.value}
    rest: list[Cell] = []
    for cell in versions:
        parent = parent_of(str(cell.value), by_parent)
        (rest if parent is None else by_parent[parent]).append(cell)
    visible = {cell.value: cell for cell in release(known, k)}
    seen: list[Cell] = []
    for name, own in by_parent.items():
        shown = _released_of(visible[name], own, k) if name in visible else []
        seen += shown
        rest += [cell for cell in own if cell not in shown]
    hidden = [cell for cell in rest if cell.value != ABSENT or cell.figures.visitors < k]
    return _with_other(sorted(seen, key=_largest_first), hidden)


def parent_of(version: str, names: Iterable[str]) -> str | None:
    """Give the one of these browsers or systems of which it is a version; None if it is of none.

    The longest that fits: "Chrome Mobile 120" is no version of Chrome.
    """
    return max((name for name in names if version.startswith(f"{name} ")), key=len, default=None)


def _released_of(parent: Cell, versions: list[Cell], k: int) -> list[Cell]:
    stated = sum((cell.figures for cell in versions), Figures())
    unstated = parent.figures.without(stated)
    cells = [*versions, Cell(ABSENT, unstated)] if unstated.visits else versions
    return [cell for cell in release(cells, k) if cell.value is not OTHER]


def _largest_first(cell: Cell) -> tuple[int, str]:
    return -cell.figures.visitors, cell.value or ""


def _with_other(seen: list[Cell], hidden: list[Cell]) -> list[Cell]:
    return [*seen, Cell(OTHER, together(hidden))] if seen and hidden else seen


def together(cells: Iterable[Cell]) -> Figures:
    """Add cells up, counting each visitor and each visit once."""
    known = list(cells)
    figures = sum((cell.figures for cell in known), Figures())
    if not all(cell.members for cell in known if cell.figures.visitors):
        return figures
    members = frozenset().union(*(cell.members for cell in known))
    return replace(figures, visitors=len({visitor for visitor, _visit in members}), visits=len(members))
