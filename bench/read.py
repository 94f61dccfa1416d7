"""How long a dashboard page's reading takes over a year of published days, on two cores.

    python -m bench.read                            a year of days with a million events each
    python -m bench.read --events-a-day 100000      growth: a tenth of the traffic, or ten times
    python -m bench.read --engine server            on a ClickHouse server

A page is the totals, the graph and the list of every dimension, with and without a filter. One day is
generated and closed for real, the others are copies of its report: as many rows as days that differ, but
smaller on disk. Beside each page runs `SELECT 1` on the same store. The exit code is 1 if a page's totals
are not those of the days that were generated.
"""

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from aggregate.cells import DIMENSIONS, FILTERED_DIMENSIONS, Filter
from aggregate.periods import DayRange
from aggregate.reading import Report as SiteReport
from aggregate.reading import read_report
from bench.disk import Size
from bench.engines import Engine, EngineChoice, measured_on, opened
from bench.machine import Machine, describe_machine
from bench.published_year import LAST_DAY, PublishedYear, publish
from bench.rolls import is_exact, timed
from bench.store_tables import columns, print_disk, print_shape
from bench.tables import print_load, print_report
from bench.timed_store import Statement, TimedStore, by_name
from bench.traffic_day import LEAST_EVENTS, DayShape
from core.store import Store

TARGET_MILLISECONDS = 30.0
LONGEST = 3650  # days, all in one store

_FILTERS = (Filter("country", "DE"), Filter("page", "/"), Filter("source", "Google"))
_MONTH, _YEAR = 30, 365
_MILLISECONDS = 1000
_MOST = 0.95  # of the rounds are at most as slow as p95 says

_progress = Console(stderr=True, highlight=False, soft_wrap=True)


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a page; ``bare`` are the seconds of the SELECT 1 before it."""

    seconds: float
    store_seconds: float
    bare: float
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A page over so many days: what it shows, and its rounds."""

    days: int
    where: Filter | None
    rows: int
    is_exact: bool
    readings: tuple[Reading, ...]

    @property
    def name(self) -> str:
        """What it is called in tables."""
        return f"{self.days:,} days{_told(self.where)}"


