"""What a collector tells of itself at /metrics, in Prometheus' text format."""

import http.client
import re
from collections import defaultdict
from dataclasses import dataclass

_SAMPLE = re.compile(r"^([A-Za-z_:][\w:]*)(?:\{[^}]*\})?\s+(\S+)", re.MULTILINE)
_COMMITS, _STORED = "footfall_commit_seconds_count", "footfall_events_stored_total"
_TIMEOUT = 10.0  # seconds


@dataclass(frozen=True, slots=True)
class Metrics:
    """Counts since the collector's start; None: it does not tell."""

    commits: float | None
    stored: float | None


def read_metrics(port: int) -> Metrics:
    """Ask a collector for its metrics."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT)
    try:
        connection.request("GET", "/metrics")
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
    finally:
        connection.close()
    return parse_metrics(text if answer.status == http.client.OK else "")


def parse_metrics(text: str) -> Metrics:
    """Read the two counts; a metric with labels counts as the sum over them."""
    sums: defaultdict[str, float] = defaultdict(float)
    for name, value in _SAMPLE.findall(text):
        if name in {_COMMITS, _STORED}:
            sums[name] += float(value)
    return Metrics(sums.get(_COMMITS), sums.get(_STORED))


def difference(before: float | None, after: float | None) -> float | None:
    """Give how much a count has grown, if it is told."""
    return None if before is None or after is None else after - before
