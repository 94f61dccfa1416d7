"""Scroll depth: how far down a page its visits got, on average.

It is told of closed days alone: an average that moved with each visitor would tell how far that one got.
"""

from collections.abc import Iterable
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


def scroll_depth(visits: int, depths: int) -> int | None:
    """Give the average of so many visits, in whole percent, from their depths added up; None without any."""
    return round(depths / visits) if visits else None
