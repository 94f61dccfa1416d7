"""For how long a page was in view and how far it was scrolled, told by the tracker in a real browser."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page

from tests.fixtures import recorder
from tests.fixtures.recorder import Event, Shop

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

# A page of four windows' height.
TALL = "<style>body { margin: 0; height: 400vh }</style>"
SCROLL = "(windows) => new Promise((done) => { onscroll = done; scrollTo(0, windows * innerHeight) })"

# Playwright shows every page at all times; this is what a browser does when another tab is chosen.
HIDEABLE = "let hidden = HIDDEN; Object.defineProperty(document, 'hidden', { get: () => hidden });"
SWITCH = "(to) => { hidden = to; document.dispatchEvent(new Event('visibilitychange', { bubbles: true })) }"


@pytest_asyncio.fixture(loop_scope="session")
async def shop() -> AsyncIterator[Shop]:
    """Open a site of tall pages, whose visitors' tabs can be hidden."""
    async with recorder.open_shop() as opened:
        opened.engagement = True
        opened.body = TALL
        opened.stub = HIDEABLE.replace("HIDDEN", "false")
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def clock(page: Page) -> AsyncIterator[Page]:
    """Stop the page's clock: time passes where a test says so."""
    await page.clock.install(time=0)
    await page.clock.pause_at(1000)
    yield page


def engagement(shop: Shop, path: str, percent: int, milliseconds: int) -> Event:
    """Tell what should be sent of a page."""
    return shop.pageview(path, n="engagement", sd=percent, e=milliseconds)


async def told(shop: Shop, page: Page) -> list[Event]:
    """Give the engagement events so far."""
    return [event for event in await shop.all_events(page) if event["n"] == "engagement"]


async def test_time_in_view_leaves_out_what_nobody_saw(shop: Shop, page: Page, clock: Page) -> None:
    """A tab behind another is not in view; what is told twice is each time what came since."""
    await page.goto(f"{shop.origin}/hats")
    await clock.clock.run_for(5000)
    await page.evaluate(SWITCH, True)
    await clock.clock.run_for(60_000)
    await page.evaluate(SWITCH, False)
    await clock.clock.run_for(4000)
    await page.evaluate(SWITCH, True)
    assert await told(shop, page) == [engagement(shop, "/hats", 25, 5000), engagement(shop, "/hats", 25, 4000)]


async def test_only_what_is_new_is_told(shop: Shop, page: Page, clock: Page) -> None:
    """Less than three seconds and no further down are kept until there is more to tell."""
    await page.goto(f"{shop.origin}/hats")
    for windows, milliseconds in [(0, 100), (0, 2000), (0, 1000), (2, 10), (1, 20)]:
        if windows:
            await page.evaluate(SCROLL, windows)
        await clock.clock.run_for(milliseconds)
        await page.evaluate(SWITCH, True)
        await page.evaluate(SWITCH, False)
    assert await told(shop, page) == [
        engagement(shop, "/hats", 25, 100),
        engagement(shop, "/hats", 25, 3000),
        engagement(shop, "/hats", 75, 10),
    ]


async def test_each_page_of_an_application_has_its_own(shop: Shop, page: Page, clock: Page) -> None:
    """Time and depth are those of the page that is being left, under its own address, query included."""
    await page.goto(f"{shop.origin}/hats?size=m")
    await page.evaluate(SCROLL, 1)
    await clock.clock.run_for(1500)
    await page.evaluate("history.pushState({}, '', '/shoes'); scrollTo(0, 0)")
    await page.wait_for_function("scrollY == 0")
    await page.evaluate("history.replaceState({}, '', '/shoes?size=9')")
    await clock.clock.run_for(2000)
    await page.evaluate("history.back()")
    await page.wait_for_url("**/hats?size=m")
    await shop.arrived(5)
    assert await told(shop, page) == [
        engagement(shop, "/hats?size=m", 50, 1500),
        engagement(shop, "/shoes", 25, 2000),
    ]


async def test_leaving_and_coming_back_is_told_of_each_view(shop: Shop, page: Page) -> None:
    """A page tells when the visitor goes elsewhere, and again, anew, when "back" brought it from memory."""
    await page.goto(f"{shop.origin}/hats")
    await page.evaluate(SCROLL, 1)
    await page.wait_for_function(recorder.EVENT_ANSWERED)
    await page.evaluate("window.kept = true")
    await page.goto(f"{shop.origin}/shoes")
    await shop.arrived(3)
    await page.evaluate("history.back()")
    await page.wait_for_function("window.kept")
    await shop.arrived(5)
    await page.goto(f"{shop.origin}/boots")
    await shop.arrived(7)
    assert sorted((event["u"].removeprefix(shop.origin), event["sd"]) for event in await told(shop, page)) == [
        ("/hats", 50),
        ("/hats", 50),
        ("/shoes", 25),
    ]


async def test_a_page_behind_counts_once_it_is_seen(shop: Shop, page: Page, clock: Page) -> None:
    """A page opened in a tab behind is no view, nor are its events told, before somebody looks at it."""
    shop.stub = HIDEABLE.replace("HIDDEN", "true") + recorder.QUEUE + "; footfall('Ready')"
    await page.goto(f"{shop.origin}/hats")
    await clock.clock.run_for(9000)
    assert await shop.all_events(page) == []
    await page.evaluate(SWITCH, False)
    await clock.clock.run_for(7000)
    await page.evaluate(SWITCH, True)
    await shop.arrived(3)
    assert sorted(await shop.all_events(page), key=lambda event: str(event["n"])) == [
        shop.pageview("/hats", n="Ready"),
        engagement(shop, "/hats", 25, 7000),
        shop.pageview("/hats"),
    ]


@pytest.mark.parametrize("attributes", ['data-engagement="off"', 'data-exclude="/hats"'])
async def test_the_owner_may_switch_it_off(shop: Shop, page: Page, clock: Page, attributes: str) -> None:
    """Without engagement, and on excluded pages, nothing is told when a page is hidden or left."""
    shop.attributes = attributes
    await page.goto(f"{shop.origin}/hats")
    await clock.clock.run_for(9000)
    await page.evaluate(SWITCH, True)
    await page.evaluate(SWITCH, False)
    await page.evaluate("history.pushState({}, '', '/hats/red')")
    assert await told(shop, page) == []
