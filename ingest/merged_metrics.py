"""The metrics of many workers as one page, told apart by a label."""

from collections.abc import Iterable, Mapping

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector as MetricSource

LABEL = "worker"


class _Merged(MetricSource):
    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        """Give every metric."""
        return self._metrics


def merge_expositions(by_worker: Mapping[str, str]) -> bytes:
    """Give the expositions of workers as one, every sample with its worker's number."""
    merged: dict[str, Metric] = {}
    for worker, text in sorted(by_worker.items()):
        for family in text_string_to_metric_families(text):
            metric = merged.setdefault(family.name, Metric(family.name, family.documentation, family.type))
            for sample in family.samples:
                metric.samples.append(sample._replace(labels={**sample.labels, LABEL: worker}))
    registry = CollectorRegistry()
    registry.register(_Merged(list(merged.values())))
    return generate_latest(registry)
