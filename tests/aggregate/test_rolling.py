"""Rolling a day: visits as the design defines them, against a computation in plain Python."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import astuple
from datetime import date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aggregate.cells import OTHER, Cell, Figures
from aggregate.periods import DayRange
from aggregate.reading import read_report
from aggregate.rolling import open_days, roll_day
from core.sites import Site
from core.store import Store
from ingest.event import Event
from tests.fixtures.raw import DAY_START, event, site_in, store_events
from tests.fixtures.store import empty
from tests.fixtures.visits import bounced, seconds, visits_of

DAY = date(2026, 5, 1)
NOW = DAY_START + timedelta(days=1)
UTC_SITE = site_in()

EVENTS = st.lists(
    st.builds(
        lambda second, visitor, page, name, interactive, source: event(
            UTC_SITE,
            DAY_START + timedelta(seconds=second),
            visitor,
            page,
            name=name,
            interactive=interactive,
            source=source,
            engaged=3_000 if name == "engagement" else 0,
        ),
        st.integers(0, 4 * 3600).map(lambda second: second // 300 * 300),
        st.integers(0, 5),
        st.sampled_from(["/", "/a", "/b"]),
        st.sampled_from(["pageview", "pageview", "pageview", "Signup", "engagement"]),
        st.booleans(),
        st.sampled_from(["", "Google"]),
    ),
    max_size=40,
).map(lambda events: [_shifted(each, order) for order, each in enumerate(events)])


def _shifted(each: Event, order: int) -> Event:
    """Give each event a microsecond of its own, so that first and last are well defined."""
    each.received += timedelta(microseconds=order)
    return each


def totals_of(events: Sequence[Event]) -> Figures:
    """Compute a day's totals by hand."""
    visits = visits_of(events)
    counted = [each for each in events if each.name != "engagement"]
    return Figures(
        visitors=len({each.visitor for each in counted} - {0}),
        visits=len(visits),
        pageviews=sum(each.name == "pageview" for each in counted),
        bounces=sum(map(bounced, visits)),
        seconds=sum(map(seconds, visits)),
        events=len(counted),
    )


def sources_of(events: Sequence[Event]) -> dict[str, Figures]:
    """Compute the cells of the dimension source by hand: a visit's source is its first event's."""
    cells: dict[str, list[list[Event]]] = defaultdict(list)
    for visit in visits_of(events):
        cells[visit[0].source or "Direct / None"].append(visit)
    return {
        source: Figures(
            len({visit[0].visitor for visit in visits}),
            len(visits),
            sum(each.name == "pageview" for visit in visits for each in visit),
            sum(map(bounced, visits)),
            sum(map(seconds, visits)),
            sum(map(len, visits)),
        )
        for source, visits in cells.items()
    }


def entry_pages_of(events: Sequence[Event]) -> dict[str, int]:
    """Compute visits by the first page of each."""
    found: dict[str, int] = defaultdict(int)
    for visit in visits_of(events):
        views = [each.page for each in visit if each.name == "pageview"]
        if views:
            found[views[0]] += 1
    return dict(found)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EVENTS)
def test_a_rolled_day_is_what_a_careful_person_computes(store: Store, events: list[Event]) -> None:
    """Totals, sources and entry pages of any day agree with a computation by hand."""
    empty(store)
    store_events(store, events)
    roll_day(store, UTC_SITE, DAY, 0, NOW, close=True)
    report = read_report(store, UTC_SITE, DayRange(DAY, DAY), ("source", "entry_page"))
    assert report.totals == totals_of(events)
    assert {cell.value: cell.figures for cell in report.rows["source"]} == sources_of(events)
    assert {cell.value: cell.figures.visits for cell in report.rows["entry_page"]} == entry_pages_of(events)


def _visitors(site: Site, pages: dict[str, int], at: datetime) -> list[Event]:
    """Give so many visitors of each page, everybody of one page."""
    numbered = [page for page, count in pages.items() for _ in range(count)]
    return [event(site, at, visitor, page) for visitor, page in enumerate(numbered, 1)]


