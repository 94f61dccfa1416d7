"""No record, no change: where nothing can be written down, no form of the dashboards changes anything.

Each is then sent once more where the record takes its line, which shows that it was one to be accepted. A new
route that takes a form fails here until such a form of it is in the list.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import pyotp
import pytest
import pytest_asyncio

from core.accesses import Accessed, read_accesses
from core.sites import Site, add_site, remove_site
from core.store import Store, encode_rows
from dashboards.csrf import FORM_COOKIE, csrf_token
from dashboards.mail.recipients import Recipient, Rhythm, add_recipient
from dashboards.people.api_keys import add_key
from dashboards.people.invites import add_invite
from dashboards.people.logins import COOKIE, HALF_COOKIE, begin_login
from dashboards.people.roles import write_standing
from dashboards.people.tokens import hash_of
from dashboards.permissions import OWNER, Role, Standing
from dashboards.sharing.shared_links import add_link
from dashboards.sites.goals import Goal, GoalKind, add_goal
from tests.dashboards.conftest import EMAIL, NOON, PASSWORD, Answer, Browser, browsing
from tests.dashboards.doing import add_factor_of
from tests.dashboards.test_routes import ROWS
from tests.fixtures.hands import Hands
from tests.fixtures.no_record import TakesNoRecord, everything_in

JO, ANN = "jo@example.com", "ann@example.com"
"""An admin with a second factor, and a viewer."""
SECRET, NEW_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU"
FORM_SECRET = "f" * 43
SITE = "/sites/{domain}"
DAY = timedelta(days=1)
SETUP = "/setup/{token}"
"""Opens only where there is no account yet, and so has a test of its own."""
READING = {"/account/second-factor/download", "/share/{token}", "/api/v2/query"}
"""Nothing is changed by these: a file, a password that opens a link, a program that asks for a report."""


@dataclass(frozen=True, slots=True)
class Form:
    """What somebody sends to a route, and which lines that leaves; ``parts`` are those of the route's path."""

    path: str
    lines: tuple[Accessed, ...]
    fields: Mapping[str, str] = field(default_factory=dict)
    who: str = EMAIL
    parts: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Furnished:
    """A Footfall in which there is something to change for each form."""

    browser: Browser
    store: TakesNoRecord
    codes: list[str]
    tokens: Mapping[str, str]
    recipients: Mapping[str, Recipient]

    @property
    def lines(self) -> list[str]:
        """What was written down so far."""
        return [line.what for line in read_accesses(self.store.store)]

    def sit_down(self, who: str) -> str:
        """Put a new session of somebody into the browser, half a one of Jo's, or none; give the forms' secret."""
        now, cookies = self.browser.clock(), {FORM_COOKIE: FORM_SECRET}
        if who == "half":
            cookies[HALF_COOKIE] = begin_login(self.store.store, JO, now, DAY, half=True)
        elif who:
            cookies = {COOKIE: begin_login(self.store.store, who, now, DAY)}
        jar = self.browser.client.session.cookie_jar
        jar.clear()
        jar.update_cookies(cookies, self.browser.client.make_url("/"))
        return cookies.get(COOKIE, FORM_SECRET)

    async def send(self, form: Form, secret: str) -> Answer:
        """Send a form, with its token."""
        path = form.path.format_map({"domain": "example.com", **form.parts})
        return await self.browser.post(path, {"csrf": csrf_token(secret), **form.fields})


