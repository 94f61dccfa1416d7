"""What a collector remembers of networks and user agents, in memory only, is forgotten within a minute or so.

It is remembered so that a country need not be looked up and a user agent read anew for each view, and to tell
who sends too much. Nothing ties a network to a user agent there, or either to a view.
"""

import asyncio
from collections.abc import Iterable
from datetime import datetime

from core.clock import Clock
from ingest.collector import Collector
from ingest.gate import Knowledge
from ingest.rates import RateLimit, RateLimits

FORGET_INTERVAL = 60.0
"""Seconds. What is asked for again is read anew in 20 microseconds."""


def forget(knowledge: Knowledge, limits: Iterable[RateLimit | RateLimits], now: datetime) -> None:
    """Forget every country and user agent that was looked up, and every network that is far from its limits."""
    for part in (knowledge.countries, knowledge.bots, knowledge.devices, knowledge.products):
        part.forget()
    for limit in limits:
        limit.sweep(now.timestamp())


async def keep_forgetting(collector: Collector, clock: Clock) -> None:
    """Forget every minute until cancelled: on the loop, where the limits are counted, so that none is lost."""
    while True:
        await asyncio.sleep(FORGET_INTERVAL)
        forget(collector.knowledge, (collector.limits, collector.erasure_limit), clock())
