"""The demo's site: a newcomer can go wherever its made-up visitors go, and reach the dashboard's goals."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from playwright.async_api import Page

from dashboards.sites.demo_goals import DEMO_GOALS
from ingest.demo.site import DOMAIN, PAGES, TITLES, demo_site
from tests.fixtures import recorder

MISSING = "/no-such-page"
OF_THE_APP = {"/app/reports", "/app/team"}
"""No links lead there: buttons change the address."""


@asynccontextmanager
async def _open_site(collector: str) -> AsyncIterator[str]:
    async with TestServer(demo_site(collector)) as server:
        yield str(server.make_url("/")).rstrip("/")


async def test_links_lead_to_every_page_of_the_made_up_traffic() -> None:
    """From the home page on, each page is there and leads on, but for the one that is said not to be."""
    statuses, left = dict[str, int](), {"/"}
    async with _open_site("http://stats.example") as origin, ClientSession() as session:
        while left:
            path = left.pop()
            async with session.get(origin + path) as answer:
                statuses[path] = answer.status
                left |= set(re.findall(r'<a href="(/[^"]*)"', await answer.text())) - statuses.keys()
    expected = dict.fromkeys((PAGES.keys() | TITLES.keys()) - OF_THE_APP, 200)
    assert statuses == expected | {MISSING: 404}


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="session")
async def test_a_newcomer_reaches_every_goal_of_the_dashboard(page: Page) -> None:
    """Bread is bought by way of the shelf and the checkout, a button signs up, and both say what was counted."""
    async with recorder.open_shop() as shop, _open_site(shop.collector) as origin:
        await page.goto(origin)
        for link in ("Shop", "Country loaf", "Checkout"):
            await page.get_by_role("link", name=link, exact=True).click()
        await page.get_by_role("button", name="Buy a loaf").click()
        await page.get_by_text("Counted: Purchase").wait_for()
        await page.get_by_role("link", name="Pricing").click()
        await page.get_by_role("button", name="Sign up").click()
        await page.get_by_text("Counted: Signup").wait_for()
        sent = [event for event in await shop.all_events(page) if event["n"] != "engagement"]
    reached = {("event", event["n"]) for event in sent} | {
        ("page", event["u"].removeprefix(origin)) for event in sent if event["n"] == "pageview"
    }
    assert {event["d"] for event in sent} == {DOMAIN}
    assert {(goal.kind, goal.name) for goal in DEMO_GOALS} <= reached
