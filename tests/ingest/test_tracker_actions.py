"""What visitors do on a page, told by the tracker in a real browser: links, downloads, forms, tagged elements."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page

from tests.fixtures import recorder
from tests.fixtures.recorder import Event, Shop

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

# The page keeps its links and forms from leading anywhere, and every click from reaching its own listeners.
BODY = """
<a id="out" href="https://ann@other.example/a%20b/c?token=1#x"><b id="inside">out</b></a>
<a id="pdf" href="/files/hats.pdf?for=ann@example.com">hats</a>
<a id="foreign-pdf" href="https://other.example/hats.pdf">hats elsewhere</a>
<a id="page" href="/hats">within</a>
<a id="mail" href="mailto:ann@other.example">mail</a>
<svg><a id="drawn" href="https://other.example/"><text y="10">drawn</text></a></svg>
<form id="search" action="/search"><input name="q"><button id="find">find</button></form>
<form id="sign-up" data-event="Signup" data-props='{"plan":"pro"}'><button id="join">join</button>
  <input id="needed" required></form>
<button id="button" data-event="Menu"><i id="icon">menu</i></button>
<a id="tagged" data-event="Buy" data-props="{}" href="https://other.example/buy">buy</a>
<script>
  addEventListener("click", (event) => {
    event.stopPropagation();
    event.target.closest("a") && event.preventDefault();
  }, true);
  addEventListener("submit", (event) => event.preventDefault(), true);
</script>
"""
DOWNLOADS = 'data-downloads="**.pdf, **.zip"'

# What is clicked, and what is told of it if everything is told.
LINK = ("Outbound Link: Click", {"url": "https://other.example/a%20b/c"})
CLICKS: dict[str, tuple[str, object] | None] = {
    "inside": LINK,
    "foreign-pdf": ("Outbound Link: Click", {"url": "https://other.example/hats.pdf"}),
    "pdf": ("File Download", {"url": "ORIGIN/files/hats.pdf"}),
    "page": None,
    "mail": None,
    "drawn": None,
    "find": ("Form: Submission", {}),
    "join": None,  # the form is not filled in
    "icon": ("Menu", {}),
    "tagged": ("Buy", "{}"),
}
CLICK = """(ids) => ids.forEach((id) =>
    document.getElementById(id).dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true })))"""


@pytest_asyncio.fixture(loop_scope="session")
async def shop() -> AsyncIterator[Shop]:
    """Open a site with something to click on."""
    async with recorder.open_shop() as opened:
        opened.body = BODY
        yield opened


def told(events: list[Event], shop: Shop) -> set[tuple[str, str]]:
    """Name what was told beside views, with its values; beacons do not arrive in order."""
    return {
        (event["n"], str(event.get("props")).replace(shop.origin, "ORIGIN"))
        for event in events
        if event["n"] != "pageview"
    }


@pytest.mark.parametrize(
    ("attributes", "left_out"),
    [
        (f"data-outbound data-forms {DOWNLOADS}", ()),
        (f"data-forms {DOWNLOADS}", ("Outbound Link: Click",)),
        ("data-outbound data-forms", ("File Download",)),
        (f"data-outbound {DOWNLOADS}", ("Form: Submission",)),
        ("", ("Outbound Link: Click", "File Download", "Form: Submission")),
    ],
)
async def test_each_kind_of_action_is_told_if_the_owner_asks(
    shop: Shop, page: Page, attributes: str, left_out: tuple[str, ...]
) -> None:
    """Each attribute switches one kind; a file elsewhere is a download if outbound links are not told."""
    shop.attributes = attributes
    await page.goto(shop.origin)
    await page.evaluate(CLICK, list(CLICKS))
    wanted = {(name, str(props)) for name, props in filter(None, CLICKS.values()) if name not in left_out}
    if attributes == f"data-forms {DOWNLOADS}":
        wanted.add(("File Download", str({"url": "https://other.example/hats.pdf"})))
    await shop.arrived(1 + len(wanted))
    assert told(await shop.all_events(page), shop) == wanted


async def test_links_are_told_without_what_may_name_a_person(shop: Shop, page: Page) -> None:
    """No query, fragment or user's name of a link leaves the browser."""
    shop.attributes = f"data-outbound {DOWNLOADS}"
    await page.goto(f"{shop.origin}/shop")
    await page.evaluate(CLICK, ["out", "pdf"])
    await shop.arrived(3)
    events = sorted(await shop.all_events(page), key=lambda event: str(event["n"]))
    assert events == [
        shop.pageview("/shop", n="File Download", props={"url": f"{shop.origin}/files/hats.pdf"}),
        shop.pageview("/shop", n=LINK[0], props=LINK[1]),
        shop.pageview("/shop"),
    ]


async def test_a_link_is_told_by_whatever_button_opens_it(shop: Shop, page: Page) -> None:
    """The middle button opens a link beside the page; the right one opens only a menu."""
    shop.attributes = "data-outbound"
    await page.goto(shop.origin)
    for button in ("middle", "right", "left"):
        await page.click("#out", button=button)  # type: ignore[arg-type]
    await shop.arrived(3)
    events = [event["n"] for event in await shop.all_events(page)]
    assert sorted(events) == ["Outbound Link: Click", "Outbound Link: Click", "pageview"]


async def test_a_link_that_is_followed_is_told(shop: Shop, page: Page) -> None:
    """The event outlives the page that the link leaves."""
    elsewhere = shop.origin.replace("127.0.0.1", "localhost")
    shop.attributes = "data-outbound"
    shop.body = f'<a href="{elsewhere}/next?secret=1">next</a>'
    await page.goto(shop.origin)
    await page.click("a")
    await page.wait_for_url(f"{elsewhere}/next?secret=1")
    await shop.arrived(3)
    assert told(await shop.all_events(page), shop) == {("Outbound Link: Click", str({"url": f"{elsewhere}/next"}))}


async def test_a_filled_in_form_is_told_once(shop: Shop, page: Page) -> None:
    """A tagged form is its own event, by the Enter key as well, and not a form like any other besides."""
    shop.attributes = "data-forms"
    await page.goto(shop.origin)
    await page.fill("#needed", "ann@example.com")
    await page.press("#needed", "Enter")
    await page.press("[name=q]", "Enter")
    await shop.arrived(3)
    events = [(event["n"], event.get("props")) for event in await shop.all_events(page)]
    assert sorted(events, key=str) == [
        ("Form: Submission", {}),
        ("Signup", '{"plan":"pro"}'),
        ("pageview", None),
    ]


async def test_a_page_has_an_event_of_its_own(shop: Shop, page: Page) -> None:
    """The owner's page for what is not found says so after its view, once, whatever follows on it."""
    shop.attributes = 'data-event="404"'
    await page.goto(f"{shop.origin}/no-such-hat")
    await page.evaluate("history.pushState({}, '', '/hats')")
    await shop.arrived(3)
    events = sorted(await shop.all_events(page), key=lambda event: (str(event["u"]), str(event["n"])))
    assert events == [
        shop.pageview("/hats"),
        shop.pageview("/no-such-hat", n="404"),
        shop.pageview("/no-such-hat"),
    ]


async def test_nothing_done_on_an_excluded_page_is_told(shop: Shop, page: Page) -> None:
    """Exclusion covers links, files, forms and tagged elements, too."""
    shop.attributes = f'data-exclude="/admin/**" data-event="404" data-outbound data-forms {DOWNLOADS}'
    await page.goto(f"{shop.origin}/admin/users")
    await page.evaluate(CLICK, list(CLICKS))
    assert await shop.all_events(page) == []
