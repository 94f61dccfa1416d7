"""A worker: one collector process of several on one port. It holds a spool, not the store.

It is a program of its own, which `serve` and `collect` start: all of Footfall in each would take twice the time to
start, and twice the memory.
"""

import asyncio
import os
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path

import uvloop
from aiohttp import ClientError, ClientSession, UnixConnector

from core.background import background
from core.clock import Clock, system_clock
from core.control import SocketStore
from core.daemon_thread import in_daemon_thread
from core.deletions import DeletionRecord
from core.errors import FootfallError, StoreError
from core.http_server import http_server, listening_sockets
from core.logs import set_up_logging
from core.opening import shipping_store
from core.settings import Settings, read_settings
from core.site_copy import CopiedSites
from core.stopping import asked_to_stop
from core.store import Store
from geo.forwarded import TrustedProxies
from ingest.assembly import running_collector
from ingest.collector import Collector
from ingest.forwarding import FRONT, Forward, forwarding
from ingest.metrics import exposition
from ingest.routes import ROUTES, front, metrics_route, request_factory

READY = b"ready\n"
STATE_INTERVAL = 2.0
"""Seconds between two times that a worker states its metrics."""


def main() -> None:
    """Run the worker whose number is the only argument, by the settings of who started it."""
    settings, number = read_settings(), int(sys.argv[1])
    set_up_logging(settings.log_level, f"collector {number}")
    try:
        uvloop.run(run_worker(settings, number, system_clock))
    except FootfallError as error:
        sys.exit(f"footfall: {error}")


async def run_worker(settings: Settings, number: int, clock: Clock) -> None:
    """Collect until SIGTERM, or until the process that started this one is gone."""
    with shipping_store(settings, partial(SocketStore, settings.data)) as store:
        await _collect(settings, number, store, clock)


async def _collect(settings: Settings, number: int, store: Store, clock: Clock) -> None:
    sites, record = CopiedSites(settings.data), DeletionRecord(store, settings.data)
    with suppress(StoreError):  # then by the copy, or later
        await in_daemon_thread(sites.refresh, store)
    sockets = listening_sockets(settings.host, settings.port, shared=True)
    async with (
        forwarding(settings.data, TrustedProxies(settings.trusted_proxies)) as forward,
        running_collector(settings, store, sites, record, clock) as collector,
        background(_keep_stating(settings.data, number, collector)),
        http_server(
            _handler(collector, forward),
            sockets,
            request_factory=request_factory,
            shutdown_timeout=settings.shutdown_timeout,
        ),
    ):
        with suppress(BrokenPipeError):  # who started it is gone, which ends this one in order
            os.write(sys.stdout.fileno(), READY)
        await asked_to_stop(with_parent=True)


def _handler(collector: Collector, forward: Forward) -> Forward:
    # Whoever answers the port: /metrics tells of all workers.
    all_metrics = metrics_route(lambda _collector, request: forward(request))
    routes = {**ROUTES, "/metrics": {"GET": all_metrics, "HEAD": all_metrics}}
    return front(collector, forward, routes)


async def _keep_stating(data: Path, number: int, collector: Collector) -> None:
    async with ClientSession(connector=UnixConnector(str(data / FRONT))) as session:
        while True:
            with suppress(ClientError, TimeoutError):
                text = await exposition(collector.meter)
                async with session.put(f"http://front/workers/{number}/metrics", data=text):
                    pass
            await asyncio.sleep(STATE_INTERVAL)


if __name__ == "__main__":
    main()
