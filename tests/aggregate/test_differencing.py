"""A reader who subtracts everything from everything learns of no small group, over a random site's weeks."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import combinations_with_replacement, pairwise

import pytest

from aggregate.carrying import Row
from aggregate.cells import ABSENT, Figures, Filter
from aggregate.columns import Numbers
from aggregate.cross_tables import HIDDEN, Mask, Table
from aggregate.open_lists import OpenList, Standing, in_steps
from aggregate.periods import DayRange
from aggregate.reading import read_report
from core.store import Store
from tests.fixtures.differencing import Tables, pinned_in_lists
from tests.fixtures.knowledge import Pinned
from tests.fixtures.store import empty
from tests.fixtures.watched_day import Sight, Watched, lists_of, pinned_in_growth, random_minutes, watch
from tests.fixtures.watched_site import (
    DAYS,
    DIMENSIONS,
    MONTH,
    PARTS,
    SITE,
    Answers,
    Truth,
    by_value,
    close_site,
    one_day,
    random_site,
    truth_of,
)


def pinned(answers: Answers, truth: Truth, k: int) -> Pinned:
    """Give every small count that the answers pin down; of lists in whole numbers."""
    found: Pinned = {}
    for dimension in DIMENSIONS:
        found |= pinned_in_lists(answers, truth, dimension, k, whole=True)
    for day in DAYS:
        found |= {(day, name): each for name, each in Tables(answers, day, k).pinned(truth).items()}
    return found


@pytest.mark.parametrize(
    ("engine", "seed", "k", "most"),
    [
        ("embedded", 2, 5, 60),
        ("embedded", 4, 5, 60),
        ("embedded", 8, 10, 90),
        pytest.param("server", 5, 5, 60, marks=pytest.mark.server),
    ],
)
def test_no_small_count_is_pinned_down(
    engine: str, seed: int, k: int, most: int, request: pytest.FixtureRequest
) -> None:
    """All lists of days, parts and the month, and all filters: each small count may be nobody, or k and more."""
    store: Store = request.getfixturevalue(f"{engine}_store")
    empty(store)
    events = random_site(seed, most)
    answers = close_site(store, events, k)
    assert pinned(answers, truth_of(events), k) == {}
    assert_other_ranges_tell_nothing_new(store, answers)


def assert_other_ranges_tell_nothing_new(store: Store, answers: Answers) -> None:
    """Any range says what its parts, months and other days say, added up; with a filter, what its days say."""
    values = [("country", "DE"), ("page", "/")]
    for first, last in combinations_with_replacement([*DAYS, PARTS[0].last, PARTS[1].last, MONTH.last], 2):
        if last < first:
            continue
        days = DayRange(first, last)
        units = units_of(days)
        report = read_report(store, SITE, days, DIMENSIONS)
        assert report.totals == sum((answers.totals[unit] for unit in units), Figures())
        for dimension in DIMENSIONS:
            assert by_value(report, dimension) == added_up([answers.lists[unit, dimension] for unit in units])
        for item in values:
            report = read_report(store, SITE, days, ["browser"], Filter(*item))
            by_day = [answers.filtered.get((day, item, "browser"), {}) for day in DAYS if first <= day <= last]
            shown = {value: each for value, each in by_value(report, "browser").items() if value}
            assert shown == {value: each for value, each in added_up(by_day).items() if value}


def units_of(days: DayRange) -> list[DayRange]:
    """Give the month if a range has it whole, or else the parts that it has whole, and its other days."""
    spans = [span for span in (MONTH, *PARTS) if days.first <= span.first and span.last <= days.last]
    spans = spans[:1] if MONTH in spans else spans
    left = [day for day in DAYS if days.first <= day <= days.last]
    return spans + [one_day(day) for day in left if not any(each.first <= day <= each.last for each in spans)]


def added_up(lists: Sequence[Mapping[str | None, Figures]]) -> dict[str | None, Figures]:
    """Add lists up, value by value."""
    found: dict[str | None, Figures] = {}
    for rows in lists:
        for value, figures in rows.items():
            found[value] = found.get(value, Figures()) + figures
    return found


def everything_of_k(
    hidden: Mapping[str, Mapping[date, Figures]],
    seen: Mapping[str, frozenset[date]],
    parts: Sequence[Sequence[date]],
    k: int,
    released: Sequence[Row] = (),
    **_more: bool,
) -> list[Row]:
    """Release every number of a span that comes to k, as a rule that looks no further would."""
    days = frozenset(day for part in parts for day in part)
    gone = {value: frozenset().union(*(row.days for row in released if row.value == value)) for value in hidden}
    rows = [
        Row(value, by_day, days - seen.get(value, frozenset()) - gone[value]) for value, by_day in hidden.items()
    ]
    return [row for row in rows if row.value != ABSENT and row.figures.visitors >= k]


def cells_of_k(table: Table, _rows: Numbers, _columns: Numbers, k: int) -> Mask:
    """Show every number of a table that is k or more, as a rule that looks no further would."""
    return (table.visitors >= k) & (table.rows != HIDDEN) & (table.columns != HIDDEN)


def test_rules_that_look_no_further_than_k_are_found_out(embedded: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """With k alone for a rule, the same reader pins down small counts of days, of parts, and under filters."""
    monkeypatch.setattr("aggregate.span_atoms.release_carried", everything_of_k)
    monkeypatch.setattr("aggregate.cube.seen_cells", cells_of_k)
    monkeypatch.setattr("aggregate.rounding.BASE", 1)
    events = random_site(4, 60)
    answers, truth = close_site(embedded, events, 5), truth_of(events)
    assert pinned_in_lists(answers, truth, "country", 5)
    assert pinned_in_lists(answers, truth, "browser", 5)
    assert any(Tables(answers, day, 5).pinned(truth) for day in DAYS)


@pytest.mark.parametrize("dimension", ["browser", "page"])
@pytest.mark.parametrize(("seed", "k"), [(3, 5), (4, 5), (5, 10)])
def test_an_open_day_tells_of_no_few_who_came_between_lists_or_before_it_closed(
    dimension: str, seed: int, k: int
) -> None:
    """Whoever keeps an open day's lists, and finds it closed at any minute, learns of no few who joined a row."""
    watched = watch(random_minutes(seed, 100), dimension, k)
    lists = lists_of(watched)
    assert len(lists) > 2
    assert [pinned_in_growth(pair, k, dimension) for pair in pairwise(lists)] == [{}] * (len(lists) - 1)
    assert [pinned_in_growth(sights, k, dimension) for sights in ends(watched)] == [{}] * len(ends(watched))
    assert pinned_in_growth([*lists[-2:], watched[-1].if_closed], k, dimension) == {}


