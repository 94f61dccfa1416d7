"""Reports under a filter: counted in plain Python, read as a marketer reads them."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import astuple
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest

from aggregate.cells import FILTERED_DIMENSIONS, OTHER, Cell, Figures, Filter, is_filter
from aggregate.cube import filtered_cells
from aggregate.periods import DayRange
from aggregate.props import MOST_PROPS
from aggregate.reading import read_report
from aggregate.rolling import roll_day
from aggregate.visits import read_visits
from core.errors import PeriodError
from core.store import Store
from ingest.event import Event
from tests.fixtures.raw import DAY_START, event, site_in, store_events
from tests.fixtures.visits import bounced, seconds, visits_of

SITE = site_in()
DAY = date(2026, 5, 1)
NOW = DAY_START + timedelta(days=1)
TODAY = DayRange(DAY, DAY)
UNKNOWN = {"source": "Direct / None", "referrer": "Direct / None"} | dict.fromkeys(
    ("country", "browser", "os", "device"), "Unknown"
)

Pair = tuple[str, str]
Key = tuple[Pair, Pair]


def random_day(seed: int) -> list[Event]:
    """Make a day of 25 visitors who come once or twice, look at some pages and sign up or not."""
    random = Random(seed)  # noqa: S311 (a day, no secret)
    events = []
    for visitor in range(1, 26):
        known = {"country": random.choice(["DE", "FR", ""]), "browser": random.choice(["Chrome", "Safari"])}
        for visit in range(random.choice([1, 1, 2])):
            source = random.choice(["", "Google", "Bing"])
            at = DAY_START + timedelta(hours=random.randrange(3) + 6 * visit, minutes=random.randrange(20))
            for _ in range(random.randint(1, 4)):
                at += timedelta(seconds=random.randint(1, 300), microseconds=visitor)
                name = random.choice(["pageview"] * 5 + ["Signup", "Download"])
                page = random.choice(["/", "/pricing", "/docs"])
                plan = {"plan": random.choice(["free", "pro"])} if random.random() < 0.7 else {}
                props = {} if name == "pageview" else plan | {"position": random.choice(["top", "end"])}
                events.append(event(SITE, at, visitor, page, name=name, source=source, props=props, **known))
    return events


def visit_items(visit: list[Event]) -> Iterator[Pair]:
    """Yield what a visit has in each dimension of visits that reports can filter or list."""
    views = [each.page for each in visit if each.name == "pageview"]
    yield "entry_page", views[0] if views else ""
    yield "exit_page", views[-1] if views else ""
    yield "hour", str(visit[0].received.hour)
    for name in FILTERED_DIMENSIONS:
        if name not in {"page", "event", "entry_page", "exit_page"}:
            yield name, getattr(visit[0], name) or UNKNOWN.get(name, "")


def cells_of(events: list[Event]) -> dict[Key, Figures]:
    """Count every pair of values in plain Python."""
    found: dict[Key, list[tuple[int, Figures]]] = defaultdict(list)
    for visit in visits_of(events):
        views = [each.page for each in visit if each.name == "pageview"]
        names = [each.name for each in visit if each.name != "pageview"]
        items = list(visit_items(visit))
        whole = Figures(0, 1, len(views), bounced(visit), seconds(visit), len(visit))
        pairs = {(one, other): whole for one in items for other in items if one[0] != other[0]}
        own = {}
        for page in set(views):
            shown = Figures(0, 1, views.count(page), bounced(visit), 0, views.count(page))
            own |= {(("page", other), ("page", page)): shown for other in set(views) - {page}}
            times = views.count(page)
            pairs |= {(("page", page), item): Figures(0, 1, times, bounced(visit), 0, times) for item in items}
        for name in set(names):
            done = Figures(0, 1, 0, bounced(visit), 0, names.count(name))
            own |= {(("event", other), ("event", name)): done for other in set(names) - {name}}
            times = names.count(name)
            pairs |= {(("event", name), item): Figures(0, 1, 0, bounced(visit), 0, times) for item in items}
            for page in set(views):
                both = Figures(0, 1, views.count(page), bounced(visit), 0, times)
                pairs[("page", page), ("event", name)] = both
        pairs |= prop_pairs(visit, views, items)
        for (one, other), figures in list(pairs.items()):
            pairs[other, one] = figures
        for key, figures in (pairs | own).items():
            found[key].append((visit[0].visitor, figures))
    return {
        key: sum((figures for _, figures in each), Figures(visitors=len({visitor for visitor, _ in each})))
        for key, each in found.items()
        if is_filter(key[0][0]) and "" not in {key[0][1], key[1][1]}
    }


def prop_pairs(visit: list[Event], views: list[str], items: list[Pair]) -> dict[Key, Figures]:
    """Pair what custom events of a visit say with its items, its pages, and the events that say it."""
    said = [(each.name, (f"prop:{key}", value)) for each in visit for key, value in each.props.items()]
    pairs = {}
    for prop in {prop for _name, prop in said}:
        times = [other for _name, other in said].count(prop)
        pairs |= {(prop, item): Figures(0, 1, 0, bounced(visit), 0, times) for item in items}
        for page in set(views):
            pairs[("page", page), prop] = Figures(0, 1, views.count(page), bounced(visit), 0, times)
        for name in {name for name, other in said if other == prop}:
            pairs[("event", name), prop] = Figures(0, 1, 0, bounced(visit), 0, said.count((name, prop)))
    return pairs


@pytest.mark.parametrize("seed", range(5))
def test_every_filtered_number_is_what_a_careful_person_counts(
    store: Store, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a threshold of none and no rounding, each value under each filter has its exact figures."""
    monkeypatch.setattr("aggregate.rounding.BASE", 1)
    events = random_day(seed)
    store_events(store, events)
    roll_day(store, SITE, DAY, 0, NOW, close=True)
    rows = store.rows(
        "SELECT filter, filter_value, dimension, value, visitors, visits, pageviews, bounces, seconds, events "
        "FROM report_filtered WHERE dimension != ''"
    )
    found = {((row[0], row[1]), (row[2], row[3])): Figures(*row[4:]) for row in rows}
    assert found == cells_of(events)


