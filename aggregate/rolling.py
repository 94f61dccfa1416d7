"""Rolling a day: raw events become a report, published in one step.

A roll reads a site's day, applies the rule of release, and writes its rows under a number
of its own; naming that number in ``published`` is the step that readers see.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from datetime import date, datetime
from itertools import groupby

from aggregate.cells import EVENT_DIMENSIONS, NO_SOURCE, PARENTS, UNKNOWN, Cell, Figures
from aggregate.cube import FilteredCell, filtered_cells
from aggregate.open_lists import LISTED, OpenList, in_steps, next_list, shown_lists
from aggregate.release import Rule, release, release_versions
from aggregate.rounding import rounding_key
from aggregate.strict import STRICT_BASE, StrictFilterRounding, StrictRounding
from core.errors import ProfileError, StoreUnavailableError
from core.profiles import Profile
from core.sites import Site
from core.sql import sql
from core.store import Row, Store, encode_rows

WHOLE_DAY = 255
"""The hour under which a day's own totals stand."""

_FIGURES = ("visitors", "visits", "pageviews", "bounces", "seconds", "events")
_ROLL = ("site", "day", "closed", "slot", "roll")
_TOTALS = (*_ROLL, "hour", *_FIGURES)
_CELLS = (*_ROLL, "dimension", "other", "value", *_FIGURES)
_FILTERED = ("site", "day", "roll", "filter", "filter_value", "dimension", "value", *_FIGURES)
_PUBLISHED = (*_ROLL, "raw_rows", "at", "threshold", "profile")
_TURN_BITS = 32  # the upper half of a roll's number is its turn


@dataclass(frozen=True, slots=True)
class OpenDay:
    """A site's day with raw events that is not closed; rows now, and rows in its published roll."""

    site: int
    day: date
    raw_rows: int
    rolled_rows: int


