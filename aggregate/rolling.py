"""Rolling a day: raw events become a report, published in one step.

A roll reads a site's day, applies the rule of release, and writes its rows under a number
of its own; naming that number in ``published`` is the step that readers see.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from time import perf_counter

from aggregate.cells import OTHER, OWN, Cell, is_filter
from aggregate.day_reports import DayReport, day_report
from aggregate.scroll import write_scroll
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
_PUBLISHED = (*_ROLL, "raw_rows", "at", "threshold", "took", "profile", *_FIGURES)
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
    Raises StoreError, StoreUnavailableError if the turn has gone to another, MissingExtraError and
    PrivacyBudgetError under the profile dp; a roll that was cut off is never seen.
    """
    began = perf_counter()
    key = {"site": site.number, "day": day}
    raw_rows = store.rows(sql("aggregate", "count_raw_rows"), key)[0][0]
    last, slot, closed = store.rows(sql("aggregate", "last_roll"), key)[0]
    if closed:
        return
    number = next_number(last, turn)
    roll = (site.number, day, close, 0 if close else (slot + 1) % 2, number)
    report = day_report(store, site, day, k, now, close=close)
    store.insert("report_totals", _TOTALS, encode_rows([(*roll, *total) for total in report.totals]))
    store.insert("report_cells", _CELLS, encode_rows([(*roll, *cell) for cell in _rows(report.cells)]))
    if close:
        _write_closed(store, site, day, number, report)
    stated = (*roll, raw_rows, milliseconds(now), report.threshold, _took(began), site.profile.value)
    row = dict(zip(_PUBLISHED, (*stated, *report.whole_day.numbers), strict=True))
    store.run(sql("aggregate", "publish"), {**row, "turn": turn})
    published = store.rows(sql("aggregate", "read_published"), {"site": site.number, "first": day, "last": day})
    if [found for _day, _closed, found, *_more in published] != [number]:
        raise turn_lost()


def _write_closed(store: Store, site: Site, day: date, number: int, report: DayReport) -> None:
    """Write what a day has once it is closed: cells under filters, scroll depths, and what it hides."""
    key = (site.number, day, number)
    lines = [(*key, *cell[:-1], *cell.figures) for cell in report.filtered]
    lines += [(*key, *row) for row in _own_rows(report.cells)] if lines else []
    store.insert("report_filtered", _FILTERED, encode_rows(lines))
    write_scroll(store, site, day, number, report.pages, report.threshold)
    store.insert("carried", _CARRIED, encode_rows([(*key, *row) for row in report.carried]))


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


def _own_rows(cells: Mapping[str, Sequence[Cell]]) -> Iterator[tuple[object, ...]]:
    """Give the totals under each filter: those of the cell itself, under OWN."""
    for dimension in filter(is_filter, cells):
        for cell in cells[dimension]:
            if cell.value is not OTHER:
                yield dimension, cell.value, OWN, "", *cell.figures.numbers


def _rows(released: Mapping[str, Sequence[Cell]]) -> Iterator[tuple[object, ...]]:
    for dimension, cells in released.items():
        for cell in cells:
            yield dimension, cell.value is None, cell.value or "", *cell.figures.numbers
