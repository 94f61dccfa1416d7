"""Doing things as different people."""

from datetime import datetime, timedelta

import pyotp
from playwright.async_api import Page

from core.store import Store
from dashboards.people.logins import COOKIE, begin_login
from dashboards.people.second_factor import add_factor
from tests.dashboards.conftest import EMAIL, PASSWORD, Browser


def log_in_as(browser: Browser, email: str) -> Browser:
    """Let somebody else sit down at the browser: their session is in it alone."""
    token = begin_login(browser.board.store, email, browser.clock(), timedelta(days=30))
    browser.client.session.cookie_jar.clear()
    browser.client.session.cookie_jar.update_cookies({COOKIE: token}, browser.client.make_url("/"))
    return browser


def add_factor_of(store: Store, email: str, secret: str, now: datetime) -> list[str]:
    """Turn on somebody's second factor; give the recovery codes."""
    codes = add_factor(store, email, secret, pyotp.TOTP(secret).at(now), now)
    assert codes is not None
    return codes


async def open_in_browser(page: Page, browser: Browser, path: str) -> None:
    """Open a page in a real browser, and log in as Mara if it asks for that."""
    await page.goto(str(browser.client.make_url(path)))
    if await page.locator("#password").count():
        await page.fill("#email", EMAIL)
        await page.fill("#password", PASSWORD)
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="Log out").wait_for()
