"""The full view of a list: all of its rows and columns, searched, sorted and paged. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from aggregate.cells import OTHER, Cell, is_filter
from dashboards.report.list_columns import ListColumn, Rows, columns_in_full
from dashboards.report.list_gaps import why_empty
from dashboards.report.list_query import NAME, ListQuery
from dashboards.report.listings import name_of, noun_of, title_of
from dashboards.report.lists import ListRow, longest, not_filtered, notes_of_rows, rows_of, show_rows, told
from dashboards.report.site_view import SiteView

ROWS_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class SortableHeading:
    """The heading of a column: the link that sorts by it, and how it is sorted now ("" if by another)."""

    key: str
    title: str
    href: str
    sorted: str


@dataclass(frozen=True, slots=True)
class FullList:
    """A page of a list. ``found`` says how many rows there are, ``first`` and ``last`` which of them these are.

    ``path`` is the list's, ``own`` the address of the page as it is searched and sorted, ``back`` the report's.
    """

    dimension: str
    title: str
    query: ListQuery
    headings: list[SortableHeading]
    rows: list[ListRow]
    other: list[ListRow]
    found: int
    first: int
    last: int
    previous: str | None
    following: str | None
    empty: str
    notes: list[str]
    path: str
    own: str
    export: str
    back: str


def full_list(view: SiteView, dimension: str, query: ListQuery) -> FullList:
    """Give a page of a list."""
    language = view.language
    cells = view.report.rows.get(dimension, [])
    rows = rows_of(view, dimension)
    columns = told(columns_in_full(rows), cells, rows)
    found = _sorted(_found(cells, view, dimension, query.search), rows, columns, view, query)
    pages = max(1, -(-len(found) // ROWS_A_PAGE))
    page = min(query.page, pages)
    start = (page - 1) * ROWS_A_PAGE
    shown = found[start : start + ROWS_A_PAGE]
    most = longest(cells)
    other = [cell for cell in cells if cell.value is OTHER] if page == pages and not query.search else []

    def href(changed: ListQuery) -> str:
        return view.links.full_list(dimension, view.state, changed.pairs)

    return FullList(
        dimension=dimension,
        title=title_of(dimension, language),
        query=query,
        headings=[
            SortableHeading(key, title, href(query.sorted_by(key)), _sorting(query, key))
            for key, title in [
                (NAME, noun_of(dimension, language)),
                *((column.key, column.heading(language, several=view.is_several_days)) for column in columns),
            ]
        ],
        rows=list(show_rows(view, rows, columns, shown, most)),
        other=list(show_rows(view, rows, columns, other, most)),
        found=len(found),
        first=start + 1,
        last=start + len(shown),
        previous=href(query.on_page(page - 1)) if page > 1 else None,
        following=href(query.on_page(page + 1)) if page < pages else None,
        empty=_why_empty(view, dimension, cells, query),
        notes=[*notes_of_rows(view, shown), *([not_filtered(view)] if shown and not is_filter(dimension) else [])],
        path=view.links.full_list_path(dimension),
        own=href(query),
        export=view.links.export(dimension, view.state),
        back=view.links.page(view.state),
    )


def _found(cells: Sequence[Cell], view: SiteView, dimension: str, search: str) -> list[Cell]:
    named = [cell for cell in cells if cell.value is not OTHER]
    if not search:
        return named
    wanted = search.casefold()
    return [
        cell
        for cell in named
        if wanted in name_of(dimension, cell.value, view.language).casefold()
        or wanted in str(cell.value).casefold()
    ]


def _sorted(
    cells: list[Cell], rows: Rows, columns: Sequence[ListColumn], view: SiteView, query: ListQuery
) -> list[Cell]:
    """Sort rows; those that have no value in the column stand last, whichever way it goes."""
    if query.sort == NAME:
        names = {cell.value: name_of(rows.dimension, cell.value, view.language).casefold() for cell in cells}
        return sorted(cells, key=lambda cell: names[cell.value], reverse=query.is_turned)
    column = next((column for column in columns if column.key == query.sort), columns[0])
    values = {cell.value: column.value(cell, rows) for cell in cells}
    sign = 1 if query.is_turned else -1
    return sorted(cells, key=lambda cell: (values[cell.value] is None, sign * (values[cell.value] or 0)))


def _sorting(query: ListQuery, key: str) -> str:
    if query.sort != key:
        return ""
    is_upwards = (key == NAME) is not query.is_turned
    return "ascending" if is_upwards else "descending"


def _why_empty(view: SiteView, dimension: str, cells: Sequence[Cell], query: ListQuery) -> str:
    if not cells:
        return why_empty(view, dimension)
    return view.language.text("No row matches “%(search)s”.", search=query.search)