@pytest.mark.parametrize("seed", range(3))
def test_every_value_of_a_prop_is_listed_as_a_careful_person_counts(store: Store, seed: int) -> None:
    """Visitors, visits and events of the events that say it; those without a token are events alone."""
    events = random_day(seed)
    events += [event(SITE, DAY_START, 0, name="Signup", props={"plan": "pro"}) for _ in range(3)]
    store_events(store, events)
    roll_day(store, SITE, DAY, 0, NOW, close=True)
    said: dict[str, list[tuple[int, int]]] = {"free": [], "pro": []}
    for number, visit in enumerate(visits_of(events)):
        for each in visit:
            if "plan" in each.props:
                said[each.props["plan"]].append((each.visitor, number))
    assert {
        cell.value: cell.figures for cell in read_report(store, SITE, TODAY, ("prop:plan",)).rows["prop:plan"]
    } == {
        plan: Figures(len({who for who, _ in each}), len({*each}), 0, 0, 0, len(each) + 3 * (plan == "pro"))
        for plan, each in said.items()
    }


def test_props_of_few_people_are_hidden_like_any_row(store: Store) -> None:
    """A plan that nine people chose is in no list, and neither filters nor is listed under an event."""
    for plan, count, first in (("free", 30, 100), ("pro", 20, 200), ("rare", 9, 300), ("odd", 4, 400)):
        store_events(store, visitors(count, first, name="Signup", props={"plan": plan}))
    roll_day(store, SITE, DAY, 10, NOW, close=True)
    listed = read_report(store, SITE, TODAY, ("prop:plan",)).rows["prop:plan"]
    under = read_report(store, SITE, TODAY, ("prop:plan",), Filter("event", "Signup")).rows["prop:plan"]
    assert [(cell.value, cell.figures.visitors) for cell in listed] == [("free", 30), ("pro", 20), (OTHER, 13)]
    assert [cell.value for cell in under] == ["free", "pro"]
    assert read_report(store, SITE, TODAY, (), Filter("prop:plan", "rare")).hidden == [DAY]
    pro = read_report(store, SITE, TODAY, ("event", "prop:plan"), Filter("prop:plan", "pro"))
    assert [cell.value for cell in pro.rows["event"]] == ["Signup"]
    assert pro.rows["prop:plan"] == [Cell("pro", pro.totals)]


def test_only_the_keys_of_the_most_visitors_are_reported(store: Store) -> None:
    """Whoever sends events with ever new keys does not make a dimension of each."""
    common = {f"key {number:02d}": "yes" for number in range(MOST_PROPS)}
    store_events(store, visitors(12, 100, name="Signup", props=common))
    store_events(store, visitors(11, 200, name="Signup", props={"another": "yes"}))
    roll_day(store, SITE, DAY, 10, NOW, close=True)
    found = store.rows("SELECT DISTINCT dimension FROM report_cells WHERE dimension LIKE 'prop:%' ORDER BY 1")
    assert [dimension for (dimension,) in found] == [f"prop:{key}" for key in common]


def visitors(count: int, first: int, **columns: Any) -> list[Event]:
    """Let so many visitors look at two pages each, in the morning."""
    began = DAY_START + timedelta(hours=9)
    return [
        event(SITE, began + timedelta(seconds=first + number, minutes=minute), first + number, page, **columns)
        for number in range(count)
        for minute, page in enumerate(("/", "/pricing"))
    ]


