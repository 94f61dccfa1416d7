"""What version 2 of the stats API is asked, and what it cannot be asked."""

from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregate.cells import Filter
from aggregate.periods import DayRange
from aggregate.points import Interval
from core.errors import PeriodError
from dashboards.stats.query import StatsError, StatsQuery
from dashboards.stats.version2 import read_query, read_site_id

TODAY = date(2026, 5, 17)
FIRST = date(2026, 1, 1)
ASKED = {"site_id": "example.com", "metrics": ["visitors"], "date_range": "7d"}
WEEK = DayRange(date(2026, 5, 11), TODAY)

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize(
    ("asked", "query"),
    [
        ({}, StatsQuery(WEEK, ("visitors",))),
        (
            {"dimensions": ["visit:source"], "metrics": ["visitors", "bounce_rate"], "pagination": {"limit": 5}},
            StatsQuery(WEEK, ("visitors", "bounce_rate"), "source", limit=5),
        ),
        ({"dimensions": ["time"]}, StatsQuery(WEEK, ("visitors",), interval=Interval.DAY)),
        ({"dimensions": ["time:week"]}, StatsQuery(WEEK, ("visitors",), interval=Interval.WEEK)),
        (
            {"filters": [["is", "event:props:plan", ["pro"]]]},
            StatsQuery(WEEK, ("visitors",), where=Filter("prop:plan", "pro")),
        ),
        (
            {"include": {"comparisons": {"mode": "previous_period"}}},
            StatsQuery(WEEK, ("visitors",), before=DayRange(date(2026, 5, 4), date(2026, 5, 10))),
        ),
        (
            {"date_range": ["2026-05-01", "2026-05-02T12:00:00+02:00"]},
            StatsQuery(DayRange(date(2026, 5, 1), date(2026, 5, 2)), ("visitors",)),
        ),
        ({"date_range": "all"}, StatsQuery(DayRange(FIRST, TODAY), ("visitors",))),
        (
            {"dimensions": ["event:page"], "order_by": [["event:page", "asc"], ["visitors", "desc"]]},
            StatsQuery(WEEK, ("visitors",), "page", order=(("", False), ("visitors", True))),
        ),
    ],
)
def test_queries_are_read_as_plausible_documents_them(asked: dict[str, Any], query: StatsQuery) -> None:
    """Each key of a query, alone."""
    assert read_query(ASKED | asked, TODAY, FIRST) == query


@pytest.mark.parametrize(
    ("asked", "advice"),
    [
        ({"metric": ["visitors"]}, "'metric' is not a key"),
        ({"metrics": []}, "at least one metric"),
        ({"metrics": ["sessions"]}, "'sessions' is not a metric"),
        ({"metrics": ["scroll_depth"]}, "Totals have no scroll_depth"),
        ({"dimensions": ["visit:city"]}, "'visit:city' is not a dimension"),
        ({"dimensions": ["visit:source", "visit:country"]}, "one dimension at a time"),
        ({"dimensions": ["event:page"], "metrics": ["bounce_rate"]}, "Rows by page have no bounce_rate"),
        ({"dimensions": ["time:year"]}, "time:hour, time:day"),
        ({"date_range": "fortnight"}, "choose one of"),
        ({"date_range": None}, 'State a "date_range"'),
        ({"date_range": ["2026-05-02", "2026-05-01"]}, "before it begins"),
        ({"date_range": ["May", "June"]}, "Write it like 2026-05-17"),
        ({"filters": [["is", "visit:country", ["DE"]], ["is", "visit:os", ["iOS"]]]}, "single out a few visitors"),
        ({"filters": [["is", "visit:country", ["DE", "AT"]]]}, "one value"),
        ({"filters": [["contains", "event:page", ["/blog"]]]}, 'by "is"'),
        ({"filters": [["is", "visit:referrer", ["a.example"]]]}, "cannot be filtered by visit:referrer"),
        ({"order_by": [["pageviews", "desc"]]}, "Order by metrics"),
        ({"pagination": {"limit": 10_001}}, "from 1 to 10000"),
        ({"pagination": {"limit": True}}, "from 1 to 10000"),
        ({"include": {"comparisons": {"mode": "week"}}}, "previous_period or year_over_year"),
        ({"include": {"comparisons": {"mode": []}}}, "previous_period or year_over_year"),
        ({"order_by": [["visitors", ["asc"]]]}, "Order by metrics"),
        ({"include": {"comparisons": {"mode": "previous_period"}}, "dimensions": ["time"]}, "not compared"),
    ],
)
def test_what_cannot_be_answered_is_said_in_words(asked: dict[str, Any], advice: str) -> None:
    """The message says what can be asked instead."""
    with pytest.raises((StatsError, PeriodError), match=advice):
        read_query(ASKED | asked, TODAY, FIRST)


@pytest.mark.parametrize("asked", [None, [], {}, {"site_id": 7}])
def test_a_query_names_its_site(asked: object) -> None:
    """Without a domain nothing is looked up."""
    with pytest.raises(StatsError, match="site_id"):
        read_site_id(asked)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys((*ASKED, "dimensions", "filters", "order_by"), anything)))
def test_any_document_is_a_query_or_is_refused(asked: dict[str, Any]) -> None:
    """Whatever JSON is sent, the answer is a query or words, never a failure."""
    with suppress(StatsError, PeriodError):
        read_query(ASKED | asked, TODAY, FIRST)


@given(st.dictionaries(st.sampled_from(["include", "pagination", "date_range"]), anything))
def test_any_nested_document_is_a_query_or_is_refused(asked: dict[str, Any]) -> None:
    """The keys that hold more than names, likewise."""
    with suppress(StatsError, PeriodError):
        read_query(ASKED | asked, TODAY, FIRST)
