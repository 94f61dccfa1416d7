"""What of a log is a view of a page."""

import re
from pathlib import Path

import pytest

from ingest.log_pages import (
    ASSETS,
    FEED_NAMES,
    FEED_PARAMETERS,
    FEED_VALUES,
    MACHINE_PATHS,
    STATUSES,
    why_no_page,
)
from ingest.reasons import DropReason

DOCS = Path(__file__).parents[2] / "docs" / "log-import.md"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/index.html",
        "/INDEX.HTML",
        "/shop/",
        "/shop.php",
        "/cgi-bin/view.cgi",
        "/people/jane.doe",
        "/releases/v2.0",
        "/feeds",
        "/rss/how-to",
        "/png",
        "/old.png/page",
        "/wp-json",
        "//",
    ],
)
def test_pages_are_pages(path: str) -> None:
    """A path without an asset's ending is a page, dots in names or not."""
    assert why_no_page("GET", path, "", 200) is None


@pytest.mark.parametrize(
    "path",
    [
        "/logo.png",
        "/LOGO.PNG",
        "/style.css;v=2",
        "/favicon.ico",
        "/robots.txt",
        "/app.js.map",
        "/backup.tar.gz",
        "/price-list.pdf",
        "/feed",
        "/blog/feed/",
        "/index.xml",
        "/.well-known/",
        "/.well-known/change-password",
        "/xmlrpc.php",
        "/wp-json/wp/v2/posts",
        "*",
        "",
        "example.com:443",
    ],
)
def test_assets_are_no_pages(path: str) -> None:
    """Files that pages are made of, downloads, feeds and machines' paths are no pages."""
    assert why_no_page("GET", path, "", 200) is DropReason.NOT_A_PAGE


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("feed=rss2", DropReason.NOT_A_PAGE),
        ("page=2&flav=ATOM", DropReason.NOT_A_PAGE),
        ("format=json", DropReason.NOT_A_PAGE),
        ("format=html", None),
        ("q=feed", None),
        ("newsfeed=rss", None),
        ("", None),
    ],
)
def test_a_parameter_may_ask_for_a_feed(query: str, reason: DropReason | None) -> None:
    """The same address with a feed's parameter is no page."""
    assert why_no_page("GET", "/", query, 200) is reason


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT", "OPTIONS", "CONNECT", "get", ""])
def test_only_get_shows_a_page(method: str) -> None:
    """Any other method shows no page."""
    assert why_no_page(method, "/", "", 200) is DropReason.NOT_A_PAGE


@pytest.mark.parametrize("status", [100, 204, 205, 206, 301, 302, 307, 400, 403, 404, 410, 499, 500, 503])
def test_other_answers_show_no_page(status: int) -> None:
    """Redirects, errors, parts and empty answers do not count."""
    assert why_no_page("GET", "/", "", status) is DropReason.STATUS


@pytest.mark.parametrize("status", [200, 201, 202, 203, 304])
def test_answers_with_a_page_count(status: int) -> None:
    """A page that was sent, or shown from the browser's own copy, counts."""
    assert why_no_page("GET", "/", "", status) is None


def test_a_missing_asset_is_no_page() -> None:
    """What was asked for comes before how it was answered."""
    assert why_no_page("GET", "/logo.png", "", 404) is DropReason.NOT_A_PAGE


def test_the_documentation_tells_the_same_lists() -> None:
    """docs/log-import.md holds exactly the lists that the import goes by."""
    text = DOCS.read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| ([A-Z][^|]*) \| ([^|]*) \|$", text, re.MULTILINE))
    assert rows == dict(ASSETS)
    assert _codes(text, "**Machine paths:**") == list(MACHINE_PATHS)
    assert _codes(text, "**Feeds without an ending:**") == [*FEED_NAMES, *FEED_PARAMETERS, *FEED_VALUES]
    statuses = re.search(r"\*\*Status\.\*\* ([\d, ]+) count", text)
    assert statuses is not None
    assert {int(status) for status in statuses[1].split(", ")} == STATUSES


def _codes(text: str, start: str) -> list[str]:
    (paragraph,) = (line for line in text.splitlines() if line.startswith(start))
    return re.findall(r"`([^`]+)`", paragraph)
