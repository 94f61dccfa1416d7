"""Who gets reports: added and removed on a page, confirmed and unsubscribed from an e-mail."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio

from core.accesses import read_accesses
from core.sites import Site
from core.store import Store
from dashboards.app import PAGES
from dashboards.mail.recipients import Rhythm, add_recipient, list_recipients, remove_recipient
from dashboards.mail.sendings import Outcome, finish
from dashboards.people.logins import COOKIE, begin_login
from tests.dashboards.conftest import EMAIL, NOON, Browser, browsing
from tests.dashboards.mail.conftest import MONDAY, PUBLIC, SENDER, subscribed
from tests.fixtures.hands import Hands
from tests.fixtures.mail_server import Postbox

REPORTS = "/sites/example.com/reports"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest_asyncio.fixture
async def stranger(
    embedded: Store, clock: Hands, account: str, site: Site, box: Postbox
) -> AsyncIterator[Browser]:
    """Give a browser in which nobody is logged in, at a Footfall that can send e-mails."""
    async with browsing(embedded, clock, smtp_url=box.url, smtp_sender=SENDER, public_url=PUBLIC) as browser:
        yield browser


@pytest_asyncio.fixture
async def marketer(stranger: Browser) -> Browser:
    """Give the browser once Mara is logged in."""
    token = begin_login(stranger.board.store, EMAIL, stranger.clock(), timedelta(days=30))
    stranger.client.session.cookie_jar.update_cookies({COOKIE: token}, stranger.client.make_url("/"))
    return stranger


def _link(box: Postbox, to: str, what: str) -> str:
    [letter] = box.to(to)
    found = re.search(rf"https://stats\.example\.com(/mail/{what}/\S+)", str(letter.get_content()))
    assert found is not None
    return found[1]


def _recorded(store: Store) -> list[tuple[str, str, str]]:
    return [(line.who, line.what, line.detail) for line in read_accesses(store) if "recipient" in line.what]


async def test_ones_own_address_needs_no_question(marketer: Browser, embedded: Store, box: Postbox) -> None:
    """Who is logged in with an address reads its mail: reports come from now on."""
    opened = await marketer.get(REPORTS)
    assert "Nobody yet." in opened.page.text
    assert opened.page.fields["email"] == EMAIL
    sent = await marketer.post(REPORTS, opened.page.fields | {"rhythm": "week", "language": "en"})
    assert (sent.status, sent.to) == (303, REPORTS)
    [recipient] = list_recipients(embedded)
    assert (recipient.email, recipient.rhythm, recipient.confirmed, recipient.has_account) == (
        *(EMAIL, Rhythm.WEEK, NOON, True),
    )
    assert box.letters == []
    page = (await marketer.get(REPORTS)).page
    assert f"{EMAIL} weekly, English: gets the first report once its week or month is over" in page.text
    assert page.fields["email"] == ""
    assert _recorded(embedded) == [(EMAIL, "report recipient added", recipient.label)]


async def test_anothers_address_is_asked_first(marketer: Browser, embedded: Store, box: Postbox) -> None:
    """An e-mail asks them; opening its link, as scanners of mail do, changes nothing; the button does."""
    answer = await marketer.fill(REPORTS, email="Ann@Example.org", rhythm="month", language="en")
    assert answer.status == 303
    [waiting] = list_recipients(embedded)
    assert waiting.confirmed is None
    assert "waiting for confirmation" in (await marketer.get(REPORTS)).page.text
    link = _link(box, "ann@example.org", "confirm")
    marketer.client.session.cookie_jar.clear()
    opened = await marketer.get(link)
    assert "Get reports for example.com?" in opened.page.text
    assert list_recipients(embedded) == [waiting]
    done = await marketer.post(link, opened.page.fields)
    assert "You are subscribed" in done.page.text
    assert list_recipients(embedded)[0].confirmed == NOON
    assert _recorded(embedded) == [
        (EMAIL, "report recipient added", waiting.label),
        ("the recipient", "report recipient confirmed", waiting.label),
    ]


async def test_a_question_is_sent_once(marketer: Browser, box: Postbox, embedded: Store) -> None:
    """Nobody is flooded: an address that was asked is not asked again, and one that gets reports neither."""
    for rhythm in ("week", "week", "month"):
        await marketer.fill(REPORTS, email="ann@example.org", rhythm=rhythm, language="en")
    assert len(box.letters) == 2
    again = await marketer.fill(REPORTS, email="ann@example.org", rhythm="month", language="en")
    assert (again.status, "ann@example.org has not confirmed yet." in again.page.text) == (400, True)
    assert len(list_recipients(embedded)) == 2


async def test_nobody_is_flooded_by_adding_them_again_and_again(
    marketer: Browser, box: Postbox, embedded: Store
) -> None:
    """Removed and added again, an address is asked three times a day; the next day it can be asked again."""
    statuses = []
    for hours in (0, 1, 1, 1, 24):
        marketer.clock.move(hours=hours)
        added = await marketer.fill(REPORTS, email="ann@example.org", rhythm="week", language="en")
        statuses.append(added.status)
        for each in list_recipients(embedded):
            remove_recipient(embedded, each)
    assert statuses == [303, 303, 303, 400, 303]
    assert len(box.letters) == 4


async def test_a_mail_program_unsubscribes_with_one_click(stranger: Browser, embedded: Store, site: Site) -> None:
    """Without a login, a cookie or a form of ours, from another host (RFC 8058); the address is gone at once."""
    recipient = subscribed(embedded, site)
    link = f"/mail/unsubscribe/{recipient.token}"
    headers = {"Origin": "https://mail.example.net", "Sec-Fetch-Site": "cross-site"}
    assert list_recipients(embedded) != []
    answer = await stranger.post(link, ONE_CLICK, **headers)
    assert (answer.status, "You are unsubscribed" in answer.page.text) == (200, True)
    assert list_recipients(embedded) == []
    assert (await stranger.post(link, ONE_CLICK, **headers)).status == 200
    assert _recorded(embedded) == [("the recipient", "report recipient removed", recipient.label)]


async def test_a_person_unsubscribes_with_one_button(stranger: Browser, embedded: Store, site: Site) -> None:
    """The link shows a button; looking at it removes nobody."""
    recipient = subscribed(embedded, site)
    link = f"/mail/unsubscribe/{recipient.token}"
    opened = await stranger.get(link)
    assert "Unsubscribe from reports for example.com?" in opened.page.text
    assert len(list_recipients(embedded)) == 1
    await stranger.post(link, opened.page.fields)
    assert list_recipients(embedded) == []
    assert (await stranger.get(link)).status == 404


@pytest.mark.parametrize("what", ["confirm", "unsubscribe"])
async def test_a_guessed_link_opens_nothing(stranger: Browser, embedded: Store, site: Site, what: str) -> None:
    """Without the secret of an e-mail nobody is confirmed or removed."""
    recipient = add_recipient(embedded, site, EMAIL, Rhythm.WEEK, "en", NOON, has_account=False)
    for token in ("x" * 43, str(recipient.number), "%27%20OR%201"):
        answer = await stranger.get(f"/mail/{what}/{token}")
        assert (answer.status, "Subscription not found" in answer.page.text) == (404, True)
        await stranger.post(f"/mail/{what}/{token}", answer.page.fields)
    assert list_recipients(embedded) == [recipient]


async def test_an_address_can_be_removed(marketer: Browser, embedded: Store, site: Site) -> None:
    """The button removes the very line, and another site's recipients are not in reach."""
    kept, gone = subscribed(embedded, site, "ann@example.org"), subscribed(embedded, site, "bob@example.org")
    finish(embedded, kept.number, MONDAY, 1, Outcome.UNCLEAR, NOON)
    page = (await marketer.get(REPORTS)).page
    state = "report beginning 11 May: it may not have arrived; it will not be sent again"
    assert f"ann@example.org weekly, English: {state}" in page.text
    fields = page.fields | {"recipient": str(gone.number)}
    assert (await marketer.post(f"{REPORTS}/remove", fields)).to == REPORTS
    assert [each.email for each in list_recipients(embedded)] == ["ann@example.org"]
    await marketer.post(f"{REPORTS}/remove", fields)
    assert _recorded(embedded) == [(EMAIL, "report recipient removed", gone.label)]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"email": "ann"}, "This is not an e-mail address"),
        ({"email": "änn@example.org"}, "Not every mail server accepts this address"),
        ({"email": "ann@example.org\r\nBcc: bob@example.org"}, "This is not an e-mail address"),
        (
            {"email": "ann@example.org", "rhythm": "day"},
            "Choose a weekly or a monthly report",
        ),
        ({"email": "ann@example.org", "language": "xx"}, "Choose a language from the list."),
    ],
)
async def test_what_cannot_be_added_is_said(
    marketer: Browser, embedded: Store, box: Postbox, fields: dict[str, str], words: str
) -> None:
    """A mistake is named below the field, which keeps what was written; nothing is sent."""
    answer = await marketer.fill(REPORTS, **({"rhythm": "week", "language": "en"} | fields))
    assert (answer.status, words in answer.page.text) == (400, True)
    assert 'aria-describedby="email-error email-help" aria-invalid="true"' in answer.page.html
    assert (list_recipients(embedded), box.letters) == ([], [])