def test_an_open_day_shows_exact_totals_and_lists_in_steps(store: Store) -> None:
    """While a day is open its totals are exact; rows show from k visitors, in steps of k, once more have come."""
    site = UTC_SITE
    store_events(store, _visitors(site, {"/": 23, "/a": 14, "/b": 6, "/c": 5}, DAY_START + timedelta(hours=9)))
    roll_day(store, site, DAY, 10, NOW, close=False)
    first = read_report(store, site, DayRange(DAY, DAY), ("page",))
    store_events(store, _visitors(site, {"/": 63, "/a": 16}, DAY_START + timedelta(hours=10)))
    roll_day(store, site, DAY, 10, NOW, close=False)
    report = read_report(store, site, DayRange(DAY, DAY), ("page",))
    assert (first.totals.visitors, first.unfinished, first.updated) == (48, [DAY], NOW)
    assert first.points[9].figures == first.totals
    assert first.rows["page"] == []
    assert (report.totals.visitors, report.totals.pageviews) == (79, 48 + 79)
    assert report.rows["page"] == [
        Cell("/", Figures(20, 20, 20, 20, 0, 20)),
        Cell("/a", Figures(10, 10, 10, 10, 0, 10)),
    ]


def test_rolling_again_replaces_and_changes_nothing_without_new_events(store: Store) -> None:
    """A roll may be run again: nothing adds up, and readers see the last one."""
    site = UTC_SITE
    store_events(store, _visitors(site, {"/": 12}, DAY_START))
    reports = []
    for _ in range(3):
        roll_day(store, site, DAY, 10, NOW, close=False)
        reports.append(read_report(store, site, DayRange(DAY, DAY), ("page",)))
    assert reports[0] == reports[1] == reports[2]
    store_events(store, _visitors(site, {"/": 25}, DAY_START + timedelta(hours=1)))
    roll_day(store, site, DAY, 10, NOW, close=True)
    report = read_report(store, site, DayRange(DAY, DAY), ("page",))
    assert (report.totals.visitors, report.rows["page"][0].figures.pageviews, report.unfinished) == (25, 37, [])


def test_a_roll_that_was_cut_off_is_never_seen(store: Store) -> None:
    """Rows without the last step belong to no report, and do not disturb the next roll."""
    site = UTC_SITE
    store_events(store, _visitors(site, {"/": 12}, DAY_START))
    roll_day(store, site, DAY, 10, NOW, close=False)
    before = read_report(store, site, DayRange(DAY, DAY), ("page",))
    store.run("INSERT INTO report_totals SELECT * REPLACE (roll + 1 AS roll, 1 - slot AS slot) FROM report_totals")
    store.run("INSERT INTO report_cells SELECT * REPLACE (roll + 1 AS roll, 1 - slot AS slot) FROM report_cells")
    assert read_report(store, site, DayRange(DAY, DAY), ("page",)) == before
    roll_day(store, site, DAY, 10, NOW, close=False)
    assert read_report(store, site, DayRange(DAY, DAY), ("page",)) == before


def test_hours_are_the_sites_own(store: Store) -> None:
    """A view at 21:30 UTC is in the hour 0 of the next day in Kyiv."""
    site = site_in("Europe/Kyiv")
    store_events(store, [event(site, DAY_START + timedelta(hours=21, minutes=30))])
    (open_day,) = open_days(store)
    assert (open_day.site, open_day.day, open_day.raw_rows, open_day.rolled_rows) == (7, date(2026, 5, 2), 1, 0)
    roll_day(store, site, open_day.day, 10, NOW, close=False)
    report = read_report(store, site, DayRange(open_day.day, open_day.day))
    assert [point.label for point in report.points if point.figures.visitors] == ["2026-05-02T00"]


