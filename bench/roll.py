"""How long a generated day takes to be rolled while it is open, and to be closed, on two cores.

    python -m bench.roll                                 a million events on the embedded engine
    python -m bench.roll --engine both                   and on a ClickHouse server
    python -m bench.roll --engine both --events 100000   growth: a tenth of the traffic, or ten times

Beside each roll runs a bare query that only puts events to their visitors, on the same store. Each round
generates the same day anew, under the next date. The exit code is 1 if a report's totals are not those of
the day that was generated.
"""

import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench.engines import EngineChoice, measured_on, opened
from bench.machine import Machine, describe_machine
from bench.rolls import EngineRolls, measure_rolls
from bench.store_tables import print_rolls
from bench.tables import print_load, print_report
from bench.traffic_day import LEAST_EVENTS

_progress = Console(stderr=True, highlight=False, soft_wrap=True)


@dataclass(frozen=True, slots=True)
class Report:
    """All that was measured."""

    machine: Machine
    engines: tuple[EngineRolls, ...]


def main(
    events: Annotated[int, typer.Option(min=LEAST_EVENTS, help="About how many events the day has.")] = 1_000_000,
    engine: Annotated[EngineChoice, typer.Option(help="Which engine is measured.")] = EngineChoice.EMBEDDED,
    rounds: Annotated[int, typer.Option(min=1, max=20, help="How many days are rolled.")] = 3,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Measure how long a day takes to be rolled and closed."""
    report = measured_on(engine, lambda folder: _run(folder, engine, events, rounds))
    print_report(report, report.machine, partial(_tell, report), as_json=as_json)
    sys.exit(0 if all(rolls.is_exact for rolls in report.engines) else 1)


def _run(folder: Path, choice: EngineChoice, events: int, rounds: int) -> Report:
    machine, measured = describe_machine(folder), []
    for name in choice.names:
        with opened(name, folder) as engine:
            measured.append(measure_rolls(engine, events, rounds, _progress.print))
    return Report(machine, tuple(measured))


def _tell(report: Report, console: Console) -> None:
    for rolls in report.engines:
        print_rolls(console, rolls)
    print_load(console)


if __name__ == "__main__":
    typer.run(main)
