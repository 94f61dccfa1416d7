"""What was measured, as tables."""

import os
from collections.abc import Callable, Sequence

import orjson
import typer
from rich.console import Console
from rich.table import Table

from bench.comparison import Comparison, HalfRate, Spread
from bench.endurance import Endurance
from bench.machine import Machine
from bench.measuring import Kept, Measured, MeasuredCollector

TARGET_RATE, TARGET_CPU, TARGET_P99 = 0.80, 1.25, 10.0
QUIET_SHARE = 0.05  # of a core; more, and a number tells of the neighbours too

_LEAST_WIDTH = 120

_COLUMNS = (
    "",
    "rate /s",
    "CPU µs",
    "p50 ms",
    "p75 ms",
    "p90 ms",
    "p99 ms",
    "others",
    "wrk",
    "refused",
    "errors",
    "instr.",
)
_KEPT_COLUMNS = ("acknowledged", "stored", "beyond", "in [0, c]", "CPU µs until stored", "after s", "commits /s")


def wide_console() -> Console:
    """Give a console that cuts no column off, however narrow the terminal is."""
    return Console(highlight=False, width=max(Console().width, _LEAST_WIDTH))


def print_report(report: object, machine: Machine, tell: Callable[[Console], None], *, as_json: bool) -> None:
    """Print a report as JSON, or where it was measured and then what ``tell`` prints of it."""
    if as_json:
        typer.echo(orjson.dumps(report, option=orjson.OPT_INDENT_2).decode())
        return
    console = wide_console()
    print_machine(console, machine)
    tell(console)


def print_load(console: Console) -> None:
    """Say how busy the machine was in the last minute."""
    console.print(f"load of the machine in the last minute: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def print_machine(console: Console, machine: Machine) -> None:
    """Print where the numbers come from."""
    versions = ", ".join(f"{name} {number}" for name, number in machine.versions.items())
    console.print(f"{machine.system}, {machine.cores} cores, {versions}")
    memory = ": IN MEMORY, set TMPDIR to a folder on a disk" if machine.in_memory else ""
    console.print(f"A synchronous write of 4 KiB takes {machine.sync_milliseconds:.2f} ms (median){memory}\n")


def print_comparison(console: Console, comparison: Comparison) -> None:
    """Print the rounds over so many connections, and the ratios."""
    table = _table(f"{comparison.connections} connections, as fast as they are answered", _COLUMNS)
    for number, bare in enumerate(comparison.bare):
        table.add_row("bare", *_cells(bare))
        if number < len(comparison.collector):
            table.add_row("collector", *_cells(comparison.collector[number].measured), style="bold")
    console.print(table)
    _print_kept(console, comparison.collector)
    console.print(f"rate, collector to bare:              {told(comparison.rate_ratio)}  (at least {TARGET_RATE})")
    console.print(f"CPU time a request:                   {told(comparison.cpu_ratio)}  (at most {TARGET_CPU})")
    console.print(f"CPU time a request, until all stored: {told(comparison.cpu_ratio_until_stored)}")
    if comparison.instructions_ratio is not None:
        console.print(f"instructions a request:               {told(comparison.instructions_ratio)}")
    console.print()


def print_half_rate(console: Console, half: HalfRate) -> None:
    """Print both servers at half of the collector's rate."""
    measured = half.collector.measured
    table = _table(f"{measured.load.connections} connections, aiming at {half.aimed:,.0f} a second", _COLUMNS)
    table.add_row("bare", *_cells(half.bare))
    table.add_row("collector", *_cells(measured), style="bold")
    console.print(table)
    _print_kept(console, [half.collector])
    console.print(
        f"p50 {measured.load.p50:.2f} ms, p99 {measured.load.p99:.2f} ms  (p99 under {TARGET_P99:.0f}); "
        "without what visitors would have sent during a stall\n"
    )


def print_endurance(console: Console, run: Endurance) -> None:
    """Print how a collector's memory did under load."""
    measured = run.collector.measured
    seconds, connections = measured.load.seconds, measured.load.connections
    table = _table(f"{seconds / 60:.1f} minutes of load over {connections} connections", _COLUMNS)
    table.add_row("collector", *_cells(measured))
    console.print(table)
    _print_kept(console, [run.collector])
    for name, memory in (("first", run.first_minute), ("last", run.last_minute)):
        console.print(f"{name} minute: {memory.resident:,.1f} MiB resident, {memory.anonymous:,.1f} anonymous")
    console.print(f"growth: {run.growth:+.2f} MiB a minute; {run.growth_of_second_half:+.2f} in the second half\n")


def print_disturbance(console: Console, measured: Sequence[Measured]) -> None:
    """Say how much of the servers' core others took, where it was not little."""
    most = max((one.others_share for one in measured), default=0.0)
    if most > QUIET_SHARE:
        console.print(
            f"Others took up to {most:.0%} of the servers' core: measure again when the machine is quiet."
        )


def print_outcomes(console: Console, kept: Kept) -> None:
    """Print what the ledger knows, where less was stored than acknowledged."""
    console.print(f"[red]Fewer stored than acknowledged.[/red] The ledger: {kept.outcomes}")


def _print_kept(console: Console, rounds: Sequence[MeasuredCollector]) -> None:
    table = _table(None, _KEPT_COLUMNS)
    for one in rounds:
        kept = one.kept
        table.add_row(
            f"{kept.acknowledged:,}",
            f"{kept.stored:,}",
            f"{kept.stored - kept.acknowledged:+,}",
            "yes" if kept.is_explained(one.measured.load.connections) else "NO",
            f"{kept.cpu_per_request:,.0f}",
            f"{kept.seconds_until_stored:.1f}",
            "-" if kept.commits_per_second is None else f"{kept.commits_per_second:,.0f}",
        )
    console.print(table)


def _table(title: str | None, columns: tuple[str, ...]) -> Table:
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, justify="right" if column else "left", no_wrap=True)
    return table


def _cells(measured: Measured) -> list[str]:
    load = measured.load
    return [
        f"{measured.rate:,.0f}",
        f"{measured.cpu_per_request:,.0f}",
        *(f"{value:.2f}" for value in (load.p50, load.p75, load.p90, load.p99)),
        f"{measured.others_share:.0%}",
        f"{load.generator_share:.0%}",
        f"{load.refused:,}",
        f"{load.socket_errors + load.timeouts:,}",
        "-" if measured.instructions_per_request is None else f"{measured.instructions_per_request / 1000:,.0f} k",
    ]


def told(spread: Spread, digits: int = 2) -> str:
    """Write a spread: the median, and how far the rounds lie apart."""
    return f"{spread.median:.{digits}f}  [{spread.least:.{digits}f} to {spread.most:.{digits}f}]"
