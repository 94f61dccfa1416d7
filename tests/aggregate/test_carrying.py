"""Small numbers that add up over days, with a linear program as the attacker."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.optimize import linprog

from aggregate.carrying import Row, release_carried
from aggregate.cells import ABSENT, Figures

K = 5
FIRST = date(2026, 5, 1)
DAYS = [FIRST + timedelta(days=number) for number in range(4)]
NOBODY = frozenset[date]()
Counts = Mapping[str, Sequence[int]]

# How many visitors each value has on each day; of k or more the day shows the number itself.
sites = st.dictionaries(
    st.sampled_from(["DE", "FR", "PL", "UA", "CZ", ABSENT]),
    st.lists(st.integers(0, K + 2), min_size=len(DAYS), max_size=len(DAYS)),
    max_size=6,
)


def figures(people: int) -> Figures:
    """Give what so many people did who made one visit of two pages each."""
    return Figures(people, people, 2 * people, 0, 30 * people, 2 * people)


def hidden_of(counts: Counts) -> dict[str, dict[date, Figures]]:
    """Give what the days hide."""
    found = {
        value: {day: figures(count) for day, count in zip(DAYS, by_day, strict=True) if 0 < count < K}
        for value, by_day in counts.items()
    }
    return {value: by_day for value, by_day in found.items() if by_day}


def seen_in(counts: Counts) -> dict[str, frozenset[date]]:
    """Give the days that show a value."""
    return {
        value: frozenset(day for day, count in zip(DAYS, by_day, strict=True) if count >= K)
        for value, by_day in counts.items()
    }


def by_days(counts: Counts) -> list[Row]:
    """Release what days hide over the four days."""
    return release_carried(hidden_of(counts), seen_in(counts), [[day] for day in DAYS], K)


def by_halves(counts: Counts) -> tuple[list[Row], list[Row]]:
    """Release what days hide over two days each, then what is left over all four."""
    hidden, seen, halves = hidden_of(counts), seen_in(counts), (DAYS[:2], DAYS[2:])
    lower: list[Row] = []
    for half in halves:
        there = _within(hidden, half)
        lower += release_carried(there, seen, [[day] for day in half], K)
    gone = {(row.value, day) for row in lower for day in row.days}
    left = {
        value: {day: each for day, each in of_value.items() if (value, day) not in gone}
        for value, of_value in hidden.items()
    }
    return lower, release_carried({v: days for v, days in left.items() if days}, seen, halves, K, lower)


def _within(hidden: Mapping[str, Mapping[date, Figures]], days: Sequence[date]) -> dict[str, dict[date, Figures]]:
    found = {value: {day: each for day, each in by_day.items() if day in days} for value, by_day in hidden.items()}
    return {value: by_day for value, by_day in found.items() if by_day}


def least_possible(counts: Counts, rows: Sequence[Row], value: str, days: Sequence[date]) -> int:
    """Solve for the fewest visitors that a value can have had on days, given all that is seen.

    Known are the sum of what each day hides, the numbers of the rows, and that a value of which a
    day shows nothing had fewer than k visitors on it. Who was hidden may have had any other value.
    """
    hidden, seen = hidden_of(counts), seen_in(counts)
    cells = [(name, day) for name in hidden for day in DAYS if day not in seen[name]]
    place = {cell: number for number, cell in enumerate(cells)}
    unknown = {day: len(cells) + number for number, day in enumerate(DAYS)}
    width = len(cells) + len(DAYS)
    known, sums = [], []
    for day in DAYS:
        line = np.zeros(width)
        line[[place[cell] for cell in cells if cell[1] == day] + [unknown[day]]] = 1
        known.append(line)
        sums.append(sum(by_day[day].visitors for by_day in hidden.values() if day in by_day))
    for row in rows:
        line = np.zeros(width)
        line[[place[row.value, day] for day in row.days]] = 1
        known.append(line)
        sums.append(row.figures.visitors)
    target = np.zeros(width)
    target[[place[value, day] for day in days if (value, day) in place]] = 1
    bounds = [(0, K - 1)] * len(cells) + [(0, None)] * len(DAYS)
    solved = linprog(target, A_eq=np.array(known), b_eq=np.array(sums), bounds=bounds)
    assert solved.success, solved.message
    return round(solved.fun)


@given(sites)
@example({"DE": [4, 4, 0, 0]})  # known to be eight on two days: at least four on each
@example({"DE": [4, 4, 7, 9], "FR": [1, 1, 1, 1], "PL": [3, 3, 3, 3]})
@example({"DE": [2, 2, 2, 2], "FR": [3, 3, 3, 3], "PL": [4, 4, 4, 4]})
def test_a_number_of_a_span_tells_of_no_day(counts: Counts) -> None:
    """Whatever the sum says, a solver finds that each small number in it may have been nobody."""
    rows = by_days(counts)
    for row in rows:
        for day in row.by_day:
            assert least_possible(counts, rows, row.value, [day]) == 0, (row.value, day)


@given(sites)
@example({"DE": [2, 2, 2, 2], "FR": [4, 4, 4, 4], "PL": [1, 1, 1, 1]})
@example({"DE": [0, 2, 4, 2], "FR": [4, 4, 4, 4], "PL": [1, 0, 3, 3], "CZ": [2, 2, 2, 2]})
def test_a_number_of_a_month_tells_of_no_day_and_no_part(counts: Counts) -> None:
    """Sums of parts and of the month together let every small number of a day, or of a part, be nobody."""
    lower, upper = by_halves(counts)
    rows = [*lower, *upper]
    for row in rows:
        for day in row.by_day:
            assert least_possible(counts, rows, row.value, [day]) == 0, (row.value, day)
    for row in upper:
        for half in (DAYS[:2], DAYS[2:]):
            if sum(each.visitors for day, each in row.by_day.items() if day in half) < K:
                assert least_possible(counts, rows, row.value, half) == 0, (row.value, half)


@given(sites, st.randoms())
def test_what_is_carried_is_given_out_once(counts: Counts, random: np.random.Generator) -> None:
    """Each number has k visitors, none is given twice, what stays is nothing or k, and order is nothing."""
    lower, upper = by_halves(counts)
    rows = [*lower, *upper]
    hidden = hidden_of(counts)
    assert all(row.figures.visitors >= K and row.value != ABSENT for row in rows)
    for row in rows:
        assert all(hidden[row.value][day] == each for day, each in row.by_day.items())
    given_out = [(row.value, day) for row in rows for day in row.by_day]
    assert len(given_out) == len(set(given_out))
    stays = {
        (value, day): each.visitors
        for value, by_day in hidden.items()
        for day, each in by_day.items()
        if (value, day) not in set(given_out)
    }
    assert not rows or not stays or sum(stays.values()) >= K
    shuffled = list(counts.items())
    random.shuffle(shuffled)
    again = by_halves(dict(shuffled))
    assert [sorted(each, key=lambda row: row.value) for each in again] == [
        sorted(each, key=lambda row: row.value) for each in (lower, upper)
    ]


def test_a_small_site_learns_its_week() -> None:
    """Three visitors a day from France are nobody's business by day, and twelve over the four days."""
    rows = by_days({"DE": [9, 9, 9, 9], "FR": [3, 3, 3, 3], "PL": [2, 2, 2, 2], "UA": [1, 1, 1, 1]})
    assert [(row.value, row.figures) for row in rows] == [("FR", figures(12))]


