"""The pages of a site whose profile is strict or has noise: what they show, and in which words."""

from datetime import date

import pytest

from core.profiles import Profile
from core.sites import Site, change_site
from core.store import Store
from dashboards.language import NOTHING
from tests.dashboards.conftest import NOON, Browser, Desk

TODAY = date(2026, 5, 17)
YESTERDAY = date(2026, 5, 16)


@pytest.fixture
def strict(embedded: Store, site: Site, mara: Browser) -> Site:
    """The site example.com, which is strict with the k of the settings."""
    changed = change_site(embedded, site.domain, NOON.replace(hour=NOON.hour + 1), Profile.STRICT)
    mara.board.sites.refresh(embedded)
    return changed


async def test_today_is_counted_and_not_shown(mara: Browser, desk: Desk, strict: Site) -> None:
    """The page says that the day is counted and when it will be seen: no number, no time, no ledger."""
    desk.visits(strict, 38)
    desk.ledger(strict, received=41, stored=38, bot=3)
    desk.roll(strict)
    page = (await mara.get("/sites/example.com")).page
    assert "This day is being counted. This site shows a day once it is final" in page.text
    assert "Nothing to show yet" in page.text
    assert set(page.tiles.values()) == {NOTHING}
    assert [number for number in ("38", "41") if number in page.text] == []
    assert "Updated" not in page.text
    assert "No visits" not in page.text


async def test_a_closed_day_is_in_tens_and_says_so(mara: Browser, desk: Desk, strict: Site) -> None:
    """Numbers are about right, the lists name drawn thresholds, the exact ledger is not beside them."""
    desk.visits(strict, 38, day=YESTERDAY, country="DE", device="Desktop")
    desk.roll(strict, YESTERDAY, close=True)
    page = (await mara.get("/sites/example.com?period=day&date=2026-05-16")).page
    assert page.tiles["Visitors"] in {"30", "40"}
    assert page.tables["Countries"][1][0].endswith("Germany")
    assert "Every number is rounded to tens, randomly up or down, and time to ten minutes." in page.text
    assert "A row needs 5 to 10 visitors to be shown" in page.text
    assert "An event is listed once 5 to 10 visitors have triggered it" in page.text
    assert "at least Visits" not in page.text
    assert "received" not in page.text


async def test_several_days_say_which_are_missing(mara: Browser, desk: Desk, strict: Site) -> None:
    """Today is counted and not in the sum of the closed days."""
    desk.visits(strict, 38, day=YESTERDAY)
    desk.roll(strict, YESTERDAY, close=True)
    desk.visits(strict, 200)
    desk.roll(strict)
    page = (await mara.get("/sites/example.com?period=7d")).page
    assert page.tiles["Visitor-days"] in {"30", "40"}
    assert "Today is being counted." in page.text
    assert "The totals and the graph are exact" not in page.text


async def test_the_list_of_sites_has_no_number_of_today(
    mara: Browser, embedded: Store, desk: Desk, strict: Site
) -> None:
    """It says when there will be one; yesterday's is in tens."""
    await mara.fill("/sites/new", domain="other.example")
    desk.visits(strict, 38)
    desk.roll(strict)
    page = (await mara.get("/")).page
    assert page.tables["Sites"][1] == ["example.com", "shown once the day is final", "0 0 views"]


async def test_what_noise_hides_is_a_dash_and_no_zero(
    mara: Browser, embedded: Store, desk: Desk, site: Site
) -> None:
    """Bounces, durations and hours of days with noise are said to be none, in the tiles and in the graph."""
    changed = change_site(embedded, site.domain, NOON.replace(hour=NOON.hour + 1), Profile.DP)
    mara.board.sites.refresh(embedded)
    desk.visits(changed, 200, day=YESTERDAY, country="DE")
    desk.roll(changed, YESTERDAY, close=True)
    page = (await mara.get("/sites/example.com?period=7d")).page
    assert (page.tiles["Bounce rate"], page.tiles["Visit duration"]) == (NOTHING, NOTHING)
    assert "not published" in page.text
    assert page.tables["Countries"][0] == ["Country", "Visitor-days", "Share"]
    page = (await mara.get("/sites/example.com/lists/country?period=7d")).page
    assert page.tables["Countries"][0] == ["Country", "Visitor-days", "Share"]
    for view in ("period=7d&metric=bounce_rate", "period=day&date=2026-05-16"):
        page = (await mara.get(f"/sites/example.com?{view}")).page
        assert "Days with noise have no hours, bounces or durations" in page.text
