"""What a collector counts about itself, for Prometheus. No label holds anything about a visitor.

Everything is counted by the commit or by the batch, never by the hit: at ten thousand hits a
second a counter of prometheus-client would cost more than the gate.
"""

from collections import Counter as Counts
from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram

from core.tallies import RECEIVED, STORED
from ingest.reasons import DropReason

_COMMIT_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)
_INSERT_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0)
_HITS = (1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000)
_EVENTS = (1, 10, 100, 500, 1_000, 2_500, 5_000, 10_000, 50_000, 100_000)


class Meter:
    """The counters and histograms of one collector process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._received = self._counter("footfall_hits_received", "Hits that came in, opted-out ones if counted.")
        self._acknowledged = self._counter("footfall_events_acknowledged", "Events on the spool's disk.")
        self._stored = self._counter("footfall_events_stored", "Events in ClickHouse.")
        self._dropped = Counter(
            "footfall_hits_dropped", "Hits that were not stored.", ["reason"], registry=self.registry
        )
        for reason in DropReason:  # a reason that has not happened is 0, not missing
            self._dropped.labels(reason.value)
        self.unavailable = self._counter("footfall_hits_refused", "Hits answered 503: the spool took nothing.")
        self.retries = self._counter("footfall_insert_retries", "Tries to ship that failed and are repeated.")
        self._commit_seconds = self._histogram("footfall_commit_seconds", "Time of a commit.", _COMMIT_SECONDS)
        self._commit_hits = self._histogram("footfall_commit_hits", "Hits in a commit.", _HITS)
        self._insert_seconds = self._histogram("footfall_insert_seconds", "Time of an insert.", _INSERT_SECONDS)
        self._batch_events = self._histogram("footfall_batch_events", "Events in a batch.", _EVENTS)

    def committed(self, seconds: float, hits: int, outcomes: Mapping[str, int]) -> None:
        """Count a commit: its time, and its hits by outcome."""
        self._commit_seconds.observe(seconds)
        self._commit_hits.observe(hits)
        for outcome, count in outcomes.items():
            if outcome == RECEIVED:
                self._received.inc(count)
            elif outcome == STORED:
                self._acknowledged.inc(count)
            else:
                self._dropped.labels(outcome).inc(count)

    def shipped(self, events: int, seconds: float) -> None:
        """Count a batch that ClickHouse has."""
        self._stored.inc(events)
        self._insert_seconds.observe(seconds)
        self._batch_events.observe(events)

    def _counter(self, name: str, text: str) -> Counter:
        return Counter(name, text, registry=self.registry)

    def _histogram(self, name: str, text: str, buckets: tuple[float, ...]) -> Histogram:
        return Histogram(name, text, buckets=buckets, registry=self.registry)


Outcomes = Counts[str]
"""Hits by outcome: received, stored, or a reason for a drop."""
