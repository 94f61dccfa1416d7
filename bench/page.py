"""How long a dashboard page takes over a year of published days, and how heavy it is in a real browser.

    python -m bench.page                             a year of days with a million events each
    python -m bench.page --events-a-day 100000       a tenth of the traffic
    python -m bench.page --engine both               on a ClickHouse server, too
    python -m bench.page --no-browser                without Chromium

The store is that of `bench.read`. The page is asked over one connection on loopback, beside a `SELECT 1` on the
same store, and opened in Chromium with an empty cache. Each page is asked for as a first view, whose report is
read anew, and again, when the rolls that readers see are those of before. The exit code is 1 if the totals of the
reports are not those of the days that were generated.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Annotated

import typer
from rich.console import Console

from aggregate.periods import DayRange
from bench.engines import Engine, EngineChoice, measured_on, opened
from bench.machine import BenchError, Machine, describe_machine
from bench.page_browser import SCREENS, Opening, find_chromium, open_page
from bench.page_requests import Answers, ask_page
from bench.page_server import Served, served_pages
from bench.published_year import LAST_DAY, PublishedYear, publish
from bench.read import LONGEST
from bench.rolls import closing_time, is_exact
from bench.store_tables import columns
from bench.tables import print_load, print_report
from bench.traffic_day import LEAST_EVENTS

TARGET_MILLISECONDS, TARGET_BYTES = 50.0, 100_000

_MONTH, _YEAR = 30, 365
_FILTERS = ("country,DE", "page,/", "source,Google")
_MILLISECONDS = 1000
_MOST = 0.95  # of the rounds are at most as slow as p95 says

_progress = Console(stderr=True, highlight=False, soft_wrap=True)


@dataclass(frozen=True, slots=True)
class Openings:
    """The rounds in Chromium on one kind of device."""

    screen: str
    rounds: tuple[Opening, ...]


@dataclass(frozen=True, slots=True)
class EnginePages:
    """The page on one engine."""

    engine: str
    version: str
    days: int
    events: int
    is_exact: bool
    answers: tuple[Answers, ...]
    openings: tuple[Openings, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """All that was measured."""

    machine: Machine
    engines: tuple[EnginePages, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be measured."""

    days: int
    events: int
    rounds: int
    openings: int


