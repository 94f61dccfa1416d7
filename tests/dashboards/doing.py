"""Doing things as different people in one browser."""

from datetime import timedelta

from dashboards.logins import COOKIE, begin_login
from tests.dashboards.conftest import Browser


def log_in_as(browser: Browser, email: str) -> Browser:
    """Let somebody else sit down at the browser: their session is in it alone."""
    token = begin_login(browser.board.store, email, browser.clock(), timedelta(days=30))
    browser.client.session.cookie_jar.clear()
    browser.client.session.cookie_jar.update_cookies({COOKIE: token}, browser.client.make_url("/"))
    return browser
