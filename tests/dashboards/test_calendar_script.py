"""The calendar in a real browser, by keyboard and by mouse."""

import pytest
from playwright.async_api import Locator, Page

from tests.fixtures.scripted_pages import PATH, scripted_site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CALENDAR = """
<div id="report"><details class="calendar" data-key="c"><summary>Custom</summary><form action="/sites/example.com"
  hx-get="/sites/example.com" hx-target="#report" hx-swap="outerHTML" hx-push-url="true">
<input type="hidden" name="period" value="custom">
<div id="calendar-grid" data-first="2026-05-04" data-last="2026-05-10" data-today="2026-05-17"
  data-earliest="2026-03-05"></div>
<label>From <input type="date" name="from" value="2026-05-04"></label>
<label>To <input type="date" name="to" value="2026-05-10"></label>
<button>Show</button></form></details></div>
"""


async def test_a_range_is_chosen_by_keys_alone(page: Page) -> None:
    """C opens the calendar at the shown range; arrows, Home and Page Up move; Enter begins and ends a range."""
    async with scripted_site(CALENDAR) as site:
        await site.open(page)
        await page.keyboard.press("c")
        assert await _focused(page) == "Sunday 10 May 2026"
        moves = {
            "ArrowUp": "Sunday 3 May 2026",
            "ArrowLeft": "Saturday 2 May 2026",
            "Home": "Monday 27 April 2026",
            "End": "Sunday 3 May 2026",
            "PageUp": "Friday 3 April 2026",
            "ArrowRight": "Saturday 4 April 2026",
        }
        for key, day in moves.items():
            await page.keyboard.press(key)
            assert await _focused(page) == day, key
        assert await page.locator(".calendar-month").text_content() == "April 2026"
        await page.keyboard.press("Enter")
        await page.keyboard.press("ArrowDown")
        assert await _selected(page) == ("2026-04-04", "2026-04-11", 8)
        await page.keyboard.press("Enter")
        await _address(page, "?period=custom&from=2026-04-04&to=2026-04-11")
        assert [asked.target for asked in site.asked] == ["", "report"]
        assert site.complaints == []


async def test_a_range_is_chosen_by_mouse_in_any_order(page: Page) -> None:
    """The second click may lie before the first; until then the range follows the pointer."""
    async with scripted_site(CALENDAR) as site:
        await site.open(page)
        await page.get_by_text("Custom").click()
        await _day(page, "2026-05-14").click()
        assert await page.locator("[name=from]").input_value() == "2026-05-14"
        await _day(page, "2026-05-12").hover()
        assert await _selected(page) == ("2026-05-12", "2026-05-14", 3)
        await _day(page, "2026-05-12").click()
        await _address(page, "?period=custom&from=2026-05-12&to=2026-05-14")


async def test_days_without_reports_cannot_be_chosen(page: Page) -> None:
    """Neither days ahead nor days before the first report take a click, and keys stop at them."""
    async with scripted_site(CALENDAR) as site:
        await site.open(page)
        await page.get_by_text("Custom").click()
        await _day(page, "2026-05-18").click(force=True)
        assert await page.locator("[name=from]").input_value() == "2026-05-04"
        assert await page.get_by_role("button", name="June 2026").get_attribute("aria-disabled") == "true"
        await page.get_by_role("button", name="April 2026").click()
        await page.get_by_role("button", name="March 2026").click()
        assert await page.get_by_role("button", name="February 2026").get_attribute("aria-disabled") == "true"
        assert await _day(page, "2026-03-04").get_attribute("aria-disabled") == "true"
        await page.locator('[role="grid"] [tabindex="0"]').focus()
        for _ in range(6):
            await page.keyboard.press("ArrowUp")
        assert await _focused(page) == "Thursday 5 March 2026"
        await page.keyboard.press("Shift+PageDown")
        assert await _focused(page) == "Sunday 17 May 2026"


async def test_escape_closes_the_calendar(page: Page) -> None:
    """Esc closes it and gives the focus back; so does a click beside it."""
    async with scripted_site(CALENDAR + "<p>Beside</p>") as site:
        await site.open(page)
        await page.keyboard.press("c")
        await page.keyboard.press("Escape")
        assert await page.locator("details[open]").count() == 0
        assert await page.evaluate("document.activeElement.textContent") == "Custom"
        await page.keyboard.press("c")
        await page.get_by_text("Beside").click()
        assert await page.locator("details[open]").count() == 0


@pytest.mark.parametrize(
    ("language", "month", "weekdays"),
    [
        ("en", "May 2026", ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]),
        ("de", "Mai 2026", ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"]),
        ("uk", "травень 2026 р.", ["пн", "вт", "ср", "чт", "пт", "сб", "нд"]),  # noqa: RUF001 (Ukrainian)
    ],
)
async def test_the_calendar_speaks_the_pages_language(
    page: Page, language: str, month: str, weekdays: list[str]
) -> None:
    """Months, days of the week and where a week begins are those of the page's language."""
    async with scripted_site(CALENDAR) as site:
        site.language = language
        await site.open(page)
        await page.get_by_text("Custom").click()
        assert await page.locator(".calendar-month").text_content() == month
        assert await page.locator("#calendar-grid th").all_text_contents() == weekdays


async def _focused(page: Page) -> str:
    label = await page.evaluate("document.activeElement.getAttribute('aria-label')")
    return str(label).replace(",", "")


async def _selected(page: Page) -> tuple[str | None, str | None, int]:
    marked = page.locator('[aria-selected="true"]')
    first, last = await marked.first.get_attribute("data-day"), await marked.last.get_attribute("data-day")
    return first, last, await marked.count()


def _day(page: Page, day: str) -> Locator:
    return page.locator(f'[data-day="{day}"]')


async def _address(page: Page, query: str) -> None:
    await page.wait_for_url(lambda url: url.endswith(PATH + query))
