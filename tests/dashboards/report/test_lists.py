"""The lists of a site's page, without a page around them."""

from dataclasses import replace
from datetime import date, datetime

from aggregate.cells import OTHER, Cell, Figures, Filter
from aggregate.periods import DayRange
from aggregate.reading import Report
from dashboards.language import NOTHING, language_of
from dashboards.report.full_list import ROWS_A_PAGE, FullList, full_list
from dashboards.report.list_query import ListQuery
from dashboards.report.lists import SHOWN_IN_PANEL, ListView, view_list
from dashboards.report.site_links import SiteLinks
from dashboards.report.site_view import SiteView
from dashboards.report.view_filter import ViewFilter
from dashboards.report.view_state import ViewState
from tests.fixtures.raw import site_in

DAY = date(2026, 5, 16)
TOTALS = Figures(visitors=1_000, visits=1_000)


def _report(dimension: str, cells: list[Cell], where: Filter | None = None) -> Report:
    days = DayRange(DAY, DAY)
    return Report(days, TOTALS, [], {dimension: cells}, [], None, where)


def _view(
    dimension: str, cells: list[Cell], before: list[Cell] | None = None, where: ViewFilter | None = None
) -> SiteView:
    state = ViewState(where=where)
    return SiteView(
        site=site_in(),
        state=state,
        days=DayRange(DAY, DAY),
        earliest=DAY,
        report=_report(dimension, cells, state.filter),
        before=None if before is None else _report(dimension, before, state.filter),
        links=SiteLinks("/sites/example.com"),
        language=language_of("", ""),
        now=datetime(2026, 5, 17, 12),  # noqa: DTZ001 (a site's local time)
        k=10,
    )


def _list(dimension: str, cells: list[Cell], where: ViewFilter | None = None) -> ListView:
    return view_list(_view(dimension, cells, where=where), dimension)


def _full(cells: list[Cell], query: ListQuery, dimension: str = "page") -> FullList:
    return full_list(_view(dimension, cells), dimension, query)


def _names(shown: FullList) -> list[str]:
    return [row.name for row in shown.rows]


def test_long_lists_are_short_on_the_page() -> None:
    """The first rows are shown, and how many more there are."""
    view = _list("page", [Cell(f"/{rank}", Figures(500 - rank, 1, 2)) for rank in range(250)])
    assert [row.name for row in view.rows] == [f"/{rank}" for rank in range(SHOWN_IN_PANEL)]
    assert view.more == 250 - SHOWN_IN_PANEL


def test_bars_compare_rows_with_the_longest_named_one() -> None:
    """The row "Other" stands apart: it may be larger than any row, and has no place in the order."""
    view = _list("page", [Cell("/", Figures(40)), Cell("/a", Figures(10)), Cell(OTHER, Figures(80, 80, 160))])
    assert [(row.name, row.bar, row.cells[0]) for row in view.rows] == [
        ("/", 100.0, "40"),
        ("/a", 25.0, "10"),
        ("Other: too few to show", 0.0, "80"),
    ]
    assert [row.href is None for row in view.rows] == [False, False, True]


def test_a_page_may_be_called_other() -> None:
    """A value that happens to be the word is a row like any other."""
    view = _list("page", [Cell("Other", Figures(40))])
    assert [(row.name, row.is_other, row.href) for row in view.rows] == [
        ("Other", False, "/sites/example.com?f=is,page,Other")
    ]


def test_pages_say_time_and_depth_once_a_tracker_told_them() -> None:
    """A column in which no row has anything is left out; a row without it has a dash."""
    told = Cell("/", Figures(40, 50, 60, seconds=4_000), scroll_depth=64)
    plain = Cell("/a", Figures(10, 10, 10))
    both, neither = _list("page", [told, plain]), _list("page", [plain])
    assert [heading.title for heading in both.headings] == ["Visitors", "Share", "Time on page", "Scroll depth"]
    assert [row.cells[2:] for row in both.rows] == [["1m 20s", "64%"], [NOTHING, NOTHING]]
    assert [heading.title for heading in neither.headings] == ["Visitors", "Share"]


def test_events_say_how_many_of_all_visitors_did_them() -> None:
    """The conversion rate is of the visitors of the whole report, for "Other" as well."""
    view = _list("event", [Cell("Signup", Figures(25, events=30)), Cell(OTHER, Figures(10, events=10))])
    assert [heading.title for heading in view.headings] == ["Visitors", "Conversion", "Count"]
    assert [row.cells for row in view.rows] == [["25", "2.50%", "30"], ["10", "1.00%", "10"]]


def test_a_filter_by_an_event_says_nothing_of_bounces_that_it_ends() -> None:
    """A rate of 0.0% in each row tells nothing; events that are not interactive leave bounces to tell of."""
    where = ViewFilter("event", "Signup")
    ended, left = Cell("Google", Figures(40, 40, 80)), Cell("Bing", Figures(40, 40, 60, bounces=20))
    shown = [_list("source", [ended], where), _list("source", [ended, left], where), _list("source", [ended])]
    assert [[heading.title for heading in view.headings if heading.key == "bounce_rate"] for view in shown] == [
        [],
        ["Bounce rate"],
        ["Bounce rate"],
    ]
    whole = full_list(_view("source", [ended], where=where), "source", ListQuery(sort="bounce_rate"))
    assert [heading.key for heading in whole.headings] == ["name", "visitors", "share", "visits", "pageviews"]


