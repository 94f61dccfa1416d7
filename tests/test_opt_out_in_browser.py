"""Saying no in a real Chromium: by the browser itself, on a site's own page, and on the collector's page."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, BrowserContext, Page

from ingest.pages.catalogues import catalogues
from tests.fixtures.asking import metric
from tests.fixtures.chromium import QUIET, find_chromium
from tests.fixtures.collecting import CHROME
from tests.fixtures.recorder import ROOT, listening, signal
from tests.fixtures.serving import Serving, data_folder, serving, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

AXE = ROOT / "node_modules/axe-core/axe.min.js"
SITE = "shop.example"
PATH = "/privacy/opt-out"
CATALOGUES = catalogues()
TEXTS = CATALOGUES["en"]["opt_out"]
FLAGS = {"footfall-opt-out": "1", "umami.disabled": "1", "plausible_ignore": "true"}
DAY = 86_400
REFUSALS = {
    "gpc": ({"Sec-GPC": "1"}, signal("navigator.globalPrivacyControl", "true")),
    "dnt": ({"DNT": "1"}, signal("navigator.doNotTrack", "'1'")),
}


@pytest.fixture(scope="module")
def footfall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """Run one process; a proxy on this host may say that browsers come by HTTPS."""
    with (
        data_folder(tmp_path_factory.mktemp("opt-out")) as data,
        serving(data, FOOTFALL_TRUSTED_PROXIES="127.0.0.0/8") as process,
    ):
        process.add_sites(SITE, "localhost")
        yield process


@dataclass
class Shop:
    """A site at an origin of its own, with the tracker and the opt-out on each page."""

    collector: str
    language: str = "en"
    origin: str = ""
    head: str = ""
    """What else stands before the page's scripts."""
    sent: list[str] = field(default_factory=list)

    async def show(self, _request: web.Request) -> web.Response:
        """Serve any page."""
        html = (
            f'<!doctype html><html lang="{self.language}"><title>Shop</title><link rel=icon href=data:,>'
            f"{self.head}<main><h1>Privacy</h1><div data-footfall-opt-out>"
            f'<a href="{self.collector}{PATH}">Opt out</a></div>'
            '<a id="file" href="/hats.pdf" download>Hats</a></main>'
            f'<script defer src="{self.collector}/privacy/opt-out.js"></script>'
            f'<script defer data-domain="{SITE}" data-downloads="**.pdf" src="{self.collector}/js/script.js">'
            "</script><script>file.onclick = (event) => event.preventDefault()</script>"
        )
        return web.Response(text=html, content_type="text/html")

    def watch(self, page: Page) -> None:
        """Note every beacon that a page sends from now on."""
        page.on("request", lambda request: self.sent.append(request.url) if "/api/" in request.url else None)

    async def roam(self, page: Page) -> None:
        """Look at pages, go on within one, do something, download, and leave: all that the tracker tells of."""
        await page.goto(f"{self.origin}/hats")
        await page.evaluate("history.pushState({}, '', '/shoes')")
        await page.evaluate("new Promise(done => footfall('Signup', { callback: done }))")
        await page.evaluate("document.getElementById('file').click()")
        await page.goto(f"{self.origin}/last")
        # Beacons leave in order: once this request is answered, none is on its way any more.
        await page.evaluate("url => fetch(url, { mode: 'no-cors' })", f"{self.collector}/health")
        await page.goto("about:blank")


@pytest_asyncio.fixture(loop_scope="session")
async def shop(footfall: Serving) -> AsyncIterator[Shop]:
    """Open the site."""
    opened = Shop(footfall.url)
    async with listening(web.get("/{path:.*}", opened.show)) as opened.origin:
        yield opened


async def arrive(browser: Browser, **choices: Any) -> BrowserContext:
    """Come with a browser of one's own, which looks like one that people use."""
    context = await browser.new_context(**{"user_agent": CHROME} | choices)
    context.set_default_timeout(10_000)
    return context


@pytest.mark.parametrize("kind", REFUSALS)
async def test_a_browser_that_says_no_sends_nothing(chromium: Browser, shop: Shop, kind: str) -> None:
    """With GPC or DNT on nothing is sent, and the site's page says that the browser is obeyed."""
    headers, script = REFUSALS[kind]
    context = await arrive(chromium, extra_http_headers=headers)
    await context.add_init_script(script)
    page = await context.new_page()
    shop.watch(page)
    await page.goto(f"{shop.origin}/privacy")
    status = await page.get_by_role("status").inner_text()
    buttons = await page.get_by_role("button").count()
    await shop.roam(page)
    assert (status, buttons, shop.sent) == (CATALOGUES["en"]["snippet"]["signal"], 0, [])
    await context.close()