@dataclass(frozen=True, slots=True)
class _DayReport:
    """What a roll publishes: totals (hour, figures), the cells of each dimension, and those under filters."""

    totals: Sequence[Sequence[int]] = ()
    cells: Mapping[str, Sequence[Cell]] = field(default_factory=dict)
    filtered: Iterable[FilteredCell] = ()


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
    Raises StoreError, StoreUnavailableError if the turn has gone to another, ProfileError if the day cannot
    be published by the site's profile; a roll that was cut off is never seen.
    """
    key = {"site": site.number, "day": day}
    raw_rows = store.rows(sql("aggregate", "count_raw_rows"), key)[0][0]
    last, slot, closed = store.rows(sql("aggregate", "last_roll"), key)[0]
    if closed:
        return
    number = _next_number(last, turn)
    roll = (site.number, day, close, 0 if close else (slot + 1) % 2, number)
    report = _report(store, site, day, k, close=close)
    store.insert("report_totals", _TOTALS, encode_rows([(*roll, *total) for total in report.totals]))
    store.insert("report_cells", _CELLS, encode_rows([(*roll, *cell) for cell in _rows(report.cells)]))
    if close:
        lines = [(site.number, day, number, *cell[:-1], *astuple(cell.figures)) for cell in report.filtered]
        store.insert("report_filtered", _FILTERED, encode_rows(lines))
    row = dict(zip(_PUBLISHED, (*roll, raw_rows, _milliseconds(now), k, site.profile.value), strict=True))
    store.run(sql("aggregate", "publish"), {**row, "turn": turn})
    published = store.rows(sql("aggregate", "read_published"), {"site": site.number, "first": day, "last": day})
    if [found for _day, _closed, found, *_more in published] != [number]:
        raise _turn_lost()


def _report(store: Store, site: Site, day: date, k: int, *, close: bool) -> _DayReport:
    """Make what is published of a day: here, and nowhere else, the profiles part."""
    if not (close or site.profile.shows_open_days):
        return _DayReport()
    match site.profile:
        case Profile.BALANCED:
            return _balanced_report(store, site, day, k, close=close)
        case Profile.STRICT:
            return _strict_report(store, site, day, k)
        case Profile.DP:
            raise ProfileError(
                f"{site.domain} has the profile dp, by which this version cannot publish: choose another with "
                f"`footfall site change {site.domain} --profile`."
            )


def _balanced_report(store: Store, site: Site, day: date, k: int, *, close: bool) -> _DayReport:
    totals = _totals(store, site, day)
    released = _released(dict(_cells_by_dimension(store, site, day, k)), lambda _dimension: k)
    if not close:
        return _DayReport(totals, _open_lists(store, site, day, released, totals, k))
    return _DayReport(totals, released, filtered_cells(store, site, day, released, k))


def _strict_report(store: Store, site: Site, day: date, k: int) -> _DayReport:
    key = rounding_key(store, site, day)
    rounding = StrictRounding(key, k)
    # Cells of up to twice k may be hidden, and one that looks the smallest once it is rounded.
    found = dict(_cells_by_dimension(store, site, day, 2 * (k + STRICT_BASE)))
    released = _released(found, rounding.rule)
    cells = rounding.cells(released)
    shown = {dimension: _those_of(released[dimension], cells[dimension]) for dimension in released}
    filtered = filtered_cells(store, site, day, shown, k, StrictFilterRounding(key, k))
    seen = (cell for cell in filtered if cell.figures.visitors)
    return _DayReport(rounding.totals(_totals(store, site, day)), cells, seen)


def _those_of(exact: Sequence[Cell], rounded: Sequence[Cell]) -> list[Cell]:
    """Give the cells as they are whose rounded ones are published."""
    values = {cell.value for cell in rounded}
    return [cell for cell in exact if cell.value in values]


def _totals(store: Store, site: Site, day: date) -> list[Row]:
    key = {"site": site.number, "day": day}
    return store.rows(sql("aggregate", "roll_totals"), {**key, "zone": site.timezone})


def _next_number(last: int, turn: int) -> int:
    """Give a roll's number: no other writer's, since it begins with the turn, and higher than all before."""
    if last >> _TURN_BITS > turn:
        raise _turn_lost()
    return max(last + 1, turn << _TURN_BITS)


def _turn_lost() -> StoreUnavailableError:
    return StoreUnavailableError("Another process took over writing reports while this one was held up.")


def _milliseconds(instant: datetime) -> int:
    return round(instant.timestamp() * 1_000)


def _rows(released: Mapping[str, Sequence[Cell]]) -> Iterator[tuple[object, ...]]:
    for dimension, cells in released.items():
        for cell in cells:
            yield dimension, cell.value is None, cell.value or "", *astuple(cell.figures)


def _released(found: Mapping[str, list[Cell]], rule: Callable[[str], int | Rule]) -> dict[str, list[Cell]]:
    return {
        dimension: release_versions(cells, found[PARENTS[dimension]], rule(dimension), rule(PARENTS[dimension]))
        if dimension in PARENTS
        else release(cells, rule(dimension))
        for dimension, cells in found.items()
    }


def _open_lists(
    store: Store, site: Site, day: date, released: Mapping[str, list[Cell]], totals: list[Row], k: int
) -> dict[str, list[Cell]]:
    """Give the lists to show of an open day, and under LISTED of how many visitors each is."""
    visitors = next((row[1] for row in totals if row[0] == WHOLE_DAY), 0)
    shown = shown_lists(store, site, day)
    lists = {
        dimension: next_list(
            OpenList(in_steps(cells, k), visitors),
            shown.get(dimension),
            k,
            exclusive=dimension not in EVENT_DIMENSIONS,
        )
        for dimension, cells in released.items()
    }
    listed = [Cell(dimension, Figures(each.visitors)) for dimension, each in lists.items()]
    return {LISTED: listed} | {dimension: list(each.cells) for dimension, each in lists.items()}


def _cells_by_dimension(store: Store, site: Site, day: date, k: int) -> Iterator[tuple[str, list[Cell]]]:
    parameters = {"site": site.number, "day": day, "none": NO_SOURCE, "unknown": UNKNOWN, "k": k}
    for query in ("roll_page_cells", "roll_visit_cells"):
        rows = store.rows(sql("aggregate", query), parameters)
        for dimension, group in groupby(rows, key=lambda row: str(row[0])):
            yield dimension, [_cell(row) for row in group]


def _cell(row: Row) -> Cell:
    _dimension, value, *figures, members = row
    return Cell(value, Figures(*figures), frozenset((visitor, visit) for visitor, visit in members))
