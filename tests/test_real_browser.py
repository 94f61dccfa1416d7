"""From visits in a real browser to a published report: what a person counts by hand, the report says."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from math import floor
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, Page

from ingest.demo.site import DOMAIN, demo_site
from tests.fixtures.recorder import signal
from tests.fixtures.serving import Serving, data_folder, serving, zone_far_from_midnight

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
CHROME = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/{{n}}.0.0.0 Safari/537.36"
EDGE = f"{CHROME} Edg/{{n}}.0.0.0"
ANDROID = f"Mozilla/5.0 (Linux; Android 10; K) {WEBKIT} Chrome/{{n}}.0.0.0 Mobile Safari/537.36"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:{n}.0) Gecko/20100101 Firefox/{n}.0"
SAFARI = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.{n} Safari/605.1.15"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E{n} Safari/604.1"
)

K = 5
SETTINGS = {"FOOTFALL_THRESHOLD": str(K)}

APP, DOCS, PRICING = (f'nav a[href="/{name}"]' for name in ("app", "docs", "pricing"))
HOME = 'main a[href="/"]'
SIGN_UP, REPORTS, TEAM = "#signup", 'button[data-to="/app/reports"]', 'button[data-to="/app/team"]'


@dataclass(frozen=True)
class Group:
    """So many people, alike but for their browsers' versions: where they come from, enter, and click."""

    people: int
    agent: str
    referrer: str
    entry: str
    clicks: tuple[str, ...] = ()


# After each: its visitors, pageviews, events (pageviews and sign-ups), bounces (one page and no sign-up).
PLAN = (
    Group(8, CHROME, "https://www.google.com/", "/"),  # 8, 8, 8, 8
    Group(5, IPHONE, "", "/", (PRICING, SIGN_UP)),  # 5, 10, 15, 0
    Group(7, ANDROID, "https://news.ycombinator.com/item?id=1", "/app", (REPORTS, TEAM, DOCS)),  # 7, 28, 28, 0
    Group(6, FIREFOX, "", "/no-such-page", (HOME,)),  # 6, 12, 12, 0
    Group(5, SAFARI, "", "/docs?utm_source=newsletter&utm_medium=email&name=Ada"),  # 5, 5, 5, 5
    Group(2, EDGE, "", "/pricing", (SIGN_UP,)),  # 2, 2, 4, 0
)

# The plan's sums; 13 of 33 visits are bounces.
TOTALS = {"visitors": 33, "visits": 33, "pageviews": 65, "events": 72, "bounce_rate": 39.4}
# One hit more is headless Chromium's own. Those who said no are not even here.
LEDGER = {"received": 73, "stored": 72, "bot": 1}

# Value, visitors, visits, pageviews, events, bounce rate. What has fewer than 5 visitors is in "Other" (None), and
# where that would be fewer than 5, too, the smallest row is with it.
ROWS: dict[str, list[tuple[str | None, int, int, int, int, float | None]]] = {
    "page": [
        ("/", 19, 19, 19, 19, 42.1),  # 8 + 5 + 6, of them 8 bounced
        ("/docs", 12, 12, 12, 12, 41.7),  # 7 + 5, of them 5 bounced
        ("/app", 7, 7, 7, 7, 0.0),
        ("/app/reports", 7, 7, 7, 7, 0.0),
        ("/app/team", 7, 7, 7, 7, 0.0),
        ("/pricing", 7, 7, 7, 7, 0.0),  # 5 + 2
        ("/no-such-page", 6, 6, 6, 6, 0.0),
    ],
    "entry_page": [
        ("/", 13, 13, 18, 23, 61.5),  # 8 + 5, of them 8 bounced
        ("/app", 7, 7, 28, 28, 0.0),
        ("/no-such-page", 6, 6, 12, 12, 0.0),
        (None, 7, 7, 7, 9, 71.4),  # /pricing 2 and /docs 5, of them 5 bounced
    ],
    "exit_page": [
        ("/", 14, 14, 20, 20, 57.1),  # 8 + 6, of them 8 bounced
        ("/docs", 12, 12, 33, 33, 41.7),  # 7 + 5, of them 5 bounced
        ("/pricing", 7, 7, 12, 19, 0.0),  # 5 + 2
    ],
    "event": [("Signup", 7, 7, 0, 7, None)],  # 5 + 2
    "source": [
        ("Direct / None", 13, 13, 24, 31, 0.0),  # 5 + 6 + 2
        ("Google", 8, 8, 8, 8, 100.0),
        ("Hacker News", 7, 7, 28, 28, 0.0),
        ("newsletter", 5, 5, 5, 5, 100.0),
    ],
    "browser": [
        ("Chrome", 15, 15, 36, 36, 53.3),  # 8 + 7, of them 8 bounced
        ("Safari", 10, 10, 15, 20, 50.0),  # 5 + 5, of them 5 bounced
        (None, 8, 8, 14, 16, 0.0),  # Edge 2 and Firefox 6
    ],
    "os": [
        ("Windows", 10, 10, 10, 12, 80.0),  # 8 + 2, of them 8 bounced
        ("Android", 7, 7, 28, 28, 0.0),
        ("Linux", 6, 6, 12, 12, 0.0),
        ("iOS", 5, 5, 10, 15, 0.0),
        ("macOS", 5, 5, 5, 5, 100.0),
    ],
    "device": [
        ("Desktop", 21, 21, 27, 29, 61.9),  # 8 + 6 + 5 + 2, of them 13 bounced
        ("Mobile", 12, 12, 38, 43, 0.0),  # 5 + 7
    ],
}
METRICS = ("visitors", "visits", "pageviews", "events", "bounce_rate")

