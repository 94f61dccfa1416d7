"""Axe on every page: what it finds keeps somebody out. What a page needs to be opened is in one table."""

from datetime import timedelta

import pytest
from playwright.async_api import Page

from core.sites import Site, add_site, remove_site
from core.store import Store
from dashboards.app import PAGES
from dashboards.mail.recipients import Rhythm, add_recipient
from dashboards.people.logins import COOKIE, HALF_COOKIE, begin_login
from dashboards.sites.goals import Goal, GoalKind, add_goal
from tests.dashboards.barriers import barriers_in_any_light, is_too_wide
from tests.dashboards.conftest import EMAIL, NOON, Desk, Hands, browsing
from tests.dashboards.doing import add_factor_of

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SITE = "/sites/example.com"
LOOKED_AT = {
    "second_factor": "/account/second-factor",
    "sites": "/",
    "all_sites": "/sites",
    "new_site": "/sites/new",
    "removed_sites": "/sites/removed",
    "install": f"{SITE}/install",
    "site_settings": f"{SITE}/settings",
    "goals": f"{SITE}/goals",
    "remove_site": f"{SITE}/remove",
    "mail_reports": f"{SITE}/reports",
    "mail_confirm": "/mail/confirm/{token}",
    "mail_unsubscribe": "/mail/unsubscribe/{token}",
    "login": "/login",
    "login_code": "/login/code",
    "missing": "/nothing",
}
"""By the page's name. Who is logged in opens them, but for the last, which are opened after the logout."""
ELSEWHERE = {"site", "list", "people", "invite", "person", "remove_person", "account", "keys", "sharing"}
ELSEWHERE |= {"accept_invite", "share_password", "setup"}
"""In report/test_site_in_browser.py, people/test_people_in_browser.py and sites/test_owner_in_browser.py."""
_ON_THE_WAY = (
    "Log out",
    "Today",
    "Pageviews",
    "The graph as a table",
    "Google",
    "/pricing",
    "all lists (ZIP)",
)
_STOP = """() => {
  const element = document.activeElement, style = getComputedStyle(element);
  const name = element === document.body ? '' : element.textContent.trim() || element.outerHTML;
  return [name, name && `${style.outlineStyle} ${style.outlineWidth}`];
}"""
MAIL = {"smtp_url": "smtp://127.0.0.1", "smtp_sender": "a@example.com", "public_url": "http://stats.example.com"}
NO_PAGES = {"now", "waiting", "export_csv", "export_zip", "graph_svg", "graph_png"}
OPEN = ("login", "login_code", "missing")


async def test_every_page_is_looked_at() -> None:
    """A new page has its place here, or where the others are looked at."""
    names = {page.name for page in PAGES if page.method == "GET"} - NO_PAGES
    assert names - ELSEWHERE == set(LOOKED_AT) - {"missing"}


async def test_no_page_has_a_barrier(
    page: Page, embedded: Store, clock: Hands, desk: Desk, account: str, site: Site
) -> None:
    """Axe finds nothing on any of them on a phone, in the light or in the dark, and none is scrolled sideways."""
    add_factor_of(embedded, EMAIL, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", NOON)
    add_goal(embedded, site, Goal(GoalKind.PAGE, "/thank-you", "Bought " + "something " * 9), NOON)
    recipient = add_recipient(
        embedded, site, f"{'mara-' * 11}@example.com", Rhythm.WEEK, "en", NOON, has_account=False
    )
    remove_site(embedded, add_site(embedded, "gone.example", "UTC", NOON).domain, NOON)
    add_site(embedded, "other.example", "UTC", NOON)
    desk.visits(site, 12)
    desk.roll(site)
    lasts = timedelta(days=1)
    cookies = {
        COOKIE: begin_login(embedded, EMAIL, NOON, lasts),
        HALF_COOKIE: begin_login(embedded, EMAIL, NOON, lasts, half=True),
    }
    await page.set_viewport_size({"width": 320, "height": 740})
    await page.emulate_media(reduced_motion="reduce")  # so that no colour is on its way when it is looked at
    found: list[str] = []
    async with browsing(embedded, clock, **MAIL) as browser:
        url = str(browser.client.make_url("/"))
        await page.context.add_cookies(
            [{"name": name, "value": each, "url": url} for name, each in cookies.items()]
        )
        for name, path in LOOKED_AT.items():
            if name == OPEN[0]:
                await page.context.clear_cookies(name=COOKIE)
            await page.goto(url.rstrip("/") + path.format(token=recipient.token))
            found += [f"{name}: {each}" for each in await barriers_in_any_light(page)]
            found += [f"{name} is too wide"] * await is_too_wide(page)
    assert found == []


async def test_who_goes_by_keyboard_sees_where_they_are(
    page: Page, embedded: Store, clock: Hands, desk: Desk, account: str, site: Site
) -> None:
    """Tab leads through the whole report, from the first link to the last, and each stop has a ring around it."""
    desk.visits(site, 20, ["/", "/pricing"], source="Google", country="DE", device="Desktop")
    desk.roll(site, close=True)
    async with browsing(embedded, clock) as browser:
        url = str(browser.client.make_url(SITE))
        token = begin_login(embedded, EMAIL, NOON, timedelta(days=1))
        await page.context.add_cookies([{"name": COOKIE, "value": token, "url": url}])
        await page.goto(url)
        await page.locator("figure.is-drawn").wait_for()
        stops = []
        while not stops or stops[-1] != ["", ""]:
            await page.keyboard.press("Tab")
            stops.append(await page.evaluate(_STOP))
    assert [name for name, ring in stops[:-1] if ring != "solid 2px"] == []
    names = [name for name, _ring in stops]
    reached = [next((place for place, each in enumerate(names) if word in each), None) for word in _ON_THE_WAY]
    assert None not in reached
    assert reached == sorted(reached)  # type: ignore[type-var]
