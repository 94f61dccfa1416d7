"""A worker: one collector process of several on one port. It holds a spool, not the store."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from aiohttp import ClientError, ClientSession, UnixConnector

from core.clock import Clock
from core.control import SocketStore
from core.daemon_thread import in_daemon_thread
from core.deletions import DeletionRecord
from core.errors import StoreError
from core.http_server import http_server, listening_sockets
from core.settings import Settings
from core.site_copy import CopiedSites
from core.stopping import asked_to_stop
from core.store import Store, connect_server
from geo.forwarded import TrustedProxies
from ingest.assembly import SHIPPING_TIMEOUT, running_collector
from ingest.collector import Collector
from ingest.forwarding import FRONT, Forward, forwarding
from ingest.metrics import exposition
from ingest.routes import ROUTES, front, request_factory, send_metrics_from

READY = b"ready\n"
STATE_INTERVAL = 2.0
"""Seconds between two times that a worker states its metrics."""


async def run_worker(settings: Settings, number: int, clock: Clock) -> None:
    """Collect until SIGTERM, or until the process that started this one is gone."""
    store = _store(settings)
    sites, record = CopiedSites(settings.data), DeletionRecord(store, settings.data)
    with suppress(StoreError):  # then by the copy, or later
        await in_daemon_thread(sites.refresh, store)
    sockets = listening_sockets(settings.host, settings.port, shared=True)
    try:
        async with (
            forwarding(settings.data, TrustedProxies(settings.trusted_proxies)) as forward,
            running_collector(settings, store, sites, record, clock) as collector,
            _stating_metrics(settings.data, number, collector),
            http_server(
                _handler(collector, forward),
                sockets,
                request_factory=request_factory,
                shutdown_timeout=settings.shutdown_timeout,
            ),
        ):
            sys.stdout.buffer.write(READY)
            sys.stdout.buffer.flush()
            await asked_to_stop(with_parent=True)
    finally:
        store.close()


def _store(settings: Settings) -> Store:
    if settings.clickhouse:
        return connect_server(settings.clickhouse, SHIPPING_TIMEOUT)
    return SocketStore(settings.data)


def _handler(collector: Collector, forward: Forward) -> Forward:
    # Whoever answers the port: /metrics tells of all workers.
    routes = {**ROUTES, "/metrics": {"GET": send_metrics_from(forward)}}
    return front(collector, forward, routes)


@asynccontextmanager
async def _stating_metrics(data: Path, number: int, collector: Collector) -> AsyncIterator[None]:
    async def keep_stating() -> None:
        async with ClientSession(connector=UnixConnector(str(data / FRONT))) as session:
            while True:
                with suppress(ClientError, TimeoutError):
                    text = await exposition(collector.meter)
                    async with session.put(f"http://front/workers/{number}/metrics", data=text):
                        pass
                await asyncio.sleep(STATE_INTERVAL)

    stating = asyncio.create_task(keep_stating())
    try:
        yield
    finally:
        stating.cancel()
