"""The lists, without a page around them."""

from aggregate.cells import OTHER, Cell, Figures
from dashboards.language import NOTHING, languages
from dashboards.lists import LISTINGS, MOST_ROWS, SHOWN_AT_ONCE, ListView, view_lists

SOME = Figures(visitors=1_000)


def _pages(cells: list[Cell]) -> ListView:
    return _list("page", cells)


def _list(dimension: str, cells: list[Cell]) -> ListView:
    found = {listing.dimension: cells if listing.dimension == dimension else [] for listing in LISTINGS}
    return next(
        each for each in view_lists(found, SOME, "10", languages()["en"]) if each.listing.dimension == dimension
    )


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


def test_pages_say_time_and_depth_once_a_tracker_told_them() -> None:
    """A column in which no row has anything is left out; a row without it has a dash."""
    told = Cell("/", Figures(40, 50, 60, seconds=4_000), scroll_depth=64)
    plain = Cell("/a", Figures(10, 10, 10))
    both, neither, timed = _pages([told, plain]), _pages([plain]), _pages([Cell("/", told.figures)])
    assert both.rates == ["Time on page", "Scroll depth"]
    assert [(row.name, row.rates) for row in both.rows] == [("/", ("1m 20s", "64%")), ("/a", (NOTHING, NOTHING))]
    assert (neither.rates, [row.rates for row in neither.rows]) == ([], [()])
    assert (timed.rates, [row.rates for row in timed.rows]) == (["Time on page"], [("1m 20s",)])


def test_events_say_how_many_of_all_visitors_did_them() -> None:
    """The conversion rate is of the visitors of the whole report, for "Other" as well."""
    view = _list("event", [Cell("Signup", Figures(25)), Cell(OTHER, Figures(10))])
    assert (view.rates, [row.rates for row in view.rows]) == (["Conversion rate"], [("2.5%",)])
    assert view.other is not None
    assert view.other.rates == ("1%",)