def test_what_cannot_be_filtered_by_is_no_link() -> None:
    """A referrer and a version are names; the value that is filtered by already leads nowhere."""
    assert _list("referrer", [Cell("example.org/", Figures(40))]).rows[0].href is None
    own = _list("country", [Cell("DE", Figures(40))], ViewFilter("country", "DE"))
    assert (own.rows[0].name, own.rows[0].href) == ("Germany", None)


def test_a_filter_that_leaves_too_few_says_so() -> None:
    """An empty list is never a zero: it says why nothing is told."""
    assert "too few visitors on each day" in _list("source", [], ViewFilter("country", "DE")).empty
    assert "10 visitors on one day" in _list("source", []).empty
    assert "under a filter by their Browser" in _list("browser_version", [], ViewFilter("country", "DE")).empty
    assert (
        "A filter that excludes a value has no lists"
        in _list("source", [], ViewFilter("country", "DE", is_not=True)).empty
    )


def test_rows_are_compared_where_both_are_shown() -> None:
    """A row that was hidden before has a dash in place of a change; a list without any has no such column."""
    now = [Cell("/", Figures(40)), Cell("/a", Figures(10))]
    view = view_list(_view("page", now, [Cell("/", Figures(50))]), "page")
    assert [heading.title for heading in view.headings] == ["Visitors", "Change", "Share"]
    assert [row.cells[1] for row in view.rows] == ["\N{MINUS SIGN}20.0%", NOTHING]
    assert [heading.title for heading in view_list(_view("page", now, []), "page").headings] == [
        "Visitors",
        "Share",
    ]


def test_the_full_view_shows_all_rows_by_the_hundred() -> None:
    """The last page ends with "Other"; a page beyond it is the last one."""
    cells = [Cell(f"/{rank}", Figures(500 - rank, 1, 2)) for rank in range(250)]
    cells.append(Cell(OTHER, Figures(5)))
    pages = [_full(cells, ListQuery(page=page)) for page in (1, 3, 99)]
    assert [(page.first, page.last, page.found, len(page.other)) for page in pages] == [
        (1, ROWS_A_PAGE, 250, 0),
        (201, 250, 250, 1),
        (201, 250, 250, 1),
    ]
    assert (pages[0].previous, pages[1].following) == (None, None)
    assert pages[0].following == "/sites/example.com/lists/page?page=2"


def test_the_full_view_is_searched_in_the_names_that_are_read() -> None:
    """A country is found by its name and by its code, whatever the case, and "Other" by nothing."""
    cells = [Cell("DE", Figures(40)), Cell("US", Figures(30)), Cell(OTHER, Figures(9))]
    assert _names(_full(cells, ListQuery(search="gERM"), "country")) == ["Germany"]
    assert _names(_full(cells, ListQuery(search="us"), "country")) == ["United States"]
    nothing = _full(cells, ListQuery(search="other"), "country")
    assert (nothing.rows, nothing.other) == ([], [])
    assert nothing.empty == "No row matches “other”."


def test_the_full_view_is_sorted_by_any_column() -> None:
    """Numbers go down at first and names up; a second click turns that round; what has no value is last."""
    cells = [
        Cell("/b", Figures(40, 50, 60, seconds=400)),
        Cell("/a", Figures(30, 50, 90)),
        Cell("/c", Figures(20, 20, 20, seconds=900)),
    ]
    orders = {
        ("visitors", False): ["/b", "/a", "/c"],
        ("visitors", True): ["/c", "/a", "/b"],
        ("name", False): ["/a", "/b", "/c"],
        ("name", True): ["/c", "/b", "/a"],
        ("pageviews", False): ["/a", "/b", "/c"],
        ("time_on_page", False): ["/c", "/b", "/a"],
        ("time_on_page", True): ["/b", "/c", "/a"],
        ("events", False): ["/b", "/a", "/c"],
    }
    found = {
        (sort, turned): _names(_full(cells, ListQuery(sort=sort, is_turned=turned))) for sort, turned in orders
    }
    assert found == orders
    headings = {each.key: (each.sorted, each.href) for each in _full(cells, ListQuery(sort="name")).headings}
    assert headings["name"] == ("ascending", "/sites/example.com/lists/page?sort=-name")
    assert headings["visits"] == ("", "/sites/example.com/lists/page?sort=visits")


def test_rows_in_steps_state_no_rates() -> None:
    """Of an open day's rows, rounded down to tens, no bounce rate or duration is worked out."""
    view = _view("browser", [Cell("Chrome", Figures(20, 20, 40, 10, 100, 40))])
    is_open = replace(view, report=replace(view.report, unfinished=[DAY]))
    shown = [[heading.key for heading in view_list(each, "browser").headings] for each in (view, is_open)]
    full = [heading.key for heading in full_list(is_open, "browser", ListQuery()).headings]
    assert shown == [["visitors", "share", "bounce_rate", "visit_duration"], ["visitors", "share", "visits"]]
    assert full == ["name", "visitors", "share", "visits", "pageviews"]
