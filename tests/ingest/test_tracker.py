"""The tracker in a real browser: what it tells the collector, and when it tells nothing."""

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Page

from tests.fixtures import recorder
from tests.fixtures.chromium import unattended_chromium
from tests.fixtures.recorder import SENTINEL, Shop

in_browser = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def shop() -> AsyncIterator[Shop]:
    """Open a site with the tracker on each page."""
    async with recorder.open_shop() as opened:
        yield opened


def test_the_tracker_weighs_at_most_1000_bytes() -> None:
    """A site's owner adds at most a thousand bytes to a page."""
    assert len(gzip.compress(recorder.BUILT.read_bytes(), compresslevel=9)) <= 1000


class TestInBrowser:
    """What a visit to a page with the tracker makes the collector hear."""

    pytestmark = in_browser

    async def test_a_page_is_counted_when_it_loads(self, shop: Shop, page: Page) -> None:
        """Opening a page tells its whole address, its site and nothing else."""
        await page.goto(f"{shop.origin}/hats?size=m#red")
        await shop.arrived(1)
        assert await shop.all_events(page) == [shop.pageview("/hats?size=m")]

    async def test_an_event_needs_no_leave_from_the_collector(self, shop: Shop, page: Page) -> None:
        """An event to another origin is one plain-text POST, with no preflight request before it."""
        await page.goto(shop.origin)
        await shop.arrived(1)
        assert [(request.method, request.content_type) for request in shop.requests] == [
            ("POST", "text/plain;charset=UTF-8")
        ]

    async def test_the_referrer_is_told_once(self, shop: Shop, page: Page) -> None:
        """The page that led here goes with the first view, and not with what follows on the same page."""
        await page.goto(f"{shop.origin}/hats", referer="https://search.example/")
        await shop.arrived(1)
        await page.evaluate("history.pushState({}, '', '/shoes')")
        await shop.arrived(2)
        assert await shop.all_events(page) == [
            shop.pageview("/hats", r="https://search.example/"),
            shop.pageview("/shoes"),
        ]

    async def test_the_owner_names_the_sites(self, shop: Shop, page: Page) -> None:
        """A page may count for several sites, by names that are not its host's."""
        shop.attributes = 'data-domain="shop.example,all.example"'
        await page.goto(shop.origin)
        await shop.arrived(1)
        assert await shop.all_events(page) == [shop.pageview("/", d="shop.example,all.example")]

    async def test_the_owner_names_the_collector(self, shop: Shop, page: Page) -> None:
        """Events go where data-api says, whatever the script's origin."""
        shop.attributes = f'data-api="{shop.collector}/api/event?by=proxy"'
        await page.goto(shop.origin)
        await shop.arrived(1)
        assert [request.query for request in shop.requests] == ["by=proxy"]

    async def test_a_site_sends_events_of_its_own(self, shop: Shop, page: Page) -> None:
        """A custom event carries its name and values, tells if no visitor caused it, and calls back."""
        await page.goto(shop.origin)
        await shop.arrived(1)
        await page.evaluate(
            """footfall("Signup", {
                props: { plan: "pro", seats: 3 }, interactive: false, callback: () => { window.called = true }
            })"""
        )
        await page.wait_for_function("window.called")
        await shop.arrived(2)
        assert await shop.all_events(page) == [
            shop.pageview("/"),
            shop.pageview("/", n="Signup", props={"plan": "pro", "seats": 3}, interactive=False),
        ]

    async def test_events_before_the_script_wait_for_it(self, shop: Shop, page: Page) -> None:
        """What the site's code reports before the tracker has come is sent after the first view, in order."""
        shop.stub = f"""
            {recorder.QUEUE};
            window.order = [];
            const send = navigator.sendBeacon.bind(navigator);
            navigator.sendBeacon = (to, body) => order.push(JSON.parse(body).n) && send(to, body);
            footfall("First", {{ props: {{ step: 1 }} }});
            footfall("Second");
        """
        await page.goto(shop.origin)
        await shop.arrived(3)
        assert await page.evaluate("order") == ["pageview", "First", "Second"]
        assert sorted(await shop.all_events(page), key=lambda event: str(event["n"])) == [
            shop.pageview("/", n="First", props={"step": 1}),
            shop.pageview("/", n="Second"),
            shop.pageview("/"),
        ]

    async def test_a_single_page_application_counts_each_page(self, shop: Shop, page: Page) -> None:
        """Navigation by the page's own scripts counts, back and forward too, and works as it did."""
        await page.goto(f"{shop.origin}/")
        await shop.arrived(1)
        for step, navigation in enumerate(
            [
                "history.pushState({ step: 1 }, '', '/hats')",
                "history.replaceState({ step: 2 }, '', '/shoes')",
                "history.back()",
                "history.forward()",
            ],
            start=2,
        ):
            await page.evaluate(navigation)
            await shop.arrived(step)
        assert await page.evaluate("[location.pathname, history.state]") == ["/shoes", {"step": 2}]
        paths = ["/", "/hats", "/shoes", "/", "/shoes"]
        assert await shop.all_events(page) == [shop.pageview(path) for path in paths]

    @pytest.mark.parametrize("address", ["/hats", "/hats?sort=price", "/hats#reviews", ""])
    @pytest.mark.parametrize("method", ["pushState", "replaceState"])
    async def test_a_page_that_stays_the_same_counts_once(
        self, shop: Shop, page: Page, method: str, address: str
    ) -> None:
        """A framework that writes the address anew, its query or its hash, makes no second view."""
        await page.goto(f"{shop.origin}/hats")
        await shop.arrived(1)
        await page.evaluate(f"history.{method}({{}}, '', '{address}')")
        await page.evaluate("location.hash = 'elsewhere'")
        assert await shop.all_events(page) == [shop.pageview("/hats")]

    async def test_in_hash_mode_the_hash_is_a_page(self, shop: Shop, page: Page) -> None:
        """With data-hash a change of the hash is a view."""
        shop.attributes = "data-hash"
        await page.goto(f"{shop.origin}/app#/inbox")
        await shop.arrived(1)
        await page.evaluate("location.hash = '/sent'")
        await shop.arrived(2)
        await page.evaluate("history.replaceState({}, '', '#/sent')")
        assert await shop.all_events(page) == [
            shop.pageview("/app#/inbox", h=True),
            shop.pageview("/app#/sent", h=True),
        ]

    async def test_a_page_restored_by_the_back_button_counts_again(self, shop: Shop, page: Page) -> None:
        """Going back to a page that the browser kept in memory is a view, without the referrer."""
        await page.goto(f"{shop.origin}/hats", referer="https://search.example/")
        await shop.arrived(1)
        await page.wait_for_function(recorder.EVENT_ANSWERED)
        await page.evaluate("window.kept = true")
        await page.goto(f"{shop.origin}/shoes")
        await shop.arrived(2)
        await page.evaluate("history.back()")
        await shop.arrived(3)
        await page.wait_for_function("window.kept")
        assert await shop.all_events(page) == [
            shop.pageview("/hats", r="https://search.example/"),
            shop.pageview("/shoes"),
            shop.pageview("/hats"),
        ]

    async def test_a_page_fetched_ahead_counts_when_it_is_shown(self, shop: Shop, tmp_path: Path) -> None:
        """A page that the browser renders before the visitor asks for it counts once the visitor does ask."""
        shop.body = recorder.PRERENDER_NEXT.replace("COLLECTOR", shop.collector)
        async with unattended_chromium(f"{shop.origin}/", tmp_path):
            await shop.arrived(2)
        assert shop.received() == [
            shop.pageview("/"),
            SENTINEL,
            shop.pageview("/next", r=f"{shop.origin}/"),
        ]

    @pytest.mark.parametrize(
        ("pattern", "path"),
        [
            ("/admin", "/admin"),
            ("/hats, /admin", "/admin"),
            ("/users/*", "/users/ann"),
            ("/users/*/edit", "/users/ann/edit"),
            ("/users/**", "/users/ann/orders/7"),
            ("**/print.html", "/a/b/print.html"),
        ],
    )
    async def test_an_excluded_page_sends_nothing(self, shop: Shop, page: Page, pattern: str, path: str) -> None:
        """A page that the owner excludes is not counted, nor is what happens on it."""
        shop.attributes = f'data-exclude="{pattern}"'
        await page.goto(shop.origin + path)
        await page.evaluate("footfall('Signup', { callback: () => { window.called = true } })")
        await page.wait_for_function("window.called")
        assert await shop.all_events(page) == []

    @pytest.mark.parametrize(
        ("pattern", "path"),
        [
            ("/admin", "/admin/users"),
            ("/admin", "/shop/admin"),
            ("/users/*", "/users/ann/orders"),
            ("/a.b", "/a-b"),
            ("/admin,", "/"),
            ("", "/"),
        ],
    )
    async def test_other_pages_than_the_excluded_count(
        self, shop: Shop, page: Page, pattern: str, path: str
    ) -> None:
        """A pattern stands for whole paths, its dots are dots, and an empty one excludes nothing."""
        shop.attributes = f'data-exclude="{pattern}"'
        await page.goto(shop.origin + path)
        await shop.arrived(1)
        assert await shop.all_events(page) == [shop.pageview(path)]

    async def test_in_hash_mode_the_hash_may_be_excluded(self, shop: Shop, page: Page) -> None:
        """With data-hash a pattern is held against the path and the hash together."""
        shop.attributes = 'data-hash data-exclude="/app#/secret/*"'
        await page.goto(f"{shop.origin}/app#/secret/1")
        await page.evaluate("location.hash = '/open/1'")
        await shop.arrived(1)
        assert await shop.all_events(page) == [shop.pageview("/app#/open/1", h=True)]

    async def test_who_switched_beacons_off_is_not_counted(self, shop: Shop, page: Page) -> None:
        """A browser without beacons sends nothing, and its page works as it did."""
        shop.stub = "delete Navigator.prototype.sendBeacon"
        await page.goto(shop.origin)
        await page.evaluate("history.pushState({}, '', '/shoes')")
        assert await page.evaluate("location.pathname") == "/shoes"
        assert await shop.all_events(page) == []

    async def test_a_visit_leaves_nothing_in_the_browser(
        self, shop: Shop, page: Page, visitor: BrowserContext
    ) -> None:
        """After a visit the browser holds no cookie and no stored value of the site or of the collector."""
        await page.goto(shop.origin)
        await page.evaluate("footfall('Signup')")
        await shop.arrived(2)
        assert await visitor.storage_state(indexed_db=True) == {"cookies": [], "origins": []}
        assert await page.evaluate("[sessionStorage.length, localStorage.length]") == [0, 0]
        assert await page.evaluate("caches.keys()") == []

    async def test_a_script_included_twice_counts_once(self, shop: Shop, page: Page) -> None:
        """A page that carries the tracker twice by mistake is one view, and so is each page after it."""
        shop.body = f'<script src="{shop.collector}/js/script.js" data-engagement="off"></script>'
        await page.goto(shop.origin)
        await shop.arrived(1)
        await page.evaluate("history.pushState({}, '', '/shoes')")
        await shop.arrived(2)
        assert await shop.all_events(page) == [shop.pageview("/"), shop.pageview("/shoes")]
