"""Views and their addresses, without a page around them."""

from datetime import date, timedelta
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import MultiDict

from aggregate.cells import FILTERS, Filter
from aggregate.periods import MOST_DAYS, PERIODS, DayRange
from aggregate.points import Interval
from dashboards.report.panels import PANELS
from dashboards.report.view_error import Mistake, ViewError
from dashboards.report.view_filter import ViewFilter
from dashboards.report.view_reading import EARLIEST, LATEST, parse_view, read_view
from dashboards.report.view_state import Compare, Match, Metric, Period, ViewState, tabs_of

TODAY = date(2026, 5, 17)
FIRST = date(2024, 1, 10)

days = st.dates(EARLIEST, LATEST)
# What an address can say: no lone surrogates.
texts = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=40)


@st.composite
def ranges(draw: st.DrawFn) -> DayRange:
    """Give days of choice."""
    first = draw(days)
    longest = min((LATEST - first).days, MOST_DAYS - 1)
    return DayRange(first, first + timedelta(days=draw(st.integers(0, longest))))


@st.composite
def states(draw: st.DrawFn) -> ViewState:
    """Give any view."""
    period = draw(st.none() | st.sampled_from(Period))
    custom = draw(ranges()) if period is Period.CUSTOM else None
    has_day = period not in {None, Period.CUSTOM, Period.ALL}
    compare = draw(st.none() | st.sampled_from(Compare))
    one_of_others = st.builds(ViewFilter, st.sampled_from(["country", "source", "os"]), texts, st.just(True))
    where = one_of_others | st.builds(
        ViewFilter,
        st.sampled_from(FILTERS) | texts.map("prop:{}".format).filter(_has_no_comma),
        texts,
    )
    tabs = {
        name: draw(st.sampled_from([*panel.tabs, *panel.campaigns, *(["prop:plan"] if panel.has_props else [])]))
        for name, panel in PANELS.items()
    }
    return ViewState(
        period=period,
        on=draw(st.none() | days) if has_day else None,
        custom=custom,
        compare=compare,
        compared=draw(ranges()) if compare is Compare.CUSTOM else None,
        match=draw(st.sampled_from(Match)) if compare else Match.WEEKDAY,
        where=draw(st.none() | where),
        metric=draw(st.sampled_from(Metric)),
        interval=draw(st.none() | st.sampled_from(Interval)),
        tabs=tabs_of(tabs.items()),
    )


def _has_no_comma(text: str) -> bool:
    return "," not in text


def _query(text: str) -> MultiDict[str]:
    return MultiDict(parse_qsl(text, keep_blank_values=True))


@given(states())
def test_an_address_says_all_of_a_view(state: ViewState) -> None:
    """Whoever opens a kept or shared address sees the very same view."""
    assert parse_view(_query(state.query)) == state


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [
                    *PANELS,
                    "period",
                    "date",
                    "from",
                    "to",
                    "compare",
                    "match",
                    "f",
                    "metric",
                    "interval",
                    "compare_to",
                ]
            ),
            st.text(max_size=30)
            | st.sampled_from(
                ["custom", "is,country,DE", "is_not,page", "is,referrer,x", "2026-05-17", "20260517"]
            ),
        ),
        max_size=8,
    )
)
def test_any_address_gives_a_view(pairs: list[tuple[str, str]]) -> None:
    """Whatever stands in an address, there is a view to show, and its own address gives it again."""
    reading = read_view(MultiDict(pairs))
    shown = reading.state.days(TODAY, FIRST)
    assert shown.first <= shown.last
    assert parse_view(_query(reading.state.query)) == reading.state


def test_what_is_as_it_is_by_itself_is_left_out_of_an_address() -> None:
    """Addresses stay short: only what somebody chose is in them."""
    plain = ViewState()
    assert plain.query == ""
    assert parse_view(_query("metric=visitors&match=weekday&sources=source&pages=page&locations=map")) == plain
    chosen = plain.with_period(Period.WEEK).with_tab("sources", "channel").with_metric(Metric.VISITS)
    assert chosen.query == "period=7d&metric=visits&sources=channel"
    assert chosen.with_tab("sources", "source").with_metric(Metric.VISITORS).query == "period=7d"
    filtered = plain.with_filter(ViewFilter("page", "/a,b?c&d")).with_comparison(Compare.YEAR, Match.NONE)
    assert filtered.query == "compare=year&match=none&f=is,page,/a,b%3Fc%26d"
    assert filtered.filter == Filter("page", "/a,b?c&d")