@pytest_asyncio.fixture
async def furnished(
    embedded: Store, clock: Hands, account: str, site: Site, kept_password: str
) -> AsyncIterator[Furnished]:
    """A Footfall with people, a removed site, and one of each thing that can be taken back."""
    rows = [(email, kept_password, NOON, False, 1) for email in (JO, ANN)]
    embedded.insert("accounts", ("email", "password", "created", "removed", "version"), encode_rows(rows))
    write_standing(embedded, JO, Standing(Role.ADMIN), NOON)
    write_standing(embedded, ANN, Standing(by_site={site.number: Role.VIEWER}), NOON)
    add_site(embedded, "gone.example", "UTC", NOON)
    remove_site(embedded, "gone.example", NOON + timedelta(seconds=1))
    add_goal(embedded, site, Goal(GoalKind.EVENT, "Signup"), NOON)
    tokens = {
        "invited": add_invite(embedded, "new@example.com", OWNER, EMAIL, NOON),
        "withdrawn": add_invite(embedded, "late@example.com", OWNER, EMAIL, NOON),
        "session": begin_login(embedded, EMAIL, NOON, DAY),
        "key": add_key(embedded, EMAIL, "program", NOON),
        "link": add_link(embedded, site.number, EMAIL, NOON, "Board"),
    }
    recipients = {
        name: add_recipient(embedded, site, f"{name}@example.org", Rhythm.WEEK, "en", NOON, has_account=False)
        for name in ("confirming", "leaving", "removed")
    }
    codes = add_factor_of(embedded, JO, SECRET, NOON)
    store = TakesNoRecord(embedded)
    async with browsing(store, clock) as browser:  # type: ignore[arg-type]
        yield Furnished(browser, store, codes, tokens, recipients)


def _accepted(there: Furnished) -> list[Form]:
    """Give forms that are accepted when they are sent in this order, one or more of each route."""
    clock, tokens = there.browser.clock, there.tokens
    jo, ann = ({"person": hash_of(email)[:16]} for email in (JO, ANN))
    password = {"password": PASSWORD}
    settings = {"profile": "balanced", "threshold": "20", "pages": "/admin/**", "hostnames": ""}
    goal, session = {"kind": "event", "name": "Signup"}, {"session": hash_of(tokens["session"])}
    subscription = {"email": EMAIL, "rhythm": "week", "language": "en"}
    confirming, leaving = ({"token": there.recipients[name].token} for name in ("confirming", "leaving"))
    return [
        Form("/login", (Accessed.LOGIN,), {"email": EMAIL, **password}, ""),
        Form("/login/code", (Accessed.LOGIN,), {"code": _code(SECRET, clock)}, "half"),
        Form("/login/code", (Accessed.RECOVERY_USED, Accessed.LOGIN), {"code": there.codes[0]}, "half"),
        Form("/logout", (Accessed.LOGOUT,)),
        Form("/account/password", (Accessed.PERSON_CHANGED,), {**password, "new_password": f"{PASSWORD}!"}, ANN),
        Form("/account/language", (Accessed.LANGUAGE_CHANGED,), {"language": "de"}, ANN),
        Form("/account/sessions", (Accessed.SESSIONS_ENDED,), session),
        Form("/account/sessions", (Accessed.SESSIONS_ENDED,)),
        Form(
            "/account/second-factor",
            (Accessed.FACTOR_ADDED,),
            {"secret": NEW_SECRET, "code": _code(NEW_SECRET, clock), **password},
        ),
        Form("/account/second-factor/codes", (Accessed.RECOVERY_RENEWED,), password, JO),
        Form("/account/second-factor/off", (Accessed.FACTOR_REMOVED,), password, JO),
        Form("/account/keys", (Accessed.KEY_ADDED,), {"name": "another"}),
        Form("/account/keys/revoke", (Accessed.KEY_REVOKED,), {"key": hash_of(tokens["key"])}),
        Form("/people/invite", (Accessed.PERSON_INVITED,), {"email": "kim@example.com", "role": "admin"}),
        Form("/people/withdraw", (Accessed.INVITE_WITHDRAWN,), {"invite": hash_of(tokens["withdrawn"])}),
        Form("/people/{person}", (Accessed.ROLE_CHANGED,), {"role": "owner"}, EMAIL, jo),
        Form("/people/{person}/remove", (Accessed.PERSON_REMOVED,), {}, EMAIL, ann),
        Form(
            "/invite/{token}",
            (Accessed.PERSON_ADDED, Accessed.LOGIN),
            password,
            "",
            {"token": tokens["invited"]},
        ),
        Form("/sites/new", (Accessed.SITE_ADDED,), {"domain": "third.example", "timezone": "UTC"}),
        Form("/sites/removed", (Accessed.SITE_RESTORED,), {"domain": "gone.example"}),
        Form(f"{SITE}/check", (Accessed.PAGE,)),
        Form(f"{SITE}/settings", (Accessed.SITE_CHANGED,), settings),
        Form(f"{SITE}/goals", (Accessed.GOAL_ADDED,), {"kind": "page", "name": "/thank-you"}),
        Form(f"{SITE}/goals/remove", (Accessed.GOAL_REMOVED,), goal),
        Form(f"{SITE}/sharing", (Accessed.LINK_ADDED,), {"name": "Paper"}),
        Form(f"{SITE}/sharing/revoke", (Accessed.LINK_REVOKED,), {"link": hash_of(tokens["link"])}),
        Form(f"{SITE}/public", (Accessed.SITE_PUBLISHED,), {"public": "yes"}),
        Form(f"{SITE}/public", (Accessed.SITE_CLOSED,), {"public": "no"}),
        Form(f"{SITE}/reports", (Accessed.RECIPIENT_ADDED,), subscription),
        Form(
            f"{SITE}/reports/remove",
            (Accessed.RECIPIENT_REMOVED,),
            {"recipient": str(there.recipients["removed"].number)},
        ),
        Form("/mail/confirm/{token}", (Accessed.RECIPIENT_CONFIRMED,), {}, "", confirming),
        Form("/mail/unsubscribe/{token}", (Accessed.RECIPIENT_REMOVED,), {}, "", leaving),
        Form(f"{SITE}/remove", (Accessed.SITE_REMOVED,), {"domain": "example.com"}),
    ]


