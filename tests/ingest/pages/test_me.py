"""What a visitor sees and erases: never a row, every row of today, and only if they asked for it."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import pytest

from aggregate.periods import DayRange
from aggregate.reading import read_ledger
from core.deletions import Deletion, DeletionRecord, Destroyed
from core.errors import StoreUnavailableError
from core.store import Store
from ingest.erasing import Erasures
from ingest.event import COLUMNS
from ingest.gate import Knowledge
from ingest.meter import Meter
from ingest.pages.catalogues import catalogues
from ingest.rates import RateLimits
from ingest.shipper import Freight, Shipper
from ingest.spool import Spool
from tests.fixtures.collecting import CHROME, NOON, SITE, Collecting, collecting

PATH = "/privacy/me"
HERE = {"Host": "stats.example", "Origin": "https://stats.example"}
ENGLISH = catalogues()["en"]["me"]
GRACE = timedelta(minutes=5)


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def document(self) -> dict[str, Any]:
        """The answer to a program."""
        found: dict[str, Any] = orjson.loads(self.text)
        return found


@asynccontextmanager
async def erasing(
    tmp_path: Path, knowledge: Knowledge, store: Store, limits: RateLimits | None = None
) -> AsyncIterator[Collecting]:
    """Run a collector that can erase."""
    spool = Spool(tmp_path / "spools" / "0.sqlite")
    erasures = Erasures(tmp_path, store, GRACE)
    async with collecting(spool, knowledge, limits=limits or RateLimits(), erasures=erasures) as collector:
        yield collector
    spool.close()


async def ask(collector: Collecting, method: str, query: str = "", **more: Any) -> Answer:
    """Send a request as a visitor's browser would."""
    headers = {"User-Agent": CHROME} | more.pop("headers", {})
    path = more.pop("path", PATH)
    async with collector.client.request(method, path + query, headers=headers, **more) as answer:
        return Answer(answer.status, answer.headers, unescape(await answer.text()))


def ship(collector: Collecting, store: Store) -> None:
    """Ship what is spooled."""
    Shipper(collector.spool, store, Freight(1_000, GRACE), collector.clock, Meter()).ship_all(collector.clock())


async def test_the_page_says_when_the_key_dies_and_shows_no_row(
    knowledge: Knowledge, embedded: Store, tmp_path: Path
) -> None:
    """Fields, the site's next midnight, and why rows are not shown; a neighbour's page is not in it."""
    async with erasing(tmp_path, knowledge, embedded) as collector:
        await collector.send({"u": "https://example.com/secret-page"})
        ship(collector, embedded)
        page = await ask(collector, "GET", "?site=www.Example.com")
        answer = await ask(collector, "GET", "?site=example.com", path=f"{PATH}.json")
    assert (page.status, answer.status) == (200, 200)
    assert '<time datetime="2026-05-02T00:00:00+00:00">2026-05-02 00:00 (UTC)</time>' in page.text
    assert "secret-page" not in page.text + answer.text
    assert answer.document == {
        "ending": "shown",
        "site": "example.com",
        "day": "2026-05-01",
        "key_destroyed_at": "2026-05-02T00:00:00Z",
        "days_before": ENGLISH["key_gone"],
        "deletion_record": None,
        "fields": list(COLUMNS),
        "rows": ENGLISH["rows"],
    }


@pytest.mark.parametrize(
    ("query", "headers", "status", "asks"),
    [
        ("", {}, 200, True),
        ("?site=other.example", {}, 404, True),
        ("", {"Accept": "application/json"}, 404, False),
    ],
)
async def test_the_list_of_sites_is_told_to_nobody(
    knowledge: Knowledge,
    embedded: Store,
    tmp_path: Path,
    query: str,
    headers: dict[str, str],
    status: int,
    *,
    asks: bool,
) -> None:
    """The visitor names the site; who names none, or one that is not here, learns of no other."""
    async with erasing(tmp_path, knowledge, embedded) as collector:
        answer = await ask(collector, "GET", query, headers=headers)
    assert (answer.status, '<input id="site"' in answer.text) == (status, asks)
    assert "example.com" not in answer.text.replace('placeholder="example.com"', "")


