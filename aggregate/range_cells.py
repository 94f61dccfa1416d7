"""The cells of a range: its months and parts of a month as they were added up, its other days day by day.

All of them are one statement, with a part for each table that has any of the range: a part that finds nothing
takes as long as one that finds little.
"""

from collections.abc import Sequence

from aggregate.cells import OTHER, Cell, Figures, Filter
from aggregate.moments import Rolls
from aggregate.open_lists import LISTED
from aggregate.scroll import scroll_depth
from core.sites import Site
from core.sql import sql
from core.store import Parameters, Store

Lists = dict[str, list[Cell]]
"""The cells of each dimension, unsorted; a dimension of which there are none is missing."""

_Part = tuple[str, Sequence[object]]
"""The query of a part, and the rolls that it reads."""


def read_cells(store: Store, site: Site, rolls: Rolls, dimensions: Sequence[str]) -> Lists:
    """Read the cells of all visits, pages with how far down them these got; of open days, LISTED, too.

    Raises StoreError.
    """
    dimensions = [*dimensions, LISTED] if rolls.opened else dimensions
    parts: list[_Part] = [("cells_of_days", rolls.days), ("cells_of_spans", rolls.spans)]
    return _read(store, "read_cells", parts, {"dimensions": list(dimensions), **_keys(site, rolls)})


def read_filtered(
    store: Store, site: Site, rolls: Rolls, dimensions: Sequence[str], where: Filter, closed_days: int
) -> Lists:
    """Read the cells of the visits in a filter; the dimension OWN has the filter's totals, by day.

    None is "Other"; of open days there is only OWN. A cell that fewer than all ``closed_days`` show has at least
    so many. Raises StoreError.
    """
    parts: list[_Part] = [
        ("filtered_of_days", rolls.days),
        ("filtered_of_spans", rolls.spans),
        ("filtered_of_open_days", rolls.opened),
    ]
    keys = {"filter": where.dimension, "filter_value": where.value, "dimensions": list(dimensions)}
    return _read(store, "read_filtered", parts, keys | _keys(site, rolls), closed_days)


def _keys(site: Site, rolls: Rolls) -> dict[str, object]:
    return {"site": site.number, "span_rolls": rolls.spans, "day_rolls": rolls.days, "open_rolls": rolls.opened}


def _read(store: Store, name: str, parts: Sequence[_Part], keys: Parameters, closed_days: int = 0) -> Lists:
    """Run a statement with those of its parts that have rolls to read; without any, there is nothing to read."""
    chosen = tuple(part for part, rolls in parts if rolls)
    lists: Lists = {}
    if not chosen:
        return lists
    rows = store.rows(sql("aggregate", name, chosen), keys)
    for dimension, other, value, scrolled, depths, *figures, shown_days in rows:
        cell = Cell(
            OTHER if other else value,
            Figures(*figures),
            scroll_depth=scroll_depth(scrolled, depths),
            is_at_least=shown_days < closed_days,
        )
        lists.setdefault(dimension, []).append(cell)
    return lists
