"""The map of the world in a real browser."""

import json

import pytest
from playwright.async_api import Browser, Page

from tests.fixtures.scripted_pages import PATH, ScriptedSite, scripted_site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PLACES: dict[str, dict[str, object]] = {
    "DE": {"name": "Germany", "value": 1234, "formatted": "1,234", "share": 0.31, "href": "?f=is,country,DE"},
    "FR": {"name": "France", "value": 120, "formatted": "120", "share": 0.03, "href": "?f=is,country,FR"},
    "UA": {"name": "Ukraine", "value": 12, "formatted": "12", "share": None, "href": None},
    "MT": {"name": "Malta", "value": 900, "formatted": "900", "share": 0.2, "href": "?f=is,country,MT"},
}


def world_map(site: ScriptedSite, places: dict[str, dict[str, object]] = PLACES) -> str:
    """Write the markup of the map."""
    data = json.dumps(places)
    return (
        f'<div id="report"><div id="panel-locations"><div id="map" data-source="{site.assets.url("world.json")}" '
        'data-label="Map of the countries that visitors came from">'
        f'<script type="application/json" class="map-data">{data}</script></div></div></div>'
    )


async def test_a_map_shades_countries_by_their_visitors(page: Page) -> None:
    """The most visitors have the strongest shade, the fewest the palest, and the rest of the world none."""
    async with scripted_site() as site:
        site.body = world_map(site)
        await site.open(page)
        await page.get_by_role("img", name="Map of the countries that visitors came from").wait_for()
        shades = {
            code: await page.locator(f'[data-country="{code}"]').get_attribute("class")
            for code in ("DE", "FR", "UA", "BR")
        }
        assert shades == {
            "DE": "country shade-5 is-link",
            "FR": "country shade-3 is-link",
            "UA": "country shade-1",
            "BR": "country",
        }
        assert site.complaints == []


async def test_a_map_names_a_country_and_filters_by_it(page: Page) -> None:
    """The country under the pointer is named with its numbers; a click filters the report by it."""
    async with scripted_site() as site:
        site.body = world_map(site)
        await site.open(page)
        await page.locator('[data-country="DE"]').hover()
        assert await page.locator(".map-tip").inner_text() == "Germany 1,234 · 31%"
        await page.locator('[data-country="BR"]').hover()
        assert await page.locator(".map-tip").is_hidden()
        await page.locator('[data-country="DE"]').click()
        await page.wait_for_url(lambda url: url.endswith("?f=is,country,DE"))
        await page.locator('[data-country="DE"]').wait_for()
        pages = [(asked.address, asked.target) for asked in site.asked]
        assert pages == [(PATH, ""), (f"{PATH}?f=is,country,DE", "report")]
        assert site.complaints == []


async def test_a_finger_reads_a_country_before_it_filters(chromium: Browser) -> None:
    """The first tap on a country names it, one beside it ends that, and the second tap on it filters."""
    context = await chromium.new_context(has_touch=True, is_mobile=True, viewport={"width": 800, "height": 740})
    page = await context.new_page()
    async with scripted_site() as site:
        site.body = world_map(site)
        await site.open(page)
        await page.locator('[data-country="DE"]').tap()
        assert await page.locator(".map-tip").inner_text() == "Germany 1,234 · 31%"
        await page.locator('[data-country="BR"]').tap()
        assert await page.locator(".map-tip").is_hidden()
        for _ in range(2):
            assert page.url.endswith(PATH)
            await page.locator('[data-country="DE"]').tap()
        await page.wait_for_url(lambda url: url.endswith("?f=is,country,DE"))
        assert site.complaints == []
    await context.close()


async def test_one_country_alone_is_shaded_in_full(page: Page) -> None:
    """A single country of visitors stands out instead of vanishing."""
    async with scripted_site() as site:
        site.body = world_map(site, {"UA": PLACES["UA"]})
        await site.open(page)
        assert await page.locator('[data-country="UA"]').get_attribute("class") == "country shade-5"


async def test_a_report_without_countries_has_an_empty_map(page: Page) -> None:
    """With no country to show the map is drawn all the same, in one colour."""
    async with scripted_site() as site:
        site.body = world_map(site, {})
        await site.open(page)
        await page.locator('[data-country="UA"]').wait_for()
        assert await page.locator("[class*=shade-]").count() == 0
        assert site.complaints == []
