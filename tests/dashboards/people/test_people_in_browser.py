"""Settings of people, accounts and sharing in a real browser: by keyboard, on a phone, for everybody."""

from datetime import timedelta

import pyotp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page

from core.sites import Site
from core.store import Store
from dashboards.language import languages
from dashboards.people.api_keys import add_key
from dashboards.people.invites import add_invite
from dashboards.people.logins import COOKIE, begin_login
from dashboards.people.tokens import hash_of
from dashboards.permissions import Role, Standing
from dashboards.sharing.shared_links import add_link
from tests.dashboards.barriers import barriers_on, is_too_wide
from tests.dashboards.conftest import EMAIL, NOON, PASSWORD, Desk, Hands, browsing

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

# A field of choices tells no width of its words: it is made as wide as they are, and compared.
IS_CUT = """(field) => {
    const given = field.getBoundingClientRect().width;
    field.style.width = "max-content";
    return field.getBoundingClientRect().width > given;
}"""


async def test_a_person_is_invited_and_secures_the_account_by_keyboard(
    page: Page, embedded: Store, clock: Hands, account: str, site: Site
) -> None:
    """From the owner's invitation to a login with a code: no mouse, and nothing that the policy blocks."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    async with browsing(embedded, clock) as browser:
        await page.goto(str(browser.client.make_url("/login?next=/people/invite")))
        await page.locator("#email").focus()
        await page.keyboard.type(EMAIL)
        await page.keyboard.press("Tab")
        await page.keyboard.type(PASSWORD)
        await page.keyboard.press("Enter")
        await page.get_by_role("heading", name="Invite a person").wait_for()
        await page.locator("#email").focus()
        await page.keyboard.type("jo@example.com")
        await page.keyboard.press("Tab")
        await page.keyboard.press("ArrowUp")  # from "by site" to admin
        await page.keyboard.press("Enter")
        await page.get_by_role("heading", name="jo@example.com has been invited").wait_for()
        link = await page.locator("pre code").inner_text()
        await page.get_by_role("button", name="Log out").press("Enter")

        await page.get_by_role("heading", name="Log in").wait_for()
        await page.goto(link)
        await page.locator("#password").focus()
        await page.keyboard.type(PASSWORD)
        await page.keyboard.press("Enter")
        await page.get_by_role("link", name="Account").press("Enter")
        await page.get_by_role("link", name="Turn on").press("Enter")
        await page.locator("summary", has_text="Enter it by hand instead").press("Enter")
        secret = (await page.locator("details code").inner_text()).replace(" ", "")
        await page.locator("#code").focus()
        await page.keyboard.type(pyotp.TOTP(secret).at(clock()))
        await page.keyboard.press("Tab")
        await page.keyboard.type(PASSWORD)
        await page.keyboard.press("Enter")
        await page.get_by_role("heading", name="Save your recovery codes").wait_for()
        assert await barriers_on(page) == []
        async with page.expect_download() as download:
            await page.get_by_role("button", name="Download as text").press("Enter")
        assert (await download.value).suggested_filename == "footfall-recovery-codes.txt"
        await page.get_by_role("button", name="Log out").press("Enter")

        clock.move(seconds=60)
        await page.locator("#email").focus()
        await page.keyboard.type("jo@example.com")
        await page.keyboard.press("Tab")
        await page.keyboard.type(PASSWORD)
        await page.keyboard.press("Enter")
        await page.locator("#code").focus()
        await page.keyboard.type(pyotp.TOTP(secret).at(clock()))
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="Log out").wait_for()
    assert complaints == []


async def test_sessions_and_keys_are_ended_by_a_click(
    chromium: Chromium, page: Page, embedded: Store, clock: Hands, account: str, site: Site
) -> None:
    """The other browser is logged out with its next page; a key is shown once, and revoked after a question."""
    async with browsing(embedded, clock) as browser:
        url = str(browser.client.make_url("/account"))
        other = await (await chromium.new_context()).new_page()
        for each in (page, other):
            token = begin_login(embedded, EMAIL, clock(), timedelta(days=1))
            await each.context.add_cookies([{"name": COOKIE, "value": token, "url": url}])
            await each.goto(url)
        await page.reload()
        await page.get_by_role("button", name="End", exact=True).click()
        await page.get_by_text("The session has ended.").wait_for()
        await other.reload()
        await other.get_by_role("heading", name="Log in").wait_for()
        await other.context.close()
        await page.get_by_role("link", name="Create a key").click()
        await page.fill("#name", "Weekly sheet")
        await page.get_by_role("button", name="Create key").click()
        assert await page.locator("#new-key code").inner_text()
        await page.get_by_role("button", name="Revoke Weekly sheet").click()
        await page.locator("dialog[open] [data-yes]").click()
        await page.get_by_text("No keys yet.").wait_for()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
async def test_everybody_can_use_the_pages(
    chromium: Chromium, embedded: Store, clock: Hands, account: str, site: Site, scheme: str, width: int
) -> None:
    """Axe finds nothing on any of them, and a phone has nothing to scroll sideways, however long the names are."""
    name = "a-rather-long-name-" * 5
    invite = add_invite(
        embedded, f"{name}@example.com"[-60:], Standing(by_site={site.number: Role.VIEWER}), EMAIL, NOON
    )
    add_key(embedded, EMAIL, name, NOON)
    add_link(embedded, site.number, EMAIL, NOON, name, origins=["https://" + "a" * 60 + ".example"])
    asking = add_link(embedded, site.number, EMAIL, NOON, "Board", password=PASSWORD)
    person = f"/people/{hash_of(EMAIL)[:16]}"
    settings = ("/people", "/people/invite", person, f"{person}/remove", "/account", "/account/second-factor")
    shared = ("/account/keys", "/sites/example.com/sharing", f"/invite/{invite}", f"/share/{asking}")
    context = await chromium.new_context(
        color_scheme=scheme,  # type: ignore[arg-type]
        viewport={"width": width, "height": 800},
    )
    found, wide = list[str](), list[str]()
    async with browsing(embedded, clock) as browser:
        base = str(browser.client.make_url("/")).rstrip("/")
        token = begin_login(embedded, EMAIL, clock(), timedelta(days=1))
        begin_login(embedded, EMAIL, clock(), timedelta(days=1))
        await context.add_cookies([{"name": COOKIE, "value": token, "url": base}])
        page = await context.new_page()
        for path in (*settings, *shared):
            await page.goto(base + path)
            found += [f"{path} {each}" for each in await barriers_on(page)]
            wide += [path] * await is_too_wide(page)
    await context.close()
    assert (found, wide) == ([], [])


async def test_the_role_on_a_site_can_be_read_on_a_phone(
    page: Page, embedded: Store, clock: Hands, account: str, site: Site
) -> None:
    """In each language the field beside a site's name is as wide as its longest role."""
    await page.set_viewport_size({"width": 320, "height": 640})
    cut = {}
    async with browsing(embedded, clock) as browser:
        base = str(browser.client.make_url("/")).rstrip("/")
        token = begin_login(embedded, EMAIL, clock(), timedelta(days=1))
        await page.context.add_cookies([{"name": COOKIE, "value": token, "url": base}])
        for language in languages():
            await page.set_extra_http_headers({"Accept-Language": language})
            await page.goto(f"{base}/people/invite")
            await page.locator("input[value='by site']").check()
            cut[language] = await page.locator(f"#site-{site.number}").evaluate(IS_CUT)
    assert not any(cut.values()), cut