@pytest.fixture
def closed_day(store: Store) -> Store:
    """A closed day: 60 Germans of whom 40 use Chrome, 45 French of whom 25 do, and three with a rare browser."""
    store_events(store, visitors(40, 100, country="DE", browser="Chrome", device="Desktop"))
    store_events(store, visitors(17, 200, country="DE", browser="Safari", device="Desktop"))
    store_events(store, visitors(3, 300, country="DE", browser="Netscape", device="Desktop"))
    store_events(store, visitors(25, 400, country="FR", browser="Chrome", device="Desktop"))
    store_events(store, visitors(20, 500, country="FR", browser="Safari", device="Desktop"))
    roll_day(store, SITE, DAY, 10, NOW, close=True)
    return store


def test_clicking_a_country_filters_the_whole_page(closed_day: Store) -> None:
    """Totals under the filter are exact, lists are rounded to fives, and small rows stay hidden."""
    report = read_report(
        closed_day, SITE, TODAY, ("browser", "page", "country", "device"), Filter("country", "DE")
    )
    assert astuple(report.totals) == (60, 60, 120, 0, 3600, 120)
    assert report.rows["country"] == [Cell("DE", report.totals)]
    assert [cell.value for cell in report.rows["page"]] == ["/", "/pricing"]
    assert all(number % 5 == 0 for cell in report.rows["page"] for number in astuple(cell.figures))
    assert "Netscape" not in {cell.value for rows in report.rows.values() for cell in rows}
    assert (report.hidden, report.unfinished, report.where) == ([], [], Filter("country", "DE"))


def test_a_page_filter_lists_the_other_pages_of_its_visits(closed_day: Store) -> None:
    """The page itself comes first, exact; the others with their own pageviews, rounded to fives."""
    report = read_report(closed_day, SITE, TODAY, ("page",), Filter("page", "/pricing"))
    assert report.rows["page"] == [
        Cell("/pricing", Figures(105, 105, 105, 0, 0, 105)),
        Cell("/", Figures(105, 105, 105, 0, 0, 105)),
    ]


def test_a_filtered_day_has_its_hours(closed_day: Store) -> None:
    """The graph of one day shows in which hours the visits began."""
    points = read_report(closed_day, SITE, TODAY, (), Filter("country", "DE")).points
    assert [(point.label[-2:], point.figures.visits) for point in points if point.figures.visits] == [("09", 60)]


def test_what_a_filtered_list_does_not_show_is_other(closed_day: Store) -> None:
    """Rows of a filtered list and "Other" come to the filter's total, but for the rounding."""
    rows = read_report(closed_day, SITE, TODAY, ("browser",), Filter("country", "FR")).rows["browser"]
    visits = sum(cell.figures.visits for cell in rows)
    assert abs(visits - 45) < 5 * len(rows)
    assert all(cell.value in {"Chrome", "Safari", OTHER} for cell in rows)


def test_a_value_that_is_hidden_filters_to_nothing_and_says_so(closed_day: Store) -> None:
    """A rare browser's visitors are not found by filtering either."""
    report = read_report(closed_day, SITE, TODAY, ("country",), Filter("browser", "Netscape"))
    assert (report.totals, report.rows, report.hidden) == (Figures(), {"country": []}, [DAY])


def test_an_open_day_has_totals_under_a_filter_and_no_lists(store: Store) -> None:
    """Lists under a filter come when the day is closed: by the minute they would tell of single visitors."""
    for hour, first in ((12, 0), (13, 1_000)):
        store_events(store, visitors(46, 100 + first, country="DE", browser="Chrome"))
        store_events(store, visitors(33, 200 + first, country="FR", browser="Chrome"))
        roll_day(store, SITE, DAY, 10, datetime(2026, 5, 1, hour, tzinfo=NOW.tzinfo), close=False)
    report = read_report(store, SITE, TODAY, ("browser",), Filter("country", "FR"))
    assert (report.totals.visitors, report.rows["browser"], report.unfinished) == (30, [], [DAY])


@pytest.mark.parametrize(
    ("where", "listed", "message"),
    [
        (Filter("referrer", "example.org"), "country", "There is no filter by 'referrer'"),
        (Filter("country", "DE"), "browser_version", "browser_version is not listed under a filter"),
    ],
)
def test_what_cannot_be_answered_is_said(store: Store, where: Filter, listed: str, message: str) -> None:
    """A filter or list that reports do not have is an error that names those they have."""
    with pytest.raises(PeriodError, match=message):
        read_report(store, SITE, TODAY, (listed,), where)


def test_a_roll_that_is_made_again_is_rounded_alike(closed_day: Store) -> None:
    """After a crash the same numbers come out: the rounding follows from the events, and goes with them."""
    seen = {
        "country": [Cell("DE", Figures(60)), Cell("FR", Figures(45))],
        "browser": [Cell("Chrome", Figures(65))],
    }
    first, second = (
        set(filtered_cells(closed_day, SITE, DAY, seen, 10, read_visits(closed_day, SITE, DAY))) for _ in range(2)
    )
    assert first == second
    assert first