@pytest.mark.parametrize(
    ("to_recipient", "to_data", "words"),
    [
        ("550 no such mailbox", "250 OK", "The mail server rejected this address. Check the spelling."),
        (
            "450 wait",
            "250 OK",
            "The mail server is not accepting this address right now. Try again in a few minutes.",
        ),
        ("250 OK", "lost", "The mail server accepted nothing. Try again later. Whoever runs this Footfall"),
    ],
)
async def test_a_question_that_cannot_be_sent_leaves_nothing(
    marketer: Browser, embedded: Store, box: Postbox, to_recipient: str, to_data: str, words: str
) -> None:
    """If the mail server does not take the question, the page says what to do, and the address is not kept."""
    box.replies, box.to_data = {"ann@example.org": to_recipient}, [to_data]
    answer = await marketer.fill(REPORTS, email="ann@example.org", rhythm="week", language="en")
    assert (answer.status, words in answer.page.text) == (502, True)
    assert list_recipients(embedded) == []


async def test_without_a_mail_server_the_page_says_what_to_set(mara: Browser) -> None:
    """A form that could not work is not there; the settings that are missing are named."""
    page = (await mara.get(REPORTS)).page
    assert "FOOTFALL_SMTP_URL, FOOTFALL_SMTP_SENDER, FOOTFALL_PUBLIC_URL" in page.text
    assert "footfall mail test" in page.text
    assert "email" not in page.fields


def test_one_page_alone_takes_a_form_that_is_not_ours() -> None:
    """Only unsubscribing works without a form of ours: whoever has the link of an e-mail may do that."""
    assert [(page.method, page.path) for page in PAGES if page.is_one_click] == [
        ("POST", "/mail/unsubscribe/{token}")
    ]
