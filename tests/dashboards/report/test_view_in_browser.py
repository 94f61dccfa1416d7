"""A view of a site in a real browser, by keyboard and by touch: its title, its menus, where the focus goes."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest
import pytest_asyncio
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page, Route

from core.sites import Site
from core.store import Store
from tests.dashboards.conftest import Browser, Desk, Hands, browsing
from tests.dashboards.doing import open_in_browser

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TODAY = "/sites/example.com?period=day"
TODAYS_DATE = date(2026, 5, 17)
FOCUSED = "document.activeElement.dataset.focus || document.activeElement.id || document.activeElement.localName"


@pytest_asyncio.fixture(loop_scope="session")
async def browser(embedded: Store, clock: Hands, desk: Desk, account: str, site: Site) -> AsyncIterator[Browser]:
    """The pages of a site with visits of today."""
    desk.visits(site, 40, ["/", "/pricing"], source="Google", country="DE", device="Desktop")
    desk.visits(site, 40, ["/"], source="Bing", country="FR", device="Mobile")
    desk.roll(site, close=True)
    async with browsing(embedded, clock) as browser:
        yield browser


async def test_the_title_says_what_is_shown(page: Page, browser: Browser) -> None:
    """Another period or filter and the way back change the title as a full load would, and it is said."""
    await open_in_browser(page, browser, TODAY)
    assert await page.title() == "example.com, Today · Footfall"
    await page.evaluate("document.body.dataset.mark = 'kept'")
    await page.keyboard.press("w")
    await _said(page, "example.com, Last 7 days · Footfall")
    await page.locator("#panel-sources").get_by_role("link", name="Google").click()
    filtered = "example.com, Last 7 days, Source is Google · Footfall"
    await _said(page, filtered)
    await page.go_back()
    await _said(page, "example.com, Last 7 days · Footfall")
    await page.go_back()
    await _said(page, "example.com, Today · Footfall")
    await page.go_forward()
    await page.go_forward()
    await _said(page, filtered)
    assert await page.evaluate("document.body.dataset.mark") == "kept"
    await page.reload()
    assert await page.title() == filtered


async def test_any_days_are_compared_with(page: Page, browser: Browser, desk: Desk, site: Site) -> None:
    """Two days are chosen in the menu: each tile tells the change from them, and the graph has their line."""
    for back in (1, 2):
        desk.visits(site, 20, ["/"], TODAYS_DATE - timedelta(days=10 + back))
        desk.roll(site, TODAYS_DATE - timedelta(days=10 + back), close=True)
    await open_in_browser(page, browser, TODAY)
    menu = page.locator(".controls-compare")
    await menu.locator("summary").first.click()
    await menu.get_by_text("Custom dates").click()
    await menu.get_by_label("From").fill("2026-05-05")
    await menu.get_by_label("To").fill("2026-05-06")
    await menu.get_by_role("button", name="Compare").click()
    await page.get_by_text("from 40").first.wait_for()
    assert page.url.endswith("?compare=custom&period=day&compare_from=2026-05-05&compare_to=2026-05-06")
    assert await menu.locator(".menu-name").inner_text() == "vs. Custom dates"


async def test_quick_steps_back_end_at_the_open_address(page: Page, browser: Browser) -> None:
    """Who goes back twice, the second answer being the faster, sees what the address says."""
    await open_in_browser(page, browser, TODAY)
    await page.keyboard.press("w")
    await _said(page, "example.com, Last 7 days · Footfall")
    await page.keyboard.press("e")
    await _said(page, "example.com, Yesterday · Footfall")
    asked, late = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        asked.set()
        await late.wait()
        await route.continue_()

    await page.route("**/*period=7d", hold)
    await page.go_back()
    await asyncio.wait_for(asked.wait(), 10)
    await page.go_back()
    await _said(page, "example.com, Today · Footfall")
    late.set()
    await page.unroute_all(behavior="wait")
    await _said(page, "example.com, Today · Footfall")
    assert page.url.endswith(TODAY)


async def test_a_way_back_that_fails_is_loaded_by_the_browser(page: Page, browser: Browser) -> None:
    """When the page that is gone back to does not come, the browser itself asks for it."""
    await open_in_browser(page, browser, TODAY)
    await page.keyboard.press("w")
    await _said(page, "example.com, Last 7 days · Footfall")
    await page.route("**/*period=day", lambda route: route.abort(), times=1)
    async with page.expect_event("load"):
        await page.go_back()
    assert await page.title() == "example.com, Today · Footfall"
    assert page.url.endswith(TODAY)


async def test_a_menu_is_used_by_keys(page: Page, browser: Browser) -> None:
    """After a choice and after the way back the focus is on the menu; a menu that the focus leaves has closed."""
    await open_in_browser(page, browser, TODAY)
    await page.locator("summary[data-focus=compare]").focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("link", name="Previous period").focus()
    await page.keyboard.press("Enter")
    await page.locator("summary", has_text="vs. Previous period").wait_for()
    assert await page.evaluate(FOCUSED) == "compare"
    await page.go_back()
    await page.locator("summary", has_text="Compare").wait_for()
    assert await page.evaluate(FOCUSED) == "compare"
    await page.keyboard.press("Enter")
    assert await page.locator("details.menu[open]").count() == 1
    await page.keyboard.press("Shift+Tab")
    assert await page.evaluate(FOCUSED) == "days"
    assert await page.locator("details.menu[open]").count() == 0


async def test_a_row_that_has_gone_leaves_the_focus_in_its_list(page: Page, browser: Browser) -> None:
    """Who filters by a row, which is no row under its own filter, goes on in the list that it was in."""
    await open_in_browser(page, browser, TODAY)
    await page.locator("#panel-pages").get_by_role("link", name="/pricing").focus()
    await page.keyboard.press("Enter")
    await page.locator(".chip", has_text="/pricing").wait_for()
    assert await page.evaluate(FOCUSED) == "panel-pages"
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.closest('section').id") == "panel-pages"


async def test_what_keys_do_is_told_without_a_keyboard(chromium: Chromium, browser: Browser) -> None:
    """A finger opens the list of keys and closes it beside it; a tap beside a menu closes that."""
    context = await chromium.new_context(has_touch=True, is_mobile=True, viewport={"width": 500, "height": 900})
    page = await context.new_page()
    await open_in_browser(page, browser, TODAY)
    await page.get_by_role("button", name="Keyboard shortcuts").tap()
    keys = page.get_by_role("dialog", name="Keyboard shortcuts")
    await keys.wait_for()
    await page.touchscreen.tap(3, 3)
    await keys.wait_for(state="hidden")
    await page.evaluate("scrollTo(0, 0)")
    await page.locator("summary[data-focus=period]").tap()
    assert await page.get_by_role("link", name="Last 12 months").is_visible()
    await page.locator(".site-head").tap(position={"x": 2, "y": 2})
    assert await page.get_by_role("link", name="Last 12 months").is_hidden()
    await context.close()


async def _said(page: Page, title: str) -> None:
    """Wait until the page says a title, which is its own."""
    await page.locator("#announced", has_text=title).wait_for(state="attached")
    assert await page.title() == title
    assert await page.locator("#announced").text_content() == title
