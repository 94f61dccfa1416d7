"""The files that pages link to: how they are sent, what they weigh, and what the map holds."""

import gzip
import json
import re
from datetime import timedelta

import pytest
from aiohttp import ClientSession

from core.sites import Site
from dashboards.assets import Asset, Assets
from dashboards.people.logins import COOKIE
from tests.dashboards.conftest import NOON, Browser, Desk

FIRST_LOAD = 100_000  # bytes, compressed, of which 80,000 are for the files that pages link to
FILES = 80_000


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0, GZIP;q=0.5", "gzip"),
        ("br;q=0.0", None),
        ("identity", None),
        ("", None),
    ],
)
async def test_a_browser_gets_the_smallest_form_it_takes(
    nobody: Browser, accepted: str, coding: str | None
) -> None:
    """Each file comes as the smallest of ours that the browser says it can unpack, or as it is."""
    address = nobody.client.make_url("/")
    async with ClientSession(address, auto_decompress=False) as session:
        for asset in Assets.read().by_name.values():
            answer = await session.get(asset.url, headers={"Accept-Encoding": accepted})
            assert answer.headers.get("Content-Encoding") == coding
            assert answer.headers["Vary"] == "Accept-Encoding"
            assert answer.headers["Content-Type"] == f"{asset.media_type}; charset=utf-8"
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert await answer.read() == (asset.encoded[coding] if coding else asset.body)


def test_a_first_load_stays_small() -> None:
    """All that a page may load comes to less than its share of 100 kB, also for browsers without brotli."""
    loaded = _loaded()
    assert {asset.name for asset in loaded} == {"dashboard.css", "dashboard.js", "graph.js", "world.json"}
    assert sum(len(asset.encoded["gzip"]) for asset in loaded) < FILES
    for asset in loaded:
        assert gzip.decompress(asset.encoded["gzip"]) == asset.body
        assert len(asset.encoded["br"]) <= len(asset.encoded["gzip"])


async def test_a_first_load_with_a_year_stays_small(mara: Browser, desk: Desk, site: Site) -> None:
    """Also the page of 365 days, each compared with one a year before, stays below 100 kB with all it loads."""
    for days in range(0, 360, 30):
        desk.visits(site, 20, ["/", "/pricing"], day=NOON.date() - timedelta(days=days))
        desk.roll(site, NOON.date() - timedelta(days=days))
    address = mara.client.make_url("/sites/example.com?period=12mo&interval=day&compare=year&locations=map")
    cookies = {COOKIE: mara.cookie(COOKIE)}
    async with ClientSession(auto_decompress=False, cookies=cookies) as session:
        answer = await session.get(address, headers={"Accept": "text/html", "Accept-Encoding": "gzip"})
        page = await answer.read()
    assert answer.status == 200
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(page).count(b"<th scope=") > 300  # the graph's table has its days
    files = sum(len(asset.encoded["gzip"]) for asset in _loaded())
    assert len(page) + files < FIRST_LOAD


def test_the_map_has_the_countries_that_reports_name() -> None:
    """Countries are on the map by the codes that reports use, with what ISO 3166 counts as theirs."""
    world = json.loads(Assets.read().by_name["world.json"].body)
    countries = world["countries"]
    assert len(countries) == 174
    assert all(re.fullmatch("[A-Z]{2}", code) for code in countries)
    assert all(re.fullmatch("(m-?[0-9]+[ -][0-9][ 0-9-]*z)+", path) for path in countries.values())
    assert {"DE", "UA", "US", "CN", "XK", "CY", "SO", "TW", "PS"} <= set(countries)
    assert "AQ" not in countries  # nobody browses from there, and it takes a fifth of the height
    assert len(countries["UA"].split("z")) - 1 == 1  # Crimea is no island beside it


def test_licences_go_with_what_is_theirs() -> None:
    """The packages inside our files are named with their licences, and the script that holds one points there."""
    by_name = Assets.read().by_name
    text = by_name["licenses.txt"].body.decode()
    for words in (
        "Leon Sorokin",
        "Permission is hereby granted",
        "htmx.org",
        "Zero-Clause BSD",
        "Michael Bostock",
    ):
        assert words in text
    assert b"MIT License: /static/licenses.txt" in by_name["graph.js"].body


def test_nothing_of_a_report_can_stay_in_a_browser() -> None:
    """No script asks for the browser's storage: what a page shows is gone when its tab is closed."""
    for asset in Assets.read().by_name.values():
        for storage in (b"sessionStorage.", b"localStorage", b"indexedDB", b"caches.open"):
            assert storage not in asset.body


def _loaded() -> list[Asset]:
    """Give the files that pages load: all but the licences."""
    return [asset for asset in Assets.read().by_name.values() if asset.name != "licenses.txt"]
