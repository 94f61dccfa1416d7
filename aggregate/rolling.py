"""Rolling a day: raw events become a report, published in one step.

A roll reads a site's day, applies the rule of release, and writes its rows under a number
of its own; naming that number in ``published`` is the step that readers see.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from time import perf_counter

from aggregate.cells import OTHER, OWN, PARENTS, Cell, Figures, has_several, is_filter
from aggregate.cube import filtered_cells
from aggregate.day_cells import Totals, day_cells, day_totals, read_loose_events
from aggregate.hidden import carried_rows
from aggregate.open_lists import LISTED, OpenList, in_steps, next_list, shown_lists
from aggregate.release import release, release_versions
from aggregate.scroll import write_scroll
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
_CARRIED = ("site", "day", "roll", "dimension", "other", "value", *_FIGURES)
_PUBLISHED = (*_ROLL, "raw_rows", "at", "threshold", "took")
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
    began = perf_counter()
    key = {"site": site.number, "day": day}
    raw_rows = store.rows(sql("aggregate", "count_raw_rows"), key)[0][0]
    last, slot, closed = store.rows(sql("aggregate", "last_roll"), key)[0]
    if closed:
        return
    number = next_number(last, turn)
    roll = (site.number, day, close, 0 if close else (slot + 1) % 2, number)
    visits, loose = read_visits(store, site, day), read_loose_events(store, site, day)
    totals = day_totals(visits, loose)
    found = dict(day_cells(visits, loose, k))
    released = _released(found, k)
    if not close:
        released = _open_lists(store, site, day, released, totals, k)
    store.insert("report_totals", _TOTALS, encode_rows([(*roll, *total) for total in totals]))
    store.insert("report_cells", _CELLS, encode_rows([(*roll, *cell) for cell in _rows(released)]))
    if close:
        filtered = filtered_cells(store, site, day, released, k, visits)
        lines = [(site.number, day, number, *cell[:-1], *cell.figures) for cell in filtered]
        lines += _own_rows(site, day, number, released)
        store.insert("report_filtered", _FILTERED, encode_rows(lines))
        write_scroll(store, site, day, number, released.get("page", ()), k)
        carried = [(site.number, day, number, *row) for row in carried_rows(found, released, k)]
        store.insert("carried", _CARRIED, encode_rows(carried))
    row = dict(zip(_PUBLISHED, (*roll, raw_rows, milliseconds(now), k, _took(began)), strict=True))
    store.run(sql("aggregate", "publish"), {**row, "turn": turn})
    published = store.rows(sql("aggregate", "read_published"), {"site": site.number, "first": day, "last": day})
    if [found for _day, _closed, found, _at in published] != [number]:
        raise turn_lost()


def next_number(last: int, turn: int) -> int:
    """Give a roll's number: no other writer's, since it begins with the turn, and higher than all before.

    Raises StoreUnavailableError if ``last``, the highest so far, is of a later turn.
    """
    if last >> _TURN_BITS > turn:
        raise turn_lost()
    return max(last + 1, turn << _TURN_BITS)


def turn_lost() -> StoreUnavailableError:
    """Give the error of a writer whose turn has gone to another."""
    return StoreUnavailableError("Another process took over writing reports while this one was held up.")


def milliseconds(instant: datetime) -> int:
    """Give an instant as ClickHouse's DateTime64(3) counts it."""
    return round(instant.timestamp() * 1_000)


def _took(began: float) -> int:
    return round(1_000 * (perf_counter() - began))


def _own_rows(
    site: Site, day: date, number: int, released: Mapping[str, list[Cell]]
) -> Iterator[tuple[object, ...]]:
    """Give the totals under each filter: those of the cell itself, under OWN."""
    for dimension in filter(is_filter, released):
        for cell in released[dimension]:
            if cell.value is not OTHER:
                yield site.number, day, number, dimension, cell.value, OWN, "", *cell.figures.numbers


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