@pytest.mark.parametrize(
    ("query", "mistake"),
    [
        ("period=fortnight", Mistake.PERIOD),
        ("period=%3Cscript%3E", Mistake.PERIOD),
        ("date=yesterday", Mistake.DAY),
        ("date=0001-01-01", Mistake.DAY),
        ("period=custom&from=2026-05-17", Mistake.FIRST_AND_LAST),
        ("period=custom&from=2026-05-17&to=2026-05-01", Mistake.ORDER),
        ("period=custom&from=2000-01-01&to=2099-01-01", Mistake.TOO_LONG),
        ("compare=never", Mistake.COMPARISON),
        ("compare=custom", Mistake.FIRST_AND_LAST),
        ("f=country", Mistake.FILTER),
        ("f=is,country,", Mistake.FILTER),
        ("f=contains,page,/", Mistake.FILTER),
        ("f=is,referrer,example.org", Mistake.NOT_FILTERED),
        ("f=is,person,Ann", Mistake.DIMENSION),
        ("f=is,prop:,pro", Mistake.DIMENSION),
        ("f=is_not,page,/pricing", Mistake.NOT_TOLD),
        ("f=is,country,DE&f=is,device,Mobile", Mistake.SECOND_FILTER),
        ("metric=people", Mistake.METRIC),
        ("interval=minute", Mistake.INTERVAL),
        ("sources=page", Mistake.TAB),
    ],
)
def test_a_mistake_is_named_and_the_rest_is_shown(query: str, mistake: Mistake) -> None:
    """One wrong part of an address does not take the rest of the view with it."""
    reading = read_view(_query(f"{query}&devices=os"))
    assert [each.mistake for each in reading.mistakes] == [mistake]
    assert reading.state.tab("devices") == "os"
    with pytest.raises(ViewError) as raised:
        parse_view(_query(query))
    assert raised.value.mistake is mistake


def test_of_two_filters_the_first_is_answered() -> None:
    """The second is told, never silently joined or dropped."""
    reading = read_view(_query("f=is,country,DE&f=is,device,Mobile"))
    assert reading.state.where == ViewFilter("country", "DE")
    assert reading.mistakes[0].written == "device: Mobile"


@pytest.mark.parametrize(
    ("earliest", "first"),
    [(FIRST, date(2026, 4, 20)), (date(2026, 5, 16), date(2026, 4, 20)), (TODAY, TODAY), (None, TODAY)],
)
def test_a_view_without_a_period_is_that_of_the_site(earliest: date | None, first: date) -> None:
    """A new site shows its first day hour by hour, later on it is the last four weeks."""
    assert ViewState().days(TODAY, earliest) == DayRange(first, TODAY)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", None),
        ("compare=previous", DayRange(date(2026, 5, 4), date(2026, 5, 10))),
        ("compare=previous&match=none", DayRange(date(2026, 5, 4), date(2026, 5, 10))),
        ("compare=year", DayRange(date(2025, 5, 12), date(2025, 5, 18))),
        ("compare=year&match=none", DayRange(date(2025, 5, 11), date(2025, 5, 17))),
        (
            "compare=custom&compare_from=2026-01-01&compare_to=2026-01-07",
            DayRange(date(2026, 1, 1), date(2026, 1, 7)),
        ),
    ],
)
def test_a_period_is_compared_with_other_days(query: str, expected: DayRange | None) -> None:
    """With the days or the year before, on the same weekdays unless said otherwise, or with days of choice."""
    state = parse_view(_query(f"period=7d&{query}"))
    assert state.compared_days(state.days(TODAY, FIRST)) == expected


def test_a_page_has_all_periods_of_reports() -> None:
    """What `footfall report` takes as a period, a page takes as well."""
    assert list(PERIODS) == list(Period)
