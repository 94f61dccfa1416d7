"""Scroll depth: the average of each visit's greatest depth, of closed days and of no fewer than k visitors."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aggregate.cells import OTHER, Filter
from aggregate.periods import DayRange
from aggregate.reading import read_report
from aggregate.rolling import roll_day
from core.store import Store
from ingest.event import Event
from tests.fixtures.raw import DAY_START, event, site_in, store_events
from tests.fixtures.store import empty
from tests.fixtures.visits import visits_of

K = 5
DAY = date(2026, 5, 1)
NEXT_DAY = DAY + timedelta(days=1)
NOW = DAY_START + timedelta(days=2)
SITE = site_in()

EVENTS = st.lists(
    st.builds(
        lambda second, visitor, page, name, depth: event(
            SITE,
            DAY_START + timedelta(seconds=second),
            visitor,
            page,
            name=name,
            scroll_depth=depth,
        ),
        st.sampled_from([0, 600, 1_200, 4_000, 4_600, 9_000, 9_600]),  # three visits at most
        st.integers(0, 3),
        st.sampled_from(["/", "/a"]),
        st.sampled_from(["pageview", "pageview", "engagement", "engagement", "Signup"]),
        st.sampled_from([0, 1, 15, 40, 60, 100]),
    ),
    min_size=30,  # so that visits come that tell several depths, and pages that are left in the next visit
    max_size=60,
).map(lambda events: [_shifted(each, order) for order, each in enumerate(events)])


def _shifted(each: Event, order: int) -> Event:
    """Give each event a microsecond of its own, so that before and after are well defined."""
    each.received += timedelta(microseconds=order)
    return each


def depth_of(page: str | None, events: Sequence[Event], k: int) -> int | None:
    """Compute by hand how far down a page its visits got, if k visitors told it."""
    told = {visit: depth for visit, depth in _greatest_depths(events).items() if visit[0] == page}
    if not told or len({visitor for _page, visitor, _visit in told}) < k:
        return None
    return round(sum(told.values()) / len(told))


def _greatest_depths(events: Sequence[Event]) -> dict[tuple[str, int, int], int]:
    """Give the greatest depth by page, visitor and visit, which is the one that opened the page last."""
    views = [
        (each, number)
        for number, visit in enumerate(visits_of(events))
        for each in visit
        if each.name == "pageview"
    ]
    greatest: dict[tuple[str, int, int], int] = {}
    for each in events:
        if each.name != "engagement" or not each.scroll_depth:
            continue
        before = [
            (view.received, number)
            for view, number in views
            if (view.visitor, view.page) == (each.visitor, each.page) and view.received <= each.received
        ]
        if before:
            place = each.page, each.visitor, max(before)[1]
            greatest[place] = max(greatest.get(place, 0), each.scroll_depth)
    return greatest


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EVENTS, st.integers(0, 3))
def test_the_average_is_what_a_careful_person_computes(store: Store, events: list[Event], k: int) -> None:
    """Each page that is seen says the average of its visits' greatest depths, if k visitors told one."""
    empty(store)
    store_events(store, events)
    roll_day(store, SITE, DAY, k, NOW, close=True)
    found = said(store, DayRange(DAY, DAY))
    assert found == {page: depth_of(page, events, k) for page in found}


def said(store: Store, days: DayRange, where: Filter | None = None) -> dict[str | None, int | None]:
    """Give the scroll depth of each page that a report lists."""
    rows = read_report(store, SITE, days, ("page",), where).rows["page"]
    return {cell.value: cell.scroll_depth for cell in rows}


def readers(visitors: Iterable[int], page: str, depth: int = 0, day: int = 0) -> list[Event]:
    """Give visitors who open a page and, with a depth, tell how far down they got."""
    at = DAY_START + timedelta(days=day)
    later = at + timedelta(seconds=30)
    came = [event(SITE, at, visitor, page, country="DE") for visitor in visitors]
    left = [event(SITE, later, each.visitor, page, name="engagement", scroll_depth=depth) for each in came]
    return came + left * bool(depth)


def test_a_depth_that_too_few_told_is_not_said(store: Store) -> None:
    """A page of many visitors says how far they got only if k of them told it, however often one of them did."""
    store_events(store, readers(range(1, 21), "/few"))
    for minutes in (1, 90, 180):  # a visit each
        at = DAY_START + timedelta(minutes=minutes)
        left = [event(SITE, at, visitor, "/few", name="engagement", scroll_depth=80) for visitor in range(1, K)]
        store_events(store, [event(SITE, at, visitor, "/few") for visitor in range(1, K)] + left)
    store_events(store, [*readers(range(1, 16), "/enough"), *readers(range(16, 16 + K), "/enough", 80)])
    roll_day(store, SITE, DAY, K, NOW, close=True)
    assert said(store, DayRange(DAY, DAY)) == {"/few": None, "/enough": 80}
    assert store.rows("SELECT value, visitors, visits, depths FROM report_scroll") == [["/enough", 5, 5, 400]]


def test_a_page_that_is_not_seen_says_no_depth(store: Store) -> None:
    """The page of k visitors that hides with a smaller one is in "Other", and "Other" says nothing."""
    store_events(store, readers(range(1, 21), "/", 50))
    store_events(store, [*readers(range(1, 1 + K), "/hides", 90), *readers(range(30, 32), "/small", 90)])
    roll_day(store, SITE, DAY, K, NOW, close=True)
    assert said(store, DayRange(DAY, DAY)) == {"/": 50, OTHER: None}
    assert store.rows("SELECT value FROM report_scroll") == [["/"]]


def test_a_day_says_it_once_it_is_closed_and_of_all_visits_alone(store: Store) -> None:
    """An open day's average would move with each visitor; under a filter there is none."""
    store_events(store, readers(range(1, 21), "/", 40))
    store_events(store, readers(range(1, 11), "/", 70, day=1))
    roll_day(store, SITE, DAY, K, NOW, close=True)
    roll_day(store, SITE, NEXT_DAY, K, NOW, close=False)
    both = DayRange(DAY, NEXT_DAY)
    while_open = said(store, both)
    roll_day(store, SITE, NEXT_DAY, K, NOW, close=True)
    assert (while_open, said(store, both)) == ({"/": 40}, {"/": 50})
    assert said(store, both, Filter("country", "DE")) == {"/": None}


def test_a_depth_of_nobody_is_of_no_visit(store: Store) -> None:
    """Without a token, or told of a page that its visitor did not open, a depth counts nowhere."""
    store_events(store, readers(range(1, 21), "/", 40))
    at = DAY_START + timedelta(minutes=1)
    store_events(store, [event(SITE, at, visitor, name="engagement", scroll_depth=100) for visitor in (0, 99)])
    roll_day(store, SITE, DAY, K, NOW, close=True)
    assert said(store, DayRange(DAY, DAY)) == {"/": 40}
