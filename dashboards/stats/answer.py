"""Answering the stats API: rows out of reports, and what is to be known of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from aggregate.cells import OTHER, Cell, Figures
from aggregate.comparing import can_change, change
from aggregate.coverage import is_remainder
from aggregate.first_day import read_first_day
from aggregate.reading import Report, read_report
from core.sites import Site
from core.store import Store
from dashboards.stats.query import METRICS, Number, StatsQuery

_RATES = frozenset({"views_per_visit", "bounce_rate", "visit_duration"})
OTHER_NAME = "(other)"
"""The value under which the rows that are hidden together stand; no path and no name of an event is like it."""


@dataclass(frozen=True, slots=True)
class StatsRow:
    """A row: its value ("" for totals, a day or hour for a graph), its metrics, and what they were before."""

    value: str
    numbers: tuple[Number, ...]
    before: tuple[Number, ...] | None = None
    is_at_least: bool = False
    can_change: bool = True

    @property
    def changes(self) -> tuple[float | None, ...]:
        """By how many percent each metric has changed; None where it would only be days that are missing."""
        if not self.can_change:
            return (None,) * len(self.numbers)
        return tuple(change(now, then) for now, then in zip(self.numbers, self.before or (), strict=False))


@dataclass(frozen=True, slots=True)
class StatsAnswer:
    """The rows that are asked for, how many there are in all, and the report that they are from."""

    rows: list[StatsRow]
    total: int
    report: Report
    before: Report | None = None

    @property
    def notes(self) -> dict[str, object]:
        """What is to be known of the numbers, for whoever shows them; see docs/stats-api.md."""
        report = self.report
        return {
            "visitor_days": report.days.days > 1,
            "unfinished": [str(day) for day in report.unfinished],
            "hidden": [str(day) for day in report.hidden],
            "at_least": [row.value for row in self.rows if row.is_at_least],
            "days_without_reports": self.before.days_without_reports if self.before else 0,
            "withheld": [str(day) for day in report.withheld],
            "rounded": [str(day) for day in report.rounded],
            "noisy": [str(day) for day in report.noisy],
        }


def answer(store: Store, site: Site, query: StatsQuery) -> StatsAnswer:
    """Answer a query. Blocks. Raises PeriodError for lists that a filter does not have, StoreError."""
    dimensions = [query.dimension] if query.dimension else []
    report = read_report(store, site, query.days, dimensions, query.where, query.interval)
    before = None
    if query.before is not None:
        before = read_report(store, site, query.before, dimensions, query.where, query.interval)
        before = replace(before, first_day=read_first_day(store, site))
    rows = _ordered(_rows(query, report, before), query)
    return StatsAnswer(rows[query.offset : query.offset + query.limit], len(rows), report, before)


def _rows(query: StatsQuery, report: Report, before: Report | None) -> list[StatsRow]:
    if query.interval is not None:
        return [StatsRow(point.label, _numbers(query, report, point.figures)) for point in report.points]
    if not query.dimension:
        then = _numbers(query, before, before.totals) if before is not None else None
        is_whole = before is None or not before.days_without_reports
        return [StatsRow("", _numbers(query, report, report.totals), then, can_change=is_whole)]
    earlier = {cell.value: cell for cell in before.rows[query.dimension]} if before is not None else {}
    return [_row(query, report, cell, before, earlier.get(cell.value)) for cell in report.rows[query.dimension]]


def _row(query: StatsQuery, report: Report, cell: Cell, before: Report | None, earlier: Cell | None) -> StatsRow:
    then: tuple[Number, ...] | None = None
    if before is not None:
        nothing = (None,) * len(query.metrics)
        then = nothing if earlier is None else _numbers(query, before, earlier.figures, earlier)
    return StatsRow(
        OTHER_NAME if cell.value is OTHER else cell.value,
        _numbers(query, report, cell.figures, cell),
        then,
        cell.is_at_least,
        before is None or can_change(before, cell, earlier),
    )


def _numbers(query: StatsQuery, report: Report, figures: Figures, cell: Cell | None = None) -> tuple[Number, ...]:
    """Give a row's metrics; of what a list under a filter does not show no rate can be told."""
    everyone = report.everyone(query.dimension)
    untold = _RATES if cell is not None and is_remainder(cell, report.where) else frozenset()
    return tuple(
        None if metric in untold else METRICS[metric](figures, everyone, cell) for metric in query.metrics
    )


def _ordered(rows: Sequence[StatsRow], query: StatsQuery) -> list[StatsRow]:
    """Order rows as it was asked; without a wish they stay as reports have them, most visitors first."""
    ordered = list(rows)
    for name, descends in reversed(query.order):
        ordered.sort(key=partial(_rank, query, name), reverse=descends)
    return ordered


def _rank(query: StatsQuery, name: str, row: StatsRow) -> tuple[float, str]:
    """Give a row's place by a metric, or by its value; a rate of nothing is below every number."""
    if not name:
        return 0.0, row.value
    number = row.numbers[query.metrics.index(name)]
    return (float("-inf") if number is None else float(number)), ""