async def test_erasing_takes_todays_rows_and_the_ledger_still_adds_up(
    knowledge: Knowledge, store: Store, tmp_path: Path
) -> None:
    """Shipped and spooled ones; another browser's row stays, and later visits are counted again."""
    async with erasing(tmp_path, knowledge, store) as collector:
        await collector.send()
        ship(collector, store)
        await collector.send({"u": "https://example.com/spooled"})
        await collector.send(User_Agent=CHROME.replace("120", "121"))
        answer = await ask(collector, "DELETE", "?site=example.com")
        await collector.send({"u": "https://example.com/later"})
        ship(collector, store)
    found = store.rows("SELECT page, browser_version FROM events ORDER BY ALL")
    assert found == [["/", "121"], ["/later", "120"]]
    assert (answer.status, answer.document["ending"], answer.document["gone_within_seconds"]) == (
        200,
        "erased",
        600,
    )
    ledger = read_ledger(store, SITE.number, DayRange(NOON.date(), NOON.date()))
    assert ledger == {"received": 2, "stored": 2}


async def test_a_page_of_another_site_cannot_erase(knowledge: Knowledge, embedded: Store, tmp_path: Path) -> None:
    """Neither by a form nor by a script; a form without an Origin is no form of ours."""
    async with erasing(tmp_path, knowledge, embedded) as collector:
        await collector.send()
        form = {"data": {"site": "example.com"}}
        answers = [
            await ask(collector, "POST", **form, headers=HERE | {"Origin": origin})
            for origin in ("https://evil.example", "null", "https://stats.example.evil.example")
        ]
        answers.append(await ask(collector, "POST", **form))
        answers.append(
            await ask(collector, "DELETE", "?site=example.com", headers={"Origin": "https://evil.example"})
        )
        preflight = await ask(collector, "OPTIONS")
        assert len(collector.events()) == 1
    assert [answer.status for answer in answers] == [403] * 5
    assert preflight.status == 405


async def test_the_button_erases_without_scripts(knowledge: Knowledge, embedded: Store, tmp_path: Path) -> None:
    """The form of our own page, and the page says that it is done."""
    async with erasing(tmp_path, knowledge, embedded) as collector:
        await collector.send()
        page = await ask(collector, "GET", "?site=example.com&lang=de")
        action = re.findall(r'<form method="post" action="(/privacy/me[^"]*)">', page.text)
        done = await ask(collector, "POST", path=action[0], data={"site": "example.com"}, headers=HERE)
        assert collector.events() == []
    assert "/privacy/me?lang=uk&site=example.com" in page.text
    assert (action, done.status) == ([f"{PATH}?lang=de"], 200)
    assert f'role="status">{catalogues()["de"]["me"]["erased"]}</p>' in done.text


async def test_after_the_key_is_gone_the_answer_says_why_nothing_can_be_found(
    knowledge: Knowledge, embedded: Store, tmp_path: Path
) -> None:
    """GDPR, Article 11, with the deletion record's line of that day's key."""
    record = DeletionRecord(embedded, tmp_path)
    for day in (date(2026, 4, 29), date(2026, 4, 30)):
        record.append(Deletion(datetime(2026, 5, 1, tzinfo=UTC), Destroyed.KEY, SITE.number, day))
    async with erasing(tmp_path, knowledge, embedded) as collector:
        answers = [
            (await ask(collector, "DELETE", f"?site=example.com&day={day}"))
            for day in ("2026-04-30", "2026-04-29", "2026-04-01")
        ]
    assert [answer.status for answer in answers] == [410] * 3
    assert [answer.document["explanation"] for answer in answers] == [ENGLISH["key_gone"]] * 3
    lines = [answer.document["deletion_record"] for answer in answers]
    assert [line and (line["sequence"], line["what"], line["day"]) for line in lines] == [
        (2, "key", "2026-04-30"),
        (1, "key", "2026-04-29"),
        None,
    ]


