"""Rolling a day: raw events become a report, published in one step.

A roll reads a site's day, applies the rule of release, and writes its rows under a number
of its own; naming that number in ``published`` is the step that readers see.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from aggregate.cells import PARENTS, Cell, Figures, has_several
from aggregate.cube import filtered_cells
from aggregate.day_cells import Totals, day_cells, day_totals, read_loose_events
from aggregate.open_lists import LISTED, OpenList, in_steps, next_list, shown_lists
from aggregate.release import release, release_versions
from aggregate.visits import read_visits
from core.errors import StoreUnavailableError
from core.sites import Site
from core.sql import sql
from core.store import Store, encode_rows

_FIGURES = ("visitors", "visits", "pageviews", "bounces", "seconds", "events")
_ROLL = ("site", "day", "closed", "slot", "roll")
_TOTALS = (*_ROLL, "hour", *_FIGURES)
_CELLS = (*_ROLL, "dimension", "other", "value", *_FIGURES)
_FILTERED = ("site", "day", "roll", "filter", "filter_value", "dimension", "value", *_FIGURES)
_PUBLISHED = (*_ROLL, "raw_rows", "at", "threshold")
_TURN_BITS = 32  # the upper half of a roll's number is its turn


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


def roll_day(store: Store, site: Site, day: date, k: int, now: datetime, *, close: bool, turn: int = 0) -> None:
    """Roll one day of one site and publish it; ``close`` makes it final.

    The same raw events give the same report; a day that was closed stays as it is. One writer at a
    time: ``turn`` is its number (see ``core.writing``), 0 in a store where nobody ever took one.
    Raises StoreError, StoreUnavailableError if the turn has gone to another; a roll that was cut off
    is never seen.
    """
    key = {"site": site.number, "day": day}
    raw_rows = store.rows(sql("aggregate", "count_raw_rows"), key)[0][0]
    last, slot, closed = store.rows(sql("aggregate", "last_roll"), key)[0]
    if closed:
        return
    number = _next_number(last, turn)
    roll = (site.number, day, close, 0 if close else (slot + 1) % 2, number)
    visits, loose = read_visits(store, site, day), read_loose_events(store, site, day)
    totals = day_totals(visits, loose)
    released = _released(dict(day_cells(visits, loose, k)), k)
    if not close:
        released = _open_lists(store, site, day, released, totals, k)
    store.insert("report_totals", _TOTALS, encode_rows([(*roll, *total) for total in totals]))
    store.insert("report_cells", _CELLS, encode_rows([(*roll, *cell) for cell in _rows(released)]))
    if close:
        filtered = filtered_cells(store, site, day, released, k, visits)
        lines = [(site.number, day, number, *cell[:-1], *cell.figures) for cell in filtered]
        store.insert("report_filtered", _FILTERED, encode_rows(lines))
    row = dict(zip(_PUBLISHED, (*roll, raw_rows, _milliseconds(now), k), strict=True))
    store.run(sql("aggregate", "publish"), {**row, "turn": turn})
    published = store.rows(sql("aggregate", "read_published"), {"site": site.number, "first": day, "last": day})
    if [found for _day, _closed, found, _at in published] != [number]:
        raise _turn_lost()


def _next_number(last: int, turn: int) -> int:
    """Give a roll's number: no other writer's, since it begins with the turn, and higher than all before."""
    if last >> _TURN_BITS > turn:
        raise _turn_lost()
    return max(last + 1, turn << _TURN_BITS)


def _turn_lost() -> StoreUnavailableError:
    return StoreUnavailableError("Another process took over writing reports while this one was held up.")


def _milliseconds(instant: datetime) -> int:
    return round(instant.timestamp() * 1_000)


def _rows(released: Mapping[str, list[Cell]]) -> Iterator[tuple[object, ...]]:
    for dimension, cells in released.items():
        for cell in cells:
            yield dimension, cell.value is None, cell.value or "", *cell.figures.numbers


def _released(found: Mapping[str, list[Cell]], k: int) -> dict[str, list[Cell]]:
    return {
        dimension: release_versions(cells, found[PARENTS[dimension]], k)
        if dimension in PARENTS
        else release(cells, k)
        for dimension, cells in found.items()
    }


def _open_lists(
    store: Store, site: Site, day: date, released: Mapping[str, list[Cell]], totals: Sequence[Totals], k: int
) -> dict[str, list[Cell]]:
    """Give the lists to show of an open day, and under LISTED of how many visitors each is."""
    visitors = totals[-1][1]
    shown = shown_lists(store, site, day)
    lists = {
        dimension: next_list(
            OpenList(in_steps(cells, k), visitors),
            shown.get(dimension),
            k,
            exclusive=not has_several(dimension),
        )
        for dimension, cells in released.items()
    }
    listed = [Cell(dimension, Figures(each.visitors)) for dimension, each in lists.items()]
    return {LISTED: listed} | {dimension: list(each.cells) for dimension, each in lists.items()}
