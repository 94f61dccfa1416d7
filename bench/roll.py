"""How long a generated day takes to be rolled while it is open, and to be closed, on two cores.

    python -m bench.roll                                 a million events on the embedded engine
    python -m bench.roll --engine both                   and on a ClickHouse server
    python -m bench.roll --engine both --events 100000   growth: a tenth of the traffic, or ten times

Beside each roll runs a bare query that only puts events to their visitors, on the same store. Each round
generates the same day anew, under the next date. The exit code is 1 if a report's totals are not those of
the day that was generated.
"""

import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.console import Console

from bench.ending import end_in_order
from bench.engines import EngineChoice, check_available, opened
from bench.machine import BenchError, Machine, describe_machine, stay_on_two_cores
from bench.rolls import EngineRolls, measure_rolls
from bench.store_tables import print_rolls
from bench.tables import print_machine, wide_console
from core.errors import FootfallError

LEAST_EVENTS = 100

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
    end_in_order()
    try:
        check_available(engine)
        stay_on_two_cores()
        with tempfile.TemporaryDirectory(prefix="footfall-bench-") as folder:
            report = _run(Path(folder), engine, events, rounds)
    except (BenchError, FootfallError) as error:
        typer.echo(f"bench: {error}", err=True)
        sys.exit(2)
    _print(report, as_json=as_json)
    sys.exit(0 if all(rolls.is_exact for rolls in report.engines) else 1)


def _run(folder: Path, choice: EngineChoice, events: int, rounds: int) -> Report:
    machine, measured = describe_machine(folder), []
    for name in choice.names:
        with opened(name, folder) as engine:
            measured.append(measure_rolls(engine, events, rounds, _progress.print))
    return Report(machine, tuple(measured))


def _print(report: Report, *, as_json: bool) -> None:
    if as_json:
        typer.echo(orjson.dumps(report, option=orjson.OPT_INDENT_2).decode())
        return
    console = wide_console()
    print_machine(console, report.machine)
    for rolls in report.engines:
        print_rolls(console, rolls)
    print_load(console)


def print_load(console: Console) -> None:
    """Say how busy the machine was in the last minute."""
    console.print(f"load of the machine in the last minute: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    typer.run(main)