@pytest.mark.parametrize("day", ["2026-05-02", "yesterday", "2026-5-1"])
async def test_a_day_that_is_none_erases_nothing(
    knowledge: Knowledge, embedded: Store, tmp_path: Path, day: str
) -> None:
    """Tomorrow has no rows, and what is no day is told."""
    async with erasing(tmp_path, knowledge, embedded) as collector:
        await collector.send()
        answer = await ask(collector, "DELETE", f"?site=example.com&day={day}")
        assert len(collector.events()) == 1
    assert (answer.status, answer.document["ending"]) == (400, "no_day")


async def test_a_network_erases_once_a_minute(knowledge: Knowledge, embedded: Store, tmp_path: Path) -> None:
    """Each makes ClickHouse write a day anew: the next is asked to come again."""
    async with erasing(tmp_path, knowledge, embedded) as collector:
        answers = []
        for seconds in (0, 30, 30):
            collector.clock.move(seconds=seconds)
            answers.append(await ask(collector, "DELETE", "?site=example.com"))
    assert [(answer.status, answer.headers.get("Retry-After")) for answer in answers] == [
        (200, None),
        (429, "60"),
        (200, None),
    ]


async def test_looking_is_limited_like_beacons(knowledge: Knowledge, embedded: Store, tmp_path: Path) -> None:
    """Each look asks the store: a network that asks too often is told to wait."""
    async with erasing(tmp_path, knowledge, embedded, RateLimits(rate_limit=0.1)) as collector:
        statuses = [(await ask(collector, "GET", "?site=example.com")).status for _ in range(2)]
    assert statuses == [200, 429]


async def test_a_refusal_is_told_in_the_visitors_language(
    knowledge: Knowledge, embedded: Store, tmp_path: Path
) -> None:
    """Asked too often, or before the sites are known: the page says so, and when to come again."""
    async with erasing(tmp_path, knowledge, embedded, RateLimits(rate_limit=0.1)) as collector:
        answers = [await ask(collector, "GET", "?site=example.com&lang=uk") for _ in range(2)]
        collector.sites.is_known = False
        answers.append(await ask(collector, "GET", "?site=example.com&lang=uk"))
    texts = catalogues()["uk"]["me"]
    assert [(each.status, each.headers.get("Retry-After")) for each in answers] == [
        (200, None),
        (429, "60"),
        (503, "5"),
    ]
    assert [texts[key] in each.text for key, each in zip(("too_often", "not_now"), answers[1:], strict=True)] == [
        True,
        True,
    ]


async def test_a_store_that_is_away_is_told(
    knowledge: Knowledge, embedded: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not everything is erased, and the visitor is told so."""

    def fail(*_args: object) -> None:
        raise StoreUnavailableError("gone")

    monkeypatch.setattr(Erasures, "erase", fail)
    async with erasing(tmp_path, knowledge, embedded) as collector:
        answer = await ask(collector, "DELETE", "?site=example.com")
    assert (answer.status, answer.document["ending"], answer.headers["Retry-After"]) == (503, "away", "5")


async def test_who_opted_out_can_still_erase(knowledge: Knowledge, embedded: Store, tmp_path: Path) -> None:
    """What came before the no is theirs to take back."""
    async with erasing(tmp_path, knowledge, embedded) as collector:
        await collector.send()
        answer = await ask(collector, "DELETE", "?site=example.com", headers={"Cookie": "optout=1", "DNT": "1"})
        assert (answer.status, collector.events()) == (200, [])


async def test_nothing_of_it_can_be_read_by_other_sites(
    knowledge: Knowledge, embedded: Store, tmp_path: Path
) -> None:
    """No answer has a CORS header, a cookie, or is kept by a cache."""
    async with erasing(tmp_path, knowledge, embedded) as collector:
        answers = [
            await ask(collector, "GET", "?site=example.com"),
            await ask(collector, "GET", "?site=example.com", path=f"{PATH}.json"),
            await ask(collector, "DELETE", "?site=example.com"),
        ]
    for answer in answers:
        assert answer.headers["Cache-Control"] == "no-store"
        assert not {"Access-Control-Allow-Origin", "Set-Cookie"} & set(answer.headers)
