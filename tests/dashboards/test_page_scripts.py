"""What scripts do on every page, in a real browser: swaps, mishaps, dialogs, theme, copying, questions."""

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.fixtures.scripted_pages import PATH, graph, scripted_site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SWAPS = 'hx-target="#report" hx-swap="outerHTML" hx-push-url="true"'
ERROR = (
    '<template id="error-template"><div id="report-error" role="alert">That did not work. '
    '<button data-retry type="button">Try again</button></div></template>'
)
DIALOG = '<dialog id="list-dialog" aria-label="List"></dialog>'


def report(title: str, *, more: str = "") -> str:
    """Write a report with a link to each of two periods."""
    links = "".join(
        f'<a href="?period={period}" hx-get="{PATH}?period={period}" {SWAPS}>{period}</a> '
        for period in ("7d", "28d")
    )
    return f'<div id="report"><h1>{title}</h1>{links}{more}</div>'


async def test_a_link_swaps_the_report_and_keeps_the_focus(page: Page) -> None:
    """A period's link changes the report and the address without a reload; focus and scroll position stay."""
    tall = "<p>One line</p>" * 100
    async with scripted_site(report("Before", more=tall)) as site:
        site.parts["report"] = report("After", more=tall)
        await site.open(page)
        await page.evaluate("window.stays = true")
        await page.evaluate("scrollTo(0, 300)")
        await page.get_by_role("link", name="7d").focus()
        await page.evaluate("scrollTo(0, 300)")
        await page.keyboard.press("Enter")
        await page.get_by_role("heading", name="After").wait_for()
        assert page.url.endswith("?period=7d")
        assert await page.evaluate("[window.stays, scrollY, document.activeElement.textContent]") == [
            True,
            300,
            "7d",
        ]
        await page.go_back()
        await page.get_by_role("heading", name="Before").wait_for()
        assert await page.evaluate("window.stays")
        assert site.complaints == []


async def test_who_loses_the_focused_element_stays_in_its_part(page: Page) -> None:
    """When what had the focus is not there any more, the part of the page that replaced it has."""
    async with scripted_site(report("Before")) as site:
        site.parts["report"] = '<div id="report"><h1>After</h1></div>'
        await site.open(page)
        await page.get_by_role("link", name="7d").focus()
        await page.keyboard.press("Enter")
        await page.get_by_role("heading", name="After").wait_for()
        assert await page.evaluate("document.activeElement.id") == "report"


async def test_what_was_unfolded_stays_so(page: Page) -> None:
    """The graph's table stays open from period to period; a menu closes once it has been used."""
    fold = '<details class="graph-table"><summary>Table</summary><p>Numbers</p></details>'
    menu = (
        f'<details class="menu"><summary>Periods</summary><a hx-get="{PATH}?period=12mo" {SWAPS} href="#">12</a>'
    )
    async with scripted_site(report("Before", more=fold + menu + "</details>")) as site:
        site.parts["report"] = report("After", more=fold + menu + "</details>")
        await site.open(page)
        await page.get_by_text("Table").click()
        await page.get_by_text("Periods").click()
        await page.get_by_role("link", name="12").click()
        await page.get_by_role("heading", name="After").wait_for()
        assert await page.get_by_text("Numbers").is_visible()
        assert await page.get_by_role("link", name="12").count() == 0
        assert site.complaints == []


async def test_who_searches_goes_on_typing(page: Page) -> None:
    """After a search the field has the focus again, and what is typed next stands behind what was searched."""
    form = f'<form action="{PATH}" hx-boost="true" {SWAPS}><input type="search" name="search" value="goo"></form>'
    async with scripted_site(report("Before", more=form)) as site:
        site.parts["report"] = report("After", more=form)
        await site.open(page)
        await page.get_by_role("searchbox").press("Enter")
        await page.get_by_role("heading", name="After").wait_for()
        await page.keyboard.type("gle")
        assert await page.get_by_role("searchbox").input_value() == "google"


async def test_an_error_offers_to_try_again(page: Page) -> None:
    """An answer that fails leaves the report as it was, says so, and "Try again" asks anew."""
    async with scripted_site(report("Before") + ERROR) as site:
        site.parts["report"] = report("After")
        site.statuses["report"] = 503
        await site.open(page)
        await page.get_by_role("link", name="7d").click()
        await page.get_by_role("alert").wait_for()
        assert await page.get_by_role("heading", name="Before").is_visible()
        assert await page.evaluate("document.activeElement.textContent") == "Try again"
        assert page.url.endswith(PATH)
        site.statuses.clear()
        await page.keyboard.press("Enter")
        await page.get_by_role("heading", name="After").wait_for()
        assert await page.get_by_role("alert").count() == 0


