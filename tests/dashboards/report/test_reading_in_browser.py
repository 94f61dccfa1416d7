"""A report as its reader uses it in a real browser: periods, comparisons, numbers, filters, files."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from core.sites import Site
from core.store import Store
from dashboards.people.logins import COOKIE, begin_login
from dashboards.sites.goals import Goal, GoalKind, add_goal
from tests.dashboards.barriers import barriers_on
from tests.dashboards.conftest import EMAIL, NOON, Desk, Hands, browsing
from tests.fixtures.raw import event, store_events

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

YESTERDAY = date(2026, 5, 16)
HOSTILE = '/"><img src=x onerror=alert(1)><script>alert(2)</script>'


@pytest_asyncio.fixture(loop_scope="session")
async def address(
    page: Page, embedded: Store, clock: Hands, desk: Desk, account: str, site: Site
) -> AsyncIterator[str]:
    """The address of a report: yesterday, the same weekday before, some of today; a goal; hits left out."""
    add_goal(embedded, site, Goal(GoalKind.EVENT, "Signup", "Signed up"), NOON)
    sent = {"name": "Signup", "props": {"plan": "pro"}}
    store_events(embedded, [event(site, NOON - timedelta(days=1), number, **sent) for number in range(901, 921)])
    for day, visitors in ((YESTERDAY, 60), (YESTERDAY - timedelta(days=7), 40)):
        desk.visits(site, visitors, ["/", "/pricing"], day, source="Google", country="DE", device="Desktop")
        desk.visits(site, 20, ["/", HOSTILE], day, source=HOSTILE, country="FR", device="Mobile")
        desk.roll(site, day, close=True)
    desk.visits(site, 12)
    desk.ledger(site, received=37, stored=32, bot=3, excluded=2)
    desk.roll(site)
    async with browsing(embedded, clock) as browser:
        url = str(browser.client.make_url("/"))
        token = begin_login(embedded, EMAIL, NOON, timedelta(days=1))
        await page.context.add_cookies([{"name": COOKIE, "value": token, "url": url}])
        yield f"{url}sites/example.com"


async def _days(page: Page, query: str, words: str) -> None:
    """Wait until the page is that of a query; it says its days and those that they are compared with."""
    await page.wait_for_url(f"**/sites/example.com{query}")
    told = words.replace(" - ", " \N{EN DASH} ").split(" | ")
    await expect(page.locator(".menu-more")).to_have_text(told)


async def _choose_comparison(page: Page, name: str) -> None:
    await page.locator(".controls-compare summary").first.click()
    await page.get_by_role("link", name=name).click()


async def _choose_two_days(page: Page) -> None:
    await page.keyboard.press("c")
    assert await barriers_on(page) == []
    await page.keyboard.press("ArrowLeft")
    await page.keyboard.press("Enter")
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**?period=custom&from=2026-05-16&to=2026-05-17")


async def test_periods_and_numbers_are_chosen_and_read(page: Page, address: str) -> None:
    """Letters choose, arrows step, X compares by weekday, a tile draws its number; nothing from elsewhere."""
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    await page.goto(address)
    await page.keyboard.press("e")
    await page.wait_for_url("**?period=yesterday")
    await page.keyboard.press("x")
    await _days(page, "?period=yesterday&compare=previous", "Saturday, 16 May 2026 | Saturday, 9 May 2026")
    visitors = page.locator(".tile", has_text="Visitors").first.locator(".change")
    await expect(visitors).to_contain_text("up 66.7% from 60")
    await _choose_comparison(page, "Same dates")
    await _days(
        page, "?period=yesterday&compare=previous&match=none", "Saturday, 16 May 2026 | Friday, 15 May 2026"
    )
    await _choose_comparison(page, "Previous year")
    await page.wait_for_url("**&compare=year&match=none")
    await _choose_comparison(page, "Same weekdays")
    await _days(page, "?period=yesterday&compare=year", "Saturday, 16 May 2026 | Saturday, 17 May 2025")
    await page.keyboard.press("x")
    await page.wait_for_url("**?period=yesterday")
    await page.keyboard.press("w")
    await _days(page, "?period=7d", "11 - 17 May 2026")
    await page.keyboard.press("ArrowLeft")
    await page.wait_for_url("**?period=7d&date=2026-05-10")
    await page.keyboard.press("ArrowRight")
    await _days(page, "?period=7d", "11 - 17 May 2026")
    await page.keyboard.press("?")
    assert await page.locator("dialog#keys").get_by_text("Turn comparison on or off").is_visible()
    assert await barriers_on(page) == []
    await page.keyboard.press("Escape")
    await _choose_two_days(page)

    await page.keyboard.press("w")
    await _days(page, "?period=7d", "11 - 17 May 2026")
    await page.locator(".tile", has_text="Pageviews").focus()
    await page.keyboard.press("Enter")
    await page.locator("figure.is-drawn", has_text="Pageviews").locator(".graph-stage").focus()
    await page.keyboard.press("ArrowLeft")
    await expect(page.locator(".graph-spoken")).to_have_text("Sunday, 17 May 2026 (so far): 12 Pageviews")
    await page.locator("summary", has_text="Received 37, counted 32, left out 5").click()
    left_out = page.get_by_role("table", name="Left out, by reason")
    told = [row.split("\t") for row in (await left_out.inner_text()).split("\n")]
    assert told[-2:] == [["Bots: crawlers, scripts and browsers without a person", "3"], ["Excluded", "2"]]
    goals = page.locator("#panel-goals")
    assert (await goals.get_by_role("row", name="Signed up").inner_text()).split()[:3] == ["Signed", "up", "20"]
    await goals.locator("summary", has_text="Properties").click()
    await goals.get_by_role("link", name="plan").click()
    await goals.get_by_role("row", name="pro").wait_for()
    await goals.locator("summary", has_text="Property: plan").wait_for()
    assert hosts == {urlsplit(address).netloc}


async def test_a_report_is_filtered_passed_on_and_taken_away(page: Page, address: str) -> None:
    """A hostile name is a filter like any other, "is not" one click away, and what cannot be told is said."""
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    await page.goto(f"{address}?period=yesterday")
    found = [
        await _taken(page, link)
        for link in (
            page.locator("#panel-pages").get_by_role("link", name="CSV"),
            page.get_by_role("link", name="all lists (ZIP)"),
            page.get_by_role("link", name="the graph (PNG)"),
            page.get_by_role("link", name="the graph (SVG)"),
        )
    ]
    assert found == [
        ("example.com_page_2026-05-16.csv", "\ufeffp".encode()),
        ("example.com_reports_2026-05-16.zip", b"PK\x03\x04"),
        ("example.com_graph_2026-05-16.png", b"\x89PNG"),
        ("example.com_graph_2026-05-16.svg", b"<svg"),
    ]
    await page.locator("#panel-sources").get_by_role("link", name=HOSTILE).click()
    assert await page.locator(".chip bdi").inner_text() == HOSTILE
    await page.locator(".chip-verb").click()
    await page.get_by_text("is not", exact=True).wait_for()
    assert (await page.locator(".gap").inner_text()).startswith("A filter that excludes a value has no lists:")
    shared = await page.context.new_page()
    await shared.goto(f"{page.url}&f=is,country,DE")
    assert await shared.locator(".chip bdi").inner_text() == HOSTILE
    assert "is ignored: reports have one filter at a time" in await shared.get_by_role("alert").inner_text()
    assert dialogs == []


async def _taken(page: Page, link: Locator) -> tuple[str, bytes]:
    """Take a file away by a click; give its name and how it begins."""
    async with page.expect_download() as downloading:
        await link.click()
    download = await downloading.value
    return download.suggested_filename, (await download.path()).read_bytes()[:4]
