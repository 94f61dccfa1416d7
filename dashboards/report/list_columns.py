"""The columns of lists: which a list has, what a row says in each, and by what it is sorted. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import attrgetter

from aggregate.cells import Cell, Figures, Filter, has_several, is_of_events
from aggregate.comparing import change
from aggregate.coverage import is_remainder
from dashboards.language import NOTHING, Language, message

Value = float | None


@dataclass(frozen=True, slots=True)
class Rows:
    """What the values of a list's rows are made of: its report's totals and filter, and the rows before.

    ``everyone`` are the visitors whom the list covers, None where that is not known. ``before`` has rows that
    something can be said to have grown from. ``in_steps``: all days are open ones, whose rows are rounded down to
    steps of k. A rate of two such numbers may be far from what it was, so there is none. ``is_noisy``: some days
    have noise, and of a row they publish its visitors alone.
    """

    dimension: str
    everyone: int | None
    where: Filter | None
    before: dict[str | None, Figures] | None
    in_steps: bool = False
    is_noisy: bool = False


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column: its name in an address, its heading, a row's value, and how that is written.

    ``is_told``: only some rows have a value, and a list in which none has is without the column. ``adds_up``: it
    grows with each day that a row is shown; the others are rates.
    """

    key: str
    title: str
    value: Callable[[Cell, Rows], Value]
    write: Callable[[Language, Value], str]
    several: str = ""
    is_told: bool = False
    adds_up: bool = False

    def heading(self, language: Language, *, several: bool) -> str:
        """Give the heading; where days are added up, visitors are visitor-days."""
        return language.text(self.several if several and self.several else self.title)


def _of(name: str) -> Callable[[Cell, Rows], Value]:
    read = attrgetter(name)

    def value(cell: Cell, _rows: Rows) -> Value:
        found: Value = read(cell.figures)
        return found

    return value


def _rate(name: str) -> Callable[[Cell, Rows], Value]:
    """Read a rate; what a list under a filter does not show has none, being a difference of rounded numbers."""
    read = _of(name)
    return lambda cell, rows: None if is_remainder(cell, rows.where) else read(cell, rows)


def _share(cell: Cell, rows: Rows) -> Value:
    share = cell.figures.share_of(rows.everyone)
    return None if share is None else round(share, 1)


def _conversion_rate(cell: Cell, rows: Rows) -> Value:
    return cell.figures.conversion_rate(rows.everyone)


def _change(cell: Cell, rows: Rows) -> Value:
    if cell.is_at_least or is_remainder(cell, rows.where):
        return None
    before = (rows.before or {}).get(cell.value)
    return change(cell.figures.visitors, before.visitors if before else None)


def _time_on_page(cell: Cell, _rows: Rows) -> Value:
    return cell.figures.visit_duration if cell.figures.seconds else None


def _scroll_depth(cell: Cell, _rows: Rows) -> Value:
    return cell.scroll_depth


def _whole(language: Language, value: Value) -> str:
    return NOTHING if value is None else language.number(round(value))


def _signed(language: Language, value: Value) -> str:
    if value is None:
        return NOTHING
    sign = "+" if value > 0 else "\N{MINUS SIGN}" if value < 0 else ""
    return sign + language.growth(abs(value))


def _conversion(language: Language, value: Value) -> str:
    return language.share(value, places=2)  # few of many convert


VISITORS = ListColumn(
    "visitors", message("Visitors"), _of("visitors"), _whole, message("Visitor-days"), adds_up=True
)
SHARE = ListColumn("share", message("Share"), _share, Language.share, adds_up=True)
CONVERSION = ListColumn("conversion_rate", message("Conversion"), _conversion_rate, _conversion, adds_up=True)
CHANGE = ListColumn("change", message("Change"), _change, _signed, is_told=True)
VISITS = ListColumn("visits", message("Visits"), _of("visits"), _whole, adds_up=True)
PAGEVIEWS = ListColumn("pageviews", message("Views"), _of("pageviews"), _whole, adds_up=True)
EVENTS = ListColumn("events", message("Count"), _of("events"), _whole, adds_up=True)
BOUNCE_RATE = ListColumn("bounce_rate", message("Bounce rate"), _rate("bounce_rate"), Language.share)
DURATION = ListColumn("visit_duration", message("Duration"), _rate("visit_duration"), Language.duration)
TIME_ON_PAGE = ListColumn("time_on_page", message("Time on page"), _time_on_page, Language.duration, is_told=True)
SCROLL_DEPTH = ListColumn("scroll_depth", message("Scroll depth"), _scroll_depth, Language.percent, is_told=True)


_FEWEST = 2  # a list of fewer columns has room for the visits
_RATES_OF_ROWS = (BOUNCE_RATE, DURATION, TIME_ON_PAGE)


def columns_in_panel(rows: Rows) -> list[ListColumn]:
    """Give the columns of a list on a site's page, the most telling ones first."""
    if rows.is_noisy:
        return list(_first(rows))
    columns = _stating([*_first(rows), *_of_dimension(rows)], rows)
    return columns if len(columns) > _FEWEST else [*columns, VISITS]


def columns_in_full(rows: Rows) -> list[ListColumn]:
    """Give all columns that a list can have."""
    if rows.is_noisy:
        return list(_first(rows))
    columns = [*_first(rows), VISITS]
    if is_of_events(rows.dimension):
        return [*columns, EVENTS]
    columns += [PAGEVIEWS, BOUNCE_RATE]
    return _stating([*columns, *_lasting(rows)], rows)


def _stating(columns: list[ListColumn], rows: Rows) -> list[ListColumn]:
    """Leave out the rates that rows in steps do not state."""
    return [column for column in columns if not (rows.in_steps and column in _RATES_OF_ROWS)]


def _first(rows: Rows) -> Iterator[ListColumn]:
    yield VISITORS
    if rows.before is not None:
        yield CHANGE
    yield CONVERSION if is_of_events(rows.dimension) else SHARE


def _of_dimension(rows: Rows) -> Iterator[ListColumn]:
    if is_of_events(rows.dimension):
        yield EVENTS
    elif rows.dimension == "page":
        yield from _lasting(rows) or [PAGEVIEWS]
    else:
        yield BOUNCE_RATE
        yield from _lasting(rows)


def _lasting(rows: Rows) -> list[ListColumn]:
    """Give the columns of time: pages are looked at, visits last, and no filter tells the time on a page."""
    if rows.dimension == "page":
        return [TIME_ON_PAGE, SCROLL_DEPTH] if rows.where is None else []
    if has_several(rows.dimension) or (rows.where is not None and has_several(rows.where.dimension)):
        return []
    return [DURATION]


COLUMN_NAMES = [
    column.key
    for column in (
        VISITORS,
        SHARE,
        CONVERSION,
        CHANGE,
        VISITS,
        PAGEVIEWS,
        EVENTS,
        BOUNCE_RATE,
        DURATION,
        TIME_ON_PAGE,
        SCROLL_DEPTH,
    )
]
"""The names of all columns, which an address may sort by; a list that lacks one is sorted by visitors."""