async def test_a_frame_shows_a_link_to_the_named_origin_alone(
    page: Page, embedded: Store, clock: Hands, account: str, site: Site, desk: Desk
) -> None:
    """A page of the origin shows the reports, which lead on within the frame; a page of another shows nothing."""
    desk.visits(site, 20, ["/pricing"])
    desk.roll(site)
    other = web.Application()
    other.router.add_get("/", _embed)
    async with browsing(embedded, clock) as browser, TestServer(other) as server:
        named, unnamed = (f"http://{host}:{server.port}" for host in ("localhost", "127.0.0.1"))
        token = add_link(embedded, site.number, EMAIL, NOON, "Wall", origins=[named])
        shared = str(browser.client.make_url(f"/share/{token}"))
        await page.goto(f"{named}/?of={shared}")
        frame = page.frame_locator("iframe")
        await frame.get_by_role("link", name="Pageviews").first.click()
        await page.frames[1].wait_for_url(f"{shared}?**")
        await page.goto(f"{unnamed}/?of={shared}")
        await page.wait_for_load_state()
        assert not page.frames[1].url.startswith(shared)


async def _embed(request: web.Request) -> web.Response:
    frame = f'<iframe src="{request.query["of"]}" width="900" height="900"></iframe>'
    return web.Response(text=frame, content_type="text/html")
