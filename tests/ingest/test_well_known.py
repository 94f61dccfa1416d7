"""What is promised to programs, held to its specifications; and that beacons say the same to everybody."""

from datetime import date
from hashlib import sha1
from pathlib import Path
from typing import Any

import pytest

from core.errors import SettingError
from core.settings import Settings
from ingest import well_known
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
            {"tracking": "N", "policy": "/privacy", "config": "/privacy/opt-out"},
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
    """Where it says that a notice is and a choice can be made, there they are; and GPC has been obeyed since a day that has been."""
    async with collecting(spool, knowledge) as collector:
        async with collector.client.get("/.well-known/dnt/") as answer:
            status = await answer.json(content_type=None)
        for path in (status["policy"], status["config"]):
            async with collector.client.get(path) as page:
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


POLICY = b"What somebody promises\n"


async def test_the_policy_is_posted_only_by_who_promises_it(spool: Spool, knowledge: Knowledge) -> None:
    """Without the setting there is none; with it the text is sent as it is."""
    async with collecting(spool, knowledge) as collector, collector.client.get(well_known.POLICY_PATH) as answer:
        assert answer.status == 404
    async with (
        collecting(spool, knowledge, dnt_policy=POLICY) as collector,
        collector.client.get(well_known.POLICY_PATH) as answer,
    ):
        found = (answer.status, answer.headers["Content-Type"], await answer.read())
    assert found == (200, "text/plain; charset=utf-8", POLICY)


@pytest.mark.parametrize(
    ("choices", "text", "message"),
    [
        ({}, POLICY, ""),
        ({}, POLICY + b"almost", "not EFF's dnt-policy-1.0.txt, word for word"),
        ({}, None, "cannot be read: No such file"),
        ({"public_url": ""}, POLICY, "posted by HTTPS"),
        ({"public_url": "http://stats.example"}, POLICY, "posted by HTTPS"),
        ({"count_opt_outs": True}, POLICY, "unset FOOTFALL_COUNT_OPT_OUTS"),
    ],
)
def test_a_policy_that_cannot_be_kept_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, choices: dict[str, Any], text: bytes | None, message: str
) -> None:
    """Only the very text is promised, and only where the settings keep it; else one line says what to change."""
    monkeypatch.setattr(well_known, "POLICY_SHA1", sha1(POLICY, usedforsecurity=False).hexdigest())
    file = tmp_path / "dnt-policy-1.0.txt"
    if text is not None:
        file.write_bytes(text)
    settings = Settings(**{"data": tmp_path, "dnt_policy": file, "public_url": "https://stats.example"} | choices)
    if not message:
        assert well_known.read_dnt_policy(settings) == POLICY
        return
    with pytest.raises(SettingError, match=message) as raised:
        well_known.read_dnt_policy(settings)
    assert str(raised.value).startswith("FOOTFALL_DNT_POLICY: ")


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