@dataclass(frozen=True, slots=True)
class EnginePages:
    """The pages on one engine."""

    engine: str
    version: str
    days: int
    shape: DayShape
    raw: Size
    reports: dict[str, Size]
    pages: tuple[Page, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """All that was measured."""

    machine: Machine
    engines: tuple[EnginePages, ...]

    def is_exact(self) -> bool:
        """Tell whether all pages told the truth."""
        return all(page.is_exact for pages in self.engines for page in pages.pages)


def main(
    days: Annotated[int, typer.Option(min=1, max=LONGEST, help="How many days are published.")] = _YEAR,
    events_a_day: Annotated[
        int, typer.Option(min=LEAST_EVENTS, help="About how many events each has.")
    ] = 1_000_000,
    engine: Annotated[EngineChoice, typer.Option(help="Which engine is measured.")] = EngineChoice.EMBEDDED,
    rounds: Annotated[int, typer.Option(min=1, help="How often each page is read.")] = 20,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Measure how long a dashboard page's reading takes."""
    report = measured_on(engine, lambda folder: _run(folder, engine, (days, events_a_day, rounds)))
    print_report(report, report.machine, partial(_tell, report), as_json=as_json)
    sys.exit(0 if report.is_exact() else 1)


def _run(folder: Path, choice: EngineChoice, plan: tuple[int, int, int]) -> Report:
    machine, measured = describe_machine(folder), []
    days, events, rounds = plan
    for name in choice.names:
        with opened(name, folder) as engine:
            year = publish(engine, days, events, _progress.print)
            measured.append(_measure(engine, year, rounds))
    return Report(machine, tuple(measured))


def _measure(engine: Engine, year: PublishedYear, rounds: int) -> EnginePages:
    pages = tuple(
        _page(engine, year, days, where, rounds)
        for days in sorted({min(_MONTH, year.days), year.days})
        for where in (None, *_FILTERS)
    )
    return EnginePages(engine.name, engine.version, year.days, year.shape, year.raw, year.reports, pages)


def _page(engine: Engine, year: PublishedYear, days: int, where: Filter | None, rounds: int) -> Page:
    _progress.print(f"{engine.name}: the page over {days} days{_told(where)}, {rounds} times")
    asked = DayRange(LAST_DAY - timedelta(days=days - 1), LAST_DAY)
    dimensions = DIMENSIONS if where is None else FILTERED_DIMENSIONS

    def read(store: Store, asked: DayRange = asked) -> SiteReport:
        return read_report(store, year.site, asked, dimensions, where)

    found = read(engine.store)  # the disk's files come into memory
    one_day = read(engine.store, DayRange(LAST_DAY, LAST_DAY)).totals
    exact = astuple(found.totals) == tuple(days * number for number in astuple(one_day))
    if where is None:
        exact = exact and is_exact(engine.store, year.site, asked, year.shape)
    readings = tuple(_reading(engine.store, read) for _round in range(rounds))
    rows = sum(len(cells) for cells in found.rows.values())
    return Page(days, where, rows, exact, readings)


def _reading(store: Store, read: Callable[[Store], object]) -> Reading:
    bare = timed(lambda: store.rows("SELECT 1"))
    watched = TimedStore(store)
    seconds = timed(lambda: read(watched))
    return Reading(seconds, watched.seconds, bare, tuple(watched.statements))


def _tell(report: Report, console: Console) -> None:
    for pages in report.engines:
        _print_engine(console, pages)
    print_load(console)


def _print_engine(console: Console, pages: EnginePages) -> None:
    console.print(f"\n[bold]{pages.engine}[/bold], ClickHouse {pages.version}: {pages.days:,} published days")
    print_shape(console, pages.shape)
    print_disk(console, pages.reports, pages.raw.bytes / pages.raw.rows)
    table = columns(
        None, "", "store p50 ms", "store p95 ms", "with Python p50", "SELECT 1 p50", "to SELECT 1", "rows"
    )
    for page in pages.pages:
        table.add_row(page.name, *_page_cells(page))
    console.print(table)
    for page in pages.pages:
        console.print(_statements(page))
    for page in pages.pages:
        told = _milliseconds([reading.store_seconds for reading in page.readings])
        console.print(f"{page.name}: {told:.1f} ms of store time  (at most {TARGET_MILLISECONDS:.0f})")
        if not page.is_exact:
            console.print("[red]The page's totals are not those of the days that were generated.[/red]")


def _page_cells(page: Page) -> list[str]:
    store = sorted(reading.store_seconds for reading in page.readings)
    late = store[min(int(len(store) * _MOST), len(store) - 1)]
    ratios = [reading.store_seconds / reading.bare for reading in page.readings]
    return [
        f"{_milliseconds(store):.1f}",
        f"{late * _MILLISECONDS:.1f}",
        f"{_milliseconds([reading.seconds for reading in page.readings]):.1f}",
        f"{_milliseconds([reading.bare for reading in page.readings]):.2f}",
        f"{median(ratios):,.0f}",
        f"{page.rows:,}",
    ]


def _statements(page: Page) -> Table:
    table = columns(f"{page.name}, by statement", "statement", "times", "ms", "rows")
    times = Counter(one.name for one in page.readings[0].statements)
    for name, rounds in by_name([reading.statements for reading in page.readings]).items():
        spent = _milliseconds([one.seconds for one in rounds])
        table.add_row(name, str(times[name]), f"{spent:.1f}", f"{rounds[0].rows or 0:,}")
    return table


def _told(where: Filter | None) -> str:
    return "" if where is None else f", {where.dimension} {where.value}"


def _milliseconds(seconds: Sequence[float]) -> float:
    """Give the median, in milliseconds."""
    return median(seconds) * _MILLISECONDS


if __name__ == "__main__":
    typer.run(main)