def _refused(there: Furnished) -> list[Form]:
    """Give forms with something wrong in them that only the store, or the person's own secret, tells."""
    mara, jo = ({"person": hash_of(email)[:16]} for email in (EMAIL, JO))
    invited, wrong = {"token": there.tokens["invited"]}, {"password": "not this one"}
    waiting = {"email": "leaving@example.org", "rhythm": "week", "language": "en"}
    enrolling = {"secret": NEW_SECRET, "code": "000 000", "password": PASSWORD}
    return [
        Form("/login", (), {"email": EMAIL, **wrong}, ""),
        Form("/login/code", (), {"code": "000 000"}, "half"),
        Form("/account/password", (), {**wrong, "new_password": f"{PASSWORD}!"}),
        Form("/account/language", (), {"language": "tlh"}),
        Form("/account/second-factor", (), enrolling),
        Form("/account/second-factor/codes", (), wrong, JO),
        Form("/account/second-factor/off", (), wrong, JO),
        Form("/account/keys", (), {"name": "one too many"}),
        Form("/people/invite", (), {"email": JO, "role": "admin"}),
        Form("/people/{person}", (), {"role": "admin"}, EMAIL, mara),
        Form("/people/{person}", (), {"role": "emperor"}, EMAIL, jo),
        Form("/people/{person}", (), {"role": "owner"}, JO, jo),
        Form("/people/{person}/remove", (), {}, EMAIL, mara),
        Form("/invite/{token}", (), {"password": "too short"}, "", invited),
        Form("/sites/new", (), {"domain": "example.com", "timezone": "UTC"}),
        Form("/sites/new", (), {"domain": "not a domain", "timezone": "UTC"}),
        Form("/sites/removed", (), {"domain": "example.com"}),
        Form("/sites/removed", (), {"domain": "never.example"}),
        Form(f"{SITE}/settings", (), {"profile": "balanced", "threshold": "2"}),
        Form(f"{SITE}/goals", (), {"kind": "page", "name": "/one-too-many"}),
        Form(f"{SITE}/reports", (), waiting),
        Form(f"{SITE}/reports", (), {**waiting, "email": "more@example.org"}),
        Form(f"{SITE}/remove", (), {"domain": "example.org"}),
    ]


def _posted(browser: Browser) -> set[str]:
    assert browser.client.app is not None
    routes = [route for route in browser.client.app.router.routes() if route.method == "POST"]
    return {route.resource.canonical for route in routes if route.resource is not None}


