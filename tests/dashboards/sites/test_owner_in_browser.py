"""A site's life as its owner sees it in a real browser: set up, checked, live, changed, shared, removed."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page

from core.sites import Site, list_sites
from core.store import Store
from tests.dashboards.barriers import barriers_on
from tests.dashboards.conftest import EMAIL, PASSWORD, Desk, Hands, browsing

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@dataclass
class Shop:
    """A site on loopback: what stands in its page's head, and its policy."""

    domain: str = ""
    head: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    async def answer(self, _request: web.Request) -> web.Response:
        """Answer with the page."""
        return web.Response(text=f"<head>{self.head}</head>", content_type="text/html", headers=self.headers)


@pytest_asyncio.fixture(loop_scope="session")
async def shop() -> AsyncIterator[Shop]:
    """A site without a snippet."""
    found, app = Shop(), web.Application()
    app.router.add_get("/", found.answer)
    async with TestServer(app) as server:
        found.domain = f"127.0.0.1:{server.port}"
        yield found


async def _checked(page: Page, words: str) -> None:
    """Check the installation, and wait until the page says so."""
    await page.locator("#check button").click()
    await page.locator(".checks").get_by_text(words).wait_for()


async def test_a_site_is_set_up_checked_and_turns_live(
    page: Page, embedded: Store, clock: Hands, desk: Desk, shop: Shop
) -> None:
    """The check names what is wrong until nothing is; with the first visit the page becomes a report by itself."""
    async with browsing(embedded, clock, check_private_sites=True) as browser:
        assert browser.board.setup.path is not None
        await page.goto(str(browser.client.make_url(browser.board.setup.path)))
        assert await barriers_on(page) == []
        await page.fill("#email", EMAIL)
        await page.fill("#password", PASSWORD)
        await page.fill("#domain", shop.domain)
        await page.get_by_role("button", name="Create account and site").click()
        snippet = await page.locator("#snippet-script code").inner_text()
        await _checked(page, "The snippet is not on the home page.")
        shop.head = snippet.replace(shop.domain, "other.example", 1)
        await _checked(page, "counts for other.example. Its data-domain must name this site.")
        shop.head, shop.headers = snippet, {"Content-Security-Policy": "default-src 'self'"}
        await _checked(page, "blocks the script: add http")
        await page.get_by_text("blocks what the script sends: add http").wait_for()
        assert await barriers_on(page) == []
        shop.headers = {}
        await _checked(page, "The snippet is on the home page, and nothing there stops it from counting.")

        await page.get_by_role("link", name="Reports", exact=True).click()
        await page.get_by_role("heading", name="Waiting for the first visit").wait_for()
        [site] = list_sites(embedded)
        desk.visits(site, 12)
        desk.roll(site)
        visitors = page.locator(".tile", has_text="Visitors").first
        await visitors.wait_for()
        assert await visitors.locator(".value").inner_text() == "12"


@pytest.mark.parametrize(
    ("zone", "preset", "scripts"),
    [
        ("Asia/Tokyo", "Asia/Tokyo", True),
        ("Europe/Kiev", "Europe/Kyiv", True),
        ("Etc/GMT+7", "UTC", True),
        ("Asia/Tokyo", "UTC", False),
    ],
)
async def test_a_new_site_has_the_zone_of_its_owners_browser(
    chromium: Chromium, embedded: Store, clock: Hands, zone: str, preset: str, scripts: bool
) -> None:
    """By its present name, where scripts run and the list has it; what was sent stays when the form comes back."""
    context = await chromium.new_context(timezone_id=zone, java_script_enabled=scripts)
    page = await context.new_page()
    async with browsing(embedded, clock) as browser:
        await page.goto(str(browser.client.make_url(browser.board.setup.path or "")))
        assert await page.input_value("#timezone") == preset
        for chosen in ("UTC", "Europe/Berlin"):
            await page.fill("#email", EMAIL)
            await page.fill("#password", PASSWORD)
            await page.fill("#domain", "not a domain")
            await page.select_option("#timezone", chosen)
            await page.get_by_role("button", name="Create account and site").click()
            await page.locator("#domain-error").wait_for()
            assert await page.input_value("#timezone") == chosen
        await page.fill("#password", PASSWORD)
        await page.fill("#domain", "example.com")
        await page.get_by_role("button", name="Create account and site").click()
        await page.get_by_role("link", name="Add a site").click()
        await page.locator("#timezone").wait_for()
        assert await page.input_value("#timezone") == preset
    assert [site.timezone for site in list_sites(embedded)] == ["Europe/Berlin"]
    await context.close()


