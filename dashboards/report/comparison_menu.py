"""The menu of what a period is compared with. Pure."""

from dataclasses import dataclass

from aggregate.periods import DayRange, days_before
from dashboards.language import message
from dashboards.report.period_menu import MenuItem
from dashboards.report.site_view import SiteView
from dashboards.report.view_state import Compare, Match, Pairs, ViewState

_NAMES = {
    None: message("No comparison"),
    Compare.PREVIOUS: message("Previous period"),
    Compare.YEAR: message("Previous year"),
}


@dataclass(frozen=True, slots=True)
class ComparisonMenu:
    """What is compared with in words ("" for nothing), what else there is, and what the form for other days needs.

    ``toggle`` leads to the period before, or to no comparison if there is one. ``matches`` says whether weekdays
    are matched; it is empty where that makes no difference.
    """

    name: str
    days: str
    items: list[MenuItem]
    matches: list[MenuItem]
    toggle: MenuItem
    custom: DayRange
    is_custom: bool
    kept: Pairs


def comparison_menu(view: SiteView) -> ComparisonMenu:
    """Give the menu of a view."""
    state, text = view.state, view.language.text
    compared = state.compared_days(view.days)
    other = Compare.PREVIOUS if state.compare is None else None
    return ComparisonMenu(
        name="" if state.compare is None else text(_NAMES.get(state.compare, message("Custom dates"))),
        days=view.language.days(compared) if compared else "",
        items=[
            _item(view, name, state.with_comparison(compare), is_current=state.compare is compare)
            for compare, name in _NAMES.items()
        ],
        matches=_matches(view) if state.compare in {Compare.PREVIOUS, Compare.YEAR} else [],
        toggle=MenuItem(text("Compare"), "x", view.links.page(state.with_comparison(other))),
        custom=compared or days_before(view.days),
        is_custom=state.compare is Compare.CUSTOM,
        kept=tuple(pair for pair in state.pairs if not pair[0].startswith("compare") and pair[0] != "match"),
    )


def _matches(view: SiteView) -> list[MenuItem]:
    state = view.state
    if state.is_by_calendar:
        return []
    return [
        _item(view, name, state.with_comparison(state.compare, match), is_current=state.match is match)
        for match, name in ((Match.WEEKDAY, message("Same weekdays")), (Match.NONE, message("Same dates")))
    ]


def _item(view: SiteView, name: str, state: ViewState, *, is_current: bool) -> MenuItem:
    return MenuItem(view.language.text(name), "", view.links.page(state), is_current=is_current)
