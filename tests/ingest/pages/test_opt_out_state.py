"""What the button on a site's own page may learn of this browser, over a real socket."""

from dataclasses import replace
from typing import Any

import pytest

from ingest.gate import Knowledge
from ingest.spool import Spool
from tests.fixtures.collecting import SITE, collecting

PATH = "/privacy/opt-out.json"
HERE = "https://example.com"
OUT = {"Cookie": "a=b; optout=1"}
NO, YES = {"opted_out": True, "signal": False}, {"opted_out": False, "signal": False}


@pytest.mark.parametrize(
    ("headers", "state"),
    [
        ({}, YES),
        (OUT, NO),
        ({"Cookie": "optout=0"}, YES),
        ({"DNT": "1"}, {"opted_out": False, "signal": True}),
        (OUT | {"Sec-GPC": "1"}, {"opted_out": True, "signal": True}),
    ],
)
@pytest.mark.parametrize("origin", [HERE, "http://www.example.com", "https://help.example.com:8443"])
async def test_a_counted_sites_page_learns_what_the_collector_sees(
    spool: Spool, knowledge: Knowledge, headers: dict[str, str], state: dict[str, bool], origin: str
) -> None:
    """The cookie and the browser's signal, for that page alone to read, kept by nobody, and nothing is set."""
    async with collecting(spool, knowledge) as collector:
        request = collector.client.get(PATH, headers={"Origin": origin} | headers)
        async with request as answer:
            found = answer.status, await answer.json()
            told = {
                name: answer.headers.get(name)
                for name in (
                    *("Access-Control-Allow-Origin", "Access-Control-Allow-Credentials"),
                    *("Cache-Control", "Vary", "Set-Cookie"),
                )
            }
        assert collector.batch() is None
    assert found == (200, state)
    assert told == {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Credentials": "true",
        "Cache-Control": "no-store",
        "Vary": "Origin",
        "Set-Cookie": None,
    }


async def ask(spool: Spool, knowledge: Knowledge, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
    """Ask, and give all of the answer but its date."""
    async with collecting(spool, knowledge) as collector, collector.client.get(PATH, headers=headers) as answer:
        kept = {name: value for name, value in answer.headers.items() if name != "Date"}
        return answer.status, kept, await answer.read()


@pytest.mark.parametrize(
    "origin",
    [
        *({}, {"Origin": ""}, {"Origin": "null"}, {"Origin": "https://[::1"}, {"Origin": "https://."}),
        {"Origin": "https://evil.example"},
        {"Origin": "https://example.com.evil.example"},
        {"Origin": "https://evilexample.com"},
        {"Origin": "https://com"},
    ],
)
async def test_any_other_page_learns_nothing(spool: Spool, knowledge: Knowledge, origin: dict[str, str]) -> None:
    """Whatever the browser says, a page that is no counted site's gets one answer, which it may not even read."""
    answers = [await ask(spool, knowledge, origin | headers) for headers in ({}, OUT, {"DNT": "1"})]
    assert answers[0][0] == 403
    assert not any(name.startswith("Access-Control") for name in answers[0][1])
    assert answers[1:] == answers[:1] * 2


async def test_a_site_with_a_port_is_known_by_it(spool: Spool, knowledge: Knowledge) -> None:
    """A site added as localhost:3000 is that one, and none at another port."""
    statuses: dict[str, Any] = {}
    async with collecting(spool, knowledge) as collector:
        collector.sites.replace([replace(SITE, domain="localhost:3000")])
        for origin in ("http://localhost:3000", "http://localhost:3001", "http://localhost"):
            async with collector.client.get(PATH, headers={"Origin": origin}) as answer:
                statuses[origin] = answer.status
    assert statuses == {"http://localhost:3000": 200, "http://localhost:3001": 403, "http://localhost": 403}
