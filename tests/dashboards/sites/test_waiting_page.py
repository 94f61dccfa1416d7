"""A site before its first report: what to paste, what has come, and the check that says what is wrong."""

from collections.abc import AsyncIterator

import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from core.accesses import read_accesses
from core.sites import Site, add_site
from core.store import Store
from tests.dashboards.conftest import EMAIL, NOON, PASSWORD, Browser, Desk, Hands, browsing

WAITING = "/sites/example.com/waiting"
CHECK = {"HX-Request": "true", "HX-Target": "check"}


async def test_the_page_is_told_when_something_has_come(mara: Browser, desk: Desk, site: Site) -> None:
    """While nothing changes there is nothing to swap; then what has come, and at last the report in its place."""
    page = (await mara.get("/sites/example.com")).page
    assert f'hx-get="{WAITING}?seen=0"' in page.html
    assert (await mara.get(f"{WAITING}?seen=0")).status == 204
    desk.ledger(site, received=3, bot=3)
    left_out = await mara.get(f"{WAITING}?seen=0")
    assert "Something arrived but was left out" in left_out.page.text
    assert f'hx-get="{WAITING}?seen=3"' in left_out.page.html
    assert "<html" not in left_out.page.html
    desk.ledger(site, received=4, stored=1)
    assert "The first visit has arrived" in (await mara.get(f"{WAITING}?seen=3")).page.text
    desk.visits(site, 1)
    desk.roll(site)
    live = await mara.get(f"{WAITING}?seen=7")
    assert (live.status, live.headers["HX-Refresh"]) == (204, "true")


async def test_asking_whether_something_has_come_is_not_written_down(mara: Browser, embedded: Store) -> None:
    """The record says who opened the page, not how long it stood open."""
    await mara.get("/sites/example.com")
    await mara.get(WAITING)
    assert [line.detail for line in read_accesses(embedded)] == ["site"]


@pytest_asyncio.fixture
async def shop() -> AsyncIterator[TestServer]:
    """A site on loopback with the snippet of another one."""

    async def answer(_request: web.Request) -> web.Response:
        snippet = '<script data-domain="other.example" src="/js/script.js"></script>'
        return web.Response(text=f"<h1>Shop</h1>{snippet}", content_type="text/html")

    app = web.Application()
    app.router.add_get("/", answer)
    async with TestServer(app) as server:
        yield server


async def test_the_check_says_what_is_wrong(embedded: Store, clock: Hands, account: str, shop: TestServer) -> None:
    """It looks at the home page and at what has come, with scripts or without, and is written down."""
    domain = f"127.0.0.1:{shop.port}"
    add_site(embedded, domain, "UTC", NOON)
    path = f"/sites/{domain}/check"
    async with browsing(embedded, clock, check_private_sites=True) as browser:
        await browser.log_in(EMAIL, PASSWORD)
        fields = (await browser.get(f"/sites/{domain}")).page.fields
        whole, part = await browser.post(path, fields), await browser.post(path, fields, **CHECK)
        lines = [line.detail for line in read_accesses(embedded)]
    for answer in (whole, part):
        assert "counts for other.example. Its data-domain must name this site." in answer.page.text
        assert "Nothing has arrived yet." in answer.page.text
    assert whole.page.html.startswith("<!doctype html>")
    assert part.page.html.startswith('<div id="check"')
    assert lines.count("check") == 2


async def test_the_check_does_not_look_around_in_our_network(
    embedded: Store, clock: Hands, account: str, shop: TestServer
) -> None:
    """Unless the settings say that this is development, private addresses are not fetched."""
    domain = f"127.0.0.1:{shop.port}"
    add_site(embedded, domain, "UTC", NOON)
    async with browsing(embedded, clock) as browser:
        await browser.log_in(EMAIL, PASSWORD)
        fields = (await browser.get(f"/sites/{domain}")).page.fields
        page = (await browser.post(f"/sites/{domain}/check", fields)).page
    assert "is at a private address or on a port of its own" in page.text
    assert "other.example" not in page.text


async def test_the_demos_check_looks_at_the_site_that_runs(
    mara: Browser, embedded: Store, site: Site, shop: TestServer
) -> None:
    """Its domain is nobody's: the check says so, and and where the demo is, in place of an error."""
    address = f"http://localhost:{shop.port}"
    mara.board.stand_ins[site.domain] = address
    fields = (await mara.get("/sites/example.com")).page.fields
    page = (await mara.post("/sites/example.com/check", fields)).page
    assert f"example.com is made up. The demo's site is at {address}, so that was checked instead." in page.text
    assert "counts for other.example. Its data-domain must name this site." in page.text
