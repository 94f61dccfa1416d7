"""The privacy notice over a real socket: for people, for programs, and what of it caches may keep."""

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import NamedTuple

import pytest

from core.inventory import EVENT_EXAMPLES, INVENTORY
from core.settings import STATEMENTS, Settings
from core.sites import add_site
from core.store import Store
from ingest.gate import Knowledge
from ingest.noticeboard import Noticeboard
from ingest.pages.catalogues import catalogues
from ingest.spool import Spool
from tests.fixtures.collecting import NOON, Collecting, collecting

PATH, JSON_PATH = "/privacy", "/privacy.json"
PAPERS = (PATH, JSON_PATH, "/privacy/changes.json", "/privacy/feed.atom")
STATED = {name: f"{name} <b>& sons</b>" for name in STATEMENTS}


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: Mapping[str, str]
    text: str


async def get(collector: Collecting, path: str = PATH, method: str = "GET", **headers: str) -> Answer:
    """Ask for a document."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    async with collector.client.request(method, path, headers=sent) as answer:
        return Answer(answer.status, answer.headers, await answer.text())


@pytest.fixture
def board(embedded: Store) -> Noticeboard:
    """A notice that has been published, of one site."""
    add_site(embedded, "example.com", "Europe/Kyiv", NOON, threshold=12)
    made = Noticeboard(Settings())
    made.begin(embedded, NOON)
    return made


@pytest.mark.parametrize("language", catalogues())
async def test_the_notice_tells_everything_in_every_language(
    spool: Spool, knowledge: Knowledge, board: Noticeboard, language: str
) -> None:
    """Each field with its meaning, an example and how long it lives; the site's zone and k; what is not stated."""
    catalogue = catalogues()[language]
    texts, fields = catalogue["notice"], catalogue["notice_fields"]
    async with collecting(spool, knowledge, noticeboard=board) as collector:
        page = await get(collector, Accept_Language=language)
    told = unescape(page.text)
    expected = [f"<code>{name}</code></dt>\n    <dd>{fields[name]}.</dd>" for name in EVENT_EXAMPLES]
    expected += [f"{texts['example']}: <code>{example}</code>" for example in EVENT_EXAMPLES.values()]
    expected += [catalogue["notice_tables"][table.name] for table in INVENTORY[1:]]
    expected += [texts["kept_raw"].format(hours=48), texts["kept_for_good"], texts["token"]]
    expected += [texts["right_receipt_text"].format(receipt_hours=48), texts["short_4"]]
    expected += [texts["published_lead"].format(minutes=5), texts["profile_balanced"], texts["source_dbip"]]
    expected += [texts["key_at"].format(timezone="Europe/Kyiv"), "<td>balanced</td><td>12</td>"]
    expected += ['href="/privacy/opt-out"', 'href="/privacy/me"', f'<html lang="{language}">', board.notice.hash]
    assert [text for text in expected if text not in told] == []
    assert told.count(f"<em>{texts['not_stated']}</em>") == len(STATEMENTS)
    assert "{" not in re.sub(r"<code>.*?</code>", "", told)
    assert (page.status, page.headers["Content-Language"]) == (200, language)


async def test_the_running_settings_are_what_the_notice_says(spool: Spool, knowledge: Knowledge) -> None:
    """What the operator states stands there as it is, and other settings change the page's sentences."""
    chosen = Settings(
        raw_retention=864_000,
        close_grace=600,
        keep_ipv4_bits=16,
        keep_ipv6_bits=32,
        country_database=Path("other.mmdb"),
        count_opt_outs=True,
        **STATED,
    )
    texts = catalogues()["en"]["notice"]
    async with collecting(spool, knowledge, noticeboard=Noticeboard(chosen)) as collector:
        page = await get(collector)
        content = json.loads((await get(collector, JSON_PATH)).text)["content"]
    told = unescape(page.text)
    expected = [f'<span class="stated">{text}</span>' for text in STATED.values()]
    expected += [texts["right_receipt_text"].format(receipt_hours=240)]
    expected += [texts["kept_raw"].format(hours=240), texts["published_lead"].format(minutes=10)]
    expected += [texts["address"].format(ipv4=16, ipv6=32), texts["source_other"], texts["short_5_counted"]]
    expected += [texts["no_sites"], texts["since_unpublished"]]
    assert [text for text in expected if text not in told] == []
    assert (texts["not_stated"] in told, "<b>" in page.text) == (False, False)
    assert (content["operator"], content["opted_out"]["are_counted"]) == (STATED, True)
    assert (content["address"], content["retention"]["raw"]["seconds"]) == (
        {"ipv4_bits_kept": 16, "ipv6_bits_kept": 32},
        864_000,
    )


