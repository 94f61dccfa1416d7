"""Who visits the demo site: countries with their clocks, browsers with their versions, and bots."""

import random
from datetime import date
from typing import NamedTuple

from geo.network import Cut, Network, cut_address
from ingest.demo.chances import weighted


class Country(NamedTuple):
    """Where somebody is: networks of a telephone company there, and how far its clocks are before UTC.

    ``network`` are the first two numbers of an address, ``wide`` how many second numbers follow each other.
    Every address ends in 0: it is nobody's own.
    """

    network: str
    wide: int
    hours_ahead: int


class Agent(NamedTuple):
    """A browser on a device. ``{v}`` in its text is a version: one a month, or one of ``versions``."""

    text: str
    widths: tuple[int, ...]
    versions: tuple[str, ...] = ()


class Visitor(NamedTuple):
    """Somebody on one day: what a request of theirs would show, the address cut."""

    network: Network
    user_agent: str
    screen_width: int
    hours_ahead: int


_COUNTRIES = weighted(
    (
        (Country("71.160", 32, -5), 110),  # United States
        (Country("73.0", 64, -8), 70),
        (Country("79.192", 32, 1), 130),  # Germany
        (Country("86.128", 64, 0), 85),  # United Kingdom
        (Country("86.192", 64, 1), 55),  # France
        (Country("37.52", 4, 2), 50),  # Ukraine
        (Country("77.160", 16, 1), 38),  # Netherlands
        (Country("83.0", 32, 1), 34),  # Poland
        (Country("99.224", 32, -5), 34),  # Canada
        (Country("117.192", 64, 5), 34),  # India
        (Country("83.32", 32, 1), 28),  # Spain
        (Country("79.0", 64, 1), 28),  # Italy
        (Country("84.112", 4, 1), 26),  # Austria
        (Country("178.192", 8, 1), 26),  # Switzerland
        (Country("1.128", 32, 10), 22),  # Australia
        (Country("126.64", 64, 9), 22),  # Japan
        (Country("177.96", 16, -3), 22),  # Brazil
        (Country("81.224", 16, 1), 18),  # Sweden
        (Country("81.240", 8, 1), 16),  # Belgium
        (Country("88.100", 4, 1), 14),  # Czechia
        (Country("83.88", 8, 1), 12),  # Denmark
        (Country("84.208", 8, 1), 12),  # Norway
        (Country("86.40", 8, 0), 10),  # Ireland
        (Country("91.152", 8, 2), 10),  # Finland
        (Country("85.240", 8, 0), 9),  # Portugal
        (Country("86.120", 4, 2), 9),  # Romania
        (Country("189.128", 64, -6), 9),  # Mexico
        (Country("121.128", 64, 9), 8),  # Korea
        (Country("78.160", 16, 3), 8),  # Türkiye
        (Country("122.56", 8, 12), 6),  # New Zealand
        (Country("41.0", 32, 2), 6),  # South Africa
        (Country("94.64", 8, 2), 5),  # Greece
        (Country("89.132", 4, 1), 5),  # Hungary
        (Country("79.176", 8, 2), 4),  # Israel
        (Country("186.128", 16, -3), 4),  # Argentina
    )
)

_WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
_MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
_LINUX = "Mozilla/5.0 (X11; Linux x86_64)"
_PHONE = "Mozilla/5.0 (Linux; Android 10; K)"
_BLINK = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{v}.0.0.0"
_WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
_IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS {system} like Mac OS X)"

_DESKTOPS = (1920, 1920, 1920, 2560, 1536, 1440, 1366, 1280)
_LAPTOPS = (1440, 1512, 1728, 1280, 1470)
_PHONES = (360, 390, 393, 412, 430)
_TABLETS = (768, 820, 834)
_SAFARIS = ("26.0", "18.6", "18.5", "18.3", "17.6")

