"""Umami's contract: its messages are counted as events are, and its answers tell nobody from anybody else."""

import json
from contextlib import suppress
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BeaconError
from ingest.beacon import ENGAGEMENT, PAGEVIEW, Beacon, PageUrl
from ingest.gate import Knowledge
from ingest.openapi import openapi_document
from ingest.rates import RateLimits
from ingest.spool import Spool
from ingest.umami import BOT, CACHE, TAKEN
from ingest.umami_messages import TYPES, beacons_of, parse_batch, parse_message
from tests.fixtures.collecting import CHROME, Collecting, collecting

WEBSITE = "b59e9c65-ae32-47f1-8400-119fcf4861c4"
VIEW = {
    "website": WEBSITE,
    "hostname": "example.com",
    "language": "en-US",
    "screen": "1920x1080",
    "title": "Pricing",
    "url": "/pricing?utm_source=news#plans",
    "referrer": "https://www.google.com/search?q=private",
}
SCHEMA = openapi_document()["paths"]["/api/batch"]["post"]["requestBody"]["content"]["application/json"]["schema"]
STORED = {(7, "received"): 1, (7, "stored"): 1}


def message(kind: str = "event", **payload: Any) -> dict[str, Any]:
    """Give a message; what is None is left out."""
    stated = VIEW | payload
    return {"type": kind, "payload": {name: value for name, value in stated.items() if value is not None}}


async def post(collector: Collecting, path: str, body: Any, **headers: str) -> tuple[int, Any]:
    """Send as Umami's tracker does; give the status and the answer."""
    sent = {"User-Agent": CHROME, "Content-Type": "application/json", "x-umami-cache": CACHE}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    data = body if isinstance(body, bytes) else orjson.dumps(body)
    async with collector.client.post(path, data=data, headers=sent) as answer:
        return answer.status, await answer.json()


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (
            message(),
            Beacon(
                PAGEVIEW,
                PageUrl("example.com", "/pricing", "utm_source=news", "plans"),
                ("example.com",),
                "https://www.google.com/search?q=private",
                screen_width=1920,
            ),
        ),
        (
            message(url="https://www.example.com/a", hostname="www.example.com", referrer="/b", screen=None),
            Beacon(PAGEVIEW, PageUrl("www.example.com", "/a"), ("example.com",)),
        ),
        (
            message(website="shop.example", hostname=None, url=None, referrer=None, screen="big", name="Sign up"),
            Beacon("Sign up", PageUrl("shop.example", "/"), ("shop.example",)),
        ),
        (
            message(website="shop.example", url="#top", referrer="", screen=None),
            Beacon(PAGEVIEW, PageUrl("example.com", "/", "", "top"), ("shop.example",)),
        ),
        (
            message(hostname=None, url="https://example.com/a", referrer=None, screen=None),
            Beacon(PAGEVIEW, PageUrl("example.com", "/a"), ("example.com",)),
        ),
        (
            message(
                url="a", name="x" * 200, data={"plan": "pro", "seats": 3, "list": [1]}, referrer=None, screen=""
            ),
            Beacon(
                "x" * 120,
                PageUrl("example.com", "/a"),
                ("example.com",),
                props={"plan": "pro", "seats": "3"},
            ),
        ),
        (
            message("engagement", engagement=12_000, referrer=None, screen=None),
            Beacon(
                ENGAGEMENT,
                PageUrl("example.com", "/pricing", "utm_source=news", "plans"),
                ("example.com",),
                engaged=12_000,
            ),
        ),
    ],
)
def test_a_message_says_what_an_event_says(stated: dict[str, Any], expected: Beacon) -> None:
    """Page, site, referrer, name, values and screen are read wherever Umami's clients put them."""
    (found,) = beacons_of(stated)
    assert tuple(found) == tuple(expected)


@pytest.mark.parametrize(
    ("stated", "error"),
    [
        ([], "request: must be a JSON object"),
        ({"type": "event"}, "payload: must be a JSON object"),
        (message("error"), "type: must be one of event, engagement, identify, performance"),
        (message([]), "type: must be one of event, engagement, identify, performance"),  # type: ignore[arg-type]
        (message(website=None), "website: is required; links and pixels of Umami's own are not counted here"),
        (
            message(hostname=None),
            "hostname: is required; without it write the site's domain as the website",
        ),
        (message(url=5), "url: must be text"),
        (message(hostname="a.example,b.example"), "hostname: must be one name"),
        (message(website="a.example,b.example"), "website: must be one name"),
        (message(hostname="a b\x00"), "url: must be an absolute address such as https://example.com/page"),
        (message(data=[1]), "props: must be an object or the JSON text of one"),
        (message("engagement"), "engagement: needs sd or e"),
    ],
)
def test_a_bad_message_is_refused_with_what_is_wrong(stated: Any, error: str) -> None:
    """Whoever sends something wrong learns what."""
    with pytest.raises(BeaconError, match=r".") as raised:
        beacons_of(stated)
    assert str(raised.value) == error


def test_a_batch_is_not_endless() -> None:
    """As many messages as are counted in one turn, and no more."""
    most = SCHEMA["maxItems"]
    assert len(parse_batch(orjson.dumps([1] * most))) == most
    with pytest.raises(BeaconError, match=f"at most {most} messages"):
        parse_batch(orjson.dumps([1] * (most + 1)))


