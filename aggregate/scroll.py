"""Scroll depth: how far down a page its visits got, on average.

It is told of closed days alone: an average that moved with each visitor would tell how far that one got.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from aggregate.cells import Cell
from core.sites import Site
from core.sql import sql
from core.store import Store, encode_rows

_COLUMNS = ("site", "day", "roll", "value", "visitors", "visits", "depths")


def write_scroll(store: Store, site: Site, day: date, roll: int, pages: Iterable[Cell], k: int) -> None:
    """Write, under a closed day's roll, how far down they got who told it, if they are ``k`` visitors.

    ``pages`` are those that are seen: of others nothing is said. Raises StoreError.
    """
    seen = {cell.value for cell in pages}
    told = store.rows(sql("aggregate", "roll_scroll"), {"site": site.number, "day": day, "k": k})
    rows = [(site.number, day, roll, *row) for row in told if row[0] in seen]
    store.insert("report_scroll", _COLUMNS, encode_rows(rows))


def with_scroll_depths(store: Store, keys: Mapping[str, object], pages: Iterable[Cell]) -> list[Cell]:
    """Give pages with their scroll depth over a range: ``keys`` are its site, and its days, parts and months.

    Raises StoreError.
    """
    rows = store.rows(sql("aggregate", "read_scroll"), keys)
    means = {page: round(depths / visits) for page, visits, depths in rows}
    return [replace(cell, scroll_depth=means.get(cell.value)) for cell in pages]