def main(
    days: Annotated[int, typer.Option(min=1, max=LONGEST, help="How many days are published.")] = _YEAR,
    events_a_day: Annotated[
        int, typer.Option(min=LEAST_EVENTS, help="About how many events each has.")
    ] = 1_000_000,
    engine: Annotated[EngineChoice, typer.Option(help="Which engine is measured.")] = EngineChoice.EMBEDDED,
    rounds: Annotated[int, typer.Option(min=1, help="How often each page is asked for.")] = 40,
    openings: Annotated[int, typer.Option(min=1, help="How often Chromium opens it.")] = 5,
    *,
    browser: Annotated[bool, typer.Option(help="Whether the page is opened in Chromium.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Measure how long a dashboard page takes, and how heavy it is."""
    plan = Plan(days, events_a_day, rounds, openings if browser else 0)
    report = measured_on(engine, lambda folder: _run(folder, engine, plan))
    print_report(report, report.machine, partial(_tell, report), as_json=as_json)
    sys.exit(0 if all(pages.is_exact for pages in report.engines) else 1)


def _run(folder: Path, choice: EngineChoice, plan: Plan) -> Report:
    if plan.openings and find_chromium() is None:
        raise BenchError("No Chromium on the PATH; install chromium, or measure with --no-browser.")
    machine, measured = describe_machine(folder), []
    for name in choice.names:
        with opened(name, folder) as engine:
            year = publish(engine, plan.days, plan.events, _progress.print)
            now = closing_time(year.site, LAST_DAY)
            with served_pages(engine.store, folder, now, keeps=False) as served:
                first = _answers(engine, year, served, plan, "first")
            with served_pages(engine.store, folder, now) as served:
                measured.append(_measure(engine, year, served, plan, first))
    return Report(machine, tuple(measured))


def _answers(engine: Engine, year: PublishedYear, served: Served, plan: Plan, view: str) -> list[Answers]:
    answers = []
    for name, path in _paths(year).items():
        _progress.print(f"{engine.name}: {name}, {view} view, {plan.rounds} times")
        answers.append(ask_page(served, engine, f"{name}, {view}", path, plan.rounds))
    return answers


def _measure(
    engine: Engine, year: PublishedYear, served: Served, plan: Plan, first: Sequence[Answers]
) -> EnginePages:
    asked = DayRange(LAST_DAY - timedelta(days=year.days - 1), LAST_DAY)
    paths = _paths(year)
    answers = [*first, *_answers(engine, year, served, plan, "again")]
    openings = []
    for screen in SCREENS if plan.openings else ():
        _progress.print(f"{engine.name}: Chromium, {screen.name}, {plan.openings} times")
        rounds = open_page(served, next(reversed(paths.values())), screen, plan.openings)
        openings.append(Openings(screen.name, rounds))
    exact = is_exact(engine.store, year.site, asked, year.shape)
    events = year.shape.events
    return EnginePages(engine.name, engine.version, year.days, events, exact, tuple(answers), tuple(openings))


def _paths(year: PublishedYear) -> dict[str, str]:
    """Give the page's addresses by what they show; the last is the longest time, unfiltered."""
    found: dict[str, str] = {}
    for days in sorted({min(_MONTH, year.days), min(_YEAR, year.days)}):
        first = LAST_DAY - timedelta(days=days - 1)
        path = f"/sites/{year.site.domain}?period=custom&from={first}&to={LAST_DAY}"
        found |= {f"{days} days, {where}": f"{path}&f=is,{where}" for where in _FILTERS}
        found[f"{days} days"] = path
    return found


def _tell(report: Report, console: Console) -> None:
    for pages in report.engines:
        console.print(
            f"\n[bold]{pages.engine}[/bold], ClickHouse {pages.version}: {pages.days:,} published days of "
            f"{pages.events:,} events"
        )
        _print_answers(console, pages.answers)
        _print_openings(console, pages.openings)
        if not pages.is_exact:
            console.print("[red]The reports' totals are not those of the days that were generated.[/red]")
    print_load(console)


def _print_answers(console: Console, answers: Sequence[Answers]) -> None:
    table = columns(None, "", "p50 ms", "p95 ms", "CPU ms", "SELECT 1 p50", "bytes", "gzip", "br")
    for each in answers:
        table.add_row(each.name, *_answer_cells(each))
    console.print(table)
    for each in answers:
        told = median(each.seconds) * _MILLISECONDS
        console.print(f"{each.name}: {told:.1f} ms  (at most {TARGET_MILLISECONDS:.0f})")


def _answer_cells(answers: Answers) -> list[str]:
    seconds = sorted(answers.seconds)
    late = seconds[min(int(len(seconds) * _MOST), len(seconds) - 1)]
    times = (median(seconds), late, answers.cpu, median(answers.bare))
    sizes = answers.sizes.values()
    return [*(f"{each * _MILLISECONDS:.1f}" for each in times), *(f"{size:,}" for size in sizes)]


def _print_openings(console: Console, openings: Sequence[Openings]) -> None:
    if not openings:
        return
    names = ("answered ms", "LCP ms", "interactive ms", "CLS", "requests", "bytes", "then requests", "then bytes")
    table = columns("In Chromium, empty cache (medians); then: another period of the page", "", *names)
    for each in openings:
        table.add_row(each.screen, *_opening_cells(each.rounds))
    console.print(table)
    for each in openings:
        size = median(opening.bytes for opening in each.rounds)
        console.print(f"{each.screen}: {size:,.0f} bytes  (at most {TARGET_BYTES:,})")


def _opening_cells(rounds: Sequence[Opening]) -> list[str]:
    times = [(each.answered, each.lcp, each.interactive) for each in rounds]
    counts = [(each.requests, each.bytes, each.next_requests, each.next_bytes) for each in rounds]
    return [
        *(f"{median(column):.0f}" for column in zip(*times, strict=True)),
        f"{median(each.cls for each in rounds):.3f}",
        *(f"{median(column):,.0f}" for column in zip(*counts, strict=True)),
    ]


if __name__ == "__main__":
    typer.run(main)
