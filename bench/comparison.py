"""The comparison: bare handler and collector in turn, so that a noisy machine is noisy for both."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bench.collector import Workshop
from bench.load import Plan, pause_for
from bench.measuring import Measured, MeasuredCollector, measure_bare, measure_collector

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle one of some numbers, and how far they lie apart."""

    median: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """The rounds over so many connections: one more of the bare handler, which is first and last.

    A ratio is the collector's number to the mean of the bare handler's right before and after it.
    """

    connections: int
    bare: tuple[Measured, ...]
    collector: tuple[MeasuredCollector, ...]
    rate_ratio: Spread
    cpu_ratio: Spread
    cpu_ratio_until_stored: Spread
    instructions_ratio: Spread | None


@dataclass(frozen=True, slots=True)
class HalfRate:
    """Both servers at half of the collector's own rate."""

    aimed: float
    bare: Measured
    collector: MeasuredCollector


def compare(workshop: Workshop, plan: Plan, rounds: int, tell: Tell) -> Comparison:
    """Measure both in turn. Raises BenchError."""
    tell(
        f"{plan.connections} connections: the bare handler, then {rounds} times the collector and the bare handler"
    )
    bare = [measure_bare(workshop, plan)]
    collector: list[MeasuredCollector] = []
    for number in range(1, rounds + 1):
        collector.append(measure_collector(workshop, plan))
        bare.append(measure_bare(workshop, plan))
        tell(f"  round {number}: {collector[-1].measured.rate:,.0f} of {bare[-1].rate:,.0f} requests a second")
    return _compared(plan.connections, bare, collector)


def measure_half_rate(workshop: Workshop, plan: Plan, most: float, tell: Tell) -> HalfRate:
    """Measure both at half of a rate, which wrk keeps by pausing. Raises BenchError."""
    paced = half_rate_plan(plan, most)
    tell(f"Half rate: {most / 2:,.0f} requests a second over {plan.connections} connections")
    return HalfRate(most / 2, measure_bare(workshop, paced), measure_collector(workshop, paced))


def half_rate_plan(plan: Plan, most: float) -> Plan:
    """Give the plan that makes half of a rate."""
    return replace(plan, pause=pause_for(plan.connections, most / 2))


def spread(numbers: Sequence[float]) -> Spread:
    """Give the spread of some numbers."""
    return Spread(statistics.median(numbers), min(numbers), max(numbers))


def ratios(collector: Sequence[float], bare: Sequence[float]) -> Spread:
    """Compare each of the collector's numbers with the bare handler's around it."""
    return spread([ours / ((bare[at] + bare[at + 1]) / 2) for at, ours in enumerate(collector)])


def _compared(connections: int, bare: Sequence[Measured], collector: Sequence[MeasuredCollector]) -> Comparison:
    measured = [one.measured for one in collector]
    bare_cpu = [one.cpu_per_request for one in bare]
    return Comparison(
        connections,
        tuple(bare),
        tuple(collector),
        rate_ratio=ratios([one.rate for one in measured], [one.rate for one in bare]),
        cpu_ratio=ratios([one.cpu_per_request for one in measured], bare_cpu),
        cpu_ratio_until_stored=ratios([one.kept.cpu_per_request for one in collector], bare_cpu),
        instructions_ratio=_instructions_ratio(measured, bare),
    )


def _instructions_ratio(collector: Sequence[Measured], bare: Sequence[Measured]) -> Spread | None:
    ours = [one.instructions_per_request for one in collector if one.instructions_per_request is not None]
    theirs = [one.instructions_per_request for one in bare if one.instructions_per_request is not None]
    counted = len(ours) == len(collector) and len(theirs) == len(bare)
    return ratios(ours, theirs) if counted else None
