"""The full view of a list in a real browser: over the report, and as a page of its own."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date

import pytest
import pytest_asyncio
from playwright.async_api import Browser as Chromium
from playwright.async_api import Locator, Page, Route, expect

from core.sites import Site
from core.store import Store
from tests.dashboards.conftest import Browser, Desk, Hands, browsing
from tests.dashboards.doing import open_in_browser

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TODAY = "/sites/example.com?period=day"
LIST = "/sites/example.com/lists/page?period=day"
YESTERDAY = date(2026, 5, 16)
PAGES = ("/", "/pricing", "/prices", "/press")


@pytest_asyncio.fixture(loop_scope="session")
async def browser(embedded: Store, clock: Hands, desk: Desk, account: str, site: Site) -> AsyncIterator[Browser]:
    """The pages of a site with visits of four pages today, and few of some more."""
    desk.visits(site, 40, PAGES, source="Google", country="DE", device="Desktop")
    for number in range(3):
        desk.visits(site, 3, [f"/rare-{number}"], device="Mobile")
    desk.roll(site, close=True)
    async with browsing(embedded, clock) as browser:
        yield browser


async def test_a_value_filters_the_report_below(page: Page, browser: Browser) -> None:
    """A click closes the list and swaps the report; the focus is where the list was opened; back undoes it."""
    dialog = await _open_dialog(page, browser)
    await page.evaluate("document.body.dataset.mark = 'kept'")
    await dialog.get_by_role("link", name="/pricing").click()
    await page.locator(".chip", has_text="Page is /pricing").wait_for()
    assert page.url.endswith("?period=day&f=is,page,/pricing")
    assert await dialog.is_hidden()
    assert await page.evaluate("document.activeElement.dataset.focus") == "full-pages"
    await page.go_back()
    await page.locator(".chip").wait_for(state="detached")
    assert page.url.endswith(TODAY)
    await page.go_forward()
    await page.locator(".chip", has_text="Page is /pricing").wait_for()
    assert await page.evaluate("document.body.dataset.mark") == "kept"


async def test_a_value_that_failed_is_tried_again(page: Page, browser: Browser) -> None:
    """The report says that the filter did not come, although the list is closed, and gets it at the second try."""
    dialog = await _open_dialog(page, browser)
    await page.route("**/*f=is,page**", lambda route: route.abort())
    await dialog.get_by_role("link", name="/pricing").click()
    await page.get_by_role("button", name="Try again").wait_for()
    await page.unroute("**/*f=is,page**")
    await page.keyboard.press("Enter")
    await page.locator(".chip", has_text="Page is /pricing").wait_for()


async def test_other_is_explained_below_the_list(page: Page, browser: Browser) -> None:
    """The row "Other" leads to its explanation, which the list does not hide any more."""
    dialog = await _open_dialog(page, browser)
    await dialog.get_by_role("link", name="Other").click()
    assert await dialog.is_hidden()
    assert await page.get_by_text("so that nobody can be singled out").is_visible()


async def test_a_list_is_searched_while_one_types(page: Page, browser: Browser) -> None:
    """Rows follow what is typed, their number is said; Esc empties the field, then closes the list."""
    dialog = await _open_dialog(page, browser)
    await page.keyboard.press("/")
    await page.keyboard.type("PRIC")
    await dialog.get_by_text("1 to 2 of 2").wait_for()
    await expect(dialog.get_by_role("status")).to_have_text("2 rows")
    await page.keyboard.type("ing")
    await expect(dialog.get_by_role("status")).to_have_text("1 row")
    assert await _rows(dialog) == ["/pricing"]
    assert await dialog.get_by_role("searchbox").input_value() == "PRICing"
    await page.keyboard.type("!")
    await expect(dialog.get_by_role("status")).to_have_text("No row matches “PRICing!”.")
    assert page.url.endswith(TODAY)
    await page.keyboard.press("Escape")
    await dialog.get_by_text("1 to 4 of 4").wait_for()
    assert await dialog.get_by_role("searchbox").input_value() == ""
    await page.keyboard.press("Escape")
    assert await dialog.is_hidden()


async def test_a_found_value_filters_and_a_column_keeps_the_search(page: Page, browser: Browser) -> None:
    """What was found can be sorted, opened as a page of its own, and clicked."""
    dialog = await _open_dialog(page, browser)
    await dialog.get_by_role("searchbox").press_sequentially("pr")
    await dialog.get_by_text("1 to 3 of 3").wait_for()
    await dialog.get_by_role("link", name="Page", exact=True).focus()
    await page.keyboard.press("Enter")
    await dialog.locator("th[aria-sort=ascending]").wait_for()
    assert await _rows(dialog) == ["/press", "/prices", "/pricing"]
    assert await page.evaluate("document.activeElement.textContent") == "Page"
    own = await dialog.get_by_role("link", name="Open as a page").get_attribute("href")
    assert own == f"{LIST}&search=pr&sort=name"
    await dialog.get_by_role("link", name="/prices").click()
    await page.locator(".chip", has_text="Page is /prices").wait_for()


async def test_a_long_list_is_sorted_and_turned_over(page: Page, browser: Browser, desk: Desk, site: Site) -> None:
    """A click on a column sorts all pages of the list, a second one turns the order; "Next" goes on within it."""
    desk.visits(site, 10, [f"/{number:03}" for number in range(120)], YESTERDAY)
    desk.roll(site, YESTERDAY, close=True)
    await open_in_browser(page, browser, f"{LIST}&date={YESTERDAY}")
    shown = page.locator(".list-full")
    by_name = shown.get_by_role("link", name="Page", exact=True)
    await by_name.click()
    await shown.locator("th[aria-sort=ascending]").wait_for()
    assert [(await _rows(shown))[place] for place in (0, 99)] == ["/000", "/099"]
    await by_name.click()
    await shown.locator("th[aria-sort=descending]").wait_for()
    await shown.get_by_role("link", name="Next").click()
    await shown.get_by_text("101 to 120 of 120").wait_for()
    assert await _rows(shown) == [f"/{number:03}" for number in reversed(range(20))]
    await page.go_back()
    await shown.get_by_text("1 to 100 of 120").wait_for()
    assert (await _rows(shown))[0] == "/119"


async def test_a_late_answer_is_dropped(page: Page, browser: Browser) -> None:
    """The rows are those of what stands in the field, whatever answer is the slower."""
    await open_in_browser(page, browser, LIST)
    late, held = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        held.set()
        await late.wait()
        await route.continue_()

    await page.route("**/*search=p", hold)
    await page.get_by_role("searchbox").press_sequentially("p")
    await asyncio.wait_for(held.wait(), 10)
    await page.get_by_role("searchbox").press_sequentially("ress")
    await page.get_by_text("1 to 1 of 1").wait_for()
    late.set()
    await page.unroute_all(behavior="wait")
    assert await _rows(page.locator("#list-full")) == ["/press"]
    assert await page.locator("[aria-busy]").count() == 0
    assert await page.get_by_role("alert").count() == 0


async def test_a_search_is_in_the_address_of_the_lists_page(page: Page, browser: Browser) -> None:
    """The address says what was typed, so that it can be shared, and typing makes no way back of its own."""
    await open_in_browser(page, browser, TODAY)
    await page.goto(str(browser.client.make_url(LIST)))
    await page.get_by_role("searchbox").press_sequentially("pric")
    await page.wait_for_url(lambda url: url.endswith(f"{LIST}&search=pric"))
    await page.get_by_role("link", name="Visits").click()
    await page.wait_for_url(lambda url: url.endswith(f"{LIST}&search=pric&sort=visits"))
    await page.go_back()
    await page.locator("th.visitors[aria-sort=descending]").wait_for()
    assert page.url.endswith(f"{LIST}&search=pric")
    await page.reload()
    assert await _rows(page.locator("#list-full")) == ["/prices", "/pricing"]
    await page.go_back(wait_until="commit")
    await page.wait_for_url(lambda url: url.endswith(TODAY), wait_until="commit")


async def test_a_shadow_says_that_there_are_more_columns(page: Page, browser: Browser) -> None:
    """On a phone the edge is in shadow until the last column is in view; where all are, there is none."""
    for opened in (_open_dialog, _open_page):
        await page.set_viewport_size({"width": 360, "height": 740})
        columns = (await opened(page, browser)).locator(".list-scroll")
        assert await _is_in_shadow(page, columns)
        await columns.evaluate("columns => columns.scrollTo(columns.scrollWidth, 0)")
        assert not await _is_in_shadow(page, columns)
        await page.set_viewport_size({"width": 1280, "height": 740})
        assert not await _is_in_shadow(page, columns)


async def test_a_list_is_searched_without_scripts(chromium: Chromium, browser: Browser) -> None:
    """The button and Enter search, too, where no script runs."""
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()
    await open_in_browser(page, browser, LIST)
    await page.get_by_role("searchbox").fill("pric")
    await page.get_by_role("button", name="Search").click()
    await page.get_by_text("1 to 2 of 2").wait_for()
    assert page.url.endswith(f"{LIST}&search=pric")
    await context.close()


async def _open_dialog(page: Page, browser: Browser) -> Locator:
    await open_in_browser(page, browser, TODAY)
    await page.locator("#panel-pages").get_by_role("link", name="Details").click()
    dialog = page.locator("#list-dialog")
    await dialog.get_by_role("columnheader", name="Bounce rate").wait_for()
    return dialog


async def _open_page(page: Page, browser: Browser) -> Locator:
    await open_in_browser(page, browser, LIST)
    return page.locator("#list-full")


async def _is_in_shadow(page: Page, columns: Locator) -> bool:
    """Compare some pixels of the upper right corner, where no word is, with what is beside the table."""
    place = await columns.bounding_box()
    assert place is not None
    right, top = place["x"] + place["width"], place["y"] + 1
    spots = [
        await page.screenshot(clip={"x": left, "y": top, "width": 3, "height": 3})
        for left in (right - 4, right + 4)
    ]
    return spots[0] != spots[1]


async def _rows(place: Locator) -> list[str]:
    return [name.strip() for name in await place.locator("tbody th a:not([href='#other'])").all_text_contents()]
