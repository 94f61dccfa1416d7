"""The collector over a real socket: what is sent, what is answered, what is on disk."""

from dataclasses import replace
from ipaddress import ip_network
from typing import Any

import orjson
import pytest

from core.exclusions import Exclusions
from ingest.beacon import PAGEVIEW
from ingest.gate import Knowledge
from ingest.spool import Spool
from tests.fixtures.collecting import CHROME, SITE, collecting

LOOPBACK = (ip_network("127.0.0.0/8"),)
OK = (202, "ok")
STORED = {(7, "received"): 1, (7, "stored"): 1}


async def test_a_pageview_is_stored_with_all_that_is_known(spool: Spool, knowledge: Knowledge) -> None:
    """One beacon makes one row, whole: cleaned, named, placed, and with a token."""
    async with collecting(spool, knowledge, LOOPBACK) as collector:
        answer = await collector.send(
            {
                "u": "https://www.example.com/Pricing/ada@example.org?utm_source=News&utm_medium=email&secret=1#top",
                "r": "https://www.google.com/search?q=private",
                "p": {"plan": "pro", "seats": 3, "trial": True, "list": [1], "blank": " "},
                "w": 1500,
            },
            X_Forwarded_For="2.160.7.7",
        )
        (event,) = collector.events()
    visitor = event.pop("visitor")
    assert visitor > 0
    assert answer == OK
    assert event == {
        "site": 7,
        "day": "2026-05-01",
        "received": "2026-05-01T12:00:00+00:00",
        "name": PAGEVIEW,
        "interactive": True,
        "hostname": "example.com",
        "page": "/Pricing/:redacted",
        "source": "News",
        "referrer": "google.com/search",
        "channel": "Email",
        "utm_source": "News",
        "utm_medium": "email",
        "utm_campaign": "",
        "utm_content": "",
        "utm_term": "",
        "country": "DE",
        "browser": "Chrome",
        "browser_version": "120",
        "os": "Windows",
        "os_version": "10",
        "device": "Desktop",
        "screen": "Desktop",
        "scroll_depth": 0,
        "engaged": 0,
        "props": {"plan": "pro", "seats": "3", "trial": "true"},
        "receipt": 0,
    }


@pytest.mark.parametrize(
    "body",
    [
        {"name": "pageview", "url": "https://example.com/", "domain": "example.com"},
        {"n": "pageview", "u": "https://example.com/", "d": "www.Example.com"},
        {"n": "pageview", "u": "https://www.example.com/"},
        {"n": "pageview", "u": "https://example.com/", "p": '{"a": "b"}', "r": None, "i": False, "h": 1, "v": 9},
        {"n": 404, "u": "app://example.com/x", "d": "example.com"},
        {"n": "engagement", "u": "https://example.com/", "sd": 55, "e": 12_000},
        {"n": "pageview", "u": "https://example.com/", "$": {"amount": 1}, "screen_width": 0},
    ],
)
async def test_both_spellings_of_the_contract_are_taken(
    spool: Spool, knowledge: Knowledge, body: dict[str, Any]
) -> None:
    """Long and short keys, a domain or none, props as an object or as text."""
    async with collecting(spool, knowledge) as collector:
        answer = await collector.send(orjson.dumps(body), Content_Type="application/json")
        assert (answer, collector.ledger()) == (OK, STORED)


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        (b"", {"request": ["is not valid JSON"]}),
        (b"{", {"request": ["is not valid JSON"]}),
        (b"\xff{}", {"request": ["is not valid JSON"]}),
        (b"[]", {"request": ["must be a JSON object"]}),
        ({"n": None}, {"name": ["is required"]}),
        (
            {"n": [], "u": 5, "d": {}},
            {"name": ["must be text"], "url": ["must be text"], "domain": ["must be text"]},
        ),
        ({"n": "x" * 121}, {"name": ["must be at most 120 characters"]}),
        ({"n": "a\x00b"}, {"name": ["must be printable text"]}),
        ({"u": ""}, {"url": ["is required"]}),
        ({"u": "https://example.com/" + "é" * 991}, {"url": ["must be at most 2000 bytes"]}),
        ({"u": "/pricing"}, {"url": ["must be an absolute address such as https://example.com/page"]}),
        ({"u": "data:text/html,x"}, {"url": ["must be an absolute address such as https://example.com/page"]}),
        ({"u": "https://[::1"}, {"url": ["must be an absolute address such as https://example.com/page"]}),
        ({"d": " , "}, {"domain": ["is required"]}),
        ({"d": ",".join(f"{n}.example" for n in range(21))}, {"domain": ["must name at most 20 sites"]}),
        ({"r": 7}, {"referrer": ["must be text"]}),
        ({"p": "no json"}, {"props": ["must be an object or the JSON text of one"]}),
        ({"p": [1]}, {"props": ["must be an object or the JSON text of one"]}),
        ({"p": {str(n): n for n in range(31)}}, {"props": ["must be at most 30"]}),
        (
            {"p": {"k" * 301: "v"}},
            {"props": ["must have keys of at most 300 and values of at most 2000 bytes"]},
        ),
        ({"i": []}, {"interactive": ["must be true or false"]}),
        ({"sd": 101}, {"sd": ["must be a whole number from 0 to 100"]}),
        ({"e": "soon"}, {"e": ["must be a whole number from 0 to 2592000000"]}),
        ({"n": "engagement"}, {"engagement": ["needs sd or e"]}),
    ],
)
async def test_a_bad_beacon_is_answered_with_what_is_wrong(
    spool: Spool, knowledge: Knowledge, body: Any, errors: dict[str, list[str]]
) -> None:
    """Every mistake is named by its field, counted in the ledger, and nothing is stored."""
    async with collecting(spool, knowledge) as collector:
        status, answer = await collector.send(body)
        counted = collector.ledger()
    assert (status, orjson.loads(answer)) == (400, {"errors": errors})
    assert counted == {(0, "received"): 1, (0, "not understood"): 1}


