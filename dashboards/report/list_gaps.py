"""Why a list is not there, in words: an answer that reports do not have is never shown as zero. Pure."""

from aggregate.cells import PARENTS, is_of_events
from core.clock import days_between
from dashboards.report.listings import noun_of, title_of
from dashboards.report.site_view import SiteView
from dashboards.report.view_state import ViewState


def can_be_listed(dimension: str, state: ViewState) -> bool:
    """Tell whether reports have a list in a view: versions have one under their own filter or none."""
    if state.where is None:
        return True
    if state.where.is_not:
        return False
    return dimension not in PARENTS or PARENTS[dimension] == state.where.dimension


def why_empty(view: SiteView, dimension: str) -> str:
    """Say why a list of a view has no row."""
    text, report = view.language.text, view.report
    if not can_be_listed(dimension, view.state):
        return _why_not_listed(view, dimension)
    if report.withheld and not report.totals.visitors:
        return text("This list appears once the day is final.")
    if report.where is not None:
        return _why_not_under_filter(view)
    if not report.totals.visitors:
        return text("No visitors in this period.")
    return _why_not_shown(view, dimension)


def _why_not_shown(view: SiteView, dimension: str) -> str:
    text = view.language.text
    if is_of_events(dimension):
        return text("An event is listed once %(least)s visitors have triggered it on one day.", least=view.least)
    if is_open(view) and view.report.totals.visitors >= view.k:
        return text(
            "Today's lists lag a little behind: rows with %(least)s visitors appear once more visitors have come "
            "after them.",
            least=view.least,
        )
    return text(
        "%(title)s are listed once they have %(least)s visitors on one day. None has had that many.",
        title=title_of(dimension, view.language),
        least=view.least,
    )


def _why_not_under_filter(view: SiteView) -> str:
    if is_open(view):
        return view.language.text("Under a filter, lists appear once the day is final.")
    if not view.report.totals.visitors:
        return view.language.text("No visitors in this period.")
    return view.language.text(
        "Under this filter, each row has too few visitors on each day, or leaves too few outside it."
    )


def is_open(view: SiteView) -> bool:
    """Tell whether none of the days is closed."""
    return all(day in view.report.unfinished for day in days_between(view.days.first, view.days.last))


def _why_not_listed(view: SiteView, dimension: str) -> str:
    where, text = view.state.where, view.language.text
    if where is not None and where.is_not:
        return text(
            "A filter that excludes a value has no lists: they could reveal groups that are too small to show. "
            "Totals and the graph are above."
        )
    return text(
        "Versions are listed when there is no filter, or under a filter by their %(parent)s.",
        parent=noun_of(PARENTS[dimension], view.language),
    )
