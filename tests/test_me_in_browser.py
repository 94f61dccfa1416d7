"""What a visitor sees and erases, in a real Chromium: each page, in every language, for everybody."""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from ingest.pages.catalogues import catalogues
from tests.fixtures.recorder import ROOT
from tests.fixtures.serving import Serving, data_folder, serving

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

AXE = ROOT / "node_modules/axe-core/axe.min.js"
SITE = "shop.example"
ME = "/privacy/me"


@pytest.fixture(scope="module")
def footfall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """Run one process, with one site; a proxy on this host may say whose a request is."""
    with (
        data_folder(tmp_path_factory.mktemp("me")) as data,
        serving(data, FOOTFALL_TRUSTED_PROXIES="127.0.0.0/8") as process,
    ):
        process.add_sites(SITE)
        yield process


@pytest_asyncio.fixture(loop_scope="session")
async def page(chromium: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    """Come with a browser of a language, scheme and width, in which no page's scripts run."""
    language, scheme, width = request.param
    network = {"X-Forwarded-For": f"198.51.{sum(language.encode()) % 256}.7"}  # each may erase once a minute
    choices: dict[str, Any] = {"color_scheme": scheme, "locale": language, "extra_http_headers": network}
    context = await chromium.new_context(bypass_csp=True, viewport={"width": width, "height": 800}, **choices)
    context.set_default_timeout(20_000)
    yield await context.new_page()
    await context.close()


async def complaints(page: Page, picture: Path) -> list[str]:
    """Give what axe finds on a page, and whether it scrolls sideways; take a picture."""
    assert AXE.exists(), "npm has not brought axe-core: run pip install -e ."
    await page.screenshot(path=picture, full_page=True)
    await page.add_script_tag(path=AXE)
    found = await page.evaluate("axe.run().then(({ violations }) => violations)")
    wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [f"{each['id']}: {json.dumps(each['nodes'][0]['target'])}" for each in found] + ["sideways"] * wide


@pytest.mark.parametrize(
    "page",
    [("en", "light", 1280), ("de", "dark", 320), ("uk", "light", 320)],
    indirect=True,
    ids=lambda each: each[0],
)
async def test_everybody_can_see_try_and_erase(page: Page, footfall: Serving, tmp_path: Path) -> None:
    """By keyboard: name a site, see the row of a visit and why there would be none, take a receipt, erase."""
    found: dict[str, list[str]] = {}

    async def look(name: str, *expected: str) -> None:
        told = await page.locator("main").inner_text()
        missing = [text for text in expected if text not in told]
        found[name] = missing + await complaints(page, tmp_path / f"{name}.png")

    async def press(text: str) -> None:
        await page.get_by_role("button", name=text, exact=True).press("Enter")
        await page.wait_for_load_state()

    await page.goto(footfall.url + ME)
    language = await page.evaluate("document.documentElement.lang")
    texts, reasons, dry_run = (catalogues()[language][table] for table in ("me", "reasons", "dry_run"))
    await look("asking", texts["lead"])
    await page.get_by_label(texts["which_site"]).fill("other.example")
    await press(texts["show"])
    await look("no site", texts["no_site"])
    await page.get_by_label(texts["which_site"]).fill(SITE)
    await press(texts["show"])
    await look("shown", texts["rows"], texts["receipts_off"])
    await press(texts["receipts_start"])
    await look("receipt", texts["receipts_on"], texts["export"])
    await press(texts["try_button"])
    await look("dropped", dry_run["dropped"], reasons["bot"])  # a headless browser, as its user agent says
    await page.get_by_role("link", name=dry_run["back"]).press("Enter")
    await page.wait_for_load_state()
    await page.get_by_label(texts["address"]).fill("no address")
    await page.locator("form[action^='/privacy/dry-run']").evaluate("(form) => { form.noValidate = true }")
    await press(texts["try_button"])
    await look("problem", dry_run["not_understood"])
    await page.goto(f"{footfall.url}{ME}?site={SITE}")
    await press(texts["erase_button"])
    await look("erased", texts["erased"])
    assert {name: each for name, each in found.items() if each} == {}


@pytest.mark.parametrize(
    "page", [("en", "dark", 320), ("uk", "light", 1280)], indirect=True, ids=lambda each: each[0]
)
async def test_the_row_of_a_visit_can_be_read_by_everybody(page: Page, footfall: Serving, tmp_path: Path) -> None:
    """The dry run of a browser that people use, whose row has long values."""
    agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
    await page.set_extra_http_headers({"User-Agent": agent})
    await page.goto(f"{footfall.url}{ME}?site={SITE}")
    language = await page.evaluate("document.documentElement.lang")
    texts = catalogues()[language]
    await page.get_by_label(texts["me"]["address"]).fill(f"https://{SITE}/{'long-' * 60}?utm_source=news")
    await page.get_by_role("button", name=texts["me"]["try_button"], exact=True).press("Enter")
    await page.wait_for_load_state()
    told = await page.locator("main").inner_text()
    assert (texts["dry_run"]["lead"] in told, "Chrome" in told, "news" in told) == (True, True, True)
    assert await complaints(page, tmp_path / "row.png") == []