def _code(secret: str, clock: Hands) -> str:
    return pyotp.TOTP(secret).at(clock())


async def test_what_cannot_be_written_down_is_not_done(furnished: Furnished) -> None:
    """Whoever sends whichever form reads that the store is away; no row has changed, and no session begun."""
    assert {form.path for form in _accepted(furnished)} == _posted(furnished.browser) - READING - {SETUP}
    for place in range(len(_accepted(furnished))):
        furnished.browser.clock.move(minutes=1)  # so that nobody has tried too often, and codes are new
        form = _accepted(furnished)[place]
        secret = furnished.sit_down(form.who)
        before, cookies = everything_in(furnished.store.store), furnished.browser.cookie(COOKIE)
        furnished.store.refuses = True
        answer = await furnished.send(form, secret)
        said = "The database of the reports is not responding" in answer.page.text
        assert (answer.status, said) == (503, True), form
        assert everything_in(furnished.store.store) == before, form
        assert furnished.browser.cookie(COOKIE) == cookies, form
        furnished.store.refuses = False
        lines = furnished.lines
        answer = await furnished.send(form, secret)
        assert (answer.status < 400, furnished.lines) == (True, [*lines, *form.lines]), form


async def test_without_a_record_nothing_is_set_up(embedded: Store, clock: Hands) -> None:
    """The set-up address makes neither account nor site, and works once more."""
    store = TakesNoRecord(embedded)
    async with browsing(store, clock) as browser:  # type: ignore[arg-type]
        there = Furnished(browser, store, [], {}, {})
        fields = {"email": EMAIL, "password": PASSWORD, "domain": "example.com", "timezone": "UTC"}
        path = browser.board.setup.path
        assert path is not None
        form, secret = Form(path, (), fields, ""), there.sit_down("")
        before = everything_in(embedded)
        assert ((await there.send(form, secret)).status, everything_in(embedded)) == (503, before)
        store.refuses = False
        assert (await there.send(form, secret)).status == 303
    assert there.lines == [Accessed.SITE_ADDED, Accessed.PERSON_ADDED, Accessed.LOGIN]


async def test_what_is_refused_is_not_written_down(furnished: Furnished, monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty forms, wrong passwords, the last owner, one too many, what is there already: none leaves a line."""
    limits = ("people.api_keys.MOST_KEYS", "sites.goals.MOST_GOALS", "mail.recipients.MOST_RECIPIENTS")
    for limit, most in zip(limits, (1, 1, 3), strict=True):
        monkeypatch.setattr(f"dashboards.{limit}", most)
    furnished.store.refuses = False
    empty = [
        Form(form.path, (), {}, form.who, form.parts)
        for form in _accepted(furnished)
        if ROWS["POST", form.path][0] == 400 and form.path != "/people/{person}/remove"
    ]
    for form in (*empty, *_refused(furnished)):
        furnished.browser.clock.move(minutes=1)
        secret = furnished.sit_down(form.who)
        before = everything_in(furnished.store.store)
        answer = await furnished.send(form, secret)
        assert answer.status in {400, 403}, form
        assert everything_in(furnished.store.store) == before, form


async def test_what_is_gone_already_is_not_taken_back_twice(furnished: Furnished) -> None:
    """A session, key, invitation, goal, link or recipient that nobody has leaves no line."""
    furnished.store.refuses = False
    forms = [
        Form("/account/sessions", (), {"session": "x"}),
        Form("/account/keys/revoke", (), {"key": "x"}),
        Form("/people/withdraw", (), {"invite": "x"}),
        Form(f"{SITE}/goals/remove", (), {"kind": "event", "name": "x"}),
        Form(f"{SITE}/sharing/revoke", (), {"link": "x"}),
        Form(f"{SITE}/reports/remove", (), {"recipient": "x"}),
    ]
    statuses = [(await furnished.send(form, furnished.sit_down(form.who))).status for form in forms]
    assert (statuses, furnished.lines) == ([303] * len(forms), [])
