"""The lists, without a page around them."""

from aggregate.cells import OTHER, Cell, Figures
from dashboards.lists import LISTINGS, MOST_ROWS, SHOWN_AT_ONCE, ListView, view_lists

SOME = Figures(visitors=1_000)


def _pages(cells: list[Cell]) -> ListView:
    found = {listing.dimension: cells if listing.dimension == "page" else [] for listing in LISTINGS}
    return next(each for each in view_lists(found, SOME, "10") if each.listing.dimension == "page")


def test_long_lists_are_short_at_first() -> None:
    """Ten rows are shown, ninety more on demand, and the page says how many are left out."""
    view = _pages([Cell(f"/{rank}", Figures(500 - rank, 1, 2)) for rank in range(250)])
    assert [row.name for row in view.rows] == [f"/{rank}" for rank in range(SHOWN_AT_ONCE)]
    assert [row.name for row in view.more] == [f"/{rank}" for rank in range(SHOWN_AT_ONCE, MOST_ROWS)]
    assert view.left_out == 150


def test_bars_compare_rows_with_the_longest_named_one() -> None:
    """The row "Other" stands apart: it may be larger than any row, and has no place in the order."""
    view = _pages([Cell("/", Figures(40)), Cell("/a", Figures(10)), Cell(OTHER, Figures(80, 80, 160))])
    assert [(row.name, row.share) for row in view.rows] == [("/", 100.0), ("/a", 25.0)]
    assert view.other is not None
    assert (view.other.name, view.other.visitors, view.other.other_metric) == ("Other", 80, 160)


def test_a_page_may_be_called_other() -> None:
    """A value that happens to be the word is a row like any other."""
    view = _pages([Cell("Other", Figures(40))])
    assert ([row.name for row in view.rows], view.other) == (["Other"], None)
