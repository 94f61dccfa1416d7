"""The open day watched minute by minute: totals move with each visitor, lists tell of none."""

from collections import Counter
from dataclasses import astuple
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from aggregate.cells import OTHER, Cell, Figures
from aggregate.open_lists import OpenList, in_steps, next_list
from aggregate.periods import DayRange
from aggregate.reading import read_report
from aggregate.release import release
from aggregate.rolling import roll_day
from core.store import Store
from tests.fixtures.raw import DAY_START, event, site_in, store_events

SITE, DAY = site_in(), date(2026, 5, 1)
THRESHOLDS = st.integers(5, 12)
# Who comes in each minute, by the page that each looks at.
MINUTES = st.lists(st.lists(st.sampled_from(["/", "/", "/", "/a", "/b", "/c", "/d"]), max_size=9), max_size=60)
FIGURES = st.builds(Figures, *[st.integers(0, 60)] * 6)


def watched(minutes: list[list[str]], k: int) -> list[OpenList]:
    """Give the list that is shown in each minute."""
    came, shown, seen = Counter[str](), None, []
    for minute in minutes:
        came.update(minute)
        cells = release([Cell(page, Figures(each, each, each)) for page, each in came.items()], k)
        shown = next_list(OpenList(in_steps(cells, k), came.total()), shown, k)
        seen.append(shown)
    return seen


@given(MINUTES, THRESHOLDS)
def test_every_row_that_moves_may_have_grown_by_k_people_or_by_nobody(minutes: list[list[str]], k: int) -> None:
    """Whoever compares two lists and knows how many came between them learns of no group of one to k-1."""
    for before, after in pairwise(watched(minutes, k)):
        if before == after:
            continue
        came = after.came - before.came
        rows_before = {cell.value: cell.figures.visitors for cell in before.cells}
        moved = {
            cell.value: cell.figures.visitors - rows_before.get(cell.value, 0)
            for cell in after.cells
            if cell.value is not OTHER and cell.figures.visitors != rows_before.get(cell.value, 0)
        }
        # A row that went up by one step grew by one visitor at least; the others left that many for it.
        least = {value: max(0, steps - k + 1) for value, steps in moved.items()}
        for value, steps in moved.items():
            most = min(steps + k - 1, came - sum(least.values()) + least[value])
            assert least[value] == 0 or most >= k


@given(st.lists(FIGURES, max_size=6), THRESHOLDS)
def test_an_open_day_moves_in_steps_of_the_threshold(figures: list[Figures], k: int) -> None:
    """Every number of an open day's list is a multiple of k, less than k below the truth."""
    cells = [Cell(str(number), each) for number, each in enumerate(figures)]
    for before, after in zip(cells, in_steps(cells, k), strict=True):
        pairs = list(zip(astuple(before.figures), astuple(after.figures), strict=True))
        assert all(shown % k == 0 and 0 <= true - shown < k for true, shown in pairs)


def test_pages_share_pageviews() -> None:
    """Eight pageviews of which five rows took one at least leave four for any: too few to show where they went."""
    before = OpenList([Cell(page, Figures(5, 5, 5, 0, 0, 5)) for page in "abcde"], 40)
    after = [Cell(page, Figures(10, 10, 10, 0, 0, 10)) for page in "abcde"]
    assert next_list(OpenList(after, 48), before, 5, "pageviews") == before
    assert next_list(OpenList(after, 49), before, 5, "pageviews") == OpenList(after, 49)


def test_a_row_whose_visitors_alone_moved_stays() -> None:
    """Ten visitors where there were five, and still fifteen pageviews: one to four came. That row waits."""
    stays, moves = Cell("/", Figures(5, 5, 15, 0, 0, 15)), Cell("/a", Figures(5, 5, 5, 0, 0, 5))
    moved = [Cell("/", Figures(10, 10, 15, 0, 0, 15)), Cell("/a", Figures(10, 10, 10, 0, 0, 10))]
    shown = next_list(OpenList(moved, 60), OpenList([stays, moves], 40), 5, "pageviews")
    assert shown == OpenList([stays, moved[1]], 60)


def test_a_list_is_made_anew_once_enough_have_come(store: Store) -> None:
    """The one who makes 24 of 23 is not seen in the list at once; with twelve others he is. Totals are exact."""
    seen, everybody = [], 0
    for came in (23, 1, 12):
        at = DAY_START + timedelta(hours=9, seconds=everybody)
        store_events(store, [event(SITE, at, everybody + number) for number in range(1, came + 1)])
        everybody += came
        roll_day(store, SITE, DAY, 12, at, close=False)
        report = read_report(store, SITE, DayRange(DAY, DAY), ("page",))
        seen.append((report.totals.visitors, [cell.figures.visitors for cell in report.rows["page"]]))
    assert seen == [(23, [12]), (24, [12]), (36, [36])]