async def test_a_state_that_cannot_be_answered_comes_in_words(page: Page) -> None:
    """A refused state is shown as the server says it, in place of the report."""
    async with scripted_site(report("Before") + ERROR) as site:
        site.parts["report"] = report("One filter at a time")
        site.statuses["report"] = 400
        await site.open(page)
        await page.get_by_role("link", name="7d").click()
        await page.get_by_role("heading", name="One filter at a time").wait_for()
        assert await page.get_by_role("alert").count() == 0


async def test_only_the_latest_of_quick_requests_arrives(page: Page) -> None:
    """Who asks for the next period before the last has come sees the next, whatever answer is the slower."""
    async with scripted_site(report("Before")) as site:
        held = site.hold("period=7d")
        site.parts["report"] = report("After")
        await site.open(page)
        await page.get_by_role("link", name="7d").click()
        await page.locator('#report[aria-busy="true"]').wait_for()
        await page.get_by_role("link", name="28d").click()
        await page.get_by_role("heading", name="After").wait_for()
        site.parts["report"] = report("Too late")
        async with page.expect_response(lambda answer: "7d" in answer.url):
            held.set()
        assert await page.get_by_role("heading", name="After").is_visible()
        assert page.url.endswith("?period=28d")
        assert await page.locator("[aria-busy]").count() == 0
        assert site.complaints == []


async def test_an_ended_login_leads_to_the_login_page(page: Page) -> None:
    """When the server answers with another page, that page opens, and no part of it is swapped in."""
    async with scripted_site(report("Before")) as site:
        await site.open(page)
        site.redirects["period=7d"] = "/login"
        site.body = "<h1>Log in</h1>"
        await page.get_by_role("link", name="7d").click()
        await page.get_by_role("heading", name="Log in").wait_for()
        assert page.url.endswith("/login")
        assert await page.get_by_role("heading").count() == 1


async def test_a_list_opens_as_a_dialog(page: Page) -> None:
    """The full list opens over the page, can be searched by /, closes by Esc and gives the focus back."""
    link = f'<a href="{PATH}/lists/page" hx-get="{PATH}/lists/page" hx-target="#list-dialog">All pages</a>'
    filtered = f'<a href="?f=is,page,/" hx-get="{PATH}?f=is,page,/" {SWAPS}>/</a>'
    async with scripted_site(report("Before", more=link) + DIALOG) as site:
        site.parts["list-dialog"] = f'<h2>Pages</h2><input type="search" id="search" data-key="/">{filtered}'
        site.parts["report"] = report("Filtered")
        await site.open(page)
        await page.get_by_role("link", name="All pages").click()
        await page.get_by_role("dialog").wait_for()
        await page.get_by_role("link", name="/", exact=True).focus()
        await page.keyboard.press("/")
        assert await page.evaluate("document.activeElement.id") == "search"
        await page.keyboard.press("Escape")
        assert await page.get_by_role("dialog").count() == 0
        await expect(page.locator("#list-dialog")).to_be_empty()
        assert await page.evaluate("document.activeElement.textContent") == "All pages"
        await page.keyboard.press("Enter")
        await page.get_by_role("dialog").get_by_role("link", name="/", exact=True).click()
        await page.get_by_role("heading", name="Filtered").wait_for()
        assert await page.get_by_role("dialog").count() == 0
        assert site.complaints == []


async def test_a_hidden_page_asks_for_nothing(page: Page) -> None:
    """What refreshes by itself rests while nobody can see the page, and is fetched when somebody looks again."""
    live = (
        f'<b id="current-visitors" hx-get="{PATH}/now" hx-trigger="every 20ms, page-visible from:body">1</b>'
        f'<i id="beside" hx-get="{PATH}/beside" hx-trigger="tick from:body">1</i>'
    )
    async with scripted_site(live) as site:
        site.parts |= {"current-visitors": "2", "beside": "2"}
        await site.open(page)
        await page.get_by_text("2", exact=True).wait_for()
        await page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
        await page.evaluate("new Promise(resolve => setTimeout(resolve, 100))")  # five turns of the trigger
        site.asked.clear()
        await page.evaluate("new Promise(resolve => setTimeout(resolve, 100))")
        assert site.asked == []
        await page.evaluate(
            "Object.defineProperty(document, 'hidden', {value: false, configurable: true});"
            "document.dispatchEvent(new Event('visibilitychange'))"
        )
        async with page.expect_response(lambda answer: answer.url.endswith("/now")):
            pass


