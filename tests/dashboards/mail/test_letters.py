"""What stands in a report by e-mail: in the picture, in HTML and in plain text the same."""

import struct
from datetime import timedelta
from email.message import EmailMessage

import pytest

from core.profiles import Profile
from core.settings import Settings
from core.sites import Site, change_site
from core.store import Store
from dashboards.language import NOTHING
from dashboards.mail.recipients import Rhythm
from dashboards.sites.goals import Goal, GoalKind, add_goal
from tests.dashboards.conftest import NOON, Desk
from tests.dashboards.mail.conftest import MONDAY, SENT, Send, subscribed
from tests.fixtures.mail_server import Postbox

HOSTILE = "=<script>alert(1)</script>\nUnsubscribe: https://evil.example"


def _part(letter: EmailMessage, subtype: str) -> str:
    body = letter.get_body((subtype,))
    assert body is not None
    return " ".join(str(body.get_content()).split())


def _only(box: Postbox) -> EmailMessage:
    [(_whom, letter)] = box.letters
    return letter


@pytest.mark.usefixtures("week")
def test_a_report_has_the_numbers_and_their_change(embedded: Store, site: Site, box: Postbox, send: Send) -> None:
    """Totals and lists with their change against the week before, in honest words, with a link to the page."""
    subscribed(embedded, site)
    send(SENT)
    text = _part(_only(box), "plain")
    for words in (
        "Visitor-days: 20 (at least), +100%",
        "Pageviews: 40, +100%",
        "Views per visit: 2 Bounce rate: 0%",
        "Top sources ----------- 20 Google +100%",
        "Top pages --------- 20 / +100% 20 /pricing +100%",
        "Top countries ------------- 20 Germany +100%",
        "https://stats.example.com/sites/example.com?period=custom&from=2026-05-11&to=2026-05-17",
        "Rows of at least 5 visitors",
        "someone who comes on three days counts three times.",
        "time zone Europe/Berlin",
    ):
        assert words in text
    html = _part(_only(box), "html")
    for words in (
        ">20</span>",
        "Visitor-days, at least</span>",
        "+100%</strong></span>",
        ">/pricing</td>",
        ">Germany</td>",
        "Unsubscribe</a>",
    ):
        assert words in html
    assert "Goals" not in text + html


def test_nothing_has_grown_from_days_before_the_first_report(
    embedded: Store, site: Site, box: Postbox, send: Send, desk: Desk
) -> None:
    """Of the week before only its Sunday has a report: the e-mail says so, and no number has a change."""
    for day, visitors in ((MONDAY - timedelta(days=1), 10), (MONDAY, 20)):
        desk.visits(site, visitors, ["/"], day, source="Google", country="DE")
        desk.roll(site, day, close=True)
    subscribed(embedded, site)
    send(SENT)
    text = _part(_only(box), "plain")
    assert "Visitor-days: 20 (at least)" in text
    assert "Reports begin on Sunday, 10 May 2026, within the comparison period." in text
    assert "+" not in text


@pytest.mark.usefixtures("week")
def test_the_picture_is_in_the_e_mail(embedded: Store, site: Site, box: Postbox, send: Send) -> None:
    """Nothing is loaded when it is opened: the picture comes with it, and nothing else is to load."""
    subscribed(embedded, site)
    send(SENT)
    letter = _only(box)
    types = [part.get_content_type() for part in letter.walk()]
    assert types == ["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"]
    picture = next(part for part in letter.walk() if part.get_content_type() == "image/png")
    assert struct.unpack(">II", picture.get_payload(decode=True)[16:24]) == (960, 560)  # type: ignore[index]
    html = _part(letter, "html")
    assert picture["Content-ID"] == "<graph@footfall>"
    assert html.count(" src=") == html.count(' src="cid:graph@footfall"') == 1
    assert "url(" not in html


