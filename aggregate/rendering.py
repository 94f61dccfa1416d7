"""A report as a table for a person, or as JSON or CSV for a program."""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import TypedDict

import orjson
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from aggregate.cells import EVENT_DIMENSIONS, OTHER, Cell, Figures
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
        "totals": metrics(report.totals),
        "rows": [_row(dimension, cell) for cell in _cells(report, dimension)],
        "unfinished": report.unfinished,
    }
    return orjson.dumps(document, option=orjson.OPT_INDENT_2).decode()


def as_csv(report: Report, dimension: str | None) -> str:
    """Give the rows as CSV with a heading; without a dimension, the totals. "Other" is empty."""
    columns = [*([dimension] if dimension else []), *Metrics.__annotations__]
    columns += [TIME_ON_PAGE] if dimension == "page" else []
    cells = _cells(report, dimension)
    rows = [_row(dimension, cell) for cell in cells] if dimension else [{**metrics(report.totals)}]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_safe(row[column]) for column in columns] for row in rows)
    return out.getvalue()


def print_table(console: Console, domain: str, report: Report, dimension: str | None, k: int) -> None:
    """Print the report for a person."""
    days = f"{report.days.first}" if report.days.days == 1 else f"{report.days.first} to {report.days.last}"
    console.print(f"[bold]{domain}[/bold]  {days}")
    console.print(_totals_table(report.totals, report.days.days))
    if dimension:
        cells = _cells(report, dimension)
        console.print(_rows_table(dimension, cells, report.days.days) if cells else _nothing_to_list(report, k))
    if report.unfinished:
        console.print(
            "The open day is unfinished: its totals are exact, its lists move in steps of 5.", style="dim"
        )


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


def _cells(report: Report, dimension: str | None) -> list[Cell]:
    return report.rows[dimension] if dimension else []


def _row(dimension: str | None, cell: Cell) -> dict[str, object]:
    row: dict[str, object] = {str(dimension): cell.value, **metrics(cell.figures)}
    if dimension in EVENT_DIMENSIONS:  # neither a page nor an event lasts as long as the visit
        row["visit_duration"] = None
    if dimension == "event":
        row["bounce_rate"] = None
    if dimension == "page":
        row[TIME_ON_PAGE] = cell.figures.visit_duration  # a page's seconds are those in view
    return row


def _safe(value: object) -> object:
    """Keep a spreadsheet from taking a visitor's text for a formula (CWE-1236)."""
    text = isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{value}" if text else value


def _totals_table(totals: Figures, days: int) -> Table:
    table = Table(_visitors(days), *_HEADINGS)
    table.add_row(*_texts({**metrics(totals)}))
    return table


def _rows_table(dimension: str, cells: Iterable[Cell], days: int) -> Table:
    table = Table(Column(dimension, overflow="fold", ratio=1), _visitors(days), *_HEADINGS, expand=True)
    for cell in cells:
        label = OTHER_LABEL if cell.value is OTHER else escape(cell.value)
        table.add_row(label, *_texts(_row(dimension, cell)))
    return table


def _visitors(days: int) -> str:
    return "visitors" if days == 1 else "visitor-days"


def _texts(row: Mapping[str, object]) -> list[str]:
    return ["-" if row[name] is None else f"{row[name]}{unit}" for name, unit in _UNITS.items()]


def _nothing_to_list(report: Report, k: int) -> str:
    if not report.totals.pageviews:
        return "Nothing was counted in this period."
    return f"No list yet: a row is shown once at least {k} visitors are in it."
