"""Clients made for Plausible, unchanged: its own tracker in a real browser, and one for Python programs."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from math import floor
from typing import Any

import pytest
import pytest_asyncio
import requests
from aiohttp import web
from plausible_events import PlausibleEvents
from playwright.async_api import Browser, Page, Request, Response, Route

from tests.fixtures import recorder
from tests.fixtures.serving import Serving, data_folder, serving, zone_far_from_midnight

TRACKER = recorder.ROOT / "node_modules/@plausible-analytics/tracker/plausible.js"
SHOP, PROGRAM = "shop.example", "program.example"
K = 5
SETTINGS = {"FOOTFALL_THRESHOLD": str(K), "FOOTFALL_TRUSTED_PROXIES": "127.0.0.0/8"}

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/{n}.0.0.0 Safari/537.36"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E{n} Safari/604.1"
)

PAGE = f"""
<!doctype html><title>Shop</title><link rel=icon href=data:,>
<button id="shoes">Shoes</button> <button id="sign-up">Sign up</button>
<script type="module">
  import {{ init, track }} from "/plausible.js"
  init({{ domain: "{SHOP}", endpoint: "COLLECTOR/api/event", captureOnLocalhost: true }})
  document.getElementById("shoes").onclick = () => history.pushState({{}}, "", "/shoes")
  document.getElementById("sign-up").onclick = () => track("Signup", {{ props: {{ plan: "pro" }} }})
</script>
"""

READERS, BUYERS = 6, 7
# Readers: a view, and an engagement event when they leave. Buyers: two views, a sign-up, and two engagement
# events. One person's view is lost on the way, and only the engagement event comes.
SHOP_LEDGER = {"received": 48, "stored": 48}  # 6 * 2 + 7 * 5 + 1

# Six Germans, of whom two are neighbours (one /24), and five from France, all with the same browser: ten visitors.
ADDRESSES = [f"2.160.{n}.0" for n in range(5)] + ["2.160.4.1"] + [f"90.0.{n}.0" for n in range(5)]
# Eleven times a view and an event; a twelfth program is sincere about what it is.
PROGRAM_LEDGER = {"received": 24, "stored": 22, "bot": 2}

METRICS = ("visitors", "visits", "pageviews", "events", "bounce_rate")


def rows_of(footfall: Serving, domain: str, dimension: str) -> list[tuple[object, ...]]:
    """Give a list's rows: value, visitors, visits, pageviews, events, bounce rate."""
    rows = footfall.report(domain, "--by", dimension)["rows"]
    return [(row[dimension], *(row[metric] for metric in METRICS)) for row in rows]


@pytest.fixture(scope="module")
def footfall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """Run one process for both sites; proxies on this host may state addresses."""
    with (
        data_folder(tmp_path_factory.mktemp("plausible-clients")) as data,
        serving(data, **SETTINGS) as process,
    ):
        process.add_sites(SHOP, PROGRAM, timezone=zone_far_from_midnight())
        yield process


@dataclass
class Shop:
    """The site with Plausible's tracker: what its pages sent, and the buyers' visits by a stopwatch."""

    browser: Browser
    collector: str
    origin: str = ""
    sent: list[dict[str, Any]] = field(default_factory=list)
    least_seconds: int = 0
    most_seconds: int = 0

    async def show(self, request: web.Request) -> web.StreamResponse:
        """Serve the tracker as npm brought it, and any page."""
        if request.path == "/plausible.js":
            return web.FileResponse(TRACKER)
        return web.Response(text=PAGE.replace("COLLECTOR", self.collector), content_type="text/html")

    def note(self, request: Request) -> None:
        """Note what a page sends to the collector."""
        if request.url.endswith("/api/event"):
            self.sent.append(json.loads(request.post_data or ""))

    def seconds_in_view(self, path: str) -> int:
        """Add up for how long browsers said that a page was in view."""
        times: list[int] = [event["e"] for event in self.sent if "e" in event and event["u"].endswith(path)]
        return sum(times) // 1000

    async def arrive(self, agent: str, number: int) -> Page:
        """Come with a browser of one's own."""
        context = await self.browser.new_context(user_agent=agent.replace("{n}", str(130 + number)))
        context.on("request", self.note)
        return await context.new_page()

    async def read(self, number: int) -> None:
        """Look at one page for two seconds, and leave."""
        page = await self.arrive(CHROME, number)
        await counted(page, "pageview", page.goto(f"{self.origin}/hats"))
        counted_at = await page.evaluate("performance.now()")  # a slow page load is no reading
        await page.wait_for_function("since => performance.now() > since + 2000", arg=counted_at)
        await leave(page)

    async def buy(self, number: int) -> None:
        """Go from page to page without loading one, sign up, and leave."""
        page = await self.arrive(IPHONE, number)
        began = time.time()
        await counted(page, "pageview", page.goto(f"{self.origin}/boots"))
        entered = time.time()
        await counted(page, "pageview", page.click("#shoes"))
        last_began = time.time()
        await counted(page, "Signup", page.click("#sign-up"))
        self.least_seconds += floor(last_began) - floor(entered)
        self.most_seconds += floor(time.time()) - floor(began)
        await leave(page)

    async def lose_the_view(self) -> None:
        """Look at a page whose view the network loses, and leave."""
        page = await self.arrive(CHROME, READERS)
        await page.route("**/api/event", lose)
        async with page.expect_event("requestfailed"):
            await page.goto(f"{self.origin}/hats")
        await leave(page)


