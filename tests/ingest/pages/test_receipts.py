"""Receipts: who shows one gets their own rows, and nobody else gets any."""

import csv
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from html import unescape
from http.cookies import SimpleCookie
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import orjson
import pytest

from core.store import Store, encode_rows
from ingest.erasing import Erasures
from ingest.event import COLUMNS
from ingest.exporting import Exports
from ingest.gate import Knowledge
from ingest.meter import Meter
from ingest.pages.catalogues import catalogues
from ingest.receipts import NO_MARK, read_receipt, receipt_mark
from ingest.shipper import Freight, Shipper
from ingest.spool import Entry, Spool
from ingest.tokens import visitor_token
from tests.fixtures.collecting import CHROME, NOON, SITE, Collecting, collecting
from tests.fixtures.living_files import living_files
from tests.fixtures.raw import event

HERE = {"Host": "stats.example", "Origin": "https://stats.example", "X-Forwarded-Proto": "https"}
FORGED = "0123456789abcdef0123456789abcdef"
GRACE = timedelta(minutes=5)


@asynccontextmanager
async def exporting(tmp_path: Path, knowledge: Knowledge, store: Store) -> AsyncIterator[Collecting]:
    """Run a collector that can export."""
    spool = Spool(tmp_path / "spools" / "0.sqlite")
    loopback = (ip_network("127.0.0.0/8"),)
    parts = {"exports": Exports(tmp_path, store), "erasures": Erasures(tmp_path, store, GRACE)}
    async with collecting(spool, knowledge, loopback, **parts) as collector:
        yield collector
    spool.close()


async def switch(collector: Collecting, choice: str = "on", **headers: str) -> tuple[int, Any]:
    """Press the page's button; give the status and the cookie."""
    sent = HERE | {name.replace("_", "-"): value for name, value in headers.items()}
    form = {"choice": choice, "site": "example.com"}
    async with collector.client.post(
        "/privacy/receipts", data=form, headers=sent, allow_redirects=False
    ) as answer:
        return answer.status, SimpleCookie(answer.headers.get("Set-Cookie", "")).get("receipt")


async def export(collector: Collecting, receipt: str = "", **more: Any) -> list[dict[str, Any]]:
    """Ask for one's rows as a program does."""
    headers = {"User-Agent": CHROME, **({"Cookie": f"receipt={receipt}"} if receipt else {}), **more}
    async with collector.client.post("/privacy/export?site=example.com", headers=headers) as answer:
        assert answer.status == 200
        rows: list[dict[str, Any]] = orjson.loads(await answer.read())["rows"]
        return rows


def ship(collector: Collecting, store: Store) -> None:
    """Ship what is spooled."""
    Shipper(collector.spool, store, Freight(1_000, GRACE), collector.clock, Meter()).ship_all(collector.clock())


async def test_a_receipt_gives_exactly_its_rows_and_a_stranger_none(
    knowledge: Knowledge, store: Store, tmp_path: Path
) -> None:
    """Shipped and spooled rows; the same network and browser with no receipt, another or a forged one: nothing."""
    async with exporting(tmp_path, knowledge, store) as collector:
        cookies = [(await switch(collector))[1].value for _ in range(2)]
        for page, cookie in (("shipped", cookies[0]), ("neighbour", ""), ("other", cookies[1])):
            await collector.send({"u": f"https://example.com/{page}"}, Cookie=f"a=b; receipt={cookie}")
        expected = collector.events()
        ship(collector, store)
        collector.clock.move(seconds=1)
        await collector.send({"u": "https://example.com/spooled"}, Cookie=f"receipt={cookies[0]}")
        mine = await export(collector, cookies[0])
        others = [await export(collector, receipt) for receipt in ("", FORGED, "x", cookies[0][:-1] + "g")]
        neighbour = await export(collector, cookies[1])
    assert [row["page"] for row in mine] == ["/shipped", "/spooled"]
    assert {**mine[0], "received": ""} == {**expected[0], "received": ""}
    assert (others, [row["page"] for row in neighbour]) == ([[]] * 4, ["/other"])
    assert [bool(row["receipt"]) for row in expected] == [True, False, True]


async def test_when_the_key_is_gone_a_receipt_proves_nothing(
    knowledge: Knowledge, embedded: Store, tmp_path: Path
) -> None:
    """After the site's midnight there is another key, and no row can be found by the receipt."""
    async with exporting(tmp_path, knowledge, embedded) as collector:
        _status, cookie = await switch(collector)
        await collector.send(Cookie=f"receipt={cookie.value}")
        collector.clock.move(hours=13)
        list(knowledge.keys.destroy_expired(collector.clock()))
        assert await export(collector, cookie.value) == []


async def test_the_rows_can_be_had_as_csv(knowledge: Knowledge, embedded: Store, tmp_path: Path) -> None:
    """By the page's form: one line a row, the columns' names first."""
    async with exporting(tmp_path, knowledge, embedded) as collector:
        _status, cookie = await switch(collector)
        await collector.send({"p": {"plan": "pro"}}, Cookie=f"receipt={cookie.value}")
        headers = HERE | {"Cookie": f"receipt={cookie.value}"}
        form = {"site": "example.com", "format": "csv"}
        async with collector.client.post("/privacy/export", data=form, headers=headers) as answer:
            rows = list(csv.DictReader(io.StringIO(await answer.text())))
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert [(row["page"], row["props"], tuple(row)) for row in rows] == [("/", '{"plan":"pro"}', COLUMNS)]


