"""The privacy bar, 7: what a real browser sends of somebody who says no."""

import pytest
from playwright.async_api import Page

from tests.fixtures import recorder
from tests.fixtures.recorder import Shop, signal
from tests.ingest.test_tracker_refusals import BODY, EVERYTHING, OPT_OUT, VISIT

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def sent_by_a_visit(page: Page, shop: Shop) -> list[str]:
    """Visit a page that tells all that can be told, do all of it, leave; give what was asked of the collector."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(shop.collector)))
    await page.goto(f"{shop.origin}/no-such-hat")
    await page.evaluate(VISIT)
    await page.goto(f"{shop.origin}/boots")
    await shop.all_events(page)
    return [path for path in asked if path == "/js/script.js" or path.startswith("/api/")]


@pytest.mark.parametrize(
    ("no", "beacons"),
    [
        (signal("navigator.globalPrivacyControl", "true"), False),
        (signal("navigator.doNotTrack", "'1'"), False),
        (OPT_OUT, False),
        ("", True),
    ],
)
async def test_07_a_browser_that_says_no_sends_no_beacon(page: Page, no: str, *, beacons: bool) -> None:
    """With GPC, DNT or the opt-out it fetches the script alone; tests/test_opt_out_in_browser.py has the click."""
    async with recorder.open_shop() as shop:
        shop.body, shop.attributes, shop.engagement, shop.stub = BODY, EVERYTHING, True, no
        asked = await sent_by_a_visit(page, shop)
        sentinels = ["/api/event"]
        scripts = ["/js/script.js"] * 2
        assert (sorted(asked) == sentinels + scripts, bool(shop.events())) == (not beacons, beacons)
