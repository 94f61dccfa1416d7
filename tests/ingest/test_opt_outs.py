"""No means no, at the collector: what is an opt-out, what is none, and by every way in."""

from typing import Any

import orjson
import pytest

from ingest.gate import Knowledge
from ingest.rates import RateLimits
from ingest.spool import Spool
from tests.fixtures.collecting import CHROME, Collecting, collecting

OK = (202, "ok")
STORED = {(7, "received"): 1, (7, "stored"): 1}


OPT_OUTS = [
    {"DNT": "1"},
    {"DNT": "1x"},
    {"Sec_GPC": "1"},
    {"Cookie": "other=2; optout=1"},
    {"Cookie": 'prefs={"a":"b"}; optout=1; x'},
    {"Cookie": 'a b=[1, 2];optout="1"'},
]
MESSAGE = {"type": "event", "payload": {"website": "example.com", "url": "/"}}
WAYS_IN: list[tuple[str, str, Any]] = [
    ("POST", "/api/event", {"n": "pageview", "u": "https://example.com/"}),
    ("GET", "/pixel.gif?u=https://example.com/", None),
    ("POST", "/api/send", MESSAGE),
    ("POST", "/api/batch", []),
]


async def ask(collector: Collecting, method: str, path: str, body: bytes, **headers: str) -> tuple[Any, ...]:
    """Send by any way in; give all of the answer that is not the time of day."""
    sent = {"User-Agent": CHROME} | {name.replace("_", "-"): value for name, value in headers.items()}
    async with collector.client.request(method, path, data=body, headers=sent) as answer:
        told = {name: value for name, value in answer.headers.items() if name != "Date"}
        return answer.status, told, await answer.read()


@pytest.mark.parametrize("headers", OPT_OUTS)
async def test_no_means_no(spool: Spool, knowledge: Knowledge, headers: dict[str, str]) -> None:
    """A visitor who said no gets the same answer and leaves nothing, not even a count."""
    async with collecting(spool, knowledge) as collector:
        assert (await collector.send(**headers), collector.batch()) == (OK, None)
        assert (await collector.send(b"not even JSON", **headers), collector.batch()) == (OK, None)


@pytest.mark.parametrize("headers", [{"DNT": "1"}, {"Sec_GPC": "1"}, {"Cookie": "optout=1"}])
@pytest.mark.parametrize(("method", "path", "body"), WAYS_IN)
async def test_no_is_obeyed_by_every_way_in(
    spool: Spool, knowledge: Knowledge, method: str, path: str, body: Any, headers: dict[str, str]
) -> None:
    """Status, headers and body are those of a visitor who is counted; nothing was read, nothing is left."""
    content = b"" if body is None else orjson.dumps(body)
    async with collecting(spool, knowledge) as collector:
        refused = await ask(collector, method, path, content, **headers)
        unread = await ask(collector, method, path, b"{ not read", **headers)
        assert collector.batch() is None
        assert refused == unread == await ask(collector, method, path, content)


async def test_opt_outs_are_counted_only_if_the_operator_asks(spool: Spool, knowledge: Knowledge) -> None:
    """Then the ledger has one bare number for all sites, and still nothing else was read."""
    async with collecting(spool, knowledge, limits=RateLimits(0.1), count_opt_outs=True) as collector:
        for method, path, _body in WAYS_IN:
            await ask(collector, method, path, b"{ not read", DNT="1")
    assert collector.ledger() == {(0, "received"): len(WAYS_IN), (0, "opted out"): len(WAYS_IN)}


@pytest.mark.parametrize(
    "headers", [{"DNT": "0"}, {"Sec_GPC": "0"}, {"Sec_GPC": "11"}, {"Cookie": "optout=0"}, {"Cookie": "xoptout=1"}]
)
async def test_what_is_no_opt_out_is_counted(spool: Spool, knowledge: Knowledge, headers: dict[str, str]) -> None:
    """Only what the specifications call an opt-out is one."""
    async with collecting(spool, knowledge) as collector:
        assert (await collector.send(**headers), collector.ledger()) == (OK, STORED)
