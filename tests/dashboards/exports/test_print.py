"""A report on paper, as a real browser prints it."""

from datetime import date, timedelta

import pytest
from playwright.async_api import Page

from core.sites import Site
from core.store import Store
from dashboards.people.logins import COOKIE, begin_login
from tests.dashboards.conftest import EMAIL, NOON, Desk, Hands, browsing

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_paper_has_the_numbers_and_no_controls(
    page: Page, embedded: Store, clock: Hands, desk: Desk, account: str, site: Site
) -> None:
    """Black on white also where the screen is dark, what was folded is open, nothing is there to be clicked."""
    desk.visits(site, 20, ["/", "/pricing"], date(2026, 5, 16), source="Google", country="DE")
    desk.roll(site, date(2026, 5, 16), close=True)
    async with browsing(embedded, clock) as browser:
        token = begin_login(embedded, EMAIL, NOON, timedelta(days=1))
        url = str(browser.client.make_url("/"))
        await page.context.add_cookies([{"name": COOKIE, "value": token, "url": url}])
        await page.emulate_media(color_scheme="dark")
        await page.goto(f"{url}sites/example.com?period=7d&compare=previous")
        ground = "getComputedStyle(document.documentElement).getPropertyValue('--ground')"
        on_screen = await page.evaluate(ground)
        explained = page.get_by_text("Nobody is recognised from one day to the next,")
        assert not await explained.is_visible()

        await page.emulate_media(media="print", color_scheme="dark")
        assert (await page.evaluate(ground), on_screen) == ("#ffffff", "#0f1513")
        assert await explained.is_visible()
        for name in ("Google", "/pricing"):
            assert await page.get_by_text(name, exact=True).first.is_visible()
        for gone in (".top", ".site-nav", ".now", ".take-away", ".tabs", ".step", ".panel-foot", "dialog"):
            assert not [each for each in await page.locator(gone).all() if await each.is_visible()], gone
        printed = await page.pdf(format="A4")
        assert 1 <= printed.count(b"/Type /Page\n") <= 2
