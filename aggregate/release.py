"""What of a report may be seen: the one rule of anonymity, pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from aggregate.cells import ABSENT, OTHER, Cell, Figures


@dataclass(frozen=True, slots=True)
class Rule:
    """By what the cells of one dimension are released, where that is not one k for all.

    ``threshold`` gives how many visitors the cell of a value needs, never fewer than k; OTHER asks for what is
    hidden. ``size`` is that by which cells are ordered, and the smallest is hidden with others.
    """

    threshold: Callable[[str | None], int]
    size: Callable[[Cell], int] = lambda cell: cell.figures.visitors

    def is_enough(self, cell: Cell) -> bool:
        """Tell whether a cell has the visitors that it needs."""
        return cell.figures.visitors >= self.threshold(cell.value)

    def largest_first(self, cells: Iterable[Cell]) -> list[Cell]:
        """Order cells by size; those of the same size by name."""
        return sorted(cells, key=lambda cell: (-self.size(cell), cell.value or ""))


def release(cells: Iterable[Cell], k: int | Rule) -> list[Cell]:
    """Give the cells of one dimension that may be seen, largest first, then "Other".

    A cell of at least ``k`` visitors is seen as it is. The rest is one cell, "Other", which
    itself must come to at least k people: else the smallest seen cells are hidden with it, so
    that neither "Other" nor a subtraction from the total is about fewer than k. People who are
    in several hidden cells are one each. Those without a value (the cell ABSENT) are never
    seen; while they are fewer than k they hide among the others. If nothing is left to be
    seen, nothing is said at all.
    """
    rule = _rule(k)
    ordered = rule.largest_first(cells)
    seen = [cell for cell in ordered if rule.is_enough(cell) and cell.value != ABSENT]
    hidden = [cell for cell in ordered if not rule.is_enough(cell)]
    while hidden and seen and together(hidden).visitors < rule.threshold(OTHER):
        hidden.append(seen.pop())
    return _with_other(seen, hidden)


def release_versions(
    versions: Iterable[Cell], parents: Iterable[Cell], k: int | Rule, parents_k: int | Rule | None = None
) -> list[Cell]:
    """Give the versions ("Chrome 120") that may be seen beside their browsers ("Chrome"), then "Other".

    The versions of one browser add up to it: what is hidden of them must be at least ``k`` people by
    itself, and of a browser that is hidden no version is seen. ``parents`` are all browsers, seen or not;
    ``parents_k`` is what they are released by, if not by k.
    """
    rule, known = _rule(k), list(parents)
    by_parent: dict[str, list[Cell]] = {cell.value: [] for cell in known if cell.value}
    rest: list[Cell] = []
    for cell in versions:
        parent = parent_of(str(cell.value), by_parent)
        (rest if parent is None else by_parent[parent]).append(cell)
    visible = {cell.value: cell for cell in release(known, k if parents_k is None else parents_k)}
    seen: list[Cell] = []
    for name, own in by_parent.items():
        shown = _released_of(visible[name], own, rule) if name in visible else []
        seen += shown
        rest += [cell for cell in own if cell not in shown]
    hidden = [cell for cell in rest if cell.value != ABSENT or not rule.is_enough(cell)]
    return _with_other(rule.largest_first(seen), hidden)


def parent_of(version: str, names: Iterable[str]) -> str | None:
    """Give the one of these browsers or systems of which it is a version; None if it is of none.

    The longest that fits: "Chrome Mobile 120" is no version of Chrome.
    """
    return max((name for name in names if version.startswith(f"{name} ")), key=len, default=None)


def _released_of(parent: Cell, versions: list[Cell], rule: Rule) -> list[Cell]:
    stated = sum((cell.figures for cell in versions), Figures())
    unstated = parent.figures.without(stated)
    cells = [*versions, Cell(ABSENT, unstated)] if unstated.visits else versions
    # What is hidden of each browser needs as many as a threshold of its own says: that of the browser's name.
    own = replace(rule, threshold=lambda value: rule.threshold(parent.value if value is OTHER else value))
    return [cell for cell in release(cells, own) if cell.value is not OTHER]


def _rule(k: int | Rule) -> Rule:
    return k if isinstance(k, Rule) else Rule(lambda _value: k)


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
