"""A report as a table for a person, or as JSON or CSV for a program."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import TypedDict

import orjson
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from aggregate.cells import OTHER, Cell, Figures, has_several, is_of_events
from aggregate.comparing import can_change, change
from aggregate.coverage import is_remainder
from aggregate.csv_text import csv_of
from aggregate.points import Interval
from aggregate.reading import Report
from aggregate.report_notes import AT_LEAST_SIGN, notes_of, nothing_to_list, range_in_words

OTHER_LABEL = "Other"
NOT_SHOWN_LABEL = "Not shown"
"""What a list under a filter does not show, by the filter's own total."""
TIME_ON_PAGE = "time_on_page"
"""Of a page: mean seconds in view by visit, as browsers stated them (engagement events); None where none did."""
SCROLL_DEPTH = "scroll_depth"
"""Of a page: how far down its visits got on average, in percent; None where too few told it."""
CONVERSION_RATE = "conversion_rate"
"""Of a page or an event: its visitors in percent of those whom the list covers (``Report.everyone``)."""
AT_LEAST = "at_least"
"""Of a row under a filter: whether some closed day of the range does not show it, or may not."""

BEFORE, CHANGE = "visitors_before", "visitors_change"
"""Of a row that is compared: its visitors before (None: hidden then, or none), and the change in percent."""

PARTIAL = "partial"
"""Of a step of a graph: whether the range has only some of its days, or one of them is not over."""

_STEPS = frozenset(Interval)
_MORE = dict.fromkeys(Interval, (PARTIAL,)) | {
    "page": (TIME_ON_PAGE, SCROLL_DEPTH, CONVERSION_RATE),
    "event": (CONVERSION_RATE,),
}
"""What the rows of a dimension have besides the metrics of every row."""


class Metrics(TypedDict):
    """The metrics of a row or a total as numbers; None where there was no visit."""

    visitors: int
    visits: int
    pageviews: int
    events: int
    bounce_rate: float | None
    visit_duration: float | None


_METRICS = tuple(Metrics.__annotations__)
_IN_TABLE = {
    "page": ("visitors", "visits", "pageviews", "bounce_rate", TIME_ON_PAGE, SCROLL_DEPTH),
    "event": ("visitors", "visits", "events", CONVERSION_RATE),
}
"""The columns of a person's table: as many as a terminal has room for, and none that is always empty."""
_HEADINGS = {
    "visits": "visits",
    "pageviews": "views",
    "events": "events",
    "bounce_rate": "bounce",
    "visit_duration": "duration",
    TIME_ON_PAGE: "time",
    SCROLL_DEPTH: "scroll",
    CONVERSION_RATE: "conversion",
    CHANGE: "change",
}
_UNITS = {
    "bounce_rate": " %",
    "visit_duration": " s",
    TIME_ON_PAGE: " s",
    SCROLL_DEPTH: " %",
    CONVERSION_RATE: " %",
    CHANGE: " %",
}
_OF_AT_LEAST = frozenset({"visitors", "visits", "pageviews", "events", CONVERSION_RATE})
"""What grows with each day that a row is shown."""


def as_json(domain: str, report: Report, dimension: str | None, before: Report | None = None) -> str:
    """Give the report as one JSON object; "Other" is a row whose value is null.

    ``dimension`` is one of those, or a graph's interval; ``before`` is the report that it is compared with.
    """
    document: dict[str, object] = {
        "site": domain,
        "from": report.days.first,
        "to": report.days.last,
        "filter": {report.where.dimension: report.where.value} if report.where else {},
        "totals": _totals(report),
        "rows": _rows(report, dimension, before),
        "unfinished": report.unfinished,
        "hidden": report.hidden,
        "withheld": report.withheld,
        "rounded": report.rounded,
        "noisy": report.noisy,
    }
    if before is not None:
        days = before.days
        document["compared_with"] = {
            "from": days.first,
            "to": days.last,
            "totals": _totals(before),
            "days_without_reports": before.days_without_reports,
        }
    return orjson.dumps(document, option=orjson.OPT_INDENT_2).decode()


def as_csv(report: Report, dimension: str | None, before: Report | None = None, *, line_end: str = "\n") -> str:
    """Give the rows as CSV with a heading; without a dimension, the totals. "Other" is empty.

    Lines end as a terminal's do, unless ``line_end`` is that of RFC 4180, CRLF.
    """
    columns = [dimension, *_METRICS, *_MORE.get(dimension, ())] if dimension else [*_METRICS]
    columns += [BEFORE, CHANGE] if before else []
    columns += [AT_LEAST] if _says_at_least(report, dimension) else []
    rows = _rows(report, dimension, before) if dimension else [_total_row(report, before)]
    return csv_of(columns, ([row[column] for column in columns] for row in rows), line_end)


def print_table(
    console: Console, domain: str, report: Report, dimension: str | None, k: int, before: Report | None = None
) -> None:
    """Print the report for a person."""
    where = f"  {report.where.dimension} = {escape(report.where.value)}" if report.where else ""
    compared = f"  compared with {range_in_words(before.days)}" if before else ""
    console.print(f"[bold]{domain}[/bold]  {range_in_words(report.days)}{where}{compared}")
    console.print(_totals_table(report, before))
    if dimension:
        rows = _rows(report, dimension, before)
        names = [*_told(_IN_TABLE.get(dimension, _METRICS), rows), *([CHANGE] if before else [])]
        table = _rows_table(dimension, names, rows, 1 if dimension in _STEPS else report.days.days)
        console.print(table if rows else nothing_to_list(report, k))
    if dimension in _STEPS and any(point.is_partial for point in report.points):
        console.print("* Some of its days are outside this range or not over.", style="dim")
    for line in notes_of(report, dimension, before, k):
        console.print(line, style="dim")


