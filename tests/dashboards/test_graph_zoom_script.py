"""Choosing days of a graph in a real browser, by keys and by a finger."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, CDPSession, Page, expect

from tests.fixtures.scripted_pages import PATH, graph, scripted_site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SPOKEN = ".graph-spoken"
MONTH = "?period=month&date=2026-05-01&f=is,country,DE"
HOURS = [f"2026-05-16T{hour:02}" for hour in range(7)]


@pytest_asyncio.fixture(loop_scope="session")
async def phone(chromium: Browser) -> AsyncIterator[Page]:
    """Give the first tab of a phone."""
    context = await chromium.new_context(has_touch=True, is_mobile=True, viewport={"width": 360, "height": 740})
    yield await context.new_page()
    await context.close()


async def test_keys_choose_days_and_zoom_into_them(page: Page) -> None:
    """Shift and arrows choose days from the one that is read, which is said and shaded; Enter shows them."""
    async with scripted_site(graph()) as site:
        await site.open(page, MONTH)
        stage = page.get_by_role("application", name="Visitors by day")
        await stage.focus()
        assert await stage.get_attribute("aria-description") == "Arrow keys read the values"
        for key in ("Home", "ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight"):
            await page.keyboard.press(key)
        assert await page.locator(SPOKEN).text_content() == (
            "From Monday, 11 May 2026 to Wednesday, 13 May 2026; press Enter to show these days"
        )
        assert await _shaded(page) == (1 / 6, 3 / 6)
        await page.keyboard.press("Enter")
        await _address(page, "?period=custom&f=is,country,DE&from=2026-05-11&to=2026-05-13")
        await page.locator("figure.is-drawn canvas").wait_for()
        assert await page.evaluate("document.activeElement.id") == "graph-stage"
        await page.go_back()
        await _address(page, MONTH)
        assert site.complaints == []


async def test_a_range_is_dropped_by_keys(page: Page) -> None:
    """Esc drops the range and keeps the point, an arrow alone goes on from there, Enter then opens one day."""
    async with scripted_site(graph()) as site:
        await site.open(page)
        await page.locator(".graph-stage").focus()
        await page.keyboard.press("Shift+Home")  # from the latest point, which is read first
        assert await _shaded(page) == (0, 0)
        await page.keyboard.press("Shift+End")
        assert await _shaded(page) == (0, 1)
        await page.keyboard.press("Escape")
        assert await _shaded(page) == (0, 0)
        spoken = page.locator(SPOKEN)
        assert (await spoken.text_content() or "").startswith("Saturday, 16 May 2026 (so far): 40 Visitors")
        for key in ("Shift+ArrowLeft", "Shift+ArrowLeft", "ArrowLeft"):
            await page.keyboard.press(key)
        assert await _shaded(page) == (0, 0)
        assert (await spoken.text_content() or "").startswith("Wednesday, 13 May 2026: 160 Visitors")
        for key in ("Shift+ArrowRight", "Shift+ArrowLeft", "Enter"):
            await page.keyboard.press(key)
        await _address(page, "?period=day&date=2026-05-13")


async def test_hours_of_one_day_cannot_be_chosen(page: Page) -> None:
    """A period is made of days: with Shift the keys of a day's graph do what they do without it."""
    async with scripted_site(graph(interval="hour", labels=HOURS, names=HOURS, links=None, compared=None)) as site:
        await site.open(page)
        await page.locator(".graph-stage").focus()
        await page.keyboard.press("Shift+Home")
        await page.keyboard.press("Shift+ArrowRight")
        assert (await page.locator(SPOKEN).text_content() or "").startswith("2026-05-16T01: 180 Visitors")
        assert await _shaded(page) == (0, 0)


async def test_a_finger_that_is_held_chooses_days(phone: Page) -> None:
    """Held still and then drawn along, a finger chooses days; they are shown once it is lifted."""
    async with scripted_site(graph()) as site:
        await site.open(phone)
        left, top, width = await _plot(phone)
        finger = await phone.context.new_cdp_session(phone)
        await _touch(finger, "touchStart", left + width / 6, top)
        await phone.locator(".u-over.is-held").wait_for()
        await _touch(finger, "touchMove", left + width * 2 / 6, top + 30)
        await _touch(finger, "touchMove", left + width * 4 / 6, top + 60)
        await expect(phone.locator(".graph-tip")).to_contain_text("Thursday, 14 May 2026")
        assert await _shaded(phone) == (1 / 6, 4 / 6)
        assert await phone.evaluate("scrollY") == 0
        await _touch(finger, "touchEnd")
        await _address(phone, "?period=custom&from=2026-05-11&to=2026-05-14")
        assert site.complaints == []


async def test_a_finger_that_moves_at_once_scrolls_or_reads(phone: Page) -> None:
    """Drawn up, a finger scrolls the page past the graph; drawn along, it reads points and opens none."""
    async with scripted_site("<p>One line</p>" * 12 + graph() + "<p>One line</p>" * 100) as site:
        await site.open(phone)
        left, top, width = await _plot(phone)
        finger = await phone.context.new_cdp_session(phone)
        await _touch(finger, "touchStart", left + width / 6, top)
        for part in (2, 3, 4):
            await _touch(finger, "touchMove", left + width * part / 6, top)
        await expect(phone.locator(".graph-tip")).to_contain_text("Thursday, 14 May 2026")
        await _touch(finger, "touchEnd")
        assert await phone.evaluate("scrollY") == 0
        await _touch(finger, "touchStart", left + width / 2, top)
        for way in range(20, 220, 20):
            await _touch(finger, "touchMove", left + width / 2, top - way)
        await _touch(finger, "touchEnd")
        await phone.evaluate("(async () => { while (scrollY < 100) await new Promise(requestAnimationFrame); })()")
        assert phone.url.endswith(PATH)
        assert await _shaded(phone) == (0, 0)


async def _address(page: Page, query: str) -> None:
    await page.wait_for_url(lambda url: url.endswith(PATH + query))


async def _shaded(page: Page) -> tuple[float, float]:
    """Give where the shade of what is chosen begins and ends, as parts of the plot that are whole sixths."""
    begin, width = await page.evaluate(
        "(({ offsetLeft, clientWidth, parentElement }) => [offsetLeft, clientWidth].map("
        "pixels => pixels / parentElement.clientWidth))(document.querySelector('#graph .u-select'))"
    )
    return round(begin * 6) / 6, round((begin + width) * 6) / 6


async def _plot(page: Page) -> tuple[float, float, float]:
    """Give the left edge of the plot, a height in its upper part, and its width."""
    over = page.locator("#graph .u-over")
    await over.wait_for()
    box = await over.bounding_box()
    assert box
    return box["x"], box["y"] + 40, box["width"]


async def _touch(finger: CDPSession, kind: str, *point: float) -> None:
    points = [dict(zip("xy", point, strict=True))] if point else []
    await finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