@pytest.mark.parametrize(("spare", "status"), [(0, 202), (1, 413)])
async def test_a_body_may_have_64_kib(spool: Spool, knowledge: Knowledge, spare: int, status: int) -> None:
    """65,536 bytes are taken, one more is answered 413."""
    start = b'{"n":"pageview","u":"https://example.com/","x":"'
    body = start + b"x" * (65_536 - len(start) - 2 + spare) + b'"}'
    async with collecting(spool, knowledge) as collector:
        assert (await collector.send(body))[0] == status


@pytest.mark.parametrize(
    ("body", "headers", "site", "reason"),
    [
        ({}, {"Sec_Purpose": "prefetch;prerender"}, 7, "prefetch"),
        ({}, {"Purpose": "prefetch"}, 7, "prefetch"),
        ({"d": "nobody.example"}, {}, 0, "unknown site"),
        ({}, {"User_Agent": "Googlebot/2.1 (+http://www.google.com/bot.html)"}, 7, "bot"),
        ({}, {"User_Agent": ""}, 7, "bot"),
        ({}, {"User_Agent": CHROME.replace("Chrome", "HeadlessChrome")}, 7, "bot"),
        ({"u": "https://staging.example.com/"}, {}, 7, "excluded hostname"),
        ({"u": "https://a.b.example.dev/"}, {}, 7, "excluded hostname"),
    ],
)
async def test_what_is_dropped_is_answered_alike_and_counted_by_reason(
    spool: Spool, knowledge: Knowledge, body: dict[str, Any], headers: dict[str, str], site: int, reason: str
) -> None:
    """Nobody can tell from the answer; the operator can tell from the ledger."""
    async with collecting(spool, knowledge) as collector:
        assert await collector.send(body, **headers) == OK
        assert collector.ledger() == {(site, "received"): 1, (site, reason): 1}


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("https://example.com/admin/users?id=7", "excluded page"),
        ("https://example.com/ADMIN/users", "stored"),
        ("https://example.com/adm%69n/users", "excluded page"),
        ("https://preview.example.com/", "excluded hostname"),
        ("https://example.com/", "stored"),
    ],
)
async def test_what_a_sites_owner_excluded_is_not_counted(
    spool: Spool, knowledge: Knowledge, address: str, reason: str
) -> None:
    """Its pages are known by their path as it is kept, its hosts by their names."""
    excluding = replace(SITE, exclusions=Exclusions(("/admin/**",), ("preview.example.com",)))
    async with collecting(spool, knowledge) as collector:
        collector.sites.replace([excluding])
        assert await collector.send({"u": address}) == OK
        assert collector.ledger() == {(7, "received"): 1, (7, reason): 1}


async def test_one_beacon_may_count_for_several_sites(spool: Spool, knowledge: Knowledge) -> None:
    """A comma-separated domain makes a hit of each; what is no site is dropped by itself."""
    async with collecting(spool, knowledge) as collector:
        await collector.send({"d": "example.com, nobody.example,www.example.com"})
        assert collector.ledger() == STORED | {(0, "received"): 1, (0, "unknown site"): 1}


async def test_a_forged_address_from_anyone_else_is_ignored(spool: Spool, knowledge: Knowledge) -> None:
    """Without a trusted proxy the header changes neither country nor visitor."""
    async with collecting(spool, knowledge) as collector:
        await collector.send()
        await collector.send(X_Forwarded_For="2.160.7.7", Forwarded="for=2.160.7.7")
        first, second = collector.events()
    assert first == second
    assert first["country"] == ""


