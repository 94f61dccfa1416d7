"""The goals of a site as a file: what each is called, what it is counted by, and its numbers. Pure."""

from collections.abc import Iterator, Sequence

from aggregate.cells import Cell
from aggregate.comparing import can_change, change
from aggregate.csv_text import csv_of
from aggregate.reading import Report
from aggregate.rendering import AT_LEAST, BEFORE, CHANGE, CONVERSION_RATE
from dashboards.report.goal_list import cell_of, count_of, in_order
from dashboards.report.view_query import ReadView
from dashboards.sites.goals import Goal

_COLUMNS = ("goal", "kind", "name", "visitors", "count", CONVERSION_RATE)
_COMPARED = (BEFORE, CHANGE)


def goals_as_csv(found: ReadView, goals: Sequence[Goal]) -> str:
    """Give the goals as the text of a file, as the page orders them; one whose row is not shown has no numbers."""
    columns = [*_COLUMNS, *(_COMPARED if found.before else ()), *([AT_LEAST] if found.report.where else ())]
    rows = (list(_row(found, goal, cell)) for cell, goal in in_order(found.report, goals))
    return csv_of(columns, rows)


def _row(found: ReadView, goal: Goal, cell: Cell | None) -> Iterator[object]:
    yield from (goal.heading, goal.kind.value, goal.name)
    figures = cell.figures if cell else None
    yield figures.visitors if figures else None
    yield count_of(goal, figures) if figures else None
    yield figures.conversion_rate(found.report.everyone(goal.kind)) if figures else None
    if found.before is not None:
        yield from _compared(found.before, cell, cell_of(found.before, goal))
    if found.report.where is not None:
        yield cell.is_at_least if cell else None


def _compared(before: Report, now: Cell | None, then: Cell | None) -> tuple[int | None, float | None]:
    earlier = then.figures.visitors if then else None
    if now is None or not can_change(before, now, then):
        return earlier, None
    return earlier, change(now.figures.visitors, earlier)
