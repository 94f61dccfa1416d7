"""Rolling a day: raw events become a report, published in one step.

A roll reads a site's day, applies the rule of release, and writes its rows under a number
of its own; naming that number in ``published`` is the step that readers see.
"""

from collections.abc import Iterator
from dataclasses import astuple, dataclass
from datetime import date, datetime
from itertools import groupby

from aggregate.cells import NO_SOURCE, UNKNOWN, Cell, Figures
from aggregate.release import in_steps, release
from core.sites import Site
from core.sql import sql
from core.store import Row, Store, encode_rows

WHOLE_DAY = 255
"""The hour under which a day's own totals stand."""

_FIGURES = ("visitors", "visits", "pageviews", "bounces", "seconds", "events")
_ROLL = ("site", "day", "closed", "slot", "roll")
_TOTALS = (*_ROLL, "hour", *_FIGURES)
_CELLS = (*_ROLL, "dimension", "other", "value", *_FIGURES)
_PUBLISHED = (*_ROLL, "raw_rows", "at")


@dataclass(frozen=True, slots=True)
class OpenDay:
    """A site's day with raw events that is not closed; rows now, and rows in its published roll."""

    site: int
    day: date
    raw_rows: int
    rolled_rows: int


def open_days(store: Store) -> list[OpenDay]:
    """Give every day that has raw events and is not closed, oldest first."""
    return [
        OpenDay(site, date.fromisoformat(day), raw_rows, rolled_rows)
        for site, day, raw_rows, rolled_rows in store.rows(sql("aggregate", "open_days"))
    ]


def roll_day(store: Store, site: Site, day: date, k: int, now: datetime, *, close: bool) -> None:
    """Roll one day of one site and publish it; ``close`` makes it final.

    The same raw events give the same report. One writer at a time: see ``aggregate.jobs``.
    Raises StoreError; a roll that was cut off is never seen.
    """
    key = {"site": site.number, "day": day}
    raw_rows = store.rows(sql("aggregate", "count_raw_rows"), key)[0][0]
    last, slot = store.rows(sql("aggregate", "last_roll"), key)[0]
    roll = (site.number, day, close, 0 if close else (slot + 1) % 2, last + 1)
    totals = store.rows(sql("aggregate", "roll_totals"), {**key, "zone": site.timezone})
    cells = (
        (*roll, dimension, cell.value is None, cell.value or "", *astuple(cell.figures))
        for dimension, found in _cells_by_dimension(store, site, day, k)
        for cell in _released(found, k, close=close)
    )
    store.insert("report_totals", _TOTALS, encode_rows([(*roll, *total) for total in totals]))
    store.insert("report_cells", _CELLS, encode_rows(list(cells)))
    store.insert("published", _PUBLISHED, encode_rows([(*roll, raw_rows, now)]))


def _released(cells: list[Cell], k: int, *, close: bool) -> list[Cell]:
    released = release(cells, k)
    return released if close else in_steps(released)


def _cells_by_dimension(store: Store, site: Site, day: date, k: int) -> Iterator[tuple[str, list[Cell]]]:
    parameters = {"site": site.number, "day": day, "none": NO_SOURCE, "unknown": UNKNOWN, "k": k}
    for query in ("roll_page_cells", "roll_visit_cells"):
        rows = store.rows(sql("aggregate", query), parameters)
        for dimension, group in groupby(rows, key=lambda row: str(row[0])):
            yield dimension, [_cell(row) for row in group]


def _cell(row: Row) -> Cell:
    _dimension, value, *figures, members = row
    return Cell(value, Figures(*figures), frozenset((visitor, visit) for visitor, visit in members))
