"""A report as a table for a person, or as JSON or CSV for a program."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import zip_longest
from typing import TypedDict

import orjson
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from aggregate.cells import OTHER, Cell, Figures, has_several, is_of_events
from aggregate.comparing import change
from aggregate.csv_text import csv_of
from aggregate.periods import DayRange
from aggregate.points import Interval
from aggregate.reading import Report

OTHER_LABEL = "Other"
TIME_ON_PAGE = "time_on_page"
"""Of a page: mean seconds in view by visit, as browsers stated them (engagement events)."""
SCROLL_DEPTH = "scroll_depth"
"""Of a page: how far down its visits got on average, in percent; None where too few told it."""
CONVERSION_RATE = "conversion_rate"
"""Of a page or an event: its visitors in percent of those of the whole report."""

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
        document["compared_with"] = {"from": days.first, "to": days.last, "totals": _totals(before)}
    return orjson.dumps(document, option=orjson.OPT_INDENT_2).decode()


def as_csv(report: Report, dimension: str | None, before: Report | None = None, *, line_end: str = "\n") -> str:
    """Give the rows as CSV with a heading; without a dimension, the totals. "Other" is empty.

    Lines end as a terminal's do, unless ``line_end`` is that of RFC 4180, CRLF.
    """
    columns = [dimension, *_METRICS, *_MORE.get(dimension, ())] if dimension else [*_METRICS]
    columns += [BEFORE, CHANGE] if before else []
    rows = _rows(report, dimension, before) if dimension else [_total_row(report, before)]
    return csv_of(columns, ([row[column] for column in columns] for row in rows), line_end)


def print_table(
    console: Console, domain: str, report: Report, dimension: str | None, k: int, before: Report | None = None
) -> None:
    """Print the report for a person."""
    where = f"  {report.where.dimension} = {escape(report.where.value)}" if report.where else ""
    compared = f"  compared with {_range(before.days)}" if before else ""
    console.print(f"[bold]{domain}[/bold]  {_range(report.days)}{where}{compared}")
    console.print(_totals_table(report, before))
    if dimension:
        rows = _rows(report, dimension, before)
        names = [*_IN_TABLE.get(dimension, _METRICS), *([CHANGE] if before else [])]
        table = _rows_table(dimension, names, rows, 1 if dimension in _STEPS else report.days.days)
        console.print(table if rows else _nothing_to_list(report, k))
    if dimension in _STEPS and any(point.is_partial for point in report.points):
        console.print("* Some of its days are outside this range or not over.", style="dim")
    for line in _notes(report, k):
        console.print(line, style="dim")


def _notes(report: Report, k: int) -> Iterator[str]:
    if report.withheld:
        yield "A day that is not final yet is not in this report: the site's profile shows only days that are."
    if report.rounded:
        which = (
            "All numbers" if len(report.rounded) == report.days.days else f"All numbers of {_days(report.rounded)}"
        )
        yield f"{which} are rounded to multiples of 10, randomly up or down: they need not add up."
    if report.noisy:
        yield (
            f"The numbers of {_days(report.noisy)} have noise: only visitors, visits and pageviews of the day and "
            "visitors of rows are published; everything else is 0."
        )
    shown = len(report.unfinished) > len(report.withheld)
    if report.where is None:
        if shown:
            yield (
                "A day that is not final yet has exact totals; its lists lag a little behind, are rounded down to "
                f'multiples of {k}, and have no "Other".'
            )
        return
    if not report.rounded:
        yield "Under a filter, rows are rounded to multiples of 5, randomly up or down."
    if shown:
        yield "Under a filter, the lists of a day that is not final yet appear once it is."
    hidden = [day for day in report.hidden if day not in report.unfinished]
    if len(hidden) < len(report.hidden):
        yield f"Its totals under this filter appear with its row: at {k} visitors or more, once others have come."
    if hidden:
        days = _days(hidden)
        yield f"Left out: {days}. Fewer than {k} visitors match this filter there, or too few are outside it."


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
    if report.where is not None and has_several(report.where.dimension):
        found["visit_duration"] = None  # a page's seconds are those in view, an event has none
    return found


def _total_row(report: Report, before: Report | None) -> dict[str, object]:
    return {**_totals(report), **(_compared(report.totals, before.totals) if before else {})}


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
        rows = [_row(report, dimension, cell) for cell in report.rows[dimension]]
        now = [cell.figures for cell in report.rows[dimension]]
        known = {cell.value: cell.figures for cell in before.rows[dimension]} if before else {}
        earlier = [known.get(cell.value) for cell in report.rows[dimension]]
    if before is None:
        return rows
    beside = zip_longest(rows, now, earlier[: len(rows)])
    return [row | _compared(figures, figures_before) for row, figures, figures_before in beside]


def _compared(figures: Figures, before: Figures | None) -> dict[str, object]:
    """Give what a row has beside its metrics when it is compared."""
    earlier = before.visitors if before else None
    return {BEFORE: earlier, CHANGE: change(figures.visitors, earlier)}


def _row(report: Report, dimension: str, cell: Cell) -> dict[str, object]:
    where = report.where
    row: dict[str, object] = {dimension: cell.value, **metrics(cell.figures)}
    if has_several(dimension) or (where is not None and has_several(where.dimension)):
        row["visit_duration"] = None  # neither a page nor an event lasts as long as the visit
    if is_of_events(dimension):
        row["bounce_rate"] = None
    if dimension == "page":  # a page's seconds are those in view, which no filter tells apart
        row[TIME_ON_PAGE] = cell.figures.visit_duration if where is None else None
        row[SCROLL_DEPTH] = cell.scroll_depth
    if has_several(dimension):
        row[CONVERSION_RATE] = cell.figures.conversion_rate(report.totals)
    return row


def _range(days: DayRange) -> str:
    return f"{days.first}" if days.days == 1 else f"{days.first} to {days.last}"


def _totals_table(report: Report, before: Report | None) -> Table:
    table = Table(*([""] if before else []), *_headings(_METRICS, report.days.days))
    now = {**_totals(report)}
    if before is None:
        table.add_row(*_texts(now, _METRICS))
        return table
    earlier = {**_totals(before)}
    changes = {name: change(_number(now[name]), _number(earlier[name])) for name in _METRICS}
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
        table.add_row(OTHER_LABEL if value is OTHER else escape(str(value)), *_texts(row, names))
    return table


def _headings(names: Iterable[str], days: int) -> list[str]:
    headings = {**_HEADINGS, "visitors": "visitors" if days == 1 else "visitor-days"}
    return [headings[name] for name in names]


def _texts(row: Mapping[str, object], names: Iterable[str]) -> list[str]:
    return ["-" if row[name] is None else f"{row[name]}{_UNITS.get(name, '')}" for name in names]


def _nothing_to_list(report: Report, k: int) -> str:
    if report.rounded:
        return f"No list: a row needs {k} to {2 * k} visitors on a day; chance decides how many."
    if report.withheld:
        return "No list yet: it appears once the day is final."
    if not report.totals.pageviews and report.where is None:
        return "Nothing was counted in this period."
    if len(report.unfinished) == report.days.days:
        if report.where is not None:
            return "No list yet: under a filter it appears once the day is final."
        return f"No list yet: a row of {k} or more visitors appears once more have come after them."
    return f"No list yet: a row needs at least {k} visitors."
