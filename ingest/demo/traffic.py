"""A week of made-up traffic, sent through the gate like any other."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from core.sites import Site, SiteRegistry
from geo.network import Cut, cut_address
from ingest.beacon import Arrival, Signals
from ingest.counting import count_hits, hits_of
from ingest.demo.site import DOMAIN
from ingest.gate import Knowledge
from ingest.parse import beacon_of
from ingest.spool import Entry

DAYS = 7
VISITORS_A_DAY = (310, 480, 450, 430, 460, 390, 250)  # the first is a Sunday; offices are closed then
BOTS_A_DAY = 25

# The first addresses of large networks of these countries' telephone companies: nobody's own.
_NETWORKS = (
    ("2.160.0.0", 20),  # Germany
    ("12.0.0.0", 16),  # United States
    ("90.0.0.0", 9),  # France
    ("81.128.0.0", 9),  # United Kingdom
    ("37.52.0.0", 8),  # Ukraine
    ("1.72.0.0", 5),  # Japan
    ("2001:db8::", 2),  # documentation only: no country
)
_AGENTS = (
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{v}.0.0.0 Safari/537.36",
        30,
    ),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
        20,
    ),
    (
        "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{v}.0.0.0 Mobile Safari/537.36",
        20,
    ),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:{v}.0) Gecko/20100101 Firefox/{v}.0", 10),
    (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
        12,
    ),
)
_BOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
_REFERRERS = (
    ("", 40),
    ("https://www.google.com/", 30),
    ("https://news.ycombinator.com/item?id=1", 12),
    ("https://www.reddit.com/r/shops/", 8),
    ("https://duckduckgo.com/", 6),
    ("https://example.org/blog/", 4),
)
_PAGES = (("/", 40), ("/pricing", 25), ("/docs", 20), ("/app", 10), ("/app/reports", 5))


def demo_traffic(site: Site, knowledge: Knowledge, now: datetime, seed: int = 1) -> Iterator[Entry]:
    """Yield the entries of DAYS days up to now, the same for the same seed and time."""
    chance = random.Random(seed)  # noqa: S311 (made-up traffic)
    sites = SiteRegistry([site])
    first = (
        (now - timedelta(days=DAYS - 1)).astimezone(site.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    )
    for day in (first + timedelta(days=days) for days in range(DAYS)):
        people = VISITORS_A_DAY[day.isoweekday() % 7]
        for visitor in range(people + BOTS_A_DAY):
            began = (day + timedelta(seconds=chance.triangular(0, 86_000, 50_000))).astimezone(UTC)
            agent = _pick(chance, _AGENTS) if visitor < people else _BOT
            for beacon, arrival in _visit(chance, began, agent.format(v=chance.randint(120, 142))):
                if arrival.received < now:
                    yield from count_hits(hits_of(beacon_of(beacon), arrival, sites), knowledge)


def _visit(chance: random.Random, began: datetime, agent: str) -> Iterator[tuple[dict[str, object], Arrival]]:
    network = cut_address(_address(chance), Cut())
    referrer = _pick(chance, _REFERRERS)
    at = began
    for step in range(min(8, 1 + int(chance.expovariate(0.7)))):
        page = _pick(chance, _PAGES)
        yield (
            _beacon("pageview", page, referrer if step == 0 else ""),
            Arrival(at, network, agent, Signals(False, False)),
        )
        if page == "/pricing" and chance.random() < 0.3:
            at += timedelta(seconds=5)
            signup = _beacon("Signup", page, "") | {"p": {"plan": chance.choice(("pro", "free"))}}
            yield signup, Arrival(at, network, agent, Signals(False, False))
        at += timedelta(seconds=chance.expovariate(1 / 45))


def _beacon(name: str, page: str, referrer: str) -> dict[str, object]:
    return {"n": name, "u": f"https://{DOMAIN}{quote(page)}", "d": DOMAIN, "r": referrer}


def _address(chance: random.Random) -> str:
    first = _pick(chance, _NETWORKS)
    if ":" in first:
        return first
    a, b, *_rest = first.split(".")
    return f"{a}.{int(b) + chance.randint(0, 3)}.{chance.randint(0, 255)}.0"


def _pick(chance: random.Random, weighted: tuple[tuple[str, int], ...]) -> str:
    return chance.choices([value for value, _weight in weighted], [weight for _value, weight in weighted])[0]
