"""One measurement: a server is started, warmed up, loaded and watched."""

import time
from dataclasses import dataclass
from typing import Self

from bench.collector import Collector, Workshop
from bench.instructions import InstructionCount
from bench.load import Load, Plan, run_load
from bench.machine import two_cores
from bench.metrics import Metrics, difference, read_metrics
from bench.process import busy_seconds, cpu_seconds
from bench.server import Server, bare_server

WARM_UP = 2  # seconds


@dataclass(frozen=True, slots=True)
class Usage:
    """How much CPU time was used up to a moment: by a server, and by anything on its core."""

    at: float
    server: float
    core: float

    @classmethod
    def now(cls, process: int) -> Self:
        """Look at a server."""
        core, _load = two_cores()
        return cls(time.monotonic(), cpu_seconds(process), busy_seconds(core))


@dataclass(frozen=True, slots=True)
class Measured:
    """A server under load; CPU time in microseconds per acknowledged request."""

    load: Load
    rate: float
    cpu_per_request: float
    others_share: float
    instructions_per_request: float | None


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of acknowledged beacons; CPU time until all were in the store, in microseconds each."""

    acknowledged: int
    stored: int
    stored_by_metrics: float | None
    cpu_per_request: float
    seconds_until_stored: float
    commits_per_second: float | None
    outcomes: dict[str, int]

    def is_all(self) -> bool:
        """Tell whether everything acknowledged was stored."""
        return self.stored >= self.acknowledged

    def is_explained(self, connections: int) -> bool:
        """Tell whether what was stored beyond it can be what was under way when wrk stopped."""
        return 0 <= self.stored - self.acknowledged <= connections


@dataclass(frozen=True, slots=True)
class MeasuredCollector:
    """The collector under load, and what it kept."""

    measured: Measured
    kept: Kept


def measure_bare(workshop: Workshop, plan: Plan) -> Measured:
    """Measure the bare handler. Raises BenchError."""
    with bare_server(workshop.folder) as server:
        run_load(server.url, Plan(plan.connections, WARM_UP))
        return _measure(server, plan)[0]


def measure_collector(workshop: Workshop, plan: Plan) -> MeasuredCollector:
    """Measure a new collector, whole way: until all that it acknowledged is in its store. Raises BenchError."""
    with workshop.collector() as collector:
        stored_before = warm_up(collector, plan.connections)
        metrics_before = read_metrics(collector.server.port)
        measured, before, after = _measure(collector.server, plan)
        metrics_after = read_metrics(collector.server.port)
        watch = StorageWatch(collector, stored_before, metrics_before, before)
        return MeasuredCollector(measured, watch.until_all_is_kept(measured.load, after, metrics_after))


def warm_up(collector: Collector, connections: int) -> int:
    """Load a collector for a moment and let it store what came; give how many events its store holds."""
    load = run_load(collector.server.url, Plan(connections, WARM_UP))
    collector.wait_until_stored(load.acknowledged)
    return collector.stored_in_the_end()


def measured_between(before: Usage, after: Usage, load: Load, instructions: float | None = None) -> Measured:
    """Put together what was measured between two looks at a server."""
    server = after.server - before.server
    others = max(after.core - before.core - server, 0.0)
    return Measured(
        load,
        load.rate,
        _per_request(server, load),
        others / (after.at - before.at),
        None if instructions is None else instructions / max(load.acknowledged, 1),
    )


@dataclass(frozen=True, slots=True)
class StorageWatch:
    """What was so before the load, to compare with what is so once all is stored."""

    collector: Collector
    stored: int
    metrics: Metrics
    usage: Usage

    def until_all_is_kept(self, load: Load, loaded: Usage, metrics: Metrics) -> Kept:
        """Wait until what a load left is stored; ``loaded`` and ``metrics`` were so at the load's end."""
        self.collector.wait_until_stored(self.stored + load.acknowledged)
        used = Usage.now(self.server.process)
        stored = self.collector.stored_in_the_end() - self.stored
        told = read_metrics(self.server.port)
        commits = difference(self.metrics.commits, metrics.commits)
        return Kept(
            acknowledged=load.acknowledged,
            stored=stored,
            stored_by_metrics=difference(self.metrics.stored, told.stored),
            cpu_per_request=_per_request(used.server - self.usage.server, load),
            seconds_until_stored=used.at - loaded.at,
            commits_per_second=None if commits is None else commits / load.seconds,
            outcomes=self.collector.outcomes(),
        )

    @property
    def server(self) -> Server:
        """The collector's process."""
        return self.collector.server


def _measure(server: Server, plan: Plan) -> tuple[Measured, Usage, Usage]:
    counting = InstructionCount.where_possible(server.process, asked=plan.instructions)
    before = Usage.now(server.process)
    try:
        load = run_load(server.url, plan)
        after = Usage.now(server.process)
    finally:
        instructions = None if counting is None else counting.result()
    return measured_between(before, after, load, instructions), before, after


def _per_request(seconds: float, load: Load) -> float:
    return seconds * 1_000_000 / max(load.acknowledged, 1)