def test_views_without_a_token_are_views_and_nobody(store: Store) -> None:
    """Where no key was to be had, the view counts, and no visitor or visit is made up."""
    site = UTC_SITE
    store_events(store, [event(site, DAY_START, visitor=0), event(site, DAY_START, visitor=0)])
    roll_day(store, site, DAY, 5, NOW, close=True)
    assert astuple(read_report(store, site, DayRange(DAY, DAY)).totals) == (0, 0, 2, 0, 0, 2)


def test_time_in_view_of_an_unopened_page_makes_no_row(store: Store) -> None:
    """An engagement event for a page that nobody opened must not push a real row into "Other"."""
    site = UTC_SITE
    store_events(store, _visitors(site, {"/a": 6, "/b": 9}, DAY_START))
    store_events(store, [event(site, DAY_START, 99, "/c", name="engagement", engaged=5_000)])
    roll_day(store, site, DAY, 5, NOW, close=True)
    report = read_report(store, site, DayRange(DAY, DAY), ("page",))
    assert [(cell.value, cell.figures.visitors) for cell in report.rows["page"]] == [("/b", 9), ("/a", 6)]


def test_other_is_people_not_rows(store: Store) -> None:
    """One person on twelve rare pages is one person: too few for "Other", so the smallest row joins them."""
    site = UTC_SITE
    store_events(store, _visitors(site, {"/": 30, "/b": 12}, DAY_START))
    store_events(store, [event(site, DAY_START, 1, f"/rare-{number}") for number in range(12)])
    roll_day(store, site, DAY, 10, NOW, close=True)
    report = read_report(store, site, DayRange(DAY, DAY), ("page",))
    assert [
        (cell.value, cell.figures.visitors, cell.figures.visits, cell.figures.pageviews)
        for cell in report.rows["page"]
    ] == [
        ("/", 30, 30, 30),
        (OTHER, 13, 13, 24),
    ]


def test_who_came_without_a_campaign_cannot_be_told_by_subtraction(store: Store) -> None:
    """29 of 30 visitors had a campaign: its row would tell of exactly one who had none, so there is no row."""
    site = UTC_SITE
    store_events(store, [event(site, DAY_START, visitor, utm_source="news") for visitor in range(1, 30)])
    store_events(store, [event(site, DAY_START, 30)])
    roll_day(store, site, DAY, 10, NOW, close=True)
    alone = read_report(store, site, DayRange(DAY, DAY), ("utm_source",)).rows["utm_source"]
    later = DAY + timedelta(days=1)
    at = DAY_START + timedelta(days=1)
    store_events(store, [event(site, at, visitor, utm_source="news") for visitor in range(1, 30)])
    store_events(store, [event(site, at, visitor) for visitor in range(30, 45)])
    roll_day(store, site, later, 10, NOW, close=True)
    among_others = read_report(store, site, DayRange(later, later), ("utm_source",)).rows["utm_source"]
    assert alone == []
    assert [(cell.value, cell.figures.visitors) for cell in among_others] == [("news", 29)]


def test_a_range_adds_up_its_days(store: Store) -> None:
    """Two days of the same visitors are visitor-days; what was hidden on a day is in "Other"."""
    site = UTC_SITE
    for day, small in ((0, 30), (1, 4)):
        at = DAY_START + timedelta(days=day)
        store_events(store, _visitors(site, {"/": 30, "/rare": small, "/x": 8}, at))
        roll_day(store, site, at.date(), 10, NOW, close=True)
    report = read_report(store, site, DayRange(DAY, DAY + timedelta(days=2)), ("page",))
    assert [(point.label, point.figures.visitors) for point in report.points] == [
        ("2026-05-01", 68),
        ("2026-05-02", 42),
        ("2026-05-03", 0),
    ]
    assert report.totals.visitors == 110
    # The first day: 8 of /x alone would be told by subtraction, so the smallest seen row hid with it.
    assert [(cell.value, cell.figures.visitors) for cell in report.rows["page"]] == [("/", 60), (OTHER, 50)]
