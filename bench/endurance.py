"""The memory run: minutes of load, and whether the collector's memory stays as it is."""

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench.collector import Collector, Workshop
from bench.comparison import Tell
from bench.load import Load, Plan, RunningLoad
from bench.measuring import MeasuredCollector, StorageWatch, Usage, measured_between, warm_up
from bench.metrics import read_metrics
from bench.process import Memory, read_memory

SAMPLE_INTERVAL = 10.0  # seconds
_MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Sample:
    """The collector's memory, so many seconds into the load."""

    at: float
    memory: Memory


@dataclass(frozen=True, slots=True)
class Endurance:
    """The memory of a collector under load, in MiB, and how it grew, in MiB a minute."""

    samples: tuple[Sample, ...]
    first_minute: Memory
    last_minute: Memory
    growth: float
    growth_of_second_half: float
    collector: MeasuredCollector


def endure(workshop: Workshop, plan: Plan, tell: Tell) -> Endurance:
    """Load a collector and watch its memory; its events are shipped meanwhile. Raises BenchError."""
    with workshop.collector() as collector:
        stored_before = warm_up(collector, plan.connections)
        metrics, before = read_metrics(collector.server.port), Usage.now(collector.server.process)
        load, samples = _watched(collector, plan, tell)
        after = Usage.now(collector.server.process)
        watch = StorageWatch(collector, stored_before, metrics, before)
        kept = watch.until_all_is_kept(load, after, read_metrics(collector.server.port))
    return summarised(samples, MeasuredCollector(measured_between(before, after, load), kept))


def summarised(samples: Sequence[Sample], collector: MeasuredCollector) -> Endurance:
    """Compare the beginning with the end; of a short run, its halves."""
    end = samples[-1].at
    window = min(_MINUTE, end / 2)
    return Endurance(
        tuple(samples),
        first_minute=_mean([one.memory for one in samples if one.at <= window]),
        last_minute=_mean([one.memory for one in samples if one.at >= end - window]),
        growth=_growth(samples),
        growth_of_second_half=_growth([one for one in samples if one.at >= end / 2]),
        collector=collector,
    )


def _watched(collector: Collector, plan: Plan, tell: Tell) -> tuple[Load, list[Sample]]:
    load = RunningLoad(collector.server.url, plan)
    try:
        begun = time.monotonic()
        samples = [_sample(collector, begun)]
        while load.lasts(SAMPLE_INTERVAL):
            samples.append(_sample(collector, begun))
            tell(f"  {samples[-1].at:5.0f} s: {samples[-1].memory.resident:,.0f} MiB")
        samples.append(_sample(collector, begun))
        return load.result(), samples
    finally:
        load.stop()


def _sample(collector: Collector, begun: float) -> Sample:
    return Sample(time.monotonic() - begun, read_memory(collector.server.process))


def _mean(memories: Sequence[Memory]) -> Memory:
    return Memory(
        statistics.fmean(one.resident for one in memories), statistics.fmean(one.anonymous for one in memories)
    )


def _growth(samples: Sequence[Sample]) -> float:
    """Give the slope of the line through the samples (least squares)."""
    if len(samples) == 1:
        return 0.0
    minutes = [one.at / _MINUTE for one in samples]
    return statistics.linear_regression(minutes, [one.memory.resident for one in samples]).slope
