"""The privacy notice: for people in their language, for programs as JSON."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
from aiohttp import web

from core.inventory import EVENTS, INVENTORY, Kept, StoredTable
from core.live_columns import unexplained_columns
from core.profiles import Profile
from core.settings import Settings
from core.sites import Site
from ingest.answers import CORS
from ingest.collector import Collector
from ingest.notice import SECURITY, k_of, meaning_of, retention_numbers, stored_columns
from ingest.noticeboard import Notice
from ingest.pages.catalogues import Texts, catalogues
from ingest.pages.documents import Document, show_document
from ingest.pages.page import PAGE_HEADERS, language_for, render_page

PATH, JSON_PATH = "/privacy", "/privacy.json"
HTML, JSON = "text/html; charset=utf-8", "application/json"
_VERSIONS_AT_ONCE = 16  # of the page, in each language; a collector shows one, and the one before for a moment


@dataclass(frozen=True, slots=True)
class Field:
    """A stored field as the page tells of it."""

    name: str
    meaning: str
    example: str


@dataclass(frozen=True, slots=True)
class Stored:
    """A table as the page tells of it."""

    name: str
    meaning: str
    kept: str
    fields: tuple[Field, ...]


async def show_notice(collector: Collector, request: web.BaseRequest) -> web.StreamResponse:
    """``GET /privacy``: the notice in the visitor's language."""
    language = language_for(request)
    # A language that was chosen on the page is kept by the links in it.
    chosen = f"?lang={language}" if request.query.get("lang") == language else ""
    board = collector.noticeboard
    page = _page(board.notice, board.settings, language, chosen)
    headers = PAGE_HEADERS | {"Content-Language": language, "Vary": "Accept-Language"}
    return show_document(request, page, HTML, headers)


async def send_notice(collector: Collector, request: web.BaseRequest) -> web.StreamResponse:
    """``GET /privacy.json``: the notice for programs. ``hash`` is the SHA-256 of ``content``, keys in order."""
    return show_document(request, _json(collector.noticeboard.notice), JSON, CORS)


@lru_cache(_VERSIONS_AT_ONCE)
def _json(notice: Notice) -> Document:
    since = notice.since.isoformat() if notice.since else None
    body = {"hash": notice.hash, "since": since, "content": notice.content}
    tag = notice.hash if since else f"{notice.hash}-unpublished"
    return Document(orjson.dumps(body, option=orjson.OPT_SORT_KEYS), tag)


@lru_cache(_VERSIONS_AT_ONCE)
def _page(notice: Notice, settings: Settings, language: str, chosen: str) -> Document:
    catalogue = catalogues()[language]
    texts = catalogue["notice"]
    tables = {table.name: _stored(table, notice, settings, catalogue) for table in INVENTORY}
    events = tables.pop(EVENTS)
    html = render_page(
        "notice",
        language,
        chosen=chosen,
        settings=settings,
        operator=notice.content["operator"],
        events=events,
        others=tuple(tables.values()),
        address=texts["address"].format(ipv4=settings.keep_ipv4_bits, ipv6=settings.keep_ipv6_bits),
        unexplained=unexplained_columns(notice.live),
        sites=tuple(_sites(notice.sites, settings, texts)),
        profiles=[texts[f"profile_{each}"] for each in _profiles(notice.sites)],
        published_lead=texts["published_lead"].format(**retention_numbers(settings)),
        right_receipt_text=texts["right_receipt_text"].format(**retention_numbers(settings)),
        security=[texts[f"security_{name}"] for name in SECURITY],
        hash=notice.hash,
        since=notice.since,
    )
    return Document.of(html.encode())


def _stored(table: StoredTable, notice: Notice, settings: Settings, catalogue: Mapping[str, Texts]) -> Stored:
    fields = tuple(
        Field(name, meaning_of(table.name, name, catalogue["notice_fields"]), table.examples[name])
        for name in stored_columns(table, notice.live)
    )
    kept = catalogue["notice"][f"kept_{table.kept}"].format(**retention_numbers(settings))
    # Rows of an import have the fields of events, which stand on the page already.
    return Stored(
        table.name, catalogue["notice_tables"][table.name], kept, () if table.kept is Kept.IMPORT else fields
    )


def _sites(sites: tuple[Site, ...], settings: Settings, texts: Texts) -> Iterator[dict[str, Any]]:
    for site in sites:
        yield {
            "domain": site.name,
            "key": texts["key_at"].format(timezone=site.timezone),
            "profile": site.profile.value,
            "threshold": k_of(site, settings),
        }


def _profiles(sites: tuple[Site, ...]) -> list[Profile]:
    """Give the profiles that the sites have, each once."""
    found = {site.profile for site in sites}
    return [each for each in Profile if each in found]
