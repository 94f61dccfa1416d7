"""The menu of periods, and the steps to the days before and after. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from aggregate.periods import DayRange, moved_back
from dashboards.language import message
from dashboards.report.site_view import SiteView
from dashboards.report.view_reading import EARLIEST
from dashboards.report.view_state import Pairs, Period, ViewState

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A line of a menu; ``key`` is what to press for it, ``href`` is None where it leads nowhere now."""

    name: str
    key: str
    href: str | None
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class PeriodMenu:
    """The period in words, all others, the steps from it, and what the form for days of choice needs.

    ``kept`` are the parts of the address that the form has to keep.
    """

    name: str
    days: str
    groups: list[list[MenuItem]]
    earlier: MenuItem
    later: MenuItem
    custom: DayRange
    is_custom: bool
    earliest: date
    kept: Pairs


NAMES = {
    Period.DAY: message("Today"),
    Period.YESTERDAY: message("Yesterday"),
    Period.WEEK: message("Last 7 days"),
    Period.FOUR_WEEKS: message("Last 28 days"),
    Period.THIRTY_DAYS: message("Last 30 days"),
    Period.QUARTER: message("Last 91 days"),
    Period.MONTH: message("Month to date"),
    Period.LAST_MONTH: message("Last month"),
    Period.YEAR: message("Year to date"),
    Period.TWELVE_MONTHS: message("Last 12 months"),
    Period.ALL: message("All time"),
}
_GROUPS = (
    ((Period.DAY, "d"), (Period.YESTERDAY, "e")),
    ((Period.WEEK, "w"), (Period.FOUR_WEEKS, "f"), (Period.THIRTY_DAYS, "t"), (Period.QUARTER, "n")),
    ((Period.MONTH, "m"), (Period.LAST_MONTH, "p")),
    ((Period.YEAR, "y"), (Period.TWELVE_MONTHS, "l"), (Period.ALL, "a")),
)


def period_menu(view: SiteView) -> PeriodMenu:
    """Give the menu of a view."""
    state, text = view.state, view.language.text
    shown = state.period_shown(view.today, view.earliest)
    in_words = view.language.days(view.days)
    is_named = shown is not Period.CUSTOM and state.on is None
    return PeriodMenu(
        name=text(NAMES[shown]) if is_named else in_words,
        days=in_words if is_named else "",
        groups=[
            [
                MenuItem(
                    text(NAMES[period]),
                    key,
                    view.links.page(state.with_period(period)),
                    is_current=is_named and period is shown,
                )
                for period, key in group
            ]
            for group in _GROUPS
        ],
        earlier=MenuItem(text("Earlier"), "ArrowLeft", _href(view, _earlier(view, shown))),
        later=MenuItem(text("Later"), "ArrowRight", _href(view, _later(view, shown))),
        custom=view.days,
        is_custom=shown is Period.CUSTOM,
        earliest=view.earliest or view.today,
        kept=_kept(state),
    )


def _kept(state: ViewState) -> Pairs:
    left_out = {"period", "date", "from", "to", "interval"}
    return tuple(pair for pair in state.pairs if pair[0] not in left_out)


def _href(view: SiteView, state: ViewState | None) -> str | None:
    return view.links.page(state) if state is not None else None


def _earlier(view: SiteView, shown: Period) -> ViewState | None:
    """Give the view of the days before; None where there is nothing before."""
    days = view.days
    if shown is Period.ALL or days.first <= max(EARLIEST, view.earliest or EARLIEST):
        return None
    last = days.first - _DAY
    if shown is Period.CUSTOM:
        moved = moved_back(days, days.days)
        return view.state.with_days(DayRange(max(moved.first, EARLIEST), moved.last))
    return view.state.with_period(_stepped(shown), last)


def _later(view: SiteView, shown: Period) -> ViewState | None:
    """Give the view of the days after, none of them ahead; None where these are the last."""
    days = view.days
    first = days.last + _DAY
    if first > view.today or shown is Period.ALL:
        return None
    if shown is Period.CUSTOM:
        return view.state.with_days(DayRange(first, min(first + (days.last - days.first), view.today)))
    if shown in {Period.MONTH, Period.LAST_MONTH, Period.YEAR}:
        on = first
    elif shown is Period.TWELVE_MONTHS:
        on = (first.replace(day=1) + timedelta(days=334)).replace(day=1)  # in the last of the next twelve months
    else:
        on = first + (days.last - days.first)
    moved, latest = (view.state.with_period(_stepped(shown), day) for day in (min(on, view.today), None))
    is_latest = moved.days(view.today, view.earliest) == latest.days(view.today, view.earliest)
    return latest if is_latest else moved


def _stepped(period: Period) -> Period:
    """Give the period as it is called on another day: yesterday is a day, last month a month."""
    return {Period.YESTERDAY: Period.DAY, Period.LAST_MONTH: Period.MONTH}.get(period, period)
