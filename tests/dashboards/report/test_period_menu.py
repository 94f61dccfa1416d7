"""The menu of periods and the steps beside it, without a page around them."""

from datetime import date, datetime
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import MultiDict

from aggregate.cells import Figures
from aggregate.reading import Report
from dashboards.language import language_of
from dashboards.report.comparison_menu import comparison_menu
from dashboards.report.period_menu import PeriodMenu, period_menu
from dashboards.report.site_links import SiteLinks
from dashboards.report.site_view import SiteView
from dashboards.report.view_reading import EARLIEST, LATEST, parse_view
from dashboards.report.view_state import Compare, Period, ViewState
from tests.fixtures.raw import site_in

TODAY = date(2026, 5, 17)
FIRST = date(2024, 1, 10)


def _view(state: ViewState) -> SiteView:
    days = state.days(TODAY, FIRST)
    return SiteView(
        site=site_in(),
        state=state,
        days=days,
        earliest=FIRST,
        report=Report(days, Figures(), [], {}, [], None),
        before=None,
        links=SiteLinks(""),
        language=language_of("", ""),
        now=datetime(2026, 5, 17, 12),  # noqa: DTZ001 (a site's local time)
        k=10,
    )


def _menu(query: str) -> PeriodMenu:
    return period_menu(_view(_state(query)))


def _state(query: str) -> ViewState:
    return parse_view(MultiDict(parse_qsl(query)))


@pytest.mark.parametrize(
    ("query", "earlier", "later"),
    [
        ("", "?period=28d&date=2026-04-19", None),
        ("period=day", "?period=day&date=2026-05-16", None),
        ("period=yesterday", "?period=day&date=2026-05-15", "?period=day"),
        ("period=day&date=2026-05-01", "?period=day&date=2026-04-30", "?period=day&date=2026-05-02"),
        ("period=7d&date=2026-05-13", "?period=7d&date=2026-05-06", "?period=7d"),
        ("period=month", "?period=month&date=2026-04-30", None),
        ("period=lastmonth", "?period=month&date=2026-03-31", "?period=month"),
        ("period=month&date=2026-02-12", "?period=month&date=2026-01-31", "?period=month&date=2026-03-01"),
        ("period=year", "?period=year&date=2025-12-31", None),
        ("period=12mo", "?period=12mo&date=2025-05-31", None),
        ("period=12mo&date=2025-05-31", "?period=12mo&date=2024-05-31", "?period=12mo"),
        ("period=all", None, None),
        (
            "period=custom&from=2026-05-01&to=2026-05-03",
            "?period=custom&from=2026-04-28&to=2026-04-30",
            "?period=custom&from=2026-05-04&to=2026-05-06",
        ),
        ("period=day&date=2024-01-10", None, "?period=day&date=2024-01-11"),
    ],
)
def test_earlier_and_later_join_on(query: str, earlier: str | None, later: str | None) -> None:
    """The days before end where these begin, the days after begin where these end; none without reports."""
    menu = _menu(query)
    assert (menu.earlier.href, menu.later.href) == (earlier, later)


def test_the_period_that_is_shown_is_marked() -> None:
    """One line of the menu is current; on another day the period is named by its days."""
    menu = _menu("period=7d")
    assert [item.name for group in menu.groups for item in group if item.is_current] == ["Last 7 days"]
    assert menu.name == "Last 7 days"
    other = _menu("period=7d&date=2026-05-10")
    assert [item for group in other.groups for item in group if item.is_current] == []
    assert (other.name, other.days) == (_view(_state("period=7d&date=2026-05-10")).language.days(other.custom), "")


def test_every_period_has_a_key_of_its_own() -> None:
    """No two lines of the menu are chosen by the same key."""
    keys = [item.key for group in _menu("").groups for item in group]
    assert len({*keys}) == len(keys) == len(Period) - 1


@given(st.sampled_from([each for each in Period if each is not Period.CUSTOM]), st.dates(EARLIEST, LATEST))
def test_every_link_leads_to_a_view(period: Period, on: date) -> None:
    """From any period one can step on, and each link is a view that can be shown."""
    menu = period_menu(_view(ViewState(period=period, on=None if period is Period.ALL else on)))
    links = [item.href for group in menu.groups for item in group] + [menu.earlier.href, menu.later.href]
    for link in links:
        if link is not None:
            days = _state(link.removeprefix("?")).days(TODAY, FIRST)
            assert days.first <= days.last


def test_a_comparison_can_be_taken_back() -> None:
    """One key compares with the period before, and ends any comparison; months of a year have no weekdays."""
    assert comparison_menu(_view(_state("period=7d"))).toggle.href == "?period=7d&compare=previous"
    compared = comparison_menu(_view(_state("period=7d&compare=year&match=none")))
    assert compared.toggle.href == "?period=7d"
    assert [(item.name, item.is_current) for item in compared.matches] == [
        ("Same weekdays", False),
        ("Same dates", True),
    ]
    year = _view(_state("period=year").with_comparison(Compare.PREVIOUS))
    assert comparison_menu(year).matches == []
    assert year.state.compared_days(year.days) == ViewState(period=Period.YEAR, on=date(2025, 5, 17)).days(
        date(2025, 5, 17), FIRST
    )