async def test_one_click_on_the_sites_own_page_is_a_no(chromium: Browser, shop: Shop) -> None:
    """By keyboard: the page says how it is, stores it on the click alone, and then nothing is sent; and back."""
    texts = CATALOGUES["en"]["snippet"]
    context = await arrive(chromium)
    page = await context.new_page()
    await page.goto(f"{shop.origin}/privacy")
    assert await page.get_by_role("status").inner_text() == texts["counted"]
    assert await page.evaluate("localStorage.length") == 0
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    assert await page.get_by_role("status").inner_text() == texts["opted_out"]
    assert await page.evaluate("({ ...localStorage })") == FLAGS

    shop.watch(page)
    await shop.roam(page)
    assert shop.sent == []

    await page.goto(f"{shop.origin}/privacy")
    assert await page.get_by_role("status").inner_text() == texts["opted_out"]
    await page.get_by_role("button", name=texts["say_yes"]).click()
    assert await page.get_by_role("status").inner_text() == texts["counted"]
    assert await page.evaluate("localStorage.length") == 0
    await shop.roam(page)
    assert len(shop.sent) >= 5
    await context.close()


async def test_a_tab_learns_of_a_no_in_another(chromium: Browser, shop: Shop) -> None:
    """Two open pages of a site never say different things."""
    context = await arrive(chromium)
    one, other = await context.new_page(), await context.new_page()
    for page in (one, other):
        await page.goto(f"{shop.origin}/privacy")
    await one.get_by_role("button").click()
    await other.get_by_text(CATALOGUES["en"]["snippet"]["opted_out"]).wait_for()
    await context.close()


async def test_where_nothing_can_be_stored_the_page_says_so(chromium: Browser, shop: Shop) -> None:
    """A browser that keeps nothing for the site is told what else to do, and offered no button."""
    context = await arrive(chromium)
    await context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('', 'SecurityError') } })"
    )
    page = await context.new_page()
    await page.goto(f"{shop.origin}/privacy")
    status = await page.get_by_role("status").inner_text()
    assert (status, await page.get_by_role("button").count()) == (CATALOGUES["en"]["snippet"]["blocked"], 0)
    await context.close()


async def test_our_own_page_works_by_keyboard_and_without_scripts(chromium: Browser, footfall: Serving) -> None:
    """Enter on the one button sets the cookie, on it again deletes it, and each time the page says how it is."""
    context = await arrive(chromium, java_script_enabled=False)
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    await page.goto(footfall.url + PATH)
    await page.get_by_role("button", name=TEXTS["say_no"]).focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("status").get_by_text(TEXTS["opted_out"]).wait_for()
    (cookie,) = await context.cookies()
    left = cookie.pop("expires", 0) - time.time()
    assert cookie == {
        "name": "optout",
        "value": "1",
        "domain": "localhost",
        "path": "/",
        "httpOnly": True,
        "secure": False,
        "sameSite": "Lax",
    }
    assert 394 * DAY < left <= 395 * DAY
    await page.get_by_role("button", name=TEXTS["say_yes"]).focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("status").get_by_text(TEXTS["counted"]).wait_for()
    assert (await context.cookies(), complaints) == ([], [])
    await context.close()


async def test_the_cookie_is_obeyed_on_pages_of_other_sites(
    chromium: Browser, shop: Shop, footfall: Serving, tmp_path: Path
) -> None:
    """Over HTTPS a no on our page reaches us from other sites, where the browser lets it: they count nothing."""
    assert "localhost" in shop.collector  # another site than the shop's 127.0.0.1, and one that browsers trust
    (tmp_path / "Default").mkdir()
    (tmp_path / "Default/Preferences").write_text('{"profile": {"cookie_controls_mode": 0}}')
    context = await chromium.browser_type.launch_persistent_context(
        tmp_path, executable_path=find_chromium(), args=QUIET, user_agent=CHROME
    )
    page = await context.new_page()
    await context.set_extra_http_headers({"X-Forwarded-Proto": "https"})
    await page.goto(shop.collector + PATH)
    await page.get_by_role("button", name=TEXTS["say_no"]).click()
    await page.get_by_role("status").get_by_text(TEXTS["opted_out"]).wait_for()
    (cookie,) = await context.cookies()
    assert (cookie["secure"], cookie["sameSite"]) == (True, "None")
    before = received(footfall)

    shop.watch(page)
    await shop.roam(page)
    assert len(shop.sent) >= 4
    await context.clear_cookies()
    await page.goto(f"{shop.origin}/counted")  # what comes last is there: so is all that came before
    await asyncio.to_thread(wait_until, lambda: received(footfall) > before)
    assert received(footfall) == before + 1
    await context.close()