def test_two_days_tell_too_much() -> None:
    """Six on two days, fewer than five on each, came on both: that is kept, and a sum of four days is given."""
    rows = by_days({"FR": [9, 9, 3, 3], "PL": [2, 2, 2, 2]})
    assert [(row.value, row.figures.visitors) for row in rows] == [("PL", 8)]


def bounced(people: int) -> Figures:
    """Give what so many people did who looked at one page and left."""
    return Figures(people, people, people, people, 0, people)


def signed_up(people: int) -> Figures:
    """Give what so many people did who looked at one page and signed up at once."""
    return Figures(people, people, people, 0, 0, 2 * people)


def test_what_nobody_else_can_have_tells_of_its_day() -> None:
    """All who are hidden bounced, but for three on one day: the sum of a value of whom three did not is kept."""
    few = {value: dict.fromkeys(DAYS, bounced(count)) for value, count in (("PL", 2), ("UA", 2))}
    bouncing = few | {"FR": dict.fromkeys(DAYS, bounced(3))}
    staying = few | {"FR": dict.fromkeys(DAYS[:3], bounced(3)) | {DAYS[3]: signed_up(3)}}
    released = [release_carried(hidden, {}, [[day] for day in DAYS], K) for hidden in (bouncing, staying)]
    assert ["FR" in {row.value for row in rows} for rows in released] == [True, False]


def test_one_visitor_of_many_visits_leaves_no_room_for_three() -> None:
    """Where nobody else but one busy visitor is hidden, a value's people cannot have come there instead."""
    busy = Figures(1, 20, 40, 0, 600, 40)
    days = dict.fromkeys(DAYS[:3], figures(4))
    hidden = {"FR": days, "PL": {DAYS[0]: figures(9), DAYS[1]: busy, DAYS[2]: busy}}
    assert release_carried(hidden, {}, [[day] for day in DAYS], 10) == []
