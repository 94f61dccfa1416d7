"""What changed in the notice: an Atom feed that readers take, and nothing while it is not known."""

import re
from datetime import timedelta
from html import unescape
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from core.notices import Version
from core.settings import Settings
from ingest.gate import Knowledge
from ingest.noticeboard import Noticeboard
from ingest.pages.notice_history import ATOM_NAMESPACE, atom_feed
from ingest.spool import Spool
from tests.fixtures.collecting import NOON, collecting

ATOM = f"{{{ATOM_NAMESPACE}}}"
FIRST = Version(1, NOON, "a" * 64)
SECOND = Version(
    2,
    NOON + timedelta(hours=1),
    "b" * 64,
    (
        {"op": "replace", "path": "/operator/controller", "from": None, "to": "Müller & <Sons>"},
        {"op": "add", "path": "/sites/example.com", "to": {"text": "x" * 1000}},
        {"op": "remove", "path": "/stored/events/columns/screen", "from": 1},
    ),
)
# RFC 3339, as RFC 4287 section 3.3 narrows it.
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def flaws(document: bytes) -> list[str]:
    """Say what RFC 4287 (sections 4.1.1, 4.1.2, 4.2) has against a feed of ours."""
    feed = ET.fromstring(document)  # noqa: S314 (our own)
    found = [] if feed.tag == f"{ATOM}feed" else ["no feed"]
    entries = feed.findall(f"{ATOM}entry")
    for element in (feed, *entries):
        found += [
            f"{element.tag}: {name}"
            for name in ("id", "title", "updated")
            if len(element.findall(ATOM + name)) != 1 or not element.findtext(ATOM + name)
        ]
    found += [
        f"no moment: {each.text}" for each in feed.iter(f"{ATOM}updated") if not _MOMENT.fullmatch(each.text or "")
    ]
    found += [] if feed.findtext(f"{ATOM}author/{ATOM}name") else ["nobody wrote it"]
    found += (
        [] if any(link.get("rel") == "self" for link in feed.findall(f"{ATOM}link")) else ["no link to itself"]
    )
    identities = [entry.findtext(f"{ATOM}id", "") for entry in entries]
    found += [f"no IRI: {each}" for each in identities if not re.match(r"[a-z]+:", each)]
    found += ["identities occur twice"] * (len(set(identities)) != len(identities))
    moments = [entry.findtext(f"{ATOM}updated", "") for entry in entries]
    found += ["not in order"] * any(later < earlier for later, earlier in pairwise(moments))
    return found


@pytest.mark.parametrize("versions", [(), (FIRST,), (SECOND, FIRST)])
def test_the_feed_is_atom(versions: tuple[Version, ...]) -> None:
    """A feed reader takes it, with no version, with the first, and with changes of any text."""
    assert flaws(atom_feed(versions, "https://stats.example")) == []


def test_an_entry_says_what_changed() -> None:
    """Each change is a line from what was to what is; a long value is cut, as changes.json has all of it."""
    feed = ET.fromstring(atom_feed((SECOND, FIRST), "https://stats.example"))  # noqa: S314 (our own)
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == [
        "Version 2: 3 changes",
        "Version 1: published",
    ]
    lines = re.findall("<li>(.*?)</li>", entries[0].findtext(f"{ATOM}content", ""))
    assert [unescape(line) for line in lines] == [
        'replace /operator/controller: null → "Müller & <Sons>"',
        'add /sites/example.com: {"text":"' + "x" * 291 + "…",
        "remove /stored/events/columns/screen: 1 → (removed)",
    ]
    assert feed.findtext(f"{ATOM}updated") == "2026-05-01T13:00:00.000Z"


@pytest.mark.parametrize(
    ("public_url", "host", "address"),
    [
        ("https://stats.example", "inner:8000", "https://stats.example"),
        ("", "stats.example:8000", "http://stats.example:8000"),
        ("", "a<b>", "http://localhost"),
    ],
)
async def test_the_feed_names_its_own_address(
    spool: Spool, knowledge: Knowledge, public_url: str, host: str, address: str
) -> None:
    """Links lead to where the operator says, else to where the reader asked, and never to what is no host."""
    board = Noticeboard(Settings())
    board.versions = (FIRST,)
    async with (
        collecting(spool, knowledge, noticeboard=board, public_url=public_url) as collector,
        collector.client.get("/privacy/feed.atom", headers={"Host": host}) as answer,
    ):
        feed = ET.fromstring(await answer.read())  # noqa: S314 (our own)
        assert answer.headers["Content-Type"] == "application/atom+xml"
    assert feed.findtext(f"{ATOM}id") == f"{address}/privacy/feed.atom"
    assert [link.get("href") for link in feed.findall(f"{ATOM}link")] == [
        f"{address}/privacy/feed.atom",
        f"{address}/privacy",
    ]


@pytest.mark.parametrize("path", ["/privacy/changes.json", "/privacy/feed.atom"])
async def test_a_history_that_is_not_known_is_not_made_up(spool: Spool, knowledge: Knowledge, path: str) -> None:
    """Until ClickHouse has been reached nobody is told that there were no changes."""
    async with (
        collecting(spool, knowledge, noticeboard=Noticeboard(Settings())) as collector,
        collector.client.get(path) as answer,
    ):
        assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