async def counted(page: Page, name: str, doing: Awaitable[object]) -> None:
    """Do something and wait until the collector has answered for the event that it makes."""

    def answers(response: Response) -> bool:
        return response.url.endswith("/api/event") and f'"n":"{name}"' in (response.request.post_data or "")

    async with page.expect_response(answers) as answer:
        await doing
    found = await answer.value
    assert (found.status, await found.text()) == (202, "ok")


async def leave(page: Page) -> None:
    """Turn to another window: Playwright makes every page believe that it is looked at, until told otherwise."""
    devtools = await page.context.new_cdp_session(page)

    async def look_away() -> None:
        await devtools.send("Emulation.setFocusEmulationEnabled", {"enabled": False})
        await (await page.context.new_page()).bring_to_front()

    await counted(page, "engagement", look_away())
    await page.context.close()


async def lose(route: Route) -> None:
    """Be a network that drops pageviews."""
    if '"n":"pageview"' in (route.request.post_data or ""):
        await route.abort()
    else:
        await route.continue_()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shop(chromium: Browser, footfall: Serving) -> AsyncIterator[Shop]:
    """Let everybody come, and wait for all that they sent."""
    assert TRACKER.exists(), "npm has not brought Plausible's tracker: run pip install -e ."
    shop = Shop(chromium, footfall.url)
    async with recorder.listening(web.get("/{path:.*}", shop.show)) as shop.origin:
        async with asyncio.TaskGroup() as people:
            for number in range(READERS):
                people.create_task(shop.read(number))
            people.create_task(shop.lose_the_view())
        for number in range(BUYERS):
            await shop.buy(number)
        await asyncio.to_thread(footfall.wait_for_hits, SHOP, SHOP_LEDGER["received"])
        await asyncio.to_thread(footfall.close_day, SHOP, K)
        yield shop


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.usefixtures("shop")
class TestTracker:
    """`@plausible-analytics/tracker` in real Chromium."""

    async def test_every_event_is_taken(self, shop: Shop, footfall: Serving) -> None:
        """All that Plausible's tracker sends is stored, but for the one view that was lost on the way."""
        names = [event["n"] for event in shop.sent]
        assert {name: names.count(name) for name in names} == {
            "pageview": 21,  # 6 + 2 * 7 + 1
            "engagement": 21,
            "Signup": 7,
        }
        assert footfall.ledger(SHOP) == SHOP_LEDGER

    async def test_the_totals_know_no_engagement_events(self, shop: Shop, footfall: Serving) -> None:
        """Events of leaving are no pageviews, and neither begin nor prolong a visit."""
        totals = footfall.report(SHOP)["totals"]
        duration = totals.pop("visit_duration")
        # 6 + 7 visitors, 6 + 2 * 7 views, 7 sign-ups more, and 6 of 13 visits were bounces.
        assert totals == {"visitors": 13, "visits": 13, "pageviews": 20, "events": 27, "bounce_rate": 46.2}
        assert round(shop.least_seconds / 13, 1) <= duration <= round(shop.most_seconds / 13, 1)
        readers = footfall.report(SHOP, "--by", "exit_page")["rows"][1]
        assert (readers["exit_page"], readers["visit_duration"]) == ("/hats", 0)

    @pytest.mark.parametrize(
        ("dimension", "rows"),
        [
            ("page", [("/boots", 7, 7, 7, 7, 0.0), ("/shoes", 7, 7, 7, 7, 0.0), ("/hats", 6, 6, 6, 6, 100.0)]),
            ("entry_page", [("/boots", 7, 7, 14, 21, 0.0), ("/hats", 6, 6, 6, 6, 100.0)]),
            ("exit_page", [("/shoes", 7, 7, 14, 21, 0.0), ("/hats", 6, 6, 6, 6, 100.0)]),
            ("event", [("Signup", 7, 7, 0, 7, None)]),
            ("browser", [("Safari", 7, 7, 14, 21, 0.0), ("Chrome", 6, 6, 6, 6, 100.0)]),
            ("source", [("Direct / None", 13, 13, 20, 27, 46.2)]),
        ],
    )
    async def test_each_list_is_right(
        self, footfall: Serving, dimension: str, rows: list[tuple[object, ...]]
    ) -> None:
        """Six readers of /hats; seven buyers with 14 views and seven sign-ups."""
        assert rows_of(footfall, SHOP, dimension) == rows

    async def test_a_page_has_the_seconds_for_which_it_was_in_view(self, shop: Shop, footfall: Serving) -> None:
        """What the engagement events say is the page's time, and six readers of two seconds make at least ten."""
        found = {row["page"]: row["time_on_page"] for row in footfall.report(SHOP, "--by", "page")["rows"]}
        seconds = {path: shop.seconds_in_view(path) for path in found}
        assert seconds["/hats"] >= 10
        assert found == {
            path: round(spent / {"/hats": READERS}.get(path, BUYERS), 1) for path, spent in seconds.items()
        }


