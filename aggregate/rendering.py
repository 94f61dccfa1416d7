"""A report as a table for a person, or as JSON or CSV for a program."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TypedDict

import orjson
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from aggregate.cells import EVENT_DIMENSIONS, OTHER, Cell, Figures, Filter
from aggregate.reading import Report

OTHER_LABEL = "Other"
TIME_ON_PAGE = "time_on_page"
"""Of a page: mean seconds in view by visit, as browsers stated them (engagement events)."""

_HEADINGS = ("visits", "views", "events", "bounce", "duration")
_UNITS = {"visitors": "", "visits": "", "pageviews": "", "events": "", "bounce_rate": " %", "visit_duration": " s"}


class Metrics(TypedDict):
    """The metrics of a row or a total as numbers; None where there was no visit."""

    visitors: int
    visits: int
    pageviews: int
    events: int
    bounce_rate: float | None
    visit_duration: float | None


def as_json(domain: str, report: Report, dimension: str | None) -> str:
    """Give the report as one JSON object; "Other" is a row whose value is null."""
    document = {
        "site": domain,
        "from": report.days.first,
        "to": report.days.last,
        "filter": {report.where.dimension: report.where.value} if report.where else {},
        "totals": _totals(report),
        "rows": _rows(report, dimension),
        "unfinished": report.unfinished,
        "hidden": report.hidden,
        "withheld": report.withheld,
        "rounded": report.rounded,
    }
    return orjson.dumps(document, option=orjson.OPT_INDENT_2).decode()


def as_csv(report: Report, dimension: str | None) -> str:
    """Give the rows as CSV with a heading; without a dimension, the totals. "Other" is empty."""
    columns = [*([dimension] if dimension else []), *Metrics.__annotations__]
    columns += [TIME_ON_PAGE] if dimension == "page" else []
    rows = _rows(report, dimension) if dimension else [{**_totals(report)}]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_safe(row[column]) for column in columns] for row in rows)
    return out.getvalue()


def print_table(console: Console, domain: str, report: Report, dimension: str | None, k: int) -> None:
    """Print the report for a person."""
    days = f"{report.days.first}" if report.days.days == 1 else f"{report.days.first} to {report.days.last}"
    where = f"  {report.where.dimension} = {escape(report.where.value)}" if report.where else ""
    console.print(f"[bold]{domain}[/bold]  {days}{where}")
    console.print(_totals_table(report))
    if dimension:
        rows = _rows(report, dimension)
        console.print(_rows_table(dimension, rows, report.days.days) if rows else _nothing_to_list(report, k))
    for line in _notes(report, k):
        console.print(line, style="dim")


def _notes(report: Report, k: int) -> Iterator[str]:
    if report.withheld:
        yield "The open day is counted, and not in this report: the site's profile shows closed days only."
    if report.rounded:
        which = (
            "All numbers" if len(report.rounded) == report.days.days else f"Of {_days(report.rounded)} all numbers"
        )
        yield f"{which} are rounded to multiples of 10, up or down by chance: they need not add up."
    shown = len(report.unfinished) > len(report.withheld)
    if report.where is None:
        if shown:
            yield f"The open day is unfinished: its totals are exact, its lists move in steps of {k}, and later."
        return
    if not report.rounded:
        yield "Rows under a filter are rounded to multiples of 5, up or down by chance."
    if shown:
        yield "The open day's lists under a filter come once it is closed."
    if report.hidden:
        days = _days(report.hidden)
        yield f"On {days} fewer than {k} visitors are in this filter, or too few beside it: they are left out."


def _days(days: Sequence[date]) -> str:
    return f"{len(days)} day{'s' * (len(days) > 1)}"


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
    if report.where is not None and report.where.dimension in EVENT_DIMENSIONS:
        found["visit_duration"] = None  # a page's seconds are those in view, an event has none
    return found


def _rows(report: Report, dimension: str | None) -> list[dict[str, object]]:
    cells = report.rows[dimension] if dimension else []
    return [_row(report.where, str(dimension), cell) for cell in cells]


def _row(where: Filter | None, dimension: str, cell: Cell) -> dict[str, object]:
    row: dict[str, object] = {dimension: cell.value, **metrics(cell.figures)}
    if dimension in EVENT_DIMENSIONS or (where is not None and where.dimension in EVENT_DIMENSIONS):
        row["visit_duration"] = None  # neither a page nor an event lasts as long as the visit
    if dimension == "event":
        row["bounce_rate"] = None
    if dimension == "page":  # a page's seconds are those in view, which no filter tells apart
        row[TIME_ON_PAGE] = cell.figures.visit_duration if where is None else None
    return row


def _safe(value: object) -> object:
    """Keep a spreadsheet from taking a visitor's text for a formula (CWE-1236)."""
    text = isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{value}" if text else value


def _totals_table(report: Report) -> Table:
    table = Table(_visitors(report.days.days), *_HEADINGS)
    table.add_row(*_texts({**_totals(report)}))
    return table


def _rows_table(dimension: str, rows: Iterable[Mapping[str, object]], days: int) -> Table:
    table = Table(Column(dimension, overflow="fold", ratio=1), _visitors(days), *_HEADINGS, expand=True)
    for row in rows:
        value = row[dimension]
        table.add_row(OTHER_LABEL if value is OTHER else escape(str(value)), *_texts(row))
    return table


def _visitors(days: int) -> str:
    return "visitors" if days == 1 else "visitor-days"


def _texts(row: Mapping[str, object]) -> list[str]:
    return ["-" if row[name] is None else f"{row[name]}{unit}" for name, unit in _UNITS.items()]


def _nothing_to_list(report: Report, k: int) -> str:
    if report.rounded:
        return f"No list: a row needs {k} to {2 * k} visitors on a day, which chance decides."
    if report.withheld:
        return "No list yet: it comes once the day is closed."
    if not report.totals.pageviews:
        return "Nothing was counted in this period."
    return f"No list yet: a row is shown once at least {k} visitors are in it."
