"""``/metrics``: what a collector counts, and how its spool and keys are, as Prometheus reads it."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from hmac import compare_digest
from ipaddress import ip_address

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector as MetricSource

from core.clock import Clock
from ingest.keys import DayKeys
from ingest.meter import Meter
from ingest.shipper import Shipper
from ingest.spool import Spool

CONTENT_TYPE = CONTENT_TYPE_LATEST


@dataclass(frozen=True, slots=True)
class Gauges(MetricSource):
    """What is looked up when it is asked for."""

    spool: Spool
    shipper: Shipper
    keys: DayKeys
    clock: Clock

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield every gauge."""
        now, waiting = self.clock(), self.spool.waiting()
        age = (now - waiting.oldest).total_seconds() if waiting.oldest else 0.0
        lag = (now - self.shipper.watermark).total_seconds() if self.shipper.watermark else 0.0
        yield _gauge("footfall_spool_events", "Events that wait to be shipped.", waiting.events)
        yield _gauge("footfall_spool_bytes", "Bytes of what waits to be shipped.", waiting.bytes)
        yield _gauge("footfall_spool_age_seconds", "Age of the oldest hit that waits to be shipped.", age)
        set_aside = self.spool.batches_set_aside()
        yield _gauge("footfall_batches_set_aside", "Batches that ClickHouse refused.", len(set_aside))
        yield _gauge("footfall_watermark_lag_seconds", "All received before so long ago is in ClickHouse.", lag)
        yield _gauge("footfall_key_age_seconds", "Age of the oldest key of a day.", self.keys.age(now))


async def exposition(meter: Meter) -> bytes:
    """Give everything in the text format of Prometheus. Raises SpoolError."""
    return await asyncio.to_thread(generate_latest, meter.registry)


def may_read_metrics(request: web.BaseRequest, token: str) -> bool:
    """Tell whether a caller may: with the token if there is one, else from this machine with no proxy between."""
    if token:
        stated = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
        return compare_digest(stated, f"Bearer {token}".encode())
    if request.headers.keys() & {"X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"}:
        return False
    return request.remote is None or ip_address(request.remote.partition("%")[0]).is_loopback


def _gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, value=value)
