"""The list of a site's goals: what reports say of the events and pages that somebody wants. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from aggregate.cells import Cell, Figures
from aggregate.reading import Report
from dashboards.language import NOTHING
from dashboards.report.list_columns import CHANGE, CONVERSION, EVENTS, PAGEVIEWS, VISITORS, ListColumn
from dashboards.report.list_gaps import why_empty
from dashboards.report.lists import ListRow, ListView, headings_of, longest, notes_of_rows, rows_of, show_rows
from dashboards.report.site_view import SiteView
from dashboards.sites.goals import Goal, GoalKind

_COUNTED = {GoalKind.EVENT: EVENTS, GoalKind.PAGE: PAGEVIEWS}


def in_order(report: Report, goals: Iterable[Goal]) -> list[tuple[Cell | None, Goal]]:
    """Give the goals with their rows in a report, the most frequent first; None where the row is not shown."""
    found = [(cell_of(report, goal), goal) for goal in goals]
    return sorted(found, key=lambda pair: -pair[0].figures.visitors if pair[0] else 0)


def cell_of(report: Report, goal: Goal) -> Cell | None:
    """Give a goal's row in a report, if it is shown."""
    return next((cell for cell in report.rows.get(goal.kind, []) if cell.value == goal.name), None)


def count_of(goal: Goal, figures: Figures) -> int:
    """Give how often a goal's event was sent, or its page seen."""
    return figures.events if goal.kind is GoalKind.EVENT else figures.pageviews


def list_goals_of(view: SiteView, goals: Sequence[Goal]) -> ListView:
    """Give the goals, the most frequent first; one whose row is not shown has dashes."""
    text = view.language.text
    found = in_order(view.report, goals)
    shown = [cell for cell, _goal in found if cell]
    most = longest(shown)
    return ListView(
        dimension=GoalKind.EVENT,
        title=text("Goals"),
        noun=text("Goal"),
        headings=headings_of(_columns(view, GoalKind.EVENT), view),
        rows=list(_rows(view, found, most)),
        more=0,
        empty=why_empty(view, GoalKind.EVENT) if view.is_all_but else "",
        notes=[*notes_of_rows(view, shown), *([] if len(shown) == len(found) else [_about_dashes(view)])],
    )


def _columns(view: SiteView, kind: GoalKind) -> list[ListColumn]:
    before = view.before
    has_change = before is not None and before.totals.visits and not before.days_without_reports
    return [VISITORS, *([CHANGE] if has_change else []), CONVERSION, _COUNTED[kind]]


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