async def test_the_theme_is_kept_and_never_flashes(page: Page) -> None:
    """The switch works at once, the server knows it at the next load, and the third click forgets it."""
    body = '<button id="theme-switch" data-auto="As the system" data-light="Light" data-dark="Dark">◐</button>'
    async with scripted_site(body) as site:
        await page.emulate_media(color_scheme="light")
        await site.open(page)
        seen = []
        for _ in range(3):
            await page.get_by_text("◐").click()
            label = await page.get_by_role("button").get_attribute("aria-label")
            html = await (await page.request.get(page.url)).text()
            seen.append((label, html.partition('data-theme="')[2].partition('"')[0]))
        assert seen == [("Dark", "dark"), ("Light", "light"), ("As the system", "auto")]
        assert await page.context.cookies() == []
        await page.get_by_text("◐").click()
        await page.reload()
        assert await page.evaluate("document.documentElement.dataset.theme") == "dark"
        (cookie,) = await page.context.cookies()
        assert (cookie["name"], cookie["value"], cookie["sameSite"]) == ("theme", "dark", "Lax")


async def test_a_button_copies(visitor: BrowserContext) -> None:
    """A copy button is there only with scripts, copies, and says that it has."""
    await visitor.grant_permissions(["clipboard-read", "clipboard-write"])
    page = await visitor.new_page()
    button = '<button hidden data-copy="#snippet" data-copied="Copied">Copy</button>'
    body = f'<pre id="snippet">&lt;script&gt; </pre>{button}'
    async with scripted_site(body) as site:
        await site.open(page)
        await page.get_by_role("button", name="Copy").click()
        await page.get_by_role("button", name="Copied").wait_for()
        assert await page.evaluate("navigator.clipboard.readText()") == "<script>"


async def test_a_form_asks_before_it_is_sent(page: Page) -> None:
    """A form that does harm asks first; Cancel sends nothing, the form's own verb sends it with the answer."""
    body = (
        f'<form method="post" action="{PATH}" data-confirm="Delete the site?"><button name="do" value="it">Delete'
        '</button></form><template id="confirm-template"><dialog><form method="dialog"><p data-question></p>'
        '<button>Cancel</button><button data-yes type="button">Yes</button></form></dialog></template>'
    )
    async with scripted_site(body) as site:
        await site.open(page)
        await page.get_by_role("button", name="Delete").click()
        dialog = page.get_by_role("dialog")
        assert await dialog.get_by_text("Delete the site?").is_visible()
        await dialog.get_by_role("button", name="Cancel").click()
        assert await dialog.count() == 0
        assert len(site.asked) == 1
        await page.get_by_role("button", name="Delete").click()
        async with page.expect_navigation():
            await dialog.get_by_role("button", name="Delete").click()
        assert (site.asked[-1].method, site.asked[-1].form) == ("POST", {"confirmed": "yes", "do": "it"})
        assert site.complaints == []


async def test_nothing_is_kept_in_the_browser(page: Page) -> None:
    """After reports were opened, swapped and gone back to, the browser's storage is empty."""
    async with scripted_site(report("Before", more=graph())) as site:
        site.parts["report"] = report("After")
        await site.open(page)
        await page.get_by_role("link", name="7d").click()
        await page.get_by_role("heading", name="After").wait_for()
        await page.go_back()
        await page.get_by_role("heading", name="Before").wait_for()
        kept = "[localStorage.length, sessionStorage.length, document.cookie]"
        assert await page.evaluate(kept) == [0, 0, ""]
        assert await page.evaluate("indexedDB.databases().then(found => found.length)") == 0


async def test_less_motion_is_respected(chromium: Browser) -> None:
    """Who asks for less motion sees nothing move on the graph."""
    context = await chromium.new_context(reduced_motion="reduce")
    page = await context.new_page()
    async with scripted_site(graph()) as site:
        await site.open(page)
        await page.locator(".graph-stage").focus()
        await page.keyboard.press("Home")
        moving = "document.getAnimations().length + [...document.querySelectorAll('#graph *')].filter("
        moving += "each => getComputedStyle(each).transitionDuration !== '0s').length"
        assert await page.evaluate(moving) == 0
    await context.close()
