"""The period picker, without a page around it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregate.periods import DayRange
from core.errors import PeriodError
from dashboards.picker import Link, picker_of, read_choice

TODAY = date(2026, 5, 17)


def _links(query: dict[str, str]) -> tuple[Link | None, Link | None]:
    picker = picker_of(read_choice(query, TODAY), TODAY)
    return picker.earlier, picker.later


@pytest.mark.parametrize(
    ("query", "current"),
    [
        ({}, "Today"),
        ({"period": "day"}, "Today"),
        ({"period": "day", "date": "2026-05-17"}, "Today"),
        ({"period": "day", "date": "2026-05-16"}, "Yesterday"),
        ({"period": "7d"}, "7 days"),
        ({"period": "30d"}, "30 days"),
        ({"period": "month"}, "Month to date"),
        ({"period": "7d", "date": "2026-05-16"}, None),
        ({"period": "custom", "from": "2026-05-11", "to": "2026-05-17"}, None),
    ],
)
def test_the_link_to_what_is_shown_is_marked(query: dict[str, str], current: str | None) -> None:
    """At most one link is the current one, and it is the one whose days are shown."""
    picker = picker_of(read_choice(query, TODAY), TODAY)
    assert [link.label for link in picker.presets if link.is_current] == ([current] if current else [])


@pytest.mark.parametrize(
    ("query", "earlier", "later"),
    [
        ({}, ("Previous day", {"period": "day", "date": "2026-05-16"}), None),
        (
            {"period": "day", "date": "2026-05-01"},
            ("Previous day", {"period": "day", "date": "2026-04-30"}),
            ("Next day", {"period": "day", "date": "2026-05-02"}),
        ),
        ({"period": "7d"}, ("Previous 7 days", {"period": "7d", "date": "2026-05-10"}), None),
        (
            {"period": "7d", "date": "2026-05-13"},
            ("Previous 7 days", {"period": "7d", "date": "2026-05-06"}),
            ("Next 7 days", {"period": "7d", "date": "2026-05-17"}),
        ),
        ({"period": "month"}, ("Previous month", {"period": "month", "date": "2026-04-30"}), None),
        (
            {"period": "month", "date": "2026-04-12"},
            ("Previous month", {"period": "month", "date": "2026-03-31"}),
            ("Next month", {"period": "month", "date": "2026-05-01"}),
        ),
        (
            {"period": "custom", "from": "2026-05-01", "to": "2026-05-03"},
            ("Previous 3 days", {"period": "custom", "from": "2026-04-28", "to": "2026-04-30"}),
            ("Next 3 days", {"period": "custom", "from": "2026-05-04", "to": "2026-05-06"}),
        ),
        (
            {"period": "day", "date": "2000-01-01"},
            None,
            ("Next day", {"period": "day", "date": "2000-01-02"}),
        ),
    ],
)
def test_earlier_and_later_join_on(
    query: dict[str, str], earlier: tuple[str, dict[str, str]] | None, later: tuple[str, dict[str, str]] | None
) -> None:
    """The days before end where these begin, the days after begin where these end, never after today."""
    expected = tuple(Link(*link) if link else None for link in (earlier, later))
    assert _links(query) == expected


@given(
    st.fixed_dictionaries(
        {"period": st.sampled_from(["day", "7d", "30d", "month", "custom"])},
        optional={name: st.dates().map(str) | st.text(max_size=12) for name in ("date", "from", "to")},
    )
)
def test_every_link_leads_to_a_period(query: dict[str, str]) -> None:
    """Whatever an address asks for, it is explained or shown, and all links on that page work."""
    try:
        choice = read_choice(query, TODAY)
    except PeriodError:
        return
    picker = picker_of(choice, TODAY)
    links = [*picker.presets, picker.earlier, picker.later]
    ranges = [read_choice(link.query, TODAY).days for link in links if link is not None]
    assert all(isinstance(days, DayRange) and days.first <= days.last for days in ranges)
    assert all(days.first <= TODAY for days in ranges) or choice.days.first > TODAY
