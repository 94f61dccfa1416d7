"""Where the time of the collector goes, under the load of bench.ingest.

    python -m bench.profile              the collector
    python -m bench.profile --bare       the bare handler, to compare
    python -m bench.profile --rate 500   at a rate below the highest

Shows CPU time by thread, by package, by function, and, where perf is installed, by library. Watching
slows a server down: take rates from bench.ingest.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bench.attribution import Attribution, attribute, largest, used_by_threads
from bench.collector import workshop
from bench.ending import end_in_order
from bench.libraries import Libraries, record_libraries
from bench.load import Load, Plan, RunningLoad, pause_for, run_load
from bench.machine import BenchError, leave_server_core
from bench.measuring import WARM_UP
from bench.process import cpu_seconds, read_threads
from bench.server import Server, bare_server
from bench.stacks import Frame, find_py_spy, record_stacks
from bench.tables import wide_console
from core.errors import FootfallError

_SETTLING = 1  # seconds of load before and after what is watched
_MOST_LIBRARIES = 25
_LEAST_SHARE = 0.001


@dataclass(frozen=True, slots=True)
class Profile:
    """Where a server's time went while it was loaded."""

    load: Load
    samples: int
    attribution: Attribution
    libraries: Libraries | None


def main(
    seconds: Annotated[
        int, typer.Option(min=2, help="How long the server is watched, by py-spy and by perf.")
    ] = 15,
    connections: Annotated[int, typer.Option(min=1, help="How many connections load it.")] = 256,
    rate: Annotated[float, typer.Option(min=0, help="Requests a second; 0: as fast as they are answered.")] = 0,
    functions: Annotated[int, typer.Option(min=1, help="How many functions are shown.")] = 40,
    *,
    bare: Annotated[bool, typer.Option("--bare", help="Watch the bare handler.")] = False,
) -> None:
    """Show where the time of the collector goes."""
    end_in_order()
    plan = Plan(connections, seconds + 2 * _SETTLING, pause_for(connections, rate))
    try:
        find_py_spy()
        leave_server_core()
        with _chosen_server(bare=bare) as (server, folder):
            profile = _profile(server, plan, folder)
    except (BenchError, FootfallError) as error:
        typer.echo(f"bench: {error}", err=True)
        sys.exit(2)
    _print(wide_console(), profile, functions)


@contextmanager
def _chosen_server(*, bare: bool) -> Iterator[tuple[Server, Path]]:
    with workshop() as place:
        if bare:
            with bare_server(place.folder) as server:
                yield server, place.folder
        else:
            with place.collector() as collector:
                yield collector.server, place.folder


def _profile(server: Server, plan: Plan, folder: Path) -> Profile:
    """Load twice: threads' times and perf's view come from a run that py-spy does not slow down."""
    run_load(server.url, Plan(plan.connections, WARM_UP))
    before, used_before = read_threads(server.process), cpu_seconds(server.process)
    with _loaded(server, plan) as running:
        libraries = record_libraries(server.process, plan.seconds - 2 * _SETTLING, folder)
        load = running.result()
    total = cpu_seconds(server.process) - used_before
    used = used_by_threads(server.process, before, read_threads(server.process), total)
    with _loaded(server, plan):
        stacks = record_stacks(server.process, plan.seconds - 2 * _SETTLING, folder)
    samples = sum(stack.samples for stack in stacks)
    return Profile(load, samples, attribute(stacks, used), libraries)


@contextmanager
def _loaded(server: Server, plan: Plan) -> Iterator[RunningLoad]:
    load = RunningLoad(server.url, plan)
    try:
        load.lasts(_SETTLING)
        yield load
    finally:
        load.stop()


def _print(console: Console, profile: Profile, functions: int) -> None:
    load, found = profile.load, profile.attribution
    a_request = found.total() / max(load.acknowledged, 1) * 1_000_000
    console.print(
        f"{load.acknowledged:,} requests over {load.connections} connections in {load.seconds:.0f} s, "
        f"{a_request:,.0f} µs of CPU time each; {profile.samples:,} samples of stacks\n"
    )
    console.print(_table("By thread", found.threads, a_request))
    console.print(_table("By package, C code as who called it", found.groups, a_request))
    console.print(_function_table("Functions, by themselves", found, largest(found.itself, functions)))
    ours = [(frame, found.itself.get(frame, 0.0)) for frame, _ in largest(found.ours(), functions)]
    console.print(_function_table("Our functions, with all that they call", found, ours))
    if profile.libraries is not None:
        console.print(_library_table(profile.libraries))


def _table(title: str, used: Mapping[str, float], a_request: float) -> Table:
    table, total = _columns(title, "", "share", "µs a request"), sum(used.values())
    shares = [(name, seconds / total) for name, seconds in largest(used) if seconds >= total * _LEAST_SHARE]
    for name, share in shares:
        table.add_row(name, f"{share:.1%}", f"{share * a_request:,.1f}")
    return table


def _function_table(title: str, found: Attribution, functions: Sequence[tuple[Frame, float]]) -> Table:
    table = _columns(title, "function", "file", "itself", "with callees")
    for frame, itself in functions:
        shares = (itself / found.total(), found.with_callees[frame] / found.total())
        table.add_row(frame.function, frame.file, *(f"{share:.1%}" for share in shares))
    return table


def _library_table(libraries: Libraries) -> Table:
    table = _columns("By library, as perf sees it", "", "Python's threads", "ClickHouse's threads")
    for name, _share in largest(libraries.of_all(), _MOST_LIBRARIES):
        shares = (libraries.of_python.get(name, 0.0), libraries.of_others.get(name, 0.0))
        table.add_row(name, *(f"{share:.1%}" for share in shares))
    return table


def _columns(title: str, *names: str) -> Table:
    table = Table(title=title, title_justify="left")
    for name in names:
        table.add_column(name, justify="left" if name in {"", "function", "file"} else "right")
    return table


if __name__ == "__main__":
    typer.run(main)
