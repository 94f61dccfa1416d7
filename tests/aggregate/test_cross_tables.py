"""Two-way tables, such as countries by browsers: what is seen tells of no group of one to k-1 people."""

from collections import Counter
from collections.abc import Iterator, Mapping
from random import Random
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from aggregate.cells import Figures
from aggregate.cross_tables import HIDDEN, Table, seen_cells, seen_of_itself

THRESHOLDS = st.integers(5, 20)
COUNTS = st.one_of(st.just(0), st.integers(0, 12), st.integers(0, 200))
LINES = st.lists(st.sampled_from([HIDDEN, 1, 2, 3, 4, 5]), min_size=1, max_size=5, unique=True)


class Place(NamedTuple):
    """Where a number stands in a table."""

    row: int
    column: int


@st.composite
def tables(draw: st.DrawFn, k: st.SearchStrategy[int] = THRESHOLDS) -> tuple[dict[Place, Figures], int]:
    """Give a table of up to five rows and columns and its threshold; each visit has one to three pageviews."""
    rows, columns = draw(LINES), draw(LINES)
    counts = {Place(row, column): draw(COUNTS) for row in rows for column in columns}
    threshold = draw(k)
    for position in (0, 1):
        counts = with_large_lines(counts, position, threshold)
    return {
        place: figures(people, draw(st.integers(0, 2 * people))) for place, people in counts.items()
    }, threshold


def with_large_lines(counts: Mapping[Place, int], position: int, k: int) -> dict[Place, int]:
    """Join rows (or columns) of fewer than k to HIDDEN, and the smallest others until that has k, too."""
    lines = Counter[int]()
    for place, people in counts.items():
        lines[place[position]] += people
    hidden = {line for line in lines if line == HIDDEN or lines[line] < k}
    for line in sorted(lines.keys() - hidden, key=lambda line: lines[line]):
        if not 0 < sum(lines[each] for each in hidden) < k:
            break
        hidden.add(line)
    joined = Counter[Place]()
    for place, people in counts.items():
        into = HIDDEN if place[position] in hidden else place[position]
        joined[place._replace(**{Place._fields[position]: into})] += people
    return {place: people for place, people in joined.items() if people}