async def test_programs_can_read_and_verify_the_notice(
    spool: Spool, knowledge: Knowledge, board: Noticeboard
) -> None:
    """The hash is that of the content and of the history's newest version; each column is explained."""
    async with collecting(spool, knowledge, noticeboard=board) as collector:
        answer = await get(collector, JSON_PATH)
        history = json.loads((await get(collector, "/privacy/changes.json")).text)
    notice = json.loads(answer.text)
    content = notice["content"]
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert notice["hash"] == sha256(canonical.encode()).hexdigest()
    assert history == {
        "versions": [{"version": 1, "published": NOON.isoformat(), "hash": notice["hash"], "changes": []}]
    }
    assert (notice["since"], answer.headers["Access-Control-Allow-Origin"]) == (NOON.isoformat(), "*")
    english = catalogues()["en"]["notice_fields"]
    assert content["stored"]["events"]["columns"] == {
        name: {"meaning": english[name], "example": example, "kept": "raw"}
        for name, example in EVENT_EXAMPLES.items()
    }
    assert {each["kept"] for each in content["stored"].values()} == content["retention"].keys()
    assert content["sites"]["example.com"] == {
        "timezone": "Europe/Kyiv",
        "key_destroyed": "each day at 00:00 Europe/Kyiv",
        "profile": "balanced",
        "threshold": 12,
    }


@pytest.mark.parametrize("path", PAPERS)
async def test_who_has_it_is_not_sent_it_again(
    spool: Spool, knowledge: Knowledge, board: Noticeboard, path: str
) -> None:
    """Caches ask by the entity tag and are answered 304 without a body; HEAD is GET without its body."""
    async with collecting(spool, knowledge, noticeboard=board) as collector:
        first = await get(collector, path)
        tag = first.headers["ETag"]
        again = await get(collector, path, If_None_Match=f'"other", {tag}')
        other = await get(collector, path, If_None_Match='W/"other"')
        head = await get(collector, path, "HEAD")
    assert (again.status, again.text, again.headers["ETag"]) == (304, "", tag)
    assert (other.status, other.text) == (200, first.text)
    assert (head.status, head.text) == (200, "")
    kept = ("ETag", "Content-Type", "Content-Length", "Cache-Control")
    assert {name: head.headers[name] for name in kept} == {name: first.headers[name] for name in kept}
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in first.headers


async def test_the_tag_is_the_contents(spool: Spool, knowledge: Knowledge, board: Noticeboard) -> None:
    """The notice's tag is its hash; a page's differs by language, which caches are told."""
    async with collecting(spool, knowledge, noticeboard=board) as collector:
        notice = await get(collector, JSON_PATH)
        pages = [await get(collector, Accept_Language=language) for language in catalogues()]
    assert notice.headers["ETag"] == f'W/"{board.notice.hash}"'
    assert len({page.headers["ETag"] for page in pages}) == len(pages)
    assert {page.headers["Vary"] for page in pages} == {"Accept-Language"}


async def test_the_page_runs_nothing(spool: Spool, knowledge: Knowledge, board: Noticeboard) -> None:
    """No script, no style but our sheet, nothing of others."""
    async with collecting(spool, knowledge, noticeboard=board) as collector:
        page = await get(collector)
    assert re.findall(r"<script|style=|(?:src|href)=\"(?:https?:)?//", page.text) == []
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self';")


async def test_a_chosen_language_stays(spool: Spool, knowledge: Knowledge, board: Noticeboard) -> None:
    """Who chose a language on the page reads the pages that it leads to in that language."""
    async with collecting(spool, knowledge, noticeboard=board) as collector:
        page = await get(collector, f"{PATH}?lang=uk", Accept_Language="de")
    assert page.headers["Content-Language"] == "uk"
    assert {'href="/privacy/opt-out?lang=uk"', 'href="/privacy/me?lang=uk"'} <= set(
        re.findall(r'href="/privacy/(?:opt-out|me)[^"]*"', page.text)
    )
