"""The lists of a site's page: a report's cells, and in words what is not shown. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from aggregate.cells import OTHER, Cell, Figures
from dashboards.countries import country_name

SHOWN_AT_ONCE = 10
MOST_ROWS = 100


@dataclass(frozen=True, slots=True)
class Listing:
    """A row of the table of lists: a dimension, its words, and the metric beside the visitors."""

    dimension: str
    title: str
    noun: str
    metric: str


LISTINGS = (
    Listing("source", "Sources", "source", "visits"),
    Listing("page", "Pages", "page", "pageviews"),
    Listing("country", "Countries", "country", "visits"),
    Listing("device", "Devices", "device", "visits"),
    Listing("browser", "Browsers", "browser", "visits"),
    Listing("os", "Operating systems", "system", "visits"),
    Listing("event", "Events", "event", "events"),
)


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row that is shown. ``share`` is its part of the longest row, in percent, for its bar."""

    name: str
    visitors: int
    other_metric: int
    share: float


@dataclass(frozen=True, slots=True)
class ListView:
    """A list as it is shown: rows at once, rows on demand, "Other", or why there is none."""

    listing: Listing
    rows: list[ListRow]
    more: list[ListRow]
    left_out: int
    other: ListRow | None
    empty: str


def view_lists(cells: Mapping[str, Sequence[Cell]], totals: Figures, least: str) -> list[ListView]:
    """Make all lists of a report; ``least`` is how many visitors a row needs, in words."""
    return [_view(listing, cells[listing.dimension], totals, least) for listing in LISTINGS]


def _view(listing: Listing, cells: Sequence[Cell], totals: Figures, least: str) -> ListView:
    most = max((cell.figures.visitors for cell in cells if cell.value is not OTHER), default=0)
    rows = [_row(listing, cell, most) for cell in cells if cell.value is not OTHER]
    other = next((_row(listing, cell, most) for cell in cells if cell.value is OTHER), None)
    return ListView(
        listing,
        rows=rows[:SHOWN_AT_ONCE],
        more=rows[SHOWN_AT_ONCE:MOST_ROWS],
        left_out=max(0, len(rows) - MOST_ROWS),
        other=other,
        empty="" if cells else _why_empty(listing, totals, least),
    )


def _row(listing: Listing, cell: Cell, most: int) -> ListRow:
    figures = cell.figures
    share = round(100 * figures.visitors / most, 1) if most else 0.0
    return ListRow(_name(listing, cell), figures.visitors, attrgetter(listing.metric)(figures), share)


def _name(listing: Listing, cell: Cell) -> str:
    if cell.value is OTHER:
        return "Other"
    return country_name(cell.value) if listing.dimension == "country" else cell.value


def _why_empty(listing: Listing, totals: Figures, least: str) -> str:
    if not totals.visitors:
        return "No visitors in this period."
    if listing.dimension == "event":
        return f"An event is listed once {least} visitors have sent it on one day."
    return f"No {listing.noun} has had {least} visitors on one day. From {least} on, it is listed here."
