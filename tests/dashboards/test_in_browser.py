"""The pages in a real browser, by keyboard alone."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Page

from core.sites import Site, add_site, remove_site
from core.store import Store
from dashboards.people.logins import COOKIE, begin_login
from dashboards.sites.goals import Goal, GoalKind, add_goal
from tests.dashboards.conftest import EMAIL, PASSWORD, Desk, Hands, browsing
from tests.fixtures.raw import event, store_events

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_marketer_needs_no_mouse_and_no_script(
    page: Page, embedded: Store, clock: Hands, desk: Desk, account: str, site: Site
) -> None:
    """Log in, open a period, read the graph's table, log out: all by keyboard, and nothing is blocked."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    desk.visits(site, 20, ["/", "/a-path-that-is-rather-long-" + "and-longer-" * 12])
    desk.roll(site)
    async with browsing(embedded, clock) as browser:
        await page.goto(str(browser.client.make_url("/sites/example.com")))
        await page.locator("#email").focus()
        await page.keyboard.type(EMAIL)
        await page.keyboard.press("Tab")
        await page.keyboard.type(PASSWORD)
        await page.keyboard.press("Enter")
        await page.get_by_role("heading", name="example.com").wait_for()

        await page.locator("summary", has_text="Today").focus()
        await page.keyboard.press("Enter")
        await page.get_by_role("link", name="Last 7 days").focus()
        await page.keyboard.press("Enter")
        await page.get_by_text("11\u2009\u2013\u200917 May 2026").first.wait_for()
        await page.locator("summary", has_text="The graph as a table").focus()
        await page.keyboard.press("Enter")
        assert await page.get_by_role("row", name="Sunday, 17 May 2026 (so far) 20").is_visible()

        await page.get_by_role("button", name="Log out").focus()
        await page.keyboard.press("Enter")
        await page.get_by_role("heading", name="Log in").wait_for()
    assert complaints == []


async def test_pages_fit_a_phone(
    page: Page, embedded: Store, clock: Hands, desk: Desk, account: str, site: Site
) -> None:
    """On a narrow screen nothing has to be scrolled sideways, however long the names are."""
    desk.visits(site, 20, ["/", "/a-path-that-is-rather-long-" + "and-longer-" * 12], source="x" * 200)
    desk.visits(site, 20, name="an-event-of-a-rather-long-name-" + "and-longer-" * 12)
    left = [
        event(site, clock(), number, name="engagement", engaged=90_000, scroll_depth=100)
        for number in range(1, 21)
    ]
    store_events(embedded, left)
    desk.roll(site, close=True)
    long = "a-rather-long-name-" * 3
    add_goal(embedded, site, Goal(GoalKind.PAGE, f"/{long}"), clock())
    for domain in (f"{long}x.example.org", "gone.example.org"):
        add_site(embedded, domain, "UTC", clock())
    remove_site(embedded, "gone.example.org", clock())
    await page.set_viewport_size({"width": 360, "height": 740})
    async with browsing(embedded, clock) as browser:
        await page.goto(str(browser.client.make_url("/login")))
        await page.fill("#email", EMAIL)
        await page.fill("#password", PASSWORD)
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="Log out").wait_for()
        of_site = [f"/sites/example.com/{page}" for page in ("install", "settings", "goals", "reports", "remove")]
        for path in ("/", "/sites/example.com?period=30d", *of_site, "/sites/new", "/sites/removed", "/nothing"):
            await page.goto(str(browser.client.make_url(path)))
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


async def test_what_the_check_found_is_for_everybody(
    page: Page, embedded: Store, clock: Hands, account: str
) -> None:
    """The lines that the button brings are a list that is told aloud; axe finds nothing on the page with them."""
    add_site(embedded, "localhost:3000", "UTC", clock())
    async with browsing(embedded, clock) as browser:
        base = str(browser.client.make_url("/"))
        token = begin_login(embedded, EMAIL, clock(), timedelta(days=1))
        await page.context.add_cookies([{"name": COOKIE, "value": token, "url": base}])
        await page.goto(f"{base}sites/localhost:3000/install")
        await page.get_by_role("button", name="Check installation").press("Enter")
        lines = page.get_by_role("status").get_by_role("listitem")
        await lines.first.wait_for()
        assert await lines.count() == 2
        await page.evaluate(AXE.read_text())
        violations = await page.evaluate("axe.run().then(({ violations }) => violations)")
    assert [f"{each['id']}: {each['nodes'][0]['html']}" for each in violations] == []


async def test_a_menu_among_tabs_opens_on_a_phones_screen(
    page: Page, embedded: Store, clock: Hands, desk: Desk, account: str, site: Site
) -> None:
    """In Ukrainian the tabs of sources take two lines on a phone; all campaigns are on the screen, one a line."""
    desk.visits(site, 20)
    desk.roll(site, close=True)
    await page.set_viewport_size({"width": 360, "height": 740})
    await page.set_extra_http_headers({"Accept-Language": "uk"})
    async with browsing(embedded, clock) as browser:
        address = str(browser.client.make_url("/sites/example.com"))
        token = begin_login(embedded, EMAIL, clock(), timedelta(days=1))
        await page.context.add_cookies([{"name": COOKIE, "value": token, "url": address}])
        await page.goto(address)
        await page.locator("#panel-sources summary").click()
        campaigns = page.locator("#panel-sources .menu-list a")
        await campaigns.first.wait_for()
        places = [place for each in await campaigns.all() if (place := await each.bounding_box())]
        assert [place["x"] >= 0 and place["x"] + place["width"] <= 360 for place in places] == [True] * 5
        assert len({place["y"] for place in places}) == 5
