"""How fast the collector takes beacons, next to a bare aiohttp handler.

    python -m bench.ingest                            rates, CPU time, latencies; about five minutes
    python -m bench.ingest --half-rate                and the latencies at half of the highest rate
    python -m bench.ingest --instructions             and the instructions of both, where neighbours are noisy
    python -m bench.ingest --minutes 10 --half-rate   memory only: ten minutes at half of that rate

Both servers have one core, the load generator another; each measurement starts its server anew and
warms it up. The exit code is 1 if anything that was acknowledged is not in the store.
"""

import sys
from dataclasses import dataclass
from functools import partial
from typing import Annotated

import typer
from rich.console import Console

from bench.collector import Workshop, workshop
from bench.comparison import Comparison, HalfRate, compare, half_rate_plan, measure_half_rate
from bench.ending import end_in_order
from bench.endurance import Endurance, endure
from bench.load import Plan
from bench.machine import BenchError, Machine, describe_machine, leave_server_core
from bench.measuring import Kept, Measured, MeasuredCollector, measure_collector
from bench.tables import (
    print_comparison,
    print_disturbance,
    print_endurance,
    print_half_rate,
    print_outcomes,
    print_report,
)
from core.errors import FootfallError

_progress = Console(stderr=True, highlight=False, soft_wrap=True)


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks for."""

    seconds: int
    rounds: int
    connections: tuple[int, ...]
    half_rate: bool
    minutes: float
    instructions: bool


@dataclass(frozen=True, slots=True)
class Report:
    """All that was measured."""

    machine: Machine
    comparisons: tuple[Comparison, ...] = ()
    half_rate: HalfRate | None = None
    endurance: Endurance | None = None

    def collectors(self) -> list[MeasuredCollector]:
        """Give all measurements of the collector."""
        compared = [one for comparison in self.comparisons for one in comparison.collector]
        return compared + [part.collector for part in (self.half_rate, self.endurance) if part is not None]

    def kept(self) -> list[Kept]:
        """Give what each collector kept."""
        return [one.kept for one in self.collectors()]

    def measured(self) -> list[Measured]:
        """Give all measurements of both servers."""
        bare = [one for comparison in self.comparisons for one in comparison.bare]
        bare += [self.half_rate.bare] if self.half_rate is not None else []
        return bare + [one.measured for one in self.collectors()]


def main(
    seconds: Annotated[int, typer.Option(min=1, help="How long each measurement takes.")] = 10,
    rounds: Annotated[int, typer.Option(min=1, help="How often the collector is measured.")] = 3,
    connections: Annotated[str, typer.Option(help="Numbers of connections, with commas between.")] = "32,256",
    minutes: Annotated[float, typer.Option(min=0, help="Only watch the memory, for so long.")] = 0,
    *,
    half_rate: Annotated[bool, typer.Option("--half-rate", help="Also at half of the highest rate.")] = False,
    instructions: Annotated[bool, typer.Option("--instructions", help="Also count instructions (perf).")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Compare the collector with a bare aiohttp handler."""
    options = Options(seconds, rounds, _numbers(connections), half_rate, minutes, instructions)
    end_in_order()
    try:
        leave_server_core()
        with workshop() as place:
            report = _run(place, options)
    except (BenchError, FootfallError) as error:
        typer.echo(f"bench: {error}", err=True)
        sys.exit(2)
    print_report(report, report.machine, partial(_tell, report), as_json=as_json)
    sys.exit(0 if all(kept.is_all() for kept in report.kept()) else 1)


def _run(place: Workshop, options: Options) -> Report:
    machine = describe_machine(place.folder)
    if options.minutes:
        return Report(machine, endurance=_endurance(place, options))
    plans = [
        Plan(connections, options.seconds, instructions=options.instructions)
        for connections in options.connections
    ]
    comparisons = tuple(compare(place, plan, options.rounds, _progress.print) for plan in plans)
    half = _half_rate(place, plans[-1], comparisons[-1]) if options.half_rate else None
    return Report(machine, comparisons, half)


def _half_rate(place: Workshop, plan: Plan, comparison: Comparison) -> HalfRate:
    rates = sorted(one.measured.rate for one in comparison.collector)
    return measure_half_rate(place, plan, rates[len(rates) // 2], _progress.print)


def _endurance(place: Workshop, options: Options) -> Endurance:
    plan = Plan(options.connections[-1], max(int(options.minutes * 60), 1))
    if options.half_rate:
        _progress.print("The highest rate, for a start")
        most = measure_collector(place, Plan(plan.connections, options.seconds)).measured.rate
        plan = half_rate_plan(plan, most)
    _progress.print(f"{plan.seconds} seconds of load over {plan.connections} connections")
    return endure(place, plan, _progress.print)


def _tell(report: Report, console: Console) -> None:
    for comparison in report.comparisons:
        print_comparison(console, comparison)
    if report.half_rate is not None:
        print_half_rate(console, report.half_rate)
    if report.endurance is not None:
        print_endurance(console, report.endurance)
    print_disturbance(console, report.measured())
    for kept in report.kept():
        if not kept.is_all():
            print_outcomes(console, kept)


def _numbers(text: str) -> tuple[int, ...]:
    try:
        numbers = tuple(int(part) for part in text.split(","))
    except ValueError:
        raise typer.BadParameter("--connections takes numbers with commas between, such as 32,256") from None
    if min(numbers) < 1:
        raise typer.BadParameter("--connections must be at least 1")
    return numbers


if __name__ == "__main__":
    typer.run(main)