REFUSALS: tuple[tuple[dict[str, str], str], ...] = (
    ({"Sec-GPC": "1"}, signal("navigator.globalPrivacyControl", "true")),
    ({"DNT": "1"}, signal("navigator.doNotTrack", "'1'")),
    ({"Sec-GPC": "1"}, ""),  # browsers that tell the collector only
    ({"DNT": "1"}, ""),
)


@dataclass
class Counted:
    """What a person with a stopwatch has noted, beside the running process that has the report."""

    footfall: Serving
    shop: str
    zone: str
    least_seconds: int = 0
    most_seconds: int = 0
    left_behind: list[Any] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)

    @property
    def today(self) -> str:
        """The site's day."""
        return datetime.now(ZoneInfo(self.zone)).date().isoformat()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def counted(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Counted]:
    """Let everybody visit the demo site, five at a time, and wait until the report has all of them."""
    zone = zone_far_from_midnight()
    folder = tmp_path_factory.mktemp("real-browser")
    with data_folder(folder) as data, serving(data, **SETTINGS) as footfall:
        await asyncio.to_thread(footfall.add_sites, DOMAIN, timezone=zone)
        site = demo_site(footfall.url)
        site.middlewares.append(silent_about_time)
        runner = web.AppRunner(site, shutdown_timeout=0)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        noted = Counted(footfall, f"http://127.0.0.1:{runner.addresses[0][1]}", zone)
        try:
            seats = asyncio.Semaphore(5)
            async with asyncio.TaskGroup() as people:
                for group in PLAN:
                    for number in range(group.people):
                        people.create_task(come(chromium, seats, noted, group, number))
            await come_as_a_bot(chromium, noted)
            for headers, script in REFUSALS:
                await refuse(chromium, noted, headers, script)
            await asyncio.to_thread(footfall.wait_for_hits, DOMAIN, LEDGER["received"])
            await asyncio.to_thread(footfall.close_day, DOMAIN, K)
            yield noted
        finally:
            await runner.cleanup()