def use_program(footfall: Serving, headers: dict[str, str] | None) -> None:
    """Start a program, look at its first page, export something."""
    client = PlausibleEvents(PROGRAM, headers, timeout=0.1, api=f"{footfall.url}/api/event")
    client.worker.daemon = True  # it never ends by itself, and the tests should
    client.pageview("/start", utm={"source": "newsletter"})
    client.event("Export", props={"format": "csv"}, path="/report")


@pytest.fixture(scope="module")
def _programs(footfall: Serving) -> None:
    """Run the program everywhere, then once more with no browser's user agent to pass on."""
    addresses = iter([*ADDRESSES, "2.160.0.0"])

    def tell_address(url: str) -> requests.Response:
        assert url == "https://api.ipify.org"
        answer = requests.Response()
        answer.status_code, answer.encoding, answer.raw = 200, "ascii", BytesIO(next(addresses).encode())
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(requests, "get", tell_address)  # that host is not ours to ask
        for _ in ADDRESSES:
            use_program(footfall, {"User-Agent": CHROME.replace("{n}", "130")})
        footfall.wait_for_hits(PROGRAM, PROGRAM_LEDGER["stored"])
        use_program(footfall, None)
        footfall.wait_for_hits(PROGRAM, PROGRAM_LEDGER["received"])
    footfall.close_day(PROGRAM, K)


@pytest.mark.usefixtures("_programs")
class TestPythonClient:
    """`plausible-events` from PyPI, as a program on many people's computers has it."""

    def test_each_program_is_a_visitor_by_its_address(self, footfall: Serving) -> None:
        """Eleven programs with one user agent on ten networks are ten visitors; no visit is a bounce."""
        totals = footfall.report(PROGRAM)["totals"]
        assert 0 <= totals.pop("visit_duration") < 60
        assert totals == {"visitors": 10, "visits": 10, "pageviews": 11, "events": 22, "bounce_rate": 0.0}

    def test_a_program_with_a_name_of_its_own_is_a_bot(self, footfall: Serving) -> None:
        """Without a browser's user agent the view and the event are dropped, and the ledger tells why."""
        assert footfall.ledger(PROGRAM) == PROGRAM_LEDGER

    @pytest.mark.parametrize(
        ("dimension", "rows"),
        [
            # Two neighbours are one visitor with two views and four events.
            ("country", [("DE", 5, 5, 6, 12, 0.0), ("FR", 5, 5, 5, 10, 0.0)]),
            ("source", [("newsletter", 10, 10, 11, 22, 0.0)]),
            ("page", [("/start", 10, 10, 11, 11, 0.0)]),
            ("event", [("Export", 10, 10, 0, 11, None)]),
            ("hostname", [("localhost", 10, 10, 11, 22, 0.0)]),
            ("device", [("Desktop", 10, 10, 11, 22, 0.0)]),
        ],
    )
    def test_each_list_is_right(self, footfall: Serving, dimension: str, rows: list[tuple[object, ...]]) -> None:
        """The country is the stated address's, the page the one in app://localhost, the source the tag."""
        assert rows_of(footfall, PROGRAM, dimension) == rows