@pytest.mark.usefixtures("week")
def test_mail_programs_can_unsubscribe(embedded: Store, site: Site, box: Postbox, send: Send) -> None:
    """The headers of RFC 8058 are whole, and out-of-office notes are told to stay away."""
    recipient = subscribed(embedded, site)
    send(SENT)
    letter = _only(box)
    assert letter["List-Unsubscribe"] == f"<https://stats.example.com/mail/unsubscribe/{recipient.token}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["From"] == "Footfall <stats@example.com>"
    assert letter["To"] == "mara@example.com"
    assert letter["Date"].datetime == SENT


def test_a_hostile_name_stays_text_on_its_line(
    embedded: Store, site: Site, box: Postbox, send: Send, desk: Desk
) -> None:
    """What strangers wrote can neither run in HTML nor add a line to the text."""
    desk.visits(site, 20, [HOSTILE], MONDAY)
    desk.roll(site, MONDAY, close=True)
    subscribed(embedded, site)
    send(SENT)
    body = _only(box).get_body(("plain",))
    assert body is not None
    lines = str(body.get_content()).splitlines()
    assert "20  =<script>alert(1)</script> Unsubscribe: https://evil.example" in lines
    assert not [line for line in lines if line.startswith("Unsubscribe: ")]
    assert "<script>" not in _part(_only(box), "html")


def test_goals_are_told_by_what_they_are_called(
    embedded: Store, site: Site, box: Postbox, send: Send, desk: Desk
) -> None:
    """A goal has its title, or a dash where too few reached it; without goals events stand in their place."""
    desk.visits(site, 10, ["/", "/"], MONDAY, name="Signup")
    desk.visits(site, 30, ["/", "/thanks"], MONDAY)
    desk.roll(site, MONDAY, close=True)
    subscribed(embedded, site)
    send(SENT)
    goals = (
        Goal(GoalKind.EVENT, "Signup", "New accounts"),
        Goal(GoalKind.PAGE, "/thanks"),
        Goal(GoalKind.EVENT, "Rare"),
    )
    for goal in goals:
        add_goal(embedded, site, goal, NOON)
    subscribed(embedded, site, rhythm=Rhythm.MONTH)
    send(SENT.replace(month=6, day=1))
    events, *later = (_part(letter, "plain") for _whom, letter in box.letters)
    [told] = [text for text in later if "Monthly report" in text]
    assert "Top events ---------- 10 Signup" in events
    assert "Goals" not in events
    assert f"Goals ----- 30 /thanks 10 New accounts {NOTHING} Rare" in told
    assert "Top events" not in told


def test_a_language_that_is_gone_is_english(embedded: Store, site: Site, box: Postbox, send: Send) -> None:
    """Who chose a language that this version has not still gets their report."""
    subscribed(embedded, site, rhythm=Rhythm.MONTH, language="xx")
    send(SENT.replace(month=6, day=1))
    assert "Monthly report" in _part(_only(box), "plain")


def test_a_strict_site_says_about(
    embedded: Store, site: Site, box: Postbox, send: Send, desk: Desk, settings: Settings
) -> None:
    """Rounded numbers are not called "at least", and the e-mail says how they are rounded."""
    strict = change_site(embedded, site.domain, NOON.replace(hour=13), Profile.STRICT)
    desk.visits(strict, 40, day=MONDAY)
    desk.roll(strict, MONDAY, close=True)
    subscribed(embedded, strict)
    send(SENT)
    text = _part(_only(box), "plain")
    assert "(about)" in text
    assert "Every number is rounded to tens" in text
    assert "at least" not in text.lower()
    assert settings.threshold == 5


def test_a_week_without_visits_says_so(embedded: Store, site: Site, box: Postbox, send: Send) -> None:
    """Nothing counted is said in a sentence: no table of zeros, no empty picture."""
    subscribed(embedded, site)
    send(SENT)
    letter = _only(box)
    assert "Nothing was counted in this period, or too little to show." in _part(letter, "plain")
    assert [part.get_content_type() for part in letter.walk()][1:] == ["text/plain", "text/html"]
