"""No means no, and a strict page stays strict: what the tracker must not do, in a real browser."""

import base64
import hashlib
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page

from tests.fixtures import recorder
from tests.fixtures.recorder import Shop, signal

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

BODY = """
<a id="out" href="https://other.example/">out</a>
<a id="file" href="/hats.pdf" download>hats</a>
<form action="/search"><button id="find">find</button></form>
<button id="tagged" data-event="Menu">menu</button>
<script>
  addEventListener("click", (event) => event.target.closest("a") && event.preventDefault());
  addEventListener("submit", (event) => event.preventDefault());
</script>
"""
EVERYTHING = 'data-event="404" data-outbound data-forms data-downloads="**.pdf"'

# A visitor who does all that can be told, but for leaving.
VISIT = """() => new Promise((done) => {
    for (const id of ["out", "file", "find", "tagged"]) document.getElementById(id).click();
    footfall("Signup", { callback: done });
    history.pushState({}, "", "/shoes");
    Object.defineProperty(document, "hidden", { configurable: true, get: () => true });
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
    delete document.hidden;
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
})"""

READ_STORAGE = "(() => { try { return localStorage.length } catch (error) { return error.name } })()"
OPT_OUT = "localStorage['footfall-opt-out'] = '1'"


@pytest_asyncio.fixture(loop_scope="session")
async def shop() -> AsyncIterator[Shop]:
    """Open a site whose tracker tells everything that it can."""
    async with recorder.open_shop() as opened:
        opened.body, opened.attributes, opened.engagement = BODY, EVERYTHING, True
        yield opened


@pytest.mark.parametrize(
    "refusal",
    [
        signal("navigator.globalPrivacyControl", "true"),
        signal("navigator.doNotTrack", "'1'"),
        signal("navigator.doNotTrack", "'yes'"),
        signal("window.doNotTrack", "'1'"),
        OPT_OUT,
    ],
)
async def test_a_visitor_who_refuses_sends_nothing(shop: Shop, page: Page, refusal: str) -> None:
    """No view, click, form, download, event or time in view makes a request, nor does leaving the page."""
    shop.stub = refusal
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(f"{shop.origin}/no-such-hat")
    await page.evaluate(VISIT)
    await page.goto(f"{shop.origin}/boots")
    assert [url for url in asked if url.startswith(shop.collector)] == [f"{shop.collector}/js/script.js"] * 2
    assert await shop.all_events(page) == []


@pytest.mark.parametrize(
    "consent",
    [
        "",
        signal("navigator.globalPrivacyControl", "false"),
        signal("navigator.doNotTrack", "'0'"),
        signal("navigator.doNotTrack", "'unspecified'"),
        signal("navigator.doNotTrack", "null"),
    ],
)
async def test_a_visitor_who_does_not_refuse_is_counted(shop: Shop, page: Page, consent: str) -> None:
    """The same visit is told whole where a signal is not there, or says nothing against counting."""
    shop.stub = consent
    await page.goto(f"{shop.origin}/no-such-hat")
    await page.evaluate(VISIT)
    await shop.arrived(10)
    assert sorted(f"{event['n']} {event['u']}" for event in await shop.all_events(page)) == sorted(
        f"{name} {shop.origin}{path}"
        for name, path in [
            ("pageview", "/no-such-hat"),
            ("404", "/no-such-hat"),
            ("Outbound Link: Click", "/no-such-hat"),
            ("File Download", "/no-such-hat"),
            ("Form: Submission", "/no-such-hat"),
            ("Menu", "/no-such-hat"),
            ("Signup", "/no-such-hat"),
            ("engagement", "/no-such-hat"),
            ("pageview", "/shoes"),
            ("engagement", "/shoes"),
        ]
    )


async def test_a_no_in_the_middle_of_a_page_holds_at_once(shop: Shop, page: Page) -> None:
    """From the opt-out on nothing is told, the time in view before it included; a visitor may take it back."""
    await page.goto(f"{shop.origin}/hats")
    await shop.arrived(2)
    await page.evaluate(OPT_OUT)
    await page.evaluate(VISIT)
    assert sorted(event["n"] for event in await shop.all_events(page)) == ["404", "pageview"]
    await page.evaluate("localStorage.removeItem('footfall-opt-out'); footfall('Signup')")
    await shop.arrived(3)
    assert sorted(event["n"] for event in await shop.all_events(page)) == ["404", "Signup", "pageview"]


async def test_blocked_storage_breaks_nothing(shop: Shop, page: Page) -> None:
    """Where the browser lets the page read no storage there is no opt-out, and the page works."""
    shop.policy = "sandbox allow-scripts"  # an origin of its own, to which Chromium gives no storage
    shop.attributes = 'data-engagement="off"'
    await page.goto(f"{shop.origin}/hats")
    assert await page.evaluate(READ_STORAGE) == "SecurityError"
    await page.evaluate("footfall('Signup')")
    await shop.arrived(2)
    assert sorted(event["n"] for event in await shop.all_events(page)) == ["Signup", "pageview"]


async def test_a_strict_policy_and_integrity_are_kept(shop: Shop, page: Page) -> None:
    """A page that allows this one script by its hash, and requests to the collector, has no other need."""
    digest = base64.b64encode(hashlib.sha384(recorder.BUILT.read_bytes()).digest()).decode()
    shop.policy = (
        f"default-src 'none'; script-src 'sha384-{digest}'; connect-src {shop.collector}; img-src data:; "
        "require-trusted-types-for 'script'"
    )
    shop.attributes = f'{EVERYTHING} integrity="sha384-{digest}" crossorigin="anonymous"'
    shop.body = BODY.partition("<script>")[0].replace("<form", "<form target=frame")
    complaints: list[str] = []
    asked: set[str] = set()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.add(request.url))
    await page.goto(f"{shop.origin}/hats")
    await page.evaluate("footfall('Signup')")
    await page.click("#tagged")
    await page.evaluate("history.pushState({}, '', '/shoes')")
    await shop.arrived(6)
    assert sorted(event["n"] for event in await shop.all_events(page)) == [
        "404",
        "Menu",
        "Signup",
        "engagement",
        "pageview",
        "pageview",
    ]
    assert complaints == []
    assert asked == {f"{shop.origin}/hats", f"{shop.collector}/js/script.js", f"{shop.collector}/api/event"}


async def test_a_changed_script_is_not_run(shop: Shop, page: Page) -> None:
    """With another hash than the script's the browser runs nothing, and nothing is sent."""
    shop.attributes = f'integrity="sha384-{"A" * 64}" crossorigin="anonymous"'
    await page.goto(f"{shop.origin}/hats")
    assert await page.evaluate("typeof footfall") == "undefined"
    assert await shop.all_events(page) == []