async def test_the_cookie_is_random_and_of_the_visitors_own_click(
    knowledge: Knowledge, embedded: Store, tmp_path: Path
) -> None:
    """Two days, unreadable for scripts; another site's page can neither set nor delete it."""
    async with exporting(tmp_path, knowledge, embedded) as collector:
        first, second = (await switch(collector))[1], (await switch(collector))[1]
        off = (await switch(collector, "off"))[1]
        foreign = [
            await switch(collector, choice, Origin=origin)
            for choice in ("on", "off")
            for origin in ("https://evil.example", "null", "")
        ]
    assert first.value != second.value
    assert len(read_receipt(first.value)) == 16
    attributes = ("max-age", "samesite", "secure", "httponly", "path")
    assert [first[name] for name in attributes] == ["172800", "None", True, True, "/"]
    assert (off.value, off["max-age"]) == ("", "0")
    assert foreign == [(403, None)] * 6


async def test_a_visitor_is_answered_in_their_language(
    knowledge: Knowledge, embedded: Store, tmp_path: Path
) -> None:
    """The chosen language is kept by the button, and what is refused is a page with words and no bare JSON."""
    texts = catalogues()["uk"]["me"]
    form = {"site": "example.com", "choice": "on"}
    async with exporting(tmp_path, knowledge, embedded) as collector:
        async with collector.client.post(
            "/privacy/receipts?lang=uk", data=form, headers=HERE, allow_redirects=False
        ) as answer:
            place = answer.headers["Location"]
        refusals = []
        for path, origin, site in (
            ("receipts", "https://evil.example", "example.com"),
            ("export", "https://evil.example", "example.com"),
            ("export", HERE["Origin"], "other.example"),
        ):
            headers = HERE | {"Origin": origin}
            async with collector.client.post(
                f"/privacy/{path}?lang=uk", data={"site": site}, headers=headers
            ) as answer:
                page = unescape(await answer.text())
                refusals.append((answer.status, texts["refused"] in page, texts["no_site"] in page))
    assert place == "/privacy/me?site=example.com&lang=uk#receipts"
    assert refusals == [(403, True, False)] * 2 + [(404, False, True)]


async def test_no_file_holds_a_receipt(knowledge: Knowledge, store: Store, tmp_path: Path) -> None:
    """Neither its digits nor its bytes, in the spool or the store."""
    engine = Path(store.rows("SELECT path FROM system.disks WHERE name = 'default'")[0][0])
    async with exporting(tmp_path, knowledge, store) as collector:
        value = (await switch(collector))[1].value
        await collector.send(Cookie=f"receipt={value}")
        in_the_spool = _found(value, tmp_path)
        ship(collector, store)
        assert len(await export(collector, value)) == 1
    assert (in_the_spool, _found(value, tmp_path), _found(value, engine)) == ([], [], [])


def _found(value: str, folder: Path) -> list[str]:
    needles = value.encode(), bytes.fromhex(value)
    return [file.name for file, content in living_files(folder) if any(needle in content for needle in needles)]


def test_a_mark_is_of_its_key_and_never_a_token() -> None:
    """Another day's key gives another mark; the bytes of a token's message give none either."""
    receipt, key = bytes.fromhex(FORGED), bytes(32)
    marks = {receipt_mark(key, receipt), receipt_mark(b"k" * 32, receipt), receipt_mark(key, receipt[::-1])}
    assert len(marks) == 3
    assert receipt_mark(key, b"") == NO_MARK
    assert visitor_token(key, (receipt, 48), "") not in marks  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "x" * 32, FORGED[:-1], FORGED + "0", " " + FORGED[1:], "é" * 32, "٣" * 32])
def test_what_is_no_receipt_is_none(text: str) -> None:
    """Whatever a cookie holds, it is a receipt of 128 bits or nothing."""
    assert read_receipt(text) == b""


def test_rows_that_a_spool_took_before_the_upgrade_are_stored(store: Store, tmp_path: Path) -> None:
    """They lack the newest column: the batch is taken, and its rows have no receipt."""
    spool = Spool(tmp_path / "spools" / "0.sqlite")
    old = [orjson.loads(event(SITE, NOON + timedelta(seconds=n), n + 1).row())[:-1] for n in range(2)]
    spool.append([Entry(NOON, (), encode_rows([row])) for row in old])
    spool.append([Entry(NOON, (), event(SITE, NOON, 3, receipt=7).row())])
    Shipper(spool, store, Freight(1_000, GRACE), lambda: NOON, Meter()).ship_all(NOON)
    assert spool.batches_set_aside() == []
    assert store.rows("SELECT visitor, receipt FROM events ORDER BY visitor") == [[1, 0], [2, 0], [3, 7]]
    spool.close()