def ends(watched: Sequence[Watched]) -> list[list[Sight]]:
    """Give the list that is shown and the day that closes, for each minute after which it might."""
    return [[each.shown, later.if_closed] for each, later in pairwise(watched) if each.shown is not None]


def at_once(dimension: str, _lists: Mapping[str, OpenList], standing: Standing, k: int) -> dict[str, OpenList]:
    """Show the list of this minute, in steps of k."""
    return {dimension: OpenList(tuple(in_steps(standing.released, k)), standing.came)}


def test_lists_that_move_with_totals_are_found_out() -> None:
    """Made anew each minute, the lists tell the same reader who came, and who came last."""
    watched = watch(random_minutes(1, 20), "browser", 5, at_once)
    assert any(pinned_in_growth(pair, 5, "browser") for pair in pairwise(lists_of(watched)))
    assert any(pinned_in_growth(sights, 5, "browser") for sights in ends(watched))


def have_come(_about: object, _made: object, came_then: int, _exact: object, came_now: int, k: int) -> bool:
    """Show a list once k people have come after it, as a rule that looks no further would."""
    return came_now - came_then >= k


def test_lists_that_are_late_by_k_people_alone_are_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not enough that k people have come since: they must leave k for any row when the day closes."""
    monkeypatch.setattr("aggregate.open_lists.may_have_grown", have_come)
    watched = watch(random_minutes(3, 60), "browser", 5)
    assert any(pinned_in_growth(sights, 5, "browser") for sights in ends(watched))


def test_steps_that_leave_no_room_are_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that are on their steps, all together, are exact, and so is what came after."""
    monkeypatch.setattr("aggregate.open_lists._leaves_room", lambda _about, made, _k: bool(made.cells))
    days = [watch(random_minutes(seed, 60), "browser", 5) for seed in range(1, 4)]
    assert any(pinned_in_growth(sights, 5, "browser") for watched in days for sights in ends(watched))
