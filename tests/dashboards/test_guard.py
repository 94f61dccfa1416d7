"""What holds for every page: who may see it, what browsers are told, what if something is missing."""

import re

import pytest

from core.errors import StoreRefusedError, StoreUnavailableError
from dashboards.app import PAGES
from tests.dashboards.conftest import Browser

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def _filled(path: str) -> str:
    return re.sub(r"{\w+}", "x", path.replace("{domain}", "example.com"))


async def test_every_page_forbids_what_it_does_not_need(mara: Browser) -> None:
    """Frames, foreign content and caching are forbidden on each page, its refusals included."""
    paths = [_filled(page.path) for page in PAGES if page.method == "GET"] + ["/sites/nothing", "/nothing"]
    answers = [await mara.get(path) for path in paths]
    answers += [await mara.post(_filled(page.path), {}) for page in PAGES if page.method == "POST"]
    assert {answer.status for answer in answers} == {200, 303, 403, 404}
    for answer in answers:
        assert answer.headers["Content-Security-Policy"] == POLICY
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "Strict-Transport-Security" not in answer.headers


async def test_no_page_needs_what_the_policy_forbids(mara: Browser) -> None:
    """No page has an inline script, an inline style or an address of another host to load from."""
    for path in ("/login", "/sites/new", "/sites/example.com", "/sites/example.com/install", "/nothing"):
        html = (await mara.get(path)).page.html
        assert all(script.startswith(' defer src="/static/') for script in html.split("<script")[1:])
        assert "style=" not in html
        assert all(source.startswith("/static/") for source in html.split(' src="')[1:])


async def test_other_routes_stay_as_they_are(nobody: Browser) -> None:
    """The collector's routes in the same application get no header, no cookie and no page of ours."""
    answer = await nobody.get("/health")
    assert (answer.status, answer.page.html) == (200, "ok")
    assert "Content-Security-Policy" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    plain = await nobody.get("/health/nothing", Accept="*/*")
    assert (plain.status, plain.page.html) == (404, "404: Not Found")
    async with nobody.client.post("/health") as refused:
        assert refused.status == 405


async def test_an_unknown_page_leads_back(nobody: Browser) -> None:
    """A mistyped address gives a page that says so and leads on, with the status of a missing page."""
    for path in ("/nothing", "/pages", "/logout"):
        answer = await nobody.get(path)
        assert answer.status == 404
        assert answer.page.links["Go to the start page"] == "/"


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (StoreUnavailableError("ClickHouse did not answer."), 503, "Try again in a moment"),
        (StoreRefusedError("ClickHouse refused."), 500, "Footfall's log says why"),
    ],
)
async def test_a_store_that_is_away_gives_a_page_that_says_so(
    mara: Browser, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, words: str
) -> None:
    """No page breaks when the store does; it says what happened and what to do."""

    def fail(*_arguments: object, **_named: object) -> None:
        raise error

    monkeypatch.setattr(mara.board.store, "rows", fail)
    answer = await mara.get("/sites/example.com?period=7d")
    assert answer.status == status
    assert words in answer.page.text
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert answer.headers.get("Retry-After") == ("10" if status == 503 else None)
    assert answer.page.links.get("Try again") == ("/sites/example.com?period=7d" if status == 503 else None)


async def test_the_style_sheet_is_kept_for_as_long_as_it_stands(nobody: Browser) -> None:
    """Browsers keep the linked version for good and never a version that they only believe to be current."""
    linked = (await nobody.get("/login")).page.html.partition('<link rel="stylesheet" href="')[2].partition('"')[0]
    assert linked.startswith("/static/dashboard.css?v=")
    kept = await nobody.get(linked)
    assert (kept.status, kept.headers["Content-Type"]) == (200, "text/css; charset=utf-8")
    assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert (await nobody.get("/static/dashboard.css?v=old")).headers["Cache-Control"] == "no-cache"
    for name in ("", "app.py", "dashboard.css.br", "..%2fapp.py", "../app.py"):
        assert (await nobody.get(f"/static/{name}")).status == 404


async def test_the_open_page_is_marked_in_the_navigation(mara: Browser) -> None:
    """Of the main pages and of those of a site the one that is open is marked, as for those who do not see it."""
    expected = {
        "/people": ["/people"],
        "/account": ["/account"],
        "/account/keys": ["/account"],
        "/sites/new": ["/sites/new"],
        "/sites/example.com/goals": ["/sites/example.com/goals"],
        "/sites/example.com": ["/sites/example.com"],
    }
    pages = {path: (await mara.get(path)).page.html for path in expected}
    marked = {path: re.findall(r'<a href="([^"]+)" aria-current="page">', html) for path, html in pages.items()}
    assert marked == expected