async def test_neighbours_with_one_browser_are_one_visitor(spool: Spool, knowledge: Knowledge) -> None:
    """All addresses of a /24 give one token; another network or another browser gives another."""
    async with collecting(spool, knowledge, LOOPBACK) as collector:
        for last in (1, 77, 255):
            await collector.send(X_Forwarded_For=f"198.51.100.{last}")
        await collector.send(X_Forwarded_For="198.51.101.1")
        await collector.send(X_Forwarded_For="198.51.100.1", User_Agent=CHROME.replace("120", "121"))
        tokens = [event["visitor"] for event in collector.events()]
    assert len(set(tokens[:3])) == 1
    assert len(set(tokens)) == 3


async def test_yesterday_is_another_visitor(spool: Spool, knowledge: Knowledge) -> None:
    """The same browser has another token after local midnight, and the rows say another day."""
    async with collecting(spool, knowledge) as collector:
        await collector.send()
        collector.clock.move(hours=11, minutes=59)
        await collector.send()
        collector.clock.move(minutes=1)
        await collector.send()
        seen = [(event["day"], event["visitor"]) for event in collector.events()]
    assert seen[0] == seen[1]
    assert [day for day, _token in seen] == ["2026-05-01", "2026-05-01", "2026-05-02"]
    assert seen[1][1] != seen[2][1]


async def test_any_page_may_send_a_beacon(spool: Spool, knowledge: Knowledge) -> None:
    """A page of another origin may post, JSON after a preflight included."""
    async with collecting(spool, knowledge) as collector:
        async with collector.client.options("/api/event") as preflight:
            allowed = {
                name: value for name, value in preflight.headers.items() if name.startswith("Access-Control")
            }
        async with collector.client.post("/api/event", data=b"{}") as answer:
            origin = answer.headers["Access-Control-Allow-Origin"]
    assert (preflight.status, origin) == (204, "*")
    assert allowed == {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": "POST, OPTIONS",
        "Access-Control-Allow-Headers": "Content-Type",
        "Access-Control-Max-Age": "86400",
    }


async def test_the_pixel_counts_pages_without_scripts(spool: Spool, knowledge: Knowledge) -> None:
    """An image takes the page from its parameters, else from the Referer header."""
    async with collecting(spool, knowledge) as collector:
        for url, referer in (
            ("/pixel.gif?d=example.com", "https://example.com/from-the-header"),
            ("/pixel.gif?d=example.com&u=https%3A%2F%2Fexample.com%2Fstated", "https://example.com/other"),
        ):
            headers = {"User-Agent": CHROME, "Referer": referer}
            async with collector.client.get(url, headers=headers) as answer:
                image = await answer.read()
            assert (answer.status, answer.content_type, image[:6]) == (200, "image/gif", b"GIF89a")
        async with collector.client.get("/pixel.gif?d=example.com", headers={"User-Agent": CHROME}) as lost:
            assert (lost.status, await lost.json()) == (400, {"errors": {"url": ["is required"]}})
        assert [event["page"] for event in collector.events()] == ["/from-the-header", "/stated"]


async def test_asking_for_the_pixels_headers_counts_nobody(spool: Spool, knowledge: Knowledge) -> None:
    """HEAD shows nobody a page."""
    async with collecting(spool, knowledge) as collector:
        url = "/pixel.gif?d=example.com&u=https%3A%2F%2Fexample.com%2F"
        async with collector.client.head(url, headers={"User-Agent": CHROME}) as answer:
            assert (answer.status, collector.batch()) == (405, None)


async def test_the_tracker_is_the_same_for_everybody(spool: Spool, knowledge: Knowledge) -> None:
    """The script sets no cookie and tells no two visitors apart."""
    async with collecting(spool, knowledge) as collector:
        answers = []
        for agent in (CHROME, "another"):
            async with collector.client.get("/js/script.js", headers={"User-Agent": agent}) as answer:
                headers = {name: value for name, value in answer.headers.items() if name != "Date"}
                answers.append((answer.status, headers, await answer.read()))
    assert answers[0] == answers[1]
    assert answers[0][0] == 200
    assert "Set-Cookie" not in answers[0][1]


async def test_a_closed_spool_is_answered_503(spool: Spool, knowledge: Knowledge) -> None:
    """What cannot be put on disk is not acknowledged; the client is told when to come again."""
    async with collecting(spool, knowledge) as collector:
        spool.close()
        async with collector.client.post(
            "/api/event", json={"n": "pageview", "u": "https://example.com/"}, headers={"User-Agent": CHROME}
        ) as answer:
            assert (answer.status, answer.headers["Retry-After"]) == (503, "5")


async def test_signs_of_life(spool: Spool, knowledge: Knowledge) -> None:
    """/health and /ready answer 200 while beacons can be taken."""
    async with collecting(spool, knowledge) as collector:
        for path in ("/health", "/ready"):
            async with collector.client.get(path) as answer:
                assert answer.status == 200
