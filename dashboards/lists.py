"""The lists of a site's page: a report's cells, and in words what is not shown. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from aggregate.cells import OTHER, Cell, Figures
from dashboards.language import NOTHING, Language

SHOWN_AT_ONCE = 10
MOST_ROWS = 100


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate that the rows of a list have: its heading, and its words for a cell; "" where there is none.

    The figures are those of the whole report.
    """

    title: str
    words: Callable[[Cell, Figures, Language], str]


@dataclass(frozen=True, slots=True)
class Listing:
    """A row of the table of lists: a dimension, its words, the metric beside the visitors, and rates."""

    dimension: str
    title: str
    noun: str
    metric: str
    rates: tuple[Rate, ...] = ()


def _time_on_page(cell: Cell, _totals: Figures, language: Language) -> str:
    return language.duration(cell.figures.visit_duration) if cell.figures.seconds else ""


def _scroll_depth(cell: Cell, _totals: Figures, language: Language) -> str:
    return language.percent(cell.scroll_depth) if cell.scroll_depth is not None else ""


def _conversion_rate(cell: Cell, totals: Figures, language: Language) -> str:
    return language.percent(cell.figures.conversion_rate(totals))


LISTINGS = (
    Listing("source", "Sources", "source", "visits"),
    Listing(
        "page",
        "Pages",
        "page",
        "pageviews",
        (Rate("Time on page", _time_on_page), Rate("Scroll depth", _scroll_depth)),
    ),
    Listing("country", "Countries", "country", "visits"),
    Listing("device", "Devices", "device", "visits"),
    Listing("browser", "Browsers", "browser", "visits"),
    Listing("os", "Operating systems", "system", "visits"),
    Listing("event", "Events", "event", "events", (Rate("Conversion rate", _conversion_rate),)),
)


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row that is shown. ``share`` is its part of the longest row, in percent, for its bar.

    ``rates`` are in words, one for each of the list's.
    """

    name: str
    visitors: int
    other_metric: int
    share: float
    rates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListView:
    """A list as it is shown: rows at once, rows on demand, "Other", or why there is none.

    ``rates`` are the headings of those that some row has: trackers need not tell of time and scrolling.
    """

    listing: Listing
    rates: list[str]
    rows: list[ListRow]
    more: list[ListRow]
    left_out: int
    other: ListRow | None
    empty: str


def view_lists(
    cells: Mapping[str, Sequence[Cell]], totals: Figures, least: str, language: Language
) -> list[ListView]:
    """Make all lists of a report; ``least`` is how many visitors a row needs, in words."""
    return [_view(listing, cells[listing.dimension], totals, least, language) for listing in LISTINGS]


def _view(listing: Listing, cells: Sequence[Cell], totals: Figures, least: str, language: Language) -> ListView:
    most = max((cell.figures.visitors for cell in cells if cell.value is not OTHER), default=0)
    rates = [rate for rate in listing.rates if any(rate.words(cell, totals, language) for cell in cells)]
    shown = [
        (cell, _row(listing, cell, most, [rate.words(cell, totals, language) for rate in rates], language))
        for cell in cells
    ]
    rows = [row for cell, row in shown if cell.value is not OTHER]
    other = next((row for cell, row in shown if cell.value is OTHER), None)
    return ListView(
        listing,
        rates=[rate.title for rate in rates],
        rows=rows[:SHOWN_AT_ONCE],
        more=rows[SHOWN_AT_ONCE:MOST_ROWS],
        left_out=max(0, len(rows) - MOST_ROWS),
        other=other,
        empty="" if cells else _why_empty(listing, totals, least),
    )


def _row(listing: Listing, cell: Cell, most: int, rates: Sequence[str], language: Language) -> ListRow:
    figures = cell.figures
    share = round(100 * figures.visitors / most, 1) if most else 0.0
    words = tuple(rate or NOTHING for rate in rates)
    return ListRow(
        _name(listing, cell, language), figures.visitors, attrgetter(listing.metric)(figures), share, words
    )


def _name(listing: Listing, cell: Cell, language: Language) -> str:
    if cell.value is OTHER:
        return "Other"
    return language.country(cell.value) if listing.dimension == "country" else cell.value


def _why_empty(listing: Listing, totals: Figures, least: str) -> str:
    if not totals.visitors:
        return "No visitors in this period."
    if listing.dimension == "event":
        return f"An event is listed once {least} visitors have sent it on one day."
    return f"No {listing.noun} has had {least} visitors on one day. From {least} on, it is listed here."