async def test_a_no_on_our_page_is_told_on_the_sites_own(chromium: Browser, shop: Shop, footfall: Serving) -> None:
    """Where our cookie comes along, the button never says "counted" to who is not; our page takes the no back."""
    texts, address = CATALOGUES["en"]["snippet"], shop.origin.replace("127.0.0.1", "localhost") + "/privacy"
    context = await arrive(chromium)
    page, other = await context.new_page(), await context.new_page()
    state, button = page.get_by_role("status"), page.get_by_role("button")
    await page.goto(address)
    counted = await state.inner_text(), await button.inner_text()
    await other.goto(footfall.url + PATH)
    await other.get_by_role("button", name=TEXTS["say_no"]).click()
    await other.get_by_role("status").get_by_text(TEXTS["opted_out"]).wait_for()
    await page.evaluate("dispatchEvent(new Event('visibilitychange'))")  # as when its tab is looked at again
    await state.get_by_text(texts["opted_out_of_all"]).wait_for()
    assert (counted, await button.count()) == ((texts["counted"], texts["say_no"]), 0)
    assert await page.evaluate("localStorage.length") == 0

    await page.get_by_role("link", name=texts["change"]).click()
    await page.get_by_role("button", name=TEXTS["say_yes"]).click()
    await page.get_by_role("status").get_by_text(TEXTS["counted"]).wait_for()
    await page.goto(address)
    assert (await state.inner_text(), await button.inner_text()) == counted
    await context.close()


@pytest.mark.parametrize(
    "head", ["", """<meta http-equiv="Content-Security-Policy" content="connect-src 'none'">"""]
)
async def test_where_our_page_cannot_be_asked_the_button_works_as_ever(
    chromium: Browser, shop: Shop, footfall: Serving, head: str
) -> None:
    """On a host that no site here has, or where the page forbids to ask, the site's own no is told and changed."""
    texts, shop.head = CATALOGUES["en"]["snippet"], head
    context = await arrive(chromium)
    await context.add_cookies([{"name": "optout", "value": "1", "url": footfall.url}])
    page = await context.new_page()
    await page.goto(f"{shop.origin}/privacy")
    said = [await page.get_by_role("status").inner_text()]
    await page.get_by_role("button", name=texts["say_no"]).click()
    said.append(await page.get_by_role("status").inner_text())
    assert said == [texts["counted"], texts["opted_out"]]
    await context.close()


def received(footfall: Serving) -> int:
    """Give how many hits the collector has counted."""
    return metric(footfall, "footfall_hits_received_total")


@pytest.mark.parametrize(("language", "scheme"), [("en", "dark"), ("de", "light"), ("uk", "dark")])
async def test_everybody_can_use_the_pages(
    chromium: Browser, shop: Shop, footfall: Serving, tmp_path: Path, language: str, scheme: str
) -> None:
    """Axe finds nothing, in any language, light and dark, and a phone has nothing to scroll sideways."""
    assert AXE.exists(), "npm has not brought axe-core: run pip install -e ."
    phone = {"width": 320, "height": 640}
    context = await arrive(chromium, color_scheme=scheme, bypass_csp=True, viewport=phone, locale=language)
    page = await context.new_page()
    shop.language = language
    complaints = {}
    for name, address in {
        "counted": footfall.url + PATH,
        "opted out": footfall.url + PATH + "#change",
        "snippet": f"{shop.origin}/privacy",
    }.items():
        await page.goto(address)
        if name == "opted out":
            await page.get_by_role("button").click()
            await page.wait_for_url("**#state")
        await page.get_by_role("status").wait_for()  # the site's own page asks us first; two would be an error
        await page.add_script_tag(path=AXE)
        found = await page.evaluate("axe.run().then(({ violations }) => violations)")
        wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
        complaints[name] = [f"{each['id']}: {json.dumps(each['nodes'][0]['target'])}" for each in found]
        complaints[name] += ["scrolls sideways"] * wide
        await page.screenshot(path=tmp_path / f"{name}.png", full_page=True)
        assert await page.evaluate("document.documentElement.lang") == language
    assert {name: found for name, found in complaints.items() if found} == {}
    await context.close()
