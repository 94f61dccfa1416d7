"""What is promised to programs, held to its specifications; and that beacons say the same to everybody."""

from datetime import date

import pytest

from ingest.gate import Knowledge
from ingest.openapi import openapi_document
from ingest.routes import ROUTES
from ingest.spool import Spool
from tests.fixtures.collecting import CHROME, collecting
from tests.ingest.test_openapi import conforms

BOT = {"User-Agent": "curl/8.5.0"}


@pytest.mark.parametrize(
    ("path", "media_type", "schema", "content"),
    [
        (
            "/.well-known/dnt/",
            "application/tracking-status+json",
            "TrackingStatus",
            {"tracking": "N", "config": "/privacy/opt-out"},
        ),
        ("/.well-known/gpc.json", "application/json", "GpcSupport", {"gpc": True, "lastUpdate": "2026-11-26"}),
    ],
)
async def test_the_promises_are_as_their_specifications_say(
    spool: Spool, knowledge: Knowledge, path: str, media_type: str, schema: str, content: dict[str, object]
) -> None:
    """Media type and content are right, anybody may keep a copy, and no cookie is set."""
    async with collecting(spool, knowledge) as collector, collector.client.get(path) as answer:
        found = await answer.json(content_type=None)
    assert (answer.status, answer.headers["Content-Type"], found) == (200, media_type, content)
    assert conforms(schema, found)
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "public, max-age=86400"


async def test_what_the_tracking_status_refers_to_is_there(spool: Spool, knowledge: Knowledge) -> None:
    """Where it says that a choice can be made, one can; and GPC has been obeyed since a day that has been."""
    async with collecting(spool, knowledge) as collector:
        async with collector.client.get("/.well-known/dnt/") as answer:
            status = await answer.json(content_type=None)
        async with collector.client.get(status["config"]) as page:
            assert (page.status, page.content_type) == (200, "text/html")
        async with collector.client.get("/.well-known/gpc.json") as answer:
            assert date.fromisoformat((await answer.json())["lastUpdate"])


@pytest.mark.parametrize(
    "headers", [{}, BOT, {"DNT": "1"}, {"Sec-GPC": "1"}, {"Cookie": "optout=1"}, {"Sec-Purpose": "prefetch"}]
)
async def test_a_beacon_is_told_the_same_whatever_became_of_it(
    spool: Spool, knowledge: Knowledge, headers: dict[str, str]
) -> None:
    """`Tk: N` and no more: a page that could read whether it was counted could read who has opted out."""
    async with collecting(spool, knowledge) as collector:
        for method, path in (("POST", "/api/event"), ("GET", "/pixel.gif"), ("POST", "/api/send")):
            body = {
                "n": "pageview",
                "u": "https://example.com/",
                "type": "event",
                "payload": {"website": "example.com"},
            }
            request = collector.client.request(
                method,
                path,
                json=body if method == "POST" else None,
                params={"u": "https://example.com/"},
                headers={"User-Agent": CHROME} | headers,
            )
            async with request as answer:
                assert (answer.status < 300, answer.headers.getall("Tk")) == (True, ["N"])


async def test_no_answer_but_a_no_sets_a_cookie(spool: Spool, knowledge: Knowledge) -> None:
    """Whatever is asked for, nothing is stored in the browser; the opt-out alone stores that it is one."""
    setting = set()
    async with collecting(spool, knowledge) as collector:
        for path, methods in ROUTES.items():
            for method in methods:
                async with collector.client.request(method, path, allow_redirects=False) as answer:
                    setting |= {(method, path)} if "Set-Cookie" in answer.headers else set()
    assert setting == {("POST", "/privacy/opt-out")}
    assert openapi_document()["paths"]["/privacy/opt-out"]["post"]["responses"]["303"]["headers"]["Set-Cookie"]
