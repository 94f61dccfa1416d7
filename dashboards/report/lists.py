"""The lists of a site's page: a report's rows as they are shown. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from aggregate.cells import OTHER, Cell, is_filter, is_of_events
from aggregate.coverage import is_remainder
from dashboards.language import Language
from dashboards.report.list_columns import BOUNCE_RATE, ListColumn, Rows, Value, columns_in_panel
from dashboards.report.list_gaps import is_open, why_empty
from dashboards.report.listings import flag_of, name_of, noun_of, title_of
from dashboards.report.site_view import SiteView
from dashboards.report.view_filter import ViewFilter

SHOWN_IN_PANEL = 9


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a column; ``key`` is its name in the style sheet and in addresses."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row that is shown. ``bar`` is its part of the longest row, in percent; ``cells`` are words, a column each.

    ``href`` leads to the page of these visits alone; None where reports have no such filter. ``least`` are the
    places of those cells that say no more than "at least".
    """

    name: str
    flag: str
    bar: float
    cells: list[str]
    href: str | None
    is_other: bool
    least: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class ListView:
    """A list as it is shown: its first rows, how many more, or why there is none; ``notes`` stand below."""

    dimension: str
    title: str
    noun: str
    headings: list[Heading]
    rows: list[ListRow]
    more: int
    empty: str
    notes: list[str] = field(default_factory=list)


def view_list(view: SiteView, dimension: str, most: int = SHOWN_IN_PANEL) -> ListView:
    """Give the first rows of a list, and "Other" below them."""
    cells = view.report.rows.get(dimension, [])
    rows = rows_of(view, dimension)
    columns = told(columns_in_panel(rows), cells, rows)
    named = [cell for cell in cells if cell.value is not OTHER]
    other = [cell for cell in cells if cell.value is OTHER]
    return ListView(
        dimension=dimension,
        title=title_of(dimension, view.language),
        noun=noun_of(dimension, view.language),
        headings=headings_of(columns, view),
        rows=list(show_rows(view, rows, columns, [*named[:most], *other], longest(cells))),
        more=max(0, len(named) - most),
        empty="" if cells else why_empty(view, dimension),
        notes=[*notes_of_rows(view, cells), *([] if is_filter(dimension) else [not_filtered(view)])],
    )


def notes_of_rows(view: SiteView, cells: Iterable[Cell]) -> Iterator[str]:
    """Yield what is to be known of a list's rows, where they stand."""
    if any(cell.is_at_least for cell in cells):
        yield view.language.text(
            "≥ means at least: on some days the row, or this filter, had too few visitors to be shown, and those "
            "are not included."
        )


def not_filtered(view: SiteView) -> str:
    """Say that a list's rows are no links to pages of these visits."""
    return view.language.text("You cannot filter the page by these.")


def rows_of(view: SiteView, dimension: str) -> Rows:
    """Give what the values of a list's rows are made of."""
    report, before = view.report, view.before
    known = None
    if before is not None and not before.days_without_reports:
        cells = before.rows.get(dimension, [])
        known = {cell.value: cell.figures for cell in cells if not cell.is_at_least}
    return Rows(
        dimension,
        report.everyone(dimension),
        report.where,
        known,
        in_steps=is_open(view),
        is_noisy=bool(report.noisy),
    )


def told(columns: Iterable[ListColumn], cells: Sequence[Cell], rows: Rows) -> list[ListColumn]:
    """Give the columns without those of which no row has anything, such as what no tracker told."""
    return [
        column for column in columns if _says_something(column, [column.value(cell, rows) for cell in cells], rows)
    ]


def _says_something(column: ListColumn, values: Sequence[Value], rows: Rows) -> bool:
    """Tell whether a column has anything to say: an event ends a bounce, unless it is not interactive."""
    if column == BOUNCE_RATE and rows.where is not None and is_of_events(rows.where.dimension):
        return any(values)
    return not column.is_told or any(value is not None for value in values)


def headings_of(columns: Iterable[ListColumn], view: SiteView) -> list[Heading]:
    """Give the headings of columns."""
    return [Heading(column.key, column.heading(view.language, several=view.is_several_days)) for column in columns]


def longest(cells: Iterable[Cell]) -> int:
    """Give the visitors of the largest named row: "Other" may be larger, and has no place in the order."""
    return max((cell.figures.visitors for cell in cells if cell.value is not OTHER), default=0)


def show_rows(
    view: SiteView, rows: Rows, columns: Sequence[ListColumn], cells: Iterable[Cell], most: int
) -> Iterable[ListRow]:
    """Yield rows in words; ``most`` are the visitors of the row whose bar is the longest."""
    for cell in cells:
        is_other = cell.value is OTHER
        values = [column.value(cell, rows) for column in columns]
        yield ListRow(
            name=row_name(cell, rows, view.language),
            flag=flag_of(rows.dimension, cell.value),
            bar=0.0 if is_other or not most else round(100 * cell.figures.visitors / most, 1),
            cells=[column.write(view.language, value) for column, value in zip(columns, values, strict=True)],
            href=_href(view, rows.dimension, cell.value),
            is_other=is_other,
            least=_least(cell, columns, values),
        )


def row_name(cell: Cell, rows: Rows, language: Language) -> str:
    """Give a row's name; what is not shown by itself says so, and is no row that only had no room."""
    if is_remainder(cell, rows.where):
        return language.text("Not shown: too few on a day")
    return (
        language.text("Other: too few to show")
        if cell.value is OTHER
        else name_of(rows.dimension, cell.value, language)
    )


def _least(cell: Cell, columns: Sequence[ListColumn], values: Sequence[Value]) -> frozenset[int]:
    if not cell.is_at_least:
        return frozenset()
    told = enumerate(zip(columns, values, strict=True))
    return frozenset(place for place, (column, value) in told if column.adds_up and value is not None)


def _href(view: SiteView, dimension: str, value: str | None) -> str | None:
    if value is OTHER or not value or not is_filter(dimension):
        return None
    chosen = ViewFilter(dimension, value)
    return None if view.state.where == chosen else view.links.page(view.state.with_filter(chosen))