@web.middleware
async def silent_about_time(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Ask the tracker for no time in view: how often pages are hidden is no part of the plan."""
    answer = await handler(request)
    assert isinstance(answer, web.Response)
    assert answer.text
    answer.text = answer.text.replace("<script defer ", '<script defer data-engagement="off" ')
    return answer


async def come(browser: Browser, seats: asyncio.Semaphore, noted: Counted, group: Group, number: int) -> None:
    """Visit as one of a group, going on once each step is counted, with a stopwatch in hand."""
    async with seats:
        context = await browser.new_context(user_agent=group.agent.replace("{n}", str(130 + number)))
        page = await context.new_page()
        began = time.time()
        await step(page, page.goto(noted.shop + group.entry, referer=group.referrer or None))
        entered = time.time()
        for click in group.clicks:
            last_began = time.time()
            await step(page, page.click(click))
        if group.clicks:
            noted.least_seconds += floor(last_began) - floor(entered)
            noted.most_seconds += floor(time.time()) - floor(began)
        if number == 0:
            kept = await page.evaluate("[sessionStorage.length, localStorage.length]")
            noted.left_behind.append([await context.storage_state(indexed_db=True), kept])
        await context.close()


async def step(page: Page, doing: Awaitable[object]) -> None:
    """Do something and wait until the collector has answered for it."""
    async with page.expect_response("**/api/event") as answer:
        await doing
    assert (await answer.value).status == 202


async def come_as_a_bot(browser: Browser, noted: Counted) -> None:
    """Visit with the user agent that headless Chromium has by itself."""
    page = await browser.new_page()
    assert "HeadlessChrome" in await page.evaluate("navigator.userAgent")
    await step(page, page.goto(noted.shop))
    await page.close()


async def refuse(browser: Browser, noted: Counted, headers: dict[str, str], script: str) -> None:
    """Visit with a browser that says no; where only its headers do, the collector is asked and answers."""
    agent = CHROME.replace("{n}", "129")
    context = await browser.new_context(user_agent=agent, extra_http_headers=headers)
    await context.add_init_script(script)
    page = await context.new_page()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    await (page.goto(noted.shop) if script else step(page, page.goto(noted.shop)))
    for click in (APP, REPORTS, PRICING, SIGN_UP):
        await (page.click(click) if script else step(page, page.click(click)))
    await page.wait_for_function("document.getElementById('done').textContent")
    noted.refused.append(sum(url.endswith("/api/event") for url in sent))
    await context.close()


async def test_the_totals_are_exact(counted: Counted) -> None:
    """The day's totals are everybody's who came, and of nobody else."""
    report, today = counted.footfall.report(DOMAIN), counted.today
    duration = report["totals"].pop("visit_duration")
    days = {"from": today, "to": today, "unfinished": []}
    nothing = {"filter": {}, "rows": [], "hidden": [], "withheld": [], "rounded": [], "noisy": []}
    assert report == days | nothing | {"site": DOMAIN, "totals": TOTALS}
    assert round(counted.least_seconds / 33, 1) <= duration <= round(counted.most_seconds / 33, 1)


@pytest.mark.parametrize("dimension", ROWS)
async def test_each_list_is_what_the_plan_adds_up_to(counted: Counted, dimension: str) -> None:
    """Every row that may be shown is shown, with its exact numbers, most visitors first."""
    rows = counted.footfall.report(DOMAIN, "--by", dimension)["rows"]
    found = [(row[dimension], *(row[metric] for metric in METRICS)) for row in rows]
    assert found == ROWS[dimension]
    for row in rows:
        # Neither pages nor events last as long as visits.
        if dimension == "page":
            assert (row.pop("time_on_page"), row.pop("scroll_depth")) == (None, None)
        if dimension in {"page", "event"}:
            assert row.pop("conversion_rate") == round(100 * row["visitors"] / TOTALS["visitors"], 2)
        duration = row.pop("visit_duration")
        assert row.keys() == {dimension, *METRICS}
        if dimension in {"page", "event"}:
            assert duration is None
        else:
            assert 0 <= duration <= round(counted.most_seconds / row["visits"], 1)


async def test_bots_are_in_the_ledger_alone(counted: Counted) -> None:
    """Everything received is stored or dropped for a reason, and the headless browser is the only one dropped."""
    assert counted.footfall.ledger(DOMAIN) == LEDGER


async def test_a_visitor_who_said_no_is_counted_nowhere(counted: Counted) -> None:
    """With the signal in the page nothing is sent; with the header alone five beacons leave no trace."""
    assert counted.refused == [0, 0, 5, 5]
    assert counted.footfall.ledger(DOMAIN)["received"] == LEDGER["received"]


async def test_nothing_is_left_in_the_browser(counted: Counted) -> None:
    """After a visit of each kind the browser holds no cookie and no stored value of anybody's."""
    assert counted.left_behind == [[{"cookies": [], "origins": []}, [0, 0]]] * len(PLAN)


async def test_the_dashboard_shows_the_same(counted: Counted, page: Page, tmp_path: Path) -> None:
    """By the printed address one makes the first account, and the site's page shows the report's numbers."""
    await page.set_viewport_size({"width": 1280, "height": 900})
    await page.goto(counted.footfall.set_up_url)
    await page.fill("#email", "mara@example.com")
    await page.fill("#password", "four words do well")
    await page.screenshot(path=tmp_path / "set-up.png", full_page=True)
    await page.get_by_role("button", name="Create account").click()
    await page.get_by_role("button", name="Log out").wait_for()
    await page.screenshot(path=tmp_path / "sites.png", full_page=True)

    await page.goto(f"{counted.footfall.url}/sites/{DOMAIN}")
    await page.screenshot(path=tmp_path / "site.png", full_page=True)
    names = await page.locator(".tile .tile-name").all_inner_texts()
    values = await page.locator(".tile .value").all_inner_texts()
    tiles = dict(zip(names, values, strict=True))
    duration = tiles.pop("Visit duration")
    assert duration
    assert tiles == {
        "Visitors": "33",
        "Visits": "33",
        "Pageviews": "65",
        "Views per visit": "1.97",
        "Bounce rate": "39.4%",
    }
    rows = page.locator("#panel-pages tbody tr")
    shown = [(await row.inner_text()).split("\t")[:2] for row in await rows.all()]
    assert [[cell.strip() for cell in row] for row in shown] == [
        [str(value), str(visitors)] for value, visitors, *_rest in ROWS["page"]
    ]
