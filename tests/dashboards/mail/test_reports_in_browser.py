"""Who gets reports by e-mail, in a real browser and with a real mail server."""

import re

import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page, expect

from core.store import Store
from tests.dashboards.conftest import EMAIL, browsing
from tests.dashboards.doing import open_in_browser
from tests.dashboards.mail.conftest import PUBLIC, SENDER
from tests.fixtures.hands import Hands
from tests.fixtures.mail_server import Postbox

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

REPORTS = "/sites/example.com/reports"
COLLEAGUE = "sister@example.org"


@pytest.mark.usefixtures("account", "site")
async def test_a_colleague_gets_reports_once_they_said_yes(
    chromium: Chromium, page: Page, embedded: Store, clock: Hands, box: Postbox
) -> None:
    """A colleague's address is asked by e-mail; they say yes in a browser without a login; Mara can remove it."""
    async with browsing(embedded, clock, smtp_url=box.url, smtp_sender=SENDER, public_url=PUBLIC) as browser:
        await open_in_browser(page, browser, REPORTS)
        await page.get_by_label("E-mail address").fill(COLLEAGUE)
        await page.get_by_label("Every month").check()
        await page.get_by_role("button", name="Add address").click()
        people = page.locator(".recipients li")
        await expect(people).to_contain_text([f"{COLLEAGUE} monthly, English: waiting for confirmation"])
        [question] = box.to(COLLEAGUE)
        asked = re.search(rf"{re.escape(PUBLIC)}(/mail/confirm/\S+)", str(question.get_content()))
        assert asked is not None
        own = await (await chromium.new_context()).new_page()
        await own.goto(str(browser.client.make_url(asked[1])))
        await own.get_by_role("button", name="Yes, send them").click()
        await own.get_by_role("heading", name="You are subscribed").wait_for()
        await own.context.close()
        await page.reload()
        await expect(people).to_contain_text(["gets the first report once its week or month is over"])
        await page.get_by_role("button", name=f"Remove {COLLEAGUE}").click()
        await page.get_by_text("Nobody yet.").wait_for()
        assert EMAIL not in [str(letter["To"]) for _whom, letter in box.letters]
