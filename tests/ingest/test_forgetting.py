"""Networks and user agents are not remembered for longer than a minute or so."""

from ipaddress import ip_network

from geo.country import CountryDatabase
from ingest.forgetting import FORGET_INTERVAL, forget
from ingest.gate import Knowledge
from ingest.rates import RateLimit, RateLimits
from ingest.spool import Spool
from tests.fixtures.collecting import collecting


async def test_a_visitor_is_forgotten_and_counted_as_before(
    spool: Spool, knowledge: Knowledge, countries: CountryDatabase
) -> None:
    """After a minute neither network nor user agent is in any memory, and the next view gives the same row."""
    limits, erasures = RateLimits(10), RateLimit(1 / 60)
    caches = (
        countries._remembered,  # noqa: SLF001 (nothing else tells)
        knowledge.bots._judge,  # noqa: SLF001
        knowledge.devices._read,  # noqa: SLF001
        knowledge.products._remembered,  # noqa: SLF001
    )
    found = []
    async with collecting(
        spool, knowledge, [ip_network("127.0.0.1/32")], limits, erasure_limit=erasures
    ) as collector:
        for _ in range(2):
            await collector.send(X_Forwarded_For="203.0.113.77")
            erasures.count("a network", collector.clock().timestamp())
            found.append([each.cache_info().currsize > 0 for each in caches])
            collector.clock.move(seconds=FORGET_INTERVAL)
            forget(knowledge, (limits, erasures), collector.clock())
            found.append([each.cache_info().currsize > 0 for each in caches])
        rows = collector.events()
    left = limits._networks._full_at, erasures._full_at  # noqa: SLF001
    assert found == [[True] * 4, [False] * 4] * 2
    assert left == ({}, {})
    assert rows[0] | {"received": ""} == rows[1] | {"received": ""}