async def test_a_site_is_changed_shared_and_removed(
    chromium: Chromium, page: Page, embedded: Store, clock: Hands, desk: Desk, account: str, site: Site
) -> None:
    """Settings and goals are kept, a link asks a stranger for its password, and removing asks for the name."""
    desk.visits(site, 12)
    desk.roll(site)
    async with browsing(embedded, clock) as browser:
        await page.goto(str(browser.client.make_url("/sites/example.com/settings")))
        await page.fill("#email", EMAIL)
        await page.fill("#password", PASSWORD)
        await page.keyboard.press("Enter")
        await page.fill("#threshold", "20")
        await page.fill("#pages", "/admin/**")
        await page.get_by_role("button", name="Save").click()
        await page.get_by_text("Saved.").wait_for()
        assert (await page.input_value("#threshold"), await page.input_value("#pages")) == ("20", "/admin/**")
        await page.get_by_role("link", name="Goals", exact=True).click()
        await page.fill("#name", "Signup")
        await page.get_by_role("button", name="Add goal").click()
        await page.get_by_role("button", name="Remove the goal Signup").click()
        await page.get_by_text("No goals yet.").wait_for()

        guest = await (await chromium.new_context()).new_page()
        await _shared(page, guest)
        await guest.context.close()

        await page.get_by_role("link", name="Settings", exact=True).click()
        await page.get_by_role("link", name="Remove site …").click()
        async with page.expect_download() as download:
            await page.get_by_role("link", name="Export its reports first (ZIP)").click()
        assert (await download.value).suggested_filename.endswith(".zip")
        await page.fill("#domain", "other.example")
        await page.get_by_role("button", name="Remove site").click()
        await page.get_by_text("Type example.com here to confirm.").wait_for()
        await page.fill("#domain", "example.com")
        await page.get_by_role("button", name="Remove site").click()
        await page.get_by_role("button", name="Restore example.com").click()
        await page.locator(".tile", has_text="Visitors").first.wait_for()


async def _shared(page: Page, guest: Page) -> None:
    """Show the reports to a guest by a link with a password, until it is revoked; then in public."""
    await page.get_by_role("link", name="Sharing", exact=True).click()
    await page.fill("#name", "Board")
    await page.fill("#password", PASSWORD)
    await page.get_by_role("button", name="Create link").click()
    link = await page.locator("#shared-link code").inner_text()
    await guest.goto(link)
    await guest.fill("#password", "a wrong password")
    await guest.keyboard.press("Enter")
    await guest.get_by_text("This is not the password for this link.").wait_for()
    await guest.fill("#password", PASSWORD)
    await guest.keyboard.press("Enter")
    await guest.locator(".tile", has_text="Visitors").first.wait_for()
    assert await guest.get_by_role("link", name="Settings").count() == 0
    await page.get_by_role("button", name="Revoke Board").click()
    await page.locator("dialog[open] [data-yes]").click()
    await page.get_by_text("No links yet.").wait_for()
    await guest.reload()
    await guest.get_by_text("This link does not work").wait_for()
    await page.get_by_role("button", name="Make it public").click()
    await guest.goto(await page.get_by_role("link", name="/public/example.com").inner_text())
    await guest.locator(".tile", has_text="Visitors").first.wait_for()