def test_what_anybody_could_forge_is_not_read() -> None:
    """Address, browser, time and identity in a payload change nothing: they are those of the request or none."""
    forged = {
        "ip": "203.0.113.77",
        "userAgent": "Somebody else's",
        "timestamp": 1_577_836_800,
        "id": "ada@example.org",
        "browser": "Netscape",
        "os": "BeOS",
        "device": "Toaster",
    }
    assert beacons_of(message(**forged)) == beacons_of(message())


@pytest.mark.parametrize("kind", ["identify", "performance"])
def test_who_somebody_is_and_how_fast_a_page_was_leaves_nothing(kind: str) -> None:
    """These messages are taken and make no hit."""
    assert beacons_of(message(kind, id="ada@example.org", data={"plan": "pro"}, lcp=1200)) == ()


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
ANY_TEXT = st.text(st.characters(exclude_categories=())) | st.sampled_from(["/", "https://", "example.com", "1x1"])
PAYLOADS = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        ("website", "hostname", "url", "referrer", "screen", "name", "data", "engagement"), ANY_TEXT | ANY_JSON
    ),
)


@given(
    st.fixed_dictionaries({"type": st.sampled_from(TYPES) | ANY_JSON, "payload": PAYLOADS | ANY_JSON}) | ANY_JSON
)
def test_any_message_is_understood_or_refused(stated: Any) -> None:
    """Whatever a field holds, the answer is a beacon, nothing, or a reason; nobody's mistake is an exception."""
    body = json.dumps(stated).encode()
    for read in (lambda: beacons_of(parse_message(body)), lambda: parse_batch(body)):
        with suppress(BeaconError):
            read()


async def test_a_message_is_stored_like_an_event(spool: Spool, knowledge: Knowledge) -> None:
    """The same view, told by either contract, makes the same row."""
    event = {
        "n": PAGEVIEW,
        "u": "https://example.com/pricing?utm_source=news#plans",
        "r": VIEW["referrer"],
        "w": 1920,
    }
    async with collecting(spool, knowledge) as collector:
        answer = await post(
            collector, "/api/send", message(ip="203.0.113.77", timestamp=1, id="ada", userAgent="x")
        )
        await collector.send(event)
        ours, theirs = collector.events()
    assert answer == (200, TAKEN)
    assert ours == theirs


async def test_a_bot_is_told_so_and_counted_as_one(spool: Spool, knowledge: Knowledge) -> None:
    """A program that says what it is gets Umami's answer for programs, and is in the ledger as a bot."""
    async with collecting(spool, knowledge) as collector:
        answer = await post(collector, "/api/send", message(), User_Agent="curl/8.5.0")
        assert (answer, collector.ledger()) == ((200, BOT), {(7, "received"): 1, (7, "bot"): 1})


async def test_a_wrong_message_is_answered_in_umamis_form(spool: Spool, knowledge: Knowledge) -> None:
    """The error says what is wrong, and the ledger counts it."""
    async with collecting(spool, knowledge) as collector:
        status, answer = await post(collector, "/api/send", b"{")
        counted = collector.ledger()
    error = {"message": "request: is not valid JSON", "code": "bad-request", "status": 400}
    assert (status, answer) == (400, {"error": error})
    assert counted == {(0, "received"): 1, (0, "not understood"): 1}


async def test_one_wrong_message_of_a_batch_stops_no_other(spool: Spool, knowledge: Knowledge) -> None:
    """Each message counts by itself; the answer says which did not, and why."""
    batch = [message(), message("nonsense"), message("identify"), message(name="Sign up")]
    async with collecting(spool, knowledge) as collector:
        status, answer = await post(collector, "/api/batch", batch)
        counted = collector.ledger()
    error = {
        "message": "type: must be one of event, engagement, identify, performance",
        "code": "bad-request",
        "status": 400,
    }
    assert status == 200
    assert answer == {
        "size": 4,
        "processed": 3,
        "errors": 1,
        "details": [{"index": 1, "response": {"error": error}}],
        "cache": CACHE,
    }
    assert counted == {
        (0, "received"): 1,
        (0, "not understood"): 1,
        (7, "received"): 2,
        (7, "stored"): 2,
    }


@pytest.mark.parametrize("path", ["/api/send", "/api/batch"])
async def test_rate_limits_hold_for_umami_too(spool: Spool, knowledge: Knowledge, path: str) -> None:
    """What comes too fast is refused in Umami's form, also what would leave nothing."""
    body = message("identify") if path == "/api/send" else [message("identify")]
    async with collecting(spool, knowledge, limits=RateLimits(0.1)) as collector:
        first, second = await post(collector, path, body), await post(collector, path, body)
    assert first[0] == 200
    assert (second[0], second[1]["error"]["code"]) == (429, "too-many-requests")


async def test_any_page_may_send_with_the_trackers_own_headers(spool: Spool, knowledge: Knowledge) -> None:
    """A browser is told that Umami's tracker may add its headers, and never that cookies are wanted."""
    async with collecting(spool, knowledge) as collector, collector.client.options("/api/send") as answer:
        told = dict(answer.headers)
    assert answer.status == 204
    assert told["Access-Control-Allow-Origin"] == "*"
    assert {name.strip().lower() for name in told["Access-Control-Allow-Headers"].split(",")} == {
        "content-type",
        "x-umami-cache",
        "x-umami-website-id",
        "x-umami-hostname",
    }
    assert "Access-Control-Allow-Credentials" not in told