_AGENTS = weighted(
    (
        (Agent(f"{_WINDOWS} {_BLINK} Safari/537.36", _DESKTOPS), 210),
        (Agent(f"{_PHONE} {_BLINK} Mobile Safari/537.36", _PHONES), 170),
        (
            Agent(
                f"{_IPHONE.format(system='18_6')} {_WEBKIT} Version/{{v}} Mobile/15E148 Safari/604.1",
                _PHONES,
                _SAFARIS,
            ),
            130,
        ),
        (
            Agent(f"{_IPHONE.format(system='17_6')} {_WEBKIT} Version/17.6 Mobile/15E148 Safari/604.1", _PHONES),
            45,
        ),
        (Agent(f"{_MAC} {_BLINK} Safari/537.36", _LAPTOPS), 90),
        (Agent(f"{_MAC} {_WEBKIT} Version/{{v}} Safari/605.1.15", _LAPTOPS, _SAFARIS), 75),
        (Agent(f"{_WINDOWS} {_BLINK} Safari/537.36 Edg/{{v}}.0.0.0", _DESKTOPS), 70),
        (Agent("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:{v}.0) Gecko/20100101 Firefox/{v}.0", _DESKTOPS), 48),
        (Agent("Mozilla/5.0 (X11; Linux x86_64; rv:{v}.0) Gecko/20100101 Firefox/{v}.0", _DESKTOPS), 26),
        (
            Agent(
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:{v}.0) Gecko/20100101 Firefox/{v}.0", _LAPTOPS
            ),
            18,
        ),
        (Agent("Mozilla/5.0 (Android 15; Mobile; rv:{v}.0) Gecko/{v}.0 Firefox/{v}.0", _PHONES), 14),
        (Agent("Mozilla/5.0 (Android 14; Mobile; rv:{v}.0) Gecko/{v}.0 Firefox/{v}.0", _PHONES), 10),
        (Agent(f"{_LINUX} {_BLINK} Safari/537.36", _DESKTOPS), 24),
        (
            Agent(
                f"{_PHONE} AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/{{v}}.0 Chrome/130.0.0.0 Mobile Safari/537.36",
                _PHONES,
                ("29", "28", "27"),
            ),
            34,
        ),
        (Agent(f"{_WINDOWS} {_BLINK} Safari/537.36 OPR/120.0.0.0", _DESKTOPS), 18),
        (
            Agent(
                f"Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) {_WEBKIT} Version/{{v}} Mobile/15E148 Safari/604.1",
                _TABLETS,
                _SAFARIS,
            ),
            22,
        ),
        (Agent(f"Mozilla/5.0 (Linux; Android 13; SM-X200) {_BLINK} Safari/537.36", _TABLETS), 14),
        (Agent(f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {_BLINK} Safari/537.36", _LAPTOPS), 12),
        (
            Agent(
                f"{_IPHONE.format(system='18_5')} {_WEBKIT} Mobile/15E148 Instagram 381.0.0.0 (iPhone14,5; iOS 18_5)",
                _PHONES,
            ),
            14,
        ),
        (Agent(f"{_WINDOWS} {_BLINK} Safari/537.36 Vivaldi/7.5", _DESKTOPS), 8),
    )
)

_BOTS = weighted(
    (
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", 5),
        ("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", 3),
        (
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
            4,
        ),
        ("Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)", 2),
        (f"{_LINUX} AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36", 2),
        ("curl/8.11.0", 1),
    )
)
_BOT_NETWORK = "66.249"  # a search engine's

# Chrome and Firefox both brought version 120 out in the last days of 2023, and one every four weeks since.
_VERSION_120 = date(2023, 12, 1)
_DAYS_OF_A_VERSION = 28
_BEHIND = weighted(((0, 58), (1, 24), (2, 8), (4, 6), (9, 4)))
"""How many versions behind the newest somebody is."""


def visitor_of(chance: random.Random, day: date) -> Visitor:
    """Make up a visitor of a day."""
    country, agent = _COUNTRIES.pick(chance), _AGENTS.pick(chance)
    version = chance.choice(agent.versions) if agent.versions else str(_newest(day) - _BEHIND.pick(chance))
    return Visitor(
        _network(chance, country.network, country.wide),
        agent.text.replace("{v}", version),
        chance.choice(agent.widths),
        country.hours_ahead,
    )


def bot_of(chance: random.Random) -> Visitor:
    """Make up a program that fetches pages, and says that it is one."""
    return Visitor(_network(chance, _BOT_NETWORK, 1), _BOTS.pick(chance), 0, 0)


def _network(chance: random.Random, network: str, wide: int) -> Network:
    first, second = network.split(".")
    number = int(second) + int(chance.random() * wide)
    cut = cut_address(f"{first}.{number}.{int(chance.random() * 256)}.0", Cut())
    assert cut is not None  # noqa: S101 (for mypy: it is an address)
    return cut


def _newest(day: date) -> int:
    return 120 + (day - _VERSION_120).days // _DAYS_OF_A_VERSION
