"""A day's report with differential privacy: how much one visitor can change, and what is published."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from aggregate.cells import Cell, Figures
from aggregate.differential_privacy import METRICS, PUBLISHED, bounded_counts, noise_of, noisy_report
from aggregate.privacy_budget import spent_budget
from core.errors import PrivacyBudgetError
from core.store import Store
from ingest.devices import BROWSERS, DESKTOP, MOBILE, TABLET
from ingest.event import Event
from tests.fixtures.raw import DAY_START, event, site_in, store_events
from tests.fixtures.statements import KilledError, killed_at, statements_of
from tests.fixtures.visits import visits_of

SITE = site_in()
DAY = date(2026, 5, 1)
NEXT_MIDNIGHT = datetime(2026, 5, 2, tzinfo=UTC)
COUNTRIES = ("DE", "FR", "")
VISIT_DIMENSIONS = {"source": "Direct / None", "country": "Unknown", "device": "Unknown", "browser": "Unknown"}
STRANGER = 1_000

few_examples = settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])

DAYS = st.lists(
    st.tuples(
        st.integers(0, 20 * 3600),
        st.integers(0, 6),
        st.sampled_from(["/", "/a", "/b"]),
        st.sampled_from(["pageview", "pageview", "Signup", "engagement"]),
        st.sampled_from(["", "Google", "Bing"]),
        st.sampled_from(COUNTRIES),
    ),
    max_size=40,
).map(
    lambda rows: [
        event(
            SITE,
            DAY_START + timedelta(seconds=second, microseconds=order),
            visitor,
            page,
            name=name,
            source=source,
            country=country,
        )
        for order, (second, visitor, page, name, source, country) in enumerate(rows)
    ]
)


def stranger(views: int, pages: int, visits: int) -> list[Event]:
    """Give the day of one more visitor, who comes from somewhere else with something else each time."""
    return [
        event(
            SITE,
            DAY_START + timedelta(hours=number % visits, seconds=number // visits),
            STRANGER,
            f"/{number % pages}",
            source=f"source {number % 7}",
            country=COUNTRIES[number % 3],
            browser=("Firefox", "Chrome")[number % 2],
            device=(DESKTOP, MOBILE)[number % 2],
        )
        for number in range(views)
    ]


def counts_by_hand(events: Sequence[Event]) -> dict[str, dict[str, int]]:
    """Count a day whose visitors each see at most five pages."""
    visits = visits_of(events)
    first = {visit[0].visitor: visit[0] for visit in reversed(visits)}
    views = [each for visit in visits for each in visit if each.name == "pageview"]
    counts: dict[str, dict[str, int]] = {
        "visitors": {"": len(first)},
        "visits": {"": sum(min(3, n) for n in Counter(visit[0].visitor for visit in visits).values())},
        "pageviews": {"": sum(min(10, n) for n in Counter(view.visitor for view in views).values())},
        "page": dict(Counter(page for _visitor, page in {(view.visitor, view.page) for view in views})),
    }
    for dimension, absent in VISIT_DIMENSIONS.items():
        values = Counter(getattr(each, dimension) or absent for each in first.values())
        counts |= {dimension: dict(values)} if values else {}
    return counts


def _counts_of(store: Store, events: Sequence[Event]) -> dict[str, dict[str, int]]:
    store.run("TRUNCATE TABLE events")
    store_events(store, events)
    return bounded_counts(store, SITE, DAY)


@few_examples
@given(events=DAYS)
@example(events=[])
def test_ordinary_visitors_are_counted_as_they_came(store: Store, events: list[Event]) -> None:
    """A visitor counts once, on each page they saw, and where their first visit came from; views are bounded."""
    assert _counts_of(store, events) == counts_by_hand(events)


@few_examples
@given(
    events=DAYS,
    views=st.integers(1, 300),
    pages=st.integers(1, 300),
    visits=st.integers(1, 20),
)
@example(events=[], views=1_000, pages=300, visits=20)
def test_one_visitor_more_changes_the_counts_by_no_more_than_the_noise_is_made_for(
    store: Store, events: list[Event], views: int, pages: int, visits: int
) -> None:
    """Whatever one visitor does, they add to so many values and so much to each, and change nothing else."""
    without = _counts_of(store, events)
    with_stranger = _counts_of(store, [*events, *stranger(views, pages, visits)])
    added = {
        name: {
            value: with_stranger[name].get(value, 0) - without.get(name, {}).get(value, 0)
            for value in with_stranger[name] | without.get(name, {})
        }
        for name in with_stranger
    }
    changed = {name: sorted(filter(None, values.values())) for name, values in added.items()}
    assert changed == {
        "visitors": [1],
        "visits": [min(3, visits, views)],
        "pageviews": [min(10, views)],
        "page": [1] * min(5, pages, views),
        "source": [1],
        "country": [1],
        "device": [1],
        "browser": [1],
    }
    for published in PUBLISHED:
        assert len(changed[published.name]) <= published.most_values
        assert max(changed[published.name]) <= published.most_each


def test_the_shares_come_to_no_more_than_the_days_budget() -> None:
    """Epsilon 0.85 is spent, 0.15 kept for pairs; values that nobody knew beforehand cost a delta."""
    assert math.fsum(published.epsilon for published in PUBLISHED) == pytest.approx(0.85)
    assert sum(published.delta for published in PUBLISHED) <= 2e-7
    assert {published.name for published in PUBLISHED if published.delta} == {"page", "source"}
    for published in PUBLISHED:
        assert noise_of(published).epsilon <= published.epsilon * (1 + 1e-9)
        assert noise_of(published).delta <= published.delta


def test_the_documented_price_list_is_the_one_that_is_used() -> None:
    """docs/differential-privacy.md names what is published, its epsilon, its error and the smallest row."""
    text = Path("docs/differential-privacy.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")][2:]
    documented = [(name, epsilon, error, least) for name, epsilon, _bound, error, least in rows]
    assert documented == [
        (
            published.name,
            f"{published.epsilon:g}",
            f"{published.most_values * published.most_each / published.epsilon:.0f}",
            str(noise_of(published).least or "always"),
        )
        for published in PUBLISHED
    ]


def test_the_lists_of_known_values_are_names_that_events_have() -> None:
    """A value that is on a list is spelt as the collector writes it."""
    known = {published.name: published.values() for published in PUBLISHED if published.values}
    assert {*known["browser"]} - {"Unknown"} <= BROWSERS.keys()
    assert {*known["device"]} == {DESKTOP, MOBILE, TABLET, "Unknown"}
    assert {"DE", "US", "Unknown"} <= {*known["country"]}
    assert all(len(code) == 2 for code in {*known["country"]} - {"Unknown"})


def _fill(store: Store) -> None:
    store_events(
        store,
        [
            event(
                SITE,
                DAY_START + timedelta(seconds=20 * visitor),
                visitor,
                country="DE",
                browser="Firefox",
                device=DESKTOP,
            )
            for visitor in range(1, 4_001)
        ],
    )


def test_a_report_has_what_stands_out_and_nothing_else(store: Store) -> None:
    """Total and cells are near the truth; other metrics are 0, and rows of few visitors are not there."""
    _fill(store)
    store_events(store, [event(SITE, DAY_START, STRANGER + 10_000, "/private", country="VA", source="a letter")])
    report = noisy_report(store, SITE, DAY, NEXT_MIDNIGHT)
    largest = {name: cells[0] for name, cells in report.cells.items()}
    assert {name: cell.value for name, cell in largest.items()} == {
        "page": "/",
        "source": "Direct / None",
        "country": "DE",
        "device": DESKTOP,
        "browser": "Firefox",
    }
    for cell in largest.values():
        visitors = cell.figures.visitors
        assert abs(visitors - 4_000) < 600  # thirty times the largest scale of a cell
        assert cell == Cell(cell.value, Figures(visitors=visitors))
    totals = report.totals
    assert totals == Figures(totals.visitors, totals.visits, totals.pageviews)
    assert abs(totals.visitors - 4_001) < 1_000
    assert abs(totals.visits - 4_001) < 3_000
    assert abs(totals.pageviews - 4_001) < 7_500
    assert report.least == 95
    assert all(cell.figures.visitors >= report.least for cells in report.cells.values() for cell in cells)


def test_a_report_is_the_same_whenever_it_is_asked_for(store: Store) -> None:
    """A second look, later events and an erasure bring no new noise, and cost nothing."""
    _fill(store)
    report = noisy_report(store, SITE, DAY, NEXT_MIDNIGHT)
    spent = spent_budget(store, SITE, DAY)
    store_events(store, [event(SITE, DAY_START, visitor, "/late") for visitor in range(5_000, 9_000)])
    assert noisy_report(store, SITE, DAY, NEXT_MIDNIGHT) == report
    store.run("TRUNCATE TABLE events")
    assert noisy_report(store, SITE, DAY, NEXT_MIDNIGHT + timedelta(days=9)) == report
    assert spent_budget(store, SITE, DAY) == spent
    assert sorted(charge.what for charge in spent) == sorted(published.name for published in PUBLISHED)


def test_a_report_whose_making_was_killed_is_made_once(embedded: Store) -> None:
    """Killed after any statement and asked for again, the store has one version of the day and gives it."""
    _fill(embedded)
    for number in range(
        1, statements_of(embedded, lambda stepped: noisy_report(stepped, SITE, DAY, NEXT_MIDNIGHT)) + 1
    ):
        for table in ("privacy_budget", "report_draws"):
            embedded.run(f"TRUNCATE TABLE {table}")
        with pytest.raises(KilledError):
            noisy_report(killed_at(embedded, number, after=True), SITE, DAY, NEXT_MIDNIGHT)
        left = embedded.rows("SELECT * FROM report_draws ORDER BY ALL")
        report = noisy_report(embedded, SITE, DAY, NEXT_MIDNIGHT)
        drawn = embedded.rows("SELECT * FROM report_draws ORDER BY ALL")
        assert left in ([], drawn), number
        assert len(drawn) == len(METRICS) + sum(map(len, report.cells.values())), number
        assert len(spent_budget(embedded, SITE, DAY)) == len(PUBLISHED), number


def test_a_day_that_is_not_over_has_no_report(embedded: Store) -> None:
    """A day's one draw is not wasted on a part of it: midnight is the site's own."""
    tokyo = replace(site_in("Asia/Tokyo"), number=SITE.number)
    midnight = NEXT_MIDNIGHT - timedelta(hours=9)
    with pytest.raises(PrivacyBudgetError, match=r"2026-05-01 is not over at example\.com"):
        noisy_report(embedded, tokyo, DAY, midnight - timedelta(seconds=1))
    assert spent_budget(embedded, tokyo, DAY) == []
    noisy_report(embedded, tokyo, DAY, midnight)
    assert spent_budget(embedded, tokyo, DAY) != []
