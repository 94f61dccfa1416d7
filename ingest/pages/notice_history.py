"""What changed in the privacy notice: as JSON, and as an Atom feed (RFC 4287)."""

import re
from collections.abc import Sequence
from datetime import datetime
from html import escape
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

import orjson
from aiohttp import web

from core.notices import Change, Version
from ingest.answers import CORS, unavailable
from ingest.collector import Collector
from ingest.pages.documents import Document, show_document
from ingest.pages.notice import PATH
from ingest.pages.origin import is_secure

CHANGES_PATH, FEED_PATH = "/privacy/changes.json", "/privacy/feed.atom"
JSON, ATOM = "application/json", "application/atom+xml"
ATOM_NAMESPACE = "http://www.w3.org/2005/Atom"
_MOST_ENTRIES = 50
_MOST_CHARACTERS = 300  # of a value in an entry; changes.json has all of it
_HOST = re.compile(r"[A-Za-z0-9.:\[\]_-]+")


async def send_changes(collector: Collector, request: web.BaseRequest) -> web.StreamResponse:
    """``GET /privacy/changes.json``: each version, the newest first, and what it changed; 503 while not known."""
    versions = collector.noticeboard.versions
    if versions is None:
        return unavailable(request)
    return show_document(request, Document.of(changes_json(versions)), JSON, CORS)


async def send_feed(collector: Collector, request: web.BaseRequest) -> web.StreamResponse:
    """``GET /privacy/feed.atom``: the same for feed readers, of the last fifty versions; 503 while not known."""
    versions = collector.noticeboard.versions
    if versions is None:
        return unavailable(request)
    return show_document(request, Document.of(atom_feed(versions, _address(collector, request))), ATOM, CORS)


def changes_json(versions: Sequence[Version]) -> bytes:
    """Write the history."""
    return orjson.dumps(
        {
            "versions": [
                {
                    "version": each.sequence,
                    "published": each.at.isoformat(),
                    "hash": each.hash,
                    "changes": list(each.changes),
                }
                for each in versions
            ]
        }
    )


def atom_feed(versions: Sequence[Version], address: str) -> bytes:
    """Write the feed. ``address`` is the collector's, such as ``https://stats.example.com``."""
    feed = ET.Element("feed", {"xmlns": ATOM_NAMESPACE, "xml:lang": "en"})
    _text(feed, "id", address + FEED_PATH)
    _text(feed, "title", "Changes of the privacy notice")
    _text(feed, "updated", _moment(versions[0].at) if versions else "1970-01-01T00:00:00Z")
    _text(ET.SubElement(feed, "author"), "name", "Footfall")
    ET.SubElement(feed, "link", {"rel": "self", "type": ATOM, "href": address + FEED_PATH})
    ET.SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": address + PATH})
    for version in versions[:_MOST_ENTRIES]:
        feed.append(_entry(version, address))
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(feed, encoding="unicode")}'.encode()


def _entry(version: Version, address: str) -> ET.Element:
    entry, moment = ET.Element("entry"), _moment(version.at)
    _text(entry, "id", uuid5(NAMESPACE_URL, f"footfall:{version.sequence}:{moment}:{version.hash}").urn)
    count = len(version.changes)
    told = f"{count} change{'s' * (count != 1)}" if count else "published"
    _text(entry, "title", f"Version {version.sequence}: {told}")
    _text(entry, "updated", moment)
    _text(entry, "published", moment)
    ET.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": address + PATH})
    lines = "".join(f"<li>{escape(_line(change))}</li>" for change in version.changes)
    content = f"<ul>{lines}</ul>" if lines else "<p>The first version.</p>"
    _text(entry, "content", content).set("type", "html")
    return entry


def _line(change: Change) -> str:
    before = f"{_value(change['from'])} → " if "from" in change else ""
    after = _value(change["to"]) if "to" in change else "(removed)"
    return f"{change['op']} {change['path']}: {before}{after}"


def _value(value: object) -> str:
    text = orjson.dumps(value).decode()
    return text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}…"


def _text(parent: ET.Element, name: str, text: str) -> ET.Element:
    element = ET.SubElement(parent, name)
    element.text = text
    return element


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _address(collector: Collector, request: web.BaseRequest) -> str:
    """Give where the collector is reached: as the operator says, else as this request came."""
    if collector.public_url:
        return collector.public_url
    host = request.host if _HOST.fullmatch(request.host) else "localhost"
    return f"{'https' if is_secure(collector, request) else 'http'}://{host}"