def figures(people: int, further: int = 0) -> Figures:
    """Give a cell in which each visitor made one visit, with so many pageviews beyond the first."""
    return Figures(people, people, people + further, people // 2, 10 * further, people + further)


def seen_of(cells: Mapping[Place, Figures], k: int) -> dict[Place, Figures]:
    """Give what is seen of a table in which nobody is in two cells."""
    people = np.zeros(100, np.int64), np.zeros(100, np.int64)
    for place, each in cells.items():
        for line, lines in zip(place, people, strict=True):
            lines[line] += each.visitors
    seen = seen_cells(table_of(cells), *people, k)
    return {place: each for (place, each), is_seen in zip(cells.items(), seen, strict=True) if is_seen}


def table_of(cells: Mapping[Place, Figures]) -> Table:
    """Give a table of cells, in their order."""
    places, numbers = np.array([*cells]), np.array([each.numbers for each in cells.values()])
    if not cells:
        places, numbers = np.zeros((0, 2), np.int64), np.zeros((0, 6), np.int64)
    return Table(places[:, 0], places[:, 1], numbers[:, 0], numbers[:, 1:])


class Attacker:
    """Knows every sum of a row or column and every cell that is seen, and solves for the rest."""

    def __init__(self, cells: dict[Place, Figures], seen: dict[Place, Figures]) -> None:
        rows, columns = {place.row for place in cells}, {place.column for place in cells}
        # A cell that is nobody is as hidden as one of a few.
        self.unknown = [Place(row, column) for row in rows for column in columns if Place(row, column) not in seen]
        self._equations: list[list[int]] = []
        self._sums: list[int] = []
        for line in [*(("row", row) for row in rows), *(("column", column) for column in columns)]:
            hidden = [int(getattr(place, line[0]) == line[1]) for place in self.unknown]
            shown = sum(each.visits for place, each in seen.items() if getattr(place, line[0]) == line[1])
            whole = sum(each.visits for place, each in cells.items() if getattr(place, line[0]) == line[1])
            self._equations.append(hidden)
            self._sums.append(whole - shown)

    def knows_that_mirrored_are_equal(self) -> "Attacker":
        """Tell it that a dimension stands by itself: its diagonal is empty, and visits mirror."""
        for number, place in enumerate(self.unknown):
            mirror = self.unknown.index(Place(place.column, place.row))
            equation = [0] * len(self.unknown)
            equation[number] += 1
            equation[mirror] -= mirror != number
            self._equations.append(equation)
            self._sums.append(0)
        return self

    def least_and_most(self, group: set[Place]) -> tuple[int, int]:
        """Give the fewest and the most visits that a group of hidden cells may have."""
        asked = [float(place in group) for place in self.unknown]
        least = linprog(asked, A_eq=self._equations, b_eq=self._sums, method="highs")
        most = linprog([-one for one in asked], A_eq=self._equations, b_eq=self._sums, method="highs")
        return round(least.fun), round(-most.fun)


def groups(cells: dict[Place, Figures], seen: dict[Place, Figures]) -> Iterator[set[Place]]:
    """Yield every hidden cell, and all that is hidden of each row and of each column."""
    hidden = [place for place in cells if place not in seen]
    yield from ({place} for place in hidden)
    for row in {place.row for place in hidden}:
        yield {place for place in hidden if place.row == row}
    for column in {place.column for place in hidden}:
        yield {place for place in hidden if place.column == column}


@given(tables())
def test_no_small_group_can_be_solved_for(table: tuple[dict[Place, Figures], int]) -> None:
    """Of every hidden group of one to k-1 people it stays possible that it is nobody, or k people or more."""
    cells, k = table
    seen = seen_of(cells, k)
    attacker = Attacker(cells, seen)
    for group in groups(cells, seen):
        if len(group) == len(cells) or not 0 < sum(cells[place].visits for place in group) < k:
            continue  # the whole site's number has no attribute, and is known
        least, most = attacker.least_and_most(group)
        assert least < most
        assert least == 0 or most >= k


@given(tables())
def test_nothing_below_the_threshold_is_seen(table: tuple[dict[Place, Figures], int]) -> None:
    """What is seen has at least k visitors, is unchanged, and is of values that may be seen themselves."""
    cells, k = table
    for place, seen in seen_of(cells, k).items():
        assert seen.visitors >= k
        assert seen == cells[place]
        assert HIDDEN not in place


@given(tables(), st.randoms())
def test_the_order_of_cells_does_not_matter(table: tuple[dict[Place, Figures], int], random: Random) -> None:
    """The same table in any order gives the same answer."""
    cells, k = table
    shuffled = list(cells.items())
    random.shuffle(shuffled)
    assert seen_of(dict(shuffled), k) == seen_of(cells, k)


def test_a_table_without_small_numbers_is_seen_whole() -> None:
    """Where every number is of at least k visitors or of nobody, all is seen."""
    cells = {Place(row, column): figures(40) for row in (1, 2) for column in (1, 2) if row + column != 4}
    assert seen_of(cells, 10) == cells


@pytest.mark.parametrize("k", [5, 10, 20])
def test_most_of_a_large_table_is_seen(k: int) -> None:
    """Of a site with 10,000 visits little is hidden besides the small numbers themselves."""
    random = Random(4)  # noqa: S311 (a table, no secret)
    cells: dict[Place, Figures] = {}
    for _ in range(10_000):
        place = Place(1 + int(60 * random.random() ** 3), 1 + int(20 * random.random() ** 2))
        cells[place] = cells.get(place, Figures()) + figures(1)
    large = sum(each.visits for each in cells.values() if each.visitors >= k)
    seen = sum(each.visits for each in seen_of(cells, k).values())
    assert seen > 0.9 * large


@st.composite
def visits_by_page(draw: st.DrawFn) -> tuple[dict[Place, Figures], int]:
    """Give a table of pages by pages, and its threshold: so many visits of each set of pages."""
    k = draw(THRESHOLDS)
    pages = st.sets(st.integers(HIDDEN, 5), min_size=2, max_size=4)
    visits = draw(st.lists(st.tuples(pages, st.integers(1, 40), st.integers(0, 20)), min_size=1, max_size=12))
    cells: dict[Place, Figures] = {}
    for together, count, further in visits:
        for row in together:
            for column in together - {row}:
                # Of the higher page each visit has some views more, so that pageviews do not mirror.
                more = figures(count, further * column)
                cells[Place(row, column)] = cells.get(Place(row, column), Figures()) + more
    return cells, k


def seen_pages(cells: Mapping[Place, Figures], k: int) -> dict[Place, Figures]:
    """Give what is seen of a table of pages by pages."""
    seen = seen_of_itself(table_of(cells), 6, k)
    return {place: each for (place, each), is_seen in zip(cells.items(), seen, strict=True) if is_seen}


@given(visits_by_page())
def test_two_pages_that_few_people_saw_could_be_nobody(table: tuple[dict[Place, Figures], int]) -> None:
    """Whoever knows all sums of pages by pages, and that visits mirror, cannot tell that few people saw two."""
    cells, k = table
    seen = seen_pages(cells, k)
    if not seen:
        return  # the sums alone, which nobody is told of pages, may tell
    attacker = Attacker(cells, seen).knows_that_mirrored_are_equal()
    for place, each in cells.items():
        if place not in seen and each.visits < k:
            assert attacker.least_and_most({place})[0] == 0


@given(visits_by_page())
def test_two_pages_are_seen_together_under_either_or_not_at_all(table: tuple[dict[Place, Figures], int]) -> None:
    """What is seen has k visitors at least and is seen from both sides; what is hidden beside it, too."""
    cells, k = table
    seen = seen_pages(cells, k)
    assert {Place(place.column, place.row) for place in seen} == seen.keys()
    for place, each in seen.items():
        assert each == cells[place]
        assert each.visitors >= k
        assert HIDDEN not in place
        hidden = [cells[other].visitors for other in cells if other.row == place.row and other not in seen]
        assert not hidden or max(hidden) >= k


def test_most_pairs_of_pages_are_seen() -> None:
    """Of a site with 10,000 visits of some pages each little is hidden but the small numbers themselves."""
    random = Random(5)  # noqa: S311 (a table, no secret)
    cells: dict[Place, Figures] = {}
    for _ in range(10_000):
        pages = {1 + int(60 * random.random() ** 3) for _ in range(4)}
        for row in pages:
            for column in pages - {row}:
                cells[Place(row, column)] = cells.get(Place(row, column), Figures()) + figures(1)
    found = seen_of_itself(table_of(cells), 61, 10)
    visits = np.array([each.visits for each in cells.values()])
    assert visits[found].sum() > 0.9 * visits[visits >= 10].sum()


def test_hidden_visits_of_another_kind_make_no_room() -> None:
    """Ten who did not bounce cannot have been in the place of visits that all bounced: the table shows less."""

    def stayed(people: int) -> Figures:
        return Figures(people, people, 2 * people, 0, 60 * people, 2 * people)

    def bounced(people: int) -> Figures:
        return Figures(people, people, people, people, 0, people)

    cells = {
        Place(1, 2): Figures(10, 10, 20, 0, 600, 20),
        Place(1, 1): stayed(60),
        Place(2, 1): stayed(60),
        Place(2, 2): stayed(40),
        Place(1, HIDDEN): bounced(24),
        Place(HIDDEN, 2): stayed(24),
        Place(HIDDEN, HIDDEN): Figures(40, 40, 40, 40, 1200, 80),
        Place(HIDDEN, 1): bounced(20),
        Place(2, HIDDEN): bounced(20),
    }
    assert seen_of(cells, 20) == {}
    # With as many who stayed among those in the corner there is room, and only the small one is hidden.
    roomy = cells | {Place(HIDDEN, HIDDEN): stayed(40), Place(1, HIDDEN): stayed(24), Place(2, HIDDEN): stayed(20)}
    assert Place(2, 1) in seen_of(roomy, 20)
