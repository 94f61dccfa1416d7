"""The list of a site's goals: what reports say of the events and pages that somebody wants. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from aggregate.cells import Cell
from dashboards.language import NOTHING
from dashboards.report.list_columns import CHANGE, CONVERSION, EVENTS, PAGEVIEWS, VISITORS, ListColumn
from dashboards.report.list_gaps import why_empty
from dashboards.report.lists import ListRow, ListView, headings_of, rows_of, show_rows
from dashboards.report.site_view import SiteView
from dashboards.sites.goals import Goal, GoalKind

_COUNTED = {GoalKind.EVENT: EVENTS, GoalKind.PAGE: PAGEVIEWS}


def list_goals_of(view: SiteView, goals: Sequence[Goal]) -> ListView:
    """Give the goals, the most frequent first; one whose row is not shown has dashes."""
    text = view.language.text
    found = [(_cell(view, goal), goal) for goal in goals]
    found.sort(key=lambda pair: -pair[0].figures.visitors if pair[0] else 0)
    most = max((cell.figures.visitors for cell, _goal in found if cell), default=0)
    return ListView(
        dimension=GoalKind.EVENT,
        title=text("Goals"),
        noun=text("Goal"),
        headings=headings_of(_columns(view, GoalKind.EVENT), view),
        rows=list(_rows(view, found, most)),
        more=0,
        empty=why_empty(view, GoalKind.EVENT) if view.is_all_but else "",
        note="" if all(cell for cell, _goal in found) else _about_dashes(view),
    )


def _cell(view: SiteView, goal: Goal) -> Cell | None:
    return next((cell for cell in view.report.rows.get(goal.kind, []) if cell.value == goal.name), None)


def _columns(view: SiteView, kind: GoalKind) -> list[ListColumn]:
    return [VISITORS, *([CHANGE] if view.before and view.before.totals.visits else []), CONVERSION, _COUNTED[kind]]


def _rows(view: SiteView, found: Sequence[tuple[Cell | None, Goal]], most: int) -> Iterator[ListRow]:
    for cell, goal in found:
        columns = _columns(view, goal.kind)
        if cell is None:
            yield ListRow(goal.heading, "", 0.0, [NOTHING] * len(columns), None, is_other=False)
            continue
        for row in show_rows(view, rows_of(view, goal.kind), columns, [cell], most):
            yield replace(row, name=goal.heading)


def _about_dashes(view: SiteView) -> str:
    return view.language.text("A dash means fewer than %(least)s visitors on each day.", least=view.least)
