"""The page of a site in a real browser, with its scripts: what is clicked is swapped, and is in the address."""

import pytest
from playwright.async_api import Page

from core.sites import Site, add_site
from core.store import Store
from tests.dashboards.barriers import barriers_on, is_too_wide
from tests.dashboards.conftest import NOON, Desk, Hands, browsing
from tests.dashboards.doing import open_in_browser

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_view_is_chosen_by_clicks_and_is_in_the_address(
    page: Page, embedded: Store, clock: Hands, desk: Desk, account: str, site: Site
) -> None:
    """A row filters, a tab changes its list, a list opens in full; the page is never loaded anew."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    desk.visits(site, 40, ["/", "/pricing"], source="Google", country="DE", device="Desktop")
    desk.visits(site, 40, ["/"], source="Bing", country="FR", device="Mobile")
    for number in range(3):
        desk.visits(site, 3, [f"/rare-{number}"], device="Mobile")
    desk.roll(site, close=True)
    async with browsing(embedded, clock) as browser:
        await open_in_browser(page, browser, "/sites/example.com?period=day")
        await page.evaluate("document.body.dataset.mark = 'kept'")
        await page.locator("#panel-pages").get_by_role("link", name="Other").click()
        assert await page.get_by_text("so that nobody can be singled out").is_visible()
        await page.locator("#panel-devices").get_by_role("link", name="Devices", exact=True).click()
        await page.locator("#panel-devices").get_by_role("link", name="Desktop").click()
        await page.locator(".chip", has_text="Device is Desktop").wait_for()
        assert await page.locator(".tile", has_text="Visitors").locator(".value").inner_text() == "40"
        assert page.url.endswith("?period=day&f=is,device,Desktop&devices=device")
        await page.keyboard.press("Escape")
        await page.locator(".chip").wait_for(state="detached")
        await page.go_back()
        await page.locator(".chip", has_text="Device is Desktop").wait_for()
        await page.locator("#panel-pages").get_by_role("link", name="Details").click()
        dialog = page.locator("#list-dialog")
        await dialog.get_by_role("columnheader", name="Bounce rate").wait_for()
        await dialog.get_by_role("searchbox").fill("pric")
        await page.keyboard.press("Enter")
        await dialog.get_by_text("1 to 1 of 1").wait_for()
        await page.keyboard.press("Escape")
        assert await page.evaluate("document.body.dataset.mark") == "kept"
    assert complaints == []


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_no_page_has_a_barrier(
    page: Page, embedded: Store, clock: Hands, desk: Desk, account: str, site: Site, theme: str
) -> None:
    """Axe finds nothing on the report, a filtered one that asks in vain, a list in full, and a site that waits."""
    add_site(embedded, "empty.example", "UTC", NOON)
    desk.visits(site, 40, ["/", "/pricing"], source="Google", country="DE", device="Desktop")
    desk.roll(site, close=True)
    await page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    await page.set_viewport_size({"width": 360, "height": 740})
    async with browsing(embedded, clock) as browser:
        for path in (
            "/sites/example.com?period=7d&compare=previous",
            "/sites/example.com?period=day&f=is,country,DE&f=is,device,Desktop",
            "/sites/example.com/lists/page?period=day",
            "/sites/empty.example",
        ):
            await open_in_browser(page, browser, path)
            assert (await barriers_on(page), await is_too_wide(page)) == ([], False), path
