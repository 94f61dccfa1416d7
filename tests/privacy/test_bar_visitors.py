"""The privacy bar, 8 to 24: what visitors are told, can see, and can have erased."""

from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import orjson
import pytest

from core.errors import NoticeError
from core.store import Store
from ingest.erasing import Erasures
from ingest.gate import Knowledge
from ingest.noticeboard import refuse_unexplained
from ingest.spool import Spool
from tests.aggregate.test_destruction import tokens_in
from tests.fixtures.collecting import CHROME, NOON, Collecting, collecting
from tests.fixtures.serving import wait_until
from tests.ingest import test_erasing as erasing
from tests.ingest.pages.test_receipts import export, exporting, ship, switch

OUT = "/privacy/opt-out"
SECRET = "ada@example.org"


async def answer_of(collector: Collecting, method: str, path: str, **headers: str) -> tuple[int, Any, bytes]:
    """Ask without following; give status, headers and body."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    async with collector.client.request(method, path, headers=sent, allow_redirects=False) as answer:
        return answer.status, answer.headers, await answer.read()


async def test_08_tk_dnt_and_gpc_are_as_specified(spool: Spool, knowledge: Knowledge) -> None:
    """Media types and contents of the two resources, no cookie with either, and one `Tk` for every beacon."""
    async with collecting(spool, knowledge) as collector:
        _, dnt, status = await answer_of(collector, "GET", "/.well-known/dnt/")
        _, gpc, support = await answer_of(collector, "GET", "/.well-known/gpc.json")
        beacons = [
            await answer_of(collector, "GET", "/pixel.gif?u=https://example.com/", **more)
            for more in ({"User_Agent": CHROME}, {"DNT": "1"}, {"Sec_GPC": "1"}, {"User_Agent": "curl/8.5.0"})
        ]
    types = dnt["Content-Type"], gpc["Content-Type"]
    assert types == ("application/tracking-status+json", "application/json")
    assert orjson.loads(status) == {"tracking": "N", "policy": "/privacy", "config": OUT}
    assert orjson.loads(support)["gpc"] is True
    assert {headers["Tk"] for _status, headers, _body in beacons} == {"N"}
    assert not any("Set-Cookie" in headers for headers in (dnt, gpc, *(each[1] for each in beacons)))


async def test_09_the_opt_out_cookie_is_the_same_for_everybody(spool: Spool, knowledge: Knowledge) -> None:
    """Two visitors say no: both get `1` for 395 days, and are told that their choice changed."""
    async with collecting(spool, knowledge) as collector:
        answers = [await answer_of(collector, "POST", OUT, User_Agent=agent) for agent in ("One", CHROME)]
    cookies = [SimpleCookie(headers["Set-Cookie"])["optout"] for _status, headers, _body in answers]
    assert [(cookie.value, cookie["max-age"], bool(cookie["httponly"])) for cookie in cookies] == [
        ("1", str(395 * 86_400), True)
    ] * 2
    assert {headers["Tk"] for _status, headers, _body in answers} == {"U"}
    assert answers[0][1]["Set-Cookie"] == answers[1][1]["Set-Cookie"]


def test_21_an_erased_token_is_in_no_byte(store: Store, quick_removal: None, tmp_path: Path) -> None:
    """Stored and spooled rows: after the erasure no file of spool or store holds the token; a neighbour's stay."""
    engine = Path(store.rows("SELECT path FROM system.disks WHERE name = 'default'")[0][0])
    spool = erasing.spool_in(tmp_path)
    spool.append(erasing.entries(["stored"]))
    erasing.shipper(spool, store).ship_all(NOON)
    spool.append(erasing.entries(["spooled"]))
    both = {erasing.ME, erasing.NEIGHBOUR}
    before = [tokens_in(folder, sorted(both)) for folder in (tmp_path, engine)]
    Erasures(tmp_path, store, erasing.GRACE).erase(erasing.MINE, NOON)
    wait_until(lambda: not tokens_in(tmp_path, [erasing.ME]) and not tokens_in(engine, [erasing.ME]), 600)
    erasing.shipper(spool, store).ship_all(NOON)
    spool.close()
    assert before == [both, both]
    assert [visitor for visitor, _page, _count in erasing.views(store)] == [erasing.NEIGHBOUR] * 2


async def test_22_a_stranger_exports_nothing(knowledge: Knowledge, embedded: Store, tmp_path: Path) -> None:
    """Same network, same browser, no receipt: no row. Who has the receipt gets the one that came with it."""
    async with exporting(tmp_path, knowledge, embedded) as collector:
        receipt = (await switch(collector))[1].value
        await collector.send({"u": "https://example.com/mine"}, Cookie=f"receipt={receipt}")
        await collector.send({"u": "https://example.com/theirs"})
        ship(collector, embedded)
        stranger, owner = await export(collector), await export(collector, receipt)
    assert (stranger, [row["page"] for row in owner]) == ([], ["/mine"])


async def test_23_a_dry_run_is_the_stored_row(spool: Spool, knowledge: Knowledge) -> None:
    """The row that is shown is the one that is stored, and neither holds an e-mail address of the page's path."""
    body = orjson.dumps({"n": "pageview", "u": f"https://example.com/{SECRET}?utm_source={SECRET}"})
    headers = {"User-Agent": CHROME, "Content-Type": "application/json"}
    async with collecting(spool, knowledge) as collector:
        async with collector.client.post("/privacy/dry-run", data=body, headers=headers) as answer:
            shown = orjson.loads(await answer.read())["outcomes"]
        nothing = collector.batch()
        await collector.send(body, User_Agent=CHROME)
        stored = collector.events()
    assert (nothing, [each["row"] for each in shown]) == (None, stored)
    assert SECRET not in orjson.dumps(stored).decode()


def test_24_a_column_without_a_notice_stops_the_collector(store: Store) -> None:
    """One column too many, and nothing may be collected: the line names it."""
    refuse_unexplained(store)
    store.run("ALTER TABLE events ADD COLUMN address String")
    try:
        with pytest.raises(NoticeError, match=r"does not explain events\.address"):
            refuse_unexplained(store)
    finally:
        store.run("ALTER TABLE events DROP COLUMN address")
