"""The rule of anonymity: what of a report may be seen."""

from hypothesis import given
from hypothesis import strategies as st

from aggregate.cells import OTHER, Cell, Figures
from aggregate.release import release, release_versions

NUMBERS = st.integers(0, 60)
CELLS = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=3), st.builds(Figures, *[NUMBERS] * 6), max_size=12
).map(lambda cells: [Cell(value, figures) for value, figures in cells.items()])
THRESHOLDS = st.integers(5, 30)


def cell(value: str | None, visitors: int, pageviews: int = 0) -> Cell:
    """Give a cell of so many visitors."""
    return Cell(value, Figures(visitors=visitors, pageviews=pageviews))


@given(CELLS, THRESHOLDS)
def test_nothing_below_the_threshold_is_seen(cells: list[Cell], k: int) -> None:
    """Every row that is seen, "Other" included, has at least k visitors."""
    assert all(each.figures.visitors >= k for each in release(cells, k))


@given(CELLS, THRESHOLDS)
def test_what_is_hidden_is_nothing_or_at_least_the_threshold(cells: list[Cell], k: int) -> None:
    """The hidden rows of a list come to at least k visitors together, or there are none, or nothing is seen."""
    released = release(cells, k)
    seen = {each.value for each in released} - {OTHER}
    hidden = [each for each in cells if each.value not in seen]
    assert not released or not hidden or sum(each.figures.visitors for each in hidden) >= k


@given(CELLS, THRESHOLDS)
def test_seen_and_other_come_to_what_was_given(cells: list[Cell], k: int) -> None:
    """Nothing is lost and nothing counted twice: the rows add up to all cells, or nothing is said."""
    released = release(cells, k)
    everything = sum((each.figures for each in cells), Figures())
    assert not released or sum((each.figures for each in released), Figures()) == everything


@given(CELLS, THRESHOLDS)
def test_seen_rows_are_unchanged(cells: list[Cell], k: int) -> None:
    """A row that is seen is exact."""
    assert all(each in cells for each in release(cells, k) if each.value is not OTHER)


@given(CELLS, THRESHOLDS, st.randoms())
def test_the_order_of_rows_does_not_matter(cells: list[Cell], k: int, random: object) -> None:
    """The same cells in any order give the same answer."""
    shuffled = list(cells)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert release(shuffled, k) == release(cells, k)


def test_small_rows_become_other() -> None:
    """Rows below ten are one row, largest rows first."""
    cells = [cell("a", 4, 5), cell("b", 30, 40), cell("c", 7, 9), cell("d", 12, 20)]
    assert release(cells, 10) == [cell("b", 30, 40), cell("d", 12, 20), cell(OTHER, 11, 14)]


def test_the_smallest_seen_row_is_hidden_with_a_lone_small_one() -> None:
    """One row of three visitors could be told by subtraction, so its smallest neighbour goes with it."""
    cells = [cell("a", 30), cell("b", 12), cell("c", 3)]
    assert release(cells, 10) == [cell("a", 30), cell(OTHER, 15)]


def test_a_row_of_views_without_visitors_is_hidden() -> None:
    """Views that belong to no visitor could be anybody's: they are not seen alone either."""
    cells = [cell("a", 30, 30), cell("b", 12, 12), cell("c", 0, 3)]
    assert release(cells, 10) == [cell("a", 30, 30), cell(OTHER, 12, 15)]


def test_a_list_of_small_rows_alone_says_nothing() -> None:
    """With no row large enough there is no list, not even "Other"."""
    assert release([cell("a", 9), cell("b", 9)], 10) == []


BROWSERS = st.dictionaries(
    st.sampled_from(["Chrome", "Chrome Mobile", "Firefox"]),
    st.dictionaries(st.sampled_from(["1", "2", "3"]), st.integers(1, 40), max_size=3),
    min_size=1,
)


@given(BROWSERS, st.integers(0, 12), THRESHOLDS)
def test_versions_that_are_hidden_are_no_few_people_of_a_browser_that_is_seen(
    browsers: dict[str, dict[str, int]], unstated: int, k: int
) -> None:
    """A browser without its versions that are seen is nobody or at least k; of a hidden one nothing is seen."""
    parents = [visits(name, sum(versions.values()) + unstated) for name, versions in browsers.items()]
    versions = [visits(f"{name} {number}", each) for name, own in browsers.items() for number, each in own.items()]
    shown = release_versions(versions, parents, k)
    visible = {each.value: each.figures.visits for each in release(parents, k)}
    assert all(each in versions and each.figures.visitors >= k for each in shown if each.value is not OTHER)
    for name in browsers:
        own = [each.figures.visits for each in shown if str(each.value).rpartition(" ")[0] == name]
        assert not own or name in visible
        assert not own or (left := visible[name] - sum(own)) == 0 or left >= k


def visits(value: str, count: int) -> Cell:
    """Give a cell of visitors who came once each."""
    return Cell(value, Figures(count, count, count))


def test_a_version_that_few_have_goes_with_the_next_larger_one() -> None:
    """Chrome without Chrome 120 would be four people: they are among others, or nothing is said."""
    browsers = [visits("Chrome", 64), visits("Firefox", 20)]
    versions = [
        visits("Chrome 120", 40),
        visits("Chrome 119", 20),
        visits("Chrome 118", 4),
        visits("Firefox 1", 20),
    ]
    assert release_versions(versions, browsers, 10) == [
        visits("Chrome 120", 40),
        visits("Firefox 1", 20),
        Cell(OTHER, Figures(24, 24, 24)),
    ]