def metrics(figures: Figures) -> Metrics:
    """Give the metrics that readers see."""
    return {
        "visitors": figures.visitors,
        "visits": figures.visits,
        "pageviews": figures.pageviews,
        "events": figures.events,
        "bounce_rate": figures.bounce_rate,
        "visit_duration": figures.visit_duration,
    }


def _totals(report: Report) -> Metrics:
    found = metrics(report.totals)
    if report.where is not None and has_several(report.where.dimension):
        found["visit_duration"] = None  # a page's seconds are those in view, an event has none
    return found


def _total_row(report: Report, before: Report | None) -> dict[str, object]:
    if before is None:
        return {**_totals(report)}
    return {**_totals(report), **_compared(report.totals, before.totals, changes=not before.days_without_reports)}


def _rows(report: Report, dimension: str | None, before: Report | None = None) -> list[dict[str, object]]:
    if dimension is None:
        return []
    if dimension in _STEPS:
        rows: list[dict[str, object]] = [
            {dimension: point.label, **metrics(point.figures), PARTIAL: point.is_partial}
            for point in report.points
        ]
        now = [point.figures for point in report.points]
        earlier: list[Figures | None] = [point.figures for point in before.points] if before else []
    else:
        cells = report.rows[dimension]
        rows = [_row(report, dimension, cell) for cell in cells]
        if before is None:
            return rows
        beside_rows = _cells_compared(cells, before, dimension)
        return [row | more for row, more in zip(rows, beside_rows, strict=True)]
    if before is None:
        return rows
    is_whole = not before.days_without_reports
    beside = zip_longest(rows, now, earlier[: len(rows)])
    return [row | _compared(figures, then, changes=is_whole) for row, figures, then in beside]


def _compared(figures: Figures, before: Figures | None, *, changes: bool) -> dict[str, object]:
    """Give what a row has beside its metrics when it is compared."""
    earlier = before.visitors if before else None
    return {BEFORE: earlier, CHANGE: change(figures.visitors, earlier) if changes else None}


def _cells_compared(cells: Iterable[Cell], before: Report, dimension: str) -> Iterator[dict[str, object]]:
    known = {cell.value: cell for cell in before.rows[dimension]}
    for cell in cells:
        then = known.get(cell.value)
        yield _compared(cell.figures, then.figures if then else None, changes=can_change(before, cell, then))


def _says_at_least(report: Report, dimension: str | None) -> bool:
    return report.where is not None and dimension is not None and dimension not in _STEPS


def _row(report: Report, dimension: str, cell: Cell) -> dict[str, object]:
    where = report.where
    row: dict[str, object] = {dimension: cell.value, **metrics(cell.figures)}
    if _says_at_least(report, dimension):
        row[AT_LEAST] = cell.is_at_least
    if is_remainder(cell, where):
        row |= dict.fromkeys(("bounce_rate", "visit_duration"))
    if has_several(dimension) or (where is not None and has_several(where.dimension)):
        row["visit_duration"] = None  # neither a page nor an event lasts as long as the visit
    if is_of_events(dimension):
        row["bounce_rate"] = None
    if dimension == "page":  # a page's seconds are those in view, which no filter tells apart
        row[TIME_ON_PAGE] = cell.figures.visit_duration if where is None and cell.figures.seconds else None
        row[SCROLL_DEPTH] = cell.scroll_depth
    if has_several(dimension):
        row[CONVERSION_RATE] = cell.figures.conversion_rate(report.everyone(dimension))
    return row


def _totals_table(report: Report, before: Report | None) -> Table:
    table = Table(*([""] if before else []), *_headings(_METRICS, report.days.days))
    now = {**_totals(report)}
    if before is None:
        table.add_row(*_texts(now, _METRICS))
        return table
    earlier = {**_totals(before)}
    changes = {
        name: None if before.days_without_reports else change(_number(now[name]), _number(earlier[name]))
        for name in _METRICS
    }
    table.add_row("now", *_texts(now, _METRICS))
    table.add_row("before", *_texts(earlier, _METRICS))
    table.add_row("change", *("-" if each is None else f"{each:+} %" for each in changes.values()))
    return table


def _number(value: object) -> float | None:
    return value if isinstance(value, int | float) else None


def _rows_table(dimension: str, names: Sequence[str], rows: Iterable[Mapping[str, object]], days: int) -> Table:
    table = Table(Column(dimension, overflow="fold", ratio=1), *_headings(names, days), expand=True)
    for row in rows:
        value = f"{row[dimension]} *" if row.get(PARTIAL) else row[dimension]
        other = NOT_SHOWN_LABEL if AT_LEAST in row else OTHER_LABEL
        table.add_row(other if value is OTHER else escape(str(value)), *_texts(row, names))
    return table


def _told(names: Sequence[str], rows: Sequence[Mapping[str, object]]) -> list[str]:
    """Leave out what browsers tell and none has: an imported log knows no time in view."""
    untold = {name for name in (TIME_ON_PAGE, SCROLL_DEPTH) if all(row.get(name) is None for row in rows)}
    return [name for name in names if name not in untold]


def _headings(names: Iterable[str], days: int) -> list[str]:
    headings = {**_HEADINGS, "visitors": "visitors" if days == 1 else "visitor-days"}
    return [headings[name] for name in names]


def _texts(row: Mapping[str, object], names: Iterable[str]) -> list[str]:
    least = _OF_AT_LEAST if row.get(AT_LEAST) else ()
    return [
        "-" if row[name] is None else f"{AT_LEAST_SIGN * (name in least)}{row[name]}{_UNITS.get(name, '')}"
        for name in names
    ]
