"""Rate limits: so many events a second for each network and each site."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.network import Cut, Network, cut_address
from ingest.gate import Knowledge
from ingest.rates import BURST_SECONDS, RateLimit, RateLimits
from ingest.spool import Spool
from tests.fixtures.collecting import SITE, collecting
from tests.fixtures.raw import site_in

NOW = 1_000_000.0


def network(address: str) -> Network:
    """Give an address's network."""
    found = cut_address(address, Cut())
    assert found is not None
    return found


def admitted(limit: RateLimit, key: str, now: float) -> bool:
    """Ask for one event and count it if it may be."""
    if not limit.admits(key, now):
        return False
    limit.count(key, now)
    return True


@given(st.floats(0.05, 1_000), st.lists(st.floats(0, 5), max_size=300))
def test_in_any_span_no_more_pass_than_the_rate_and_one_burst(rate: float, pauses: list[float]) -> None:
    """However events are spread, those that pass in a span are at most its seconds and a burst times the rate."""
    limit, now, passed = RateLimit(rate), NOW, list[float]()
    for pause in pauses:
        now += pause
        if admitted(limit, "a", now):
            passed.append(now)
    burst = max(BURST_SECONDS, 1 / rate)
    for place, start in enumerate(passed):
        for count, end in enumerate(passed[place:], start=1):
            assert count <= (end - start + burst) * rate + 1e-3


def test_a_burst_passes_and_then_the_rate() -> None:
    """Ten seconds' worth may come at once; after that one event for each tenth of a second."""
    limit = RateLimit(10)
    at_once = sum(admitted(limit, "a", NOW) for _ in range(500))
    later = [admitted(limit, "a", NOW + seconds) for seconds in (0.05, 0.1, 0.11, 0.2)]
    assert (at_once, later) == (100, [False, True, False, True])


def test_each_key_has_its_own_limit() -> None:
    """One who sends too much keeps nobody else out."""
    limit = RateLimit(1)
    assert [sum(admitted(limit, key, NOW) for _ in range(50)) for key in ("a", "b")] == [10, 10]


def test_zero_is_no_limit() -> None:
    """A limit of 0 lets everything pass."""
    limit = RateLimit(0)
    assert sum(admitted(limit, "a", NOW) for _ in range(5_000)) == 5_000


def test_memory_is_bounded() -> None:
    """A million networks do not make a million entries."""
    limit = RateLimit(100, remembered=1_000)
    for number in range(20_000):
        limit.count(number, NOW)
    assert len(limit._full_at) <= 1_000  # noqa: SLF001 (nothing else tells)


@given(
    st.floats(0.05, 1_000), st.lists(st.tuples(st.sampled_from("ab"), st.floats(0, 5)), max_size=100), st.data()
)
def test_sweeping_makes_no_difference(rate: float, events: list[tuple[str, float]], data: st.DataObject) -> None:
    """Whenever networks that are far from their limit are forgotten, the same events pass."""
    swept, kept, now = RateLimit(rate), RateLimit(rate), NOW
    for key, pause in events:
        now += pause
        if data.draw(st.booleans()):
            swept.sweep(now)
        assert admitted(swept, key, now) == admitted(kept, key, now)


def test_a_network_is_forgotten_once_it_is_far_from_its_limit() -> None:
    """One that sent a burst stays for the burst's seconds, one that sent a beacon for the time of that."""
    limits = RateLimits(10, 10)
    for address, beacons in (("192.0.2.1", 1), ("198.51.100.1", 100)):
        for _ in range(beacons):
            limits.admit(network(address), (None,), NOW)
    left = []
    for seconds in (0, 0.2, 9.9, 10.1):
        limits.sweep(NOW + seconds)
        left.append([str(each) for each in limits._networks._full_at])  # noqa: SLF001 (nothing else tells)
    busy = "198.51.100.0/24"
    assert left == [["192.0.2.0/24", busy], [busy], [busy], []]


def test_a_beacon_for_many_sites_counts_for_each() -> None:
    """Twenty sites in one beacon are twenty events of its network; a refused beacon counts for none."""
    limits = RateLimits(1, 0)
    sites = [site_in(number=number) for number in range(1, 21)]
    first, second = (limits.admit(network("192.0.2.1"), sites, NOW) for _ in range(2))
    neighbour = limits.admit(network("192.0.2.200"), sites[:1], NOW)
    stranger = limits.admit(network("198.51.100.1"), sites[:1], NOW)
    assert (first, second, neighbour, stranger) == (True, False, False, True)


@pytest.mark.parametrize("limits", [RateLimits(0.1, 0), RateLimits(0, 0.1)])
async def test_over_the_limit_is_429_and_in_the_ledger(
    spool: Spool, knowledge: Knowledge, limits: RateLimits
) -> None:
    """A refused beacon says when to come again, is counted with its reason, and nothing of it is stored."""
    async with collecting(spool, knowledge, limits=limits) as collector:
        answers = [(await collector.send())[0] for _ in range(3)]
        async with collector.client.post(
            "/api/event", data=b'{"n":"pageview","u":"https://example.com/"}'
        ) as answer:
            told = (answer.status, "Retry-After" in answer.headers, list((await answer.json())["errors"]))
        await collector.client.post("/api/event", data=b"{", headers={"User-Agent": "x"})
    ledger = collector.ledger()  # once all is committed: a refused client is not kept waiting for that
    assert answers == [202, 429, 429]
    assert told == (429, True, ["request"])
    assert ledger[SITE.number, "received"] == 4
    assert ledger[SITE.number, "rate limited"] == 3
