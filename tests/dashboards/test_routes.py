"""Every route of the application, asked for by everybody: who gets what is one table.

A new page without a row here fails; a row says what each of them is answered. Forms are sent empty but for the
token that makes them genuine, so that who may send one gets 400, or is led on (303).
"""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest_asyncio

from core.sites import Site, add_site
from core.store import Store, encode_rows
from dashboards.csrf import FORM_COOKIE, csrf_token
from dashboards.people.api_keys import add_key
from dashboards.people.invites import add_invite
from dashboards.people.logins import COOKIE, begin_login
from dashboards.people.roles import write_standing
from dashboards.people.tokens import hash_of
from dashboards.permissions import OWNER, Role, Standing
from dashboards.sharing.shared_links import add_link, find_link, passed
from tests.dashboards.conftest import EMAIL, NOON, PASSWORD, Answer, Browser, Desk, browsing
from tests.fixtures.hands import Hands

WHO = ("owner", "admin", "marketer", "viewer", "stranger", "link", "key", "nobody")
"""``stranger`` is the marketer of another site; ``link`` has a link's cookie, ``key`` sends an API key."""

TABLE = """
GET  /login                             303 303 303 303 303 200 200 200
POST /login                             403 403 403 403 403 403 403 403
GET  /login/code                        303 303 303 303 303 303 303 303
POST /login/code                        303 303 303 303 303 303 303 303
POST /logout                            303 303 303 303 303 303 303 303
GET  /setup/{token}                     404 404 404 404 404 404 404 404
POST /setup/{token}                     404 404 404 404 404 404 404 404
GET  /invite/{token}                    200 200 200 200 200 200 200 200
POST /invite/{token}                    400 400 400 400 400 400 400 400
GET  /account                           200 200 200 200 200 303 303 303
POST /account/password                  400 400 400 400 400 303 303 303
POST /account/language                  303 303 303 303 303 303 303 303
POST /account/sessions                  303 303 303 303 303 303 303 303
GET  /account/second-factor             200 200 200 200 200 303 303 303
POST /account/second-factor             400 400 400 400 400 303 303 303
POST /account/second-factor/codes       303 303 303 303 303 303 303 303
POST /account/second-factor/download    303 303 303 303 303 303 303 303
POST /account/second-factor/off         303 303 303 303 303 303 303 303
GET  /account/keys                      200 200 200 200 200 303 303 303
POST /account/keys                      400 400 400 400 400 303 303 303
POST /account/keys/revoke               303 303 303 303 303 303 303 303
GET  /people                            200 200 403 403 403 303 303 303
GET  /people/invite                     200 200 403 403 403 303 303 303
POST /people/invite                     400 400 403 403 403 303 303 303
POST /people/withdraw                   303 303 403 403 403 303 303 303
GET  /people/{person}                   200 403 403 403 403 303 303 303
POST /people/{person}                   400 400 403 403 403 303 303 303
GET  /people/{person}/remove            200 403 403 403 403 303 303 303
POST /people/{person}/remove            400 403 403 403 403 303 303 303
GET  /                                  200 200 303 303 303 303 303 303
GET  /sites                             200 200 200 200 200 303 303 303
GET  /sites/new                         200 200 403 403 403 303 303 303
POST /sites/new                         400 400 403 403 403 303 303 303
GET  /sites/removed                     200 200 403 403 403 303 303 303
POST /sites/removed                     400 400 403 403 403 303 303 303
GET  /sites/{domain}                    200 200 200 200 404 303 303 303
GET  /sites/{domain}/lists/{dimension}  200 200 200 200 404 303 303 303
GET  /sites/{domain}/waiting            204 204 204 204 404 303 303 303
GET  /sites/{domain}/now                200 200 200 200 404 303 303 303
POST /sites/{domain}/check              200 200 200 403 404 303 303 303
GET  /sites/{domain}/settings           200 200 403 403 404 303 303 303
POST /sites/{domain}/settings           400 400 403 403 404 303 303 303
GET  /sites/{domain}/goals              200 200 200 403 404 303 303 303
POST /sites/{domain}/goals              400 400 400 403 404 303 303 303
POST /sites/{domain}/goals/remove       303 303 303 403 404 303 303 303
GET  /sites/{domain}/remove             200 200 403 403 404 303 303 303
POST /sites/{domain}/remove             400 400 403 403 404 303 303 303
GET  /sites/{domain}/sharing            200 200 200 403 404 303 303 303
POST /sites/{domain}/sharing            400 400 400 403 404 303 303 303
POST /sites/{domain}/sharing/revoke     303 303 303 403 404 303 303 303
POST /sites/{domain}/public             303 303 403 403 404 303 303 303
GET  /sites/{domain}/install            200 200 200 403 404 303 303 303
GET  /share/{token}                     403 403 403 403 403 200 403 403
GET  /share/{token}/lists/{dimension}   403 403 403 403 403 200 403 403
GET  /share/{token}/waiting             403 403 403 403 403 204 403 403
GET  /share/{token}/now                 403 403 403 403 403 200 403 403
POST /share/{token}                     403 403 403 403 403 403 403 403
GET  /public/{domain}                   404 404 404 404 404 404 404 404
GET  /public/{domain}/lists/{dimension} 404 404 404 404 404 404 404 404
GET  /public/{domain}/waiting           404 404 404 404 404 404 404 404
GET  /public/{domain}/now               404 404 404 404 404 404 404 404
GET  /sites/{domain}/export.csv         200 200 200 403 404 303 303 303
GET  /sites/{domain}/export.zip         200 200 200 403 404 303 303 303
GET  /sites/{domain}/graph.svg          200 200 200 403 404 303 303 303
GET  /sites/{domain}/graph.png          200 200 200 403 404 303 303 303
GET  /sites/{domain}/reports            200 200 200 403 404 303 303 303
POST /sites/{domain}/reports            400 400 400 403 404 303 303 303
POST /sites/{domain}/reports/remove     303 303 303 403 404 303 303 303
GET  /mail/confirm/{token}              404 404 404 404 404 404 404 404
POST /mail/confirm/{token}              404 404 404 404 404 404 404 404
GET  /mail/unsubscribe/{token}          404 404 404 404 404 404 404 404
POST /mail/unsubscribe/{token}          200 200 200 200 200 200 200 200
GET  /api/v1/stats/realtime/visitors    401 401 401 401 401 401 401 401
GET  /api/v1/stats/aggregate            401 401 401 401 401 401 401 401
GET  /api/v1/stats/timeseries           401 401 401 401 401 401 401 401
GET  /api/v1/stats/breakdown            401 401 401 401 401 401 401 401
POST /api/v2/query                      401 401 401 401 401 401 400 401
GET  /static/{name}                     200 200 200 200 200 200 200 200
GET  /health                            200 200 200 200 200 200 200 200
"""
ROWS = {
    (method, path): [int(status) for status in statuses]
    for method, path, *statuses in (line.split() for line in TABLE.strip().splitlines())
}
SEE_OTHER = 303
FORMLESS = {"/mail/unsubscribe/{token}", "/api/v2/query"}
"""Posted without a form of ours: by mail programs, with a secret in the path, and by programs, with a key."""
FORM_SECRET = "f" * 43
_ONLY_THE_OWNER = hash_of(EMAIL)[:16]


@dataclass
class House:
    """A browser at a Footfall with two sites, and what opens doors there.

    ``cookies`` and ``headers`` are what each of WHO sends, ``tokens`` what stands in paths by their first part.
    """

    browser: Browser
    cookies: dict[str, dict[str, str]]
    headers: dict[str, dict[str, str]]
    tokens: dict[str, str]

    async def answer(self, who: str, method: str, path: str) -> tuple[int, str]:
        """Let somebody ask for a route, with a genuine form; give the status and where it leads."""
        self.sit_down(who)
        cookies = self.cookies.get(who, {})
        data = {"csrf": csrf_token(cookies.get(COOKIE, FORM_SECRET))} if method == "POST" else None
        headers = {"Accept": "text/html"} | self.headers.get(who, {})
        async with self.browser.client.request(
            method, self.filled(path), headers=headers, data=data, allow_redirects=False
        ) as answer:
            return answer.status, answer.headers.get("Location", "")

    def sit_down(self, who: str) -> None:
        """Put somebody's cookies, and no others, into the browser."""
        jar = self.browser.client.session.cookie_jar
        jar.clear()
        jar.update_cookies(self.cookies.get(who, {FORM_COOKIE: FORM_SECRET}), self.browser.client.make_url("/"))

    def log_in(self, who: str) -> None:
        """Begin a session for somebody who has an account."""
        email = EMAIL if who == "owner" else f"{who}@example.com"
        lasts = timedelta(days=30)
        self.cookies[who] = {COOKIE: begin_login(self.browser.board.store, email, self.browser.clock(), lasts)}

    def filled(self, path: str) -> str:
        """Put a value into each place of a path."""
        values = {
            "domain": "example.com",
            "token": self.tokens.get(path.split("/")[1], "x"),
            "person": _ONLY_THE_OWNER,
            "name": "dashboard.css",
            "dimension": "source",
        }
        return re.sub(r"{(\w+)}", lambda place: values[place[1]], path)


@pytest_asyncio.fixture
async def house(
    embedded: Store, clock: Hands, account: str, site: Site, kept_password: str, desk: Desk
) -> AsyncIterator[House]:
    """A Footfall with one person of each role, a link with a password, and a key of the owner's."""
    other = add_site(embedded, "other.example", "UTC", NOON)
    desk.visits(site, 20, source="Google")
    desk.roll(site)
    standings = {
        "admin": Standing(Role.ADMIN),
        "marketer": Standing(by_site={site.number: Role.MARKETER}),
        "viewer": Standing(by_site={site.number: Role.VIEWER}),
        "stranger": Standing(by_site={other.number: Role.MARKETER}),
    }
    rows = [(f"{who}@example.com", kept_password, NOON, False, 1) for who in standings]
    embedded.insert("accounts", ("email", "password", "created", "removed", "version"), encode_rows(rows))
    for who, standing in standings.items():
        write_standing(embedded, f"{who}@example.com", standing, NOON)
    tokens = {
        "share": add_link(embedded, site.number, EMAIL, NOON, "Board", password=PASSWORD),
        "invite": add_invite(embedded, "new@example.com", OWNER, EMAIL, NOON),
    }
    key = add_key(embedded, EMAIL, "program", NOON)
    link = find_link(embedded, tokens["share"], NOON)
    assert link is not None
    cookies = {"link": {link.cookie: passed(link, NOON), FORM_COOKIE: FORM_SECRET}}
    headers = {"key": {"Authorization": f"Bearer {key}"}}
    async with browsing(embedded, clock) as browser:
        house = House(browser, cookies, headers, tokens)
        for who in ("owner", *standings):
            house.log_in(who)
        yield house


def _routes(browser: Browser) -> set[tuple[str, str]]:
    assert browser.client.app is not None
    found = set()
    for route in browser.client.app.router.routes():
        assert route.resource is not None
        found.add(("GET" if route.method == "HEAD" else route.method, route.resource.canonical))
    return found


def _without_token(answer: Answer) -> str:
    """Give a page without the token of its forms, which is another each time."""
    return re.sub(r'value="[0-9a-f]{128}"', "", answer.page.html)


async def test_every_route_answers_everybody_as_the_table_says(house: House) -> None:
    """Each route of the application is in the table, and each of the eight gets what stands there."""
    assert _routes(house.browser) == ROWS.keys()
    wrong = []
    for (method, path), expected in ROWS.items():
        found = []
        for who in WHO:
            house.browser.clock.move(seconds=10)  # so that nobody has tried too often
            found.append((await house.answer(who, method, path))[0])
            if path == "/logout" and COOKIE in house.cookies.get(who, {}):
                house.log_in(who)
        if found != expected:
            wrong.append(f"{method:4} {path} " + " ".join(map(str, found)))
    assert wrong == []


async def test_who_is_not_logged_in_is_led_to_the_login_from_everywhere(house: House) -> None:
    """A link's guest, a program with a key, nobody, and who invents a cookie, from every page that is not open."""
    house.cookies["inventor"] = {COOKIE: "x" * 43}
    for (method, path), statuses in ROWS.items():
        if statuses[-1] == SEE_OTHER and path != "/login/code":
            for who in ("link", "key", "nobody", "inventor"):
                _status, to = await house.answer(who, method, path)
                assert to.partition("?")[0] == "/login", (who, method, path)


async def test_a_site_that_one_may_not_see_looks_like_none(house: House) -> None:
    """Page by page, the stranger reads the same of example.com as of a site that does not exist."""
    house.sit_down("stranger")
    for method, path in ROWS:
        if path.startswith("/sites/{domain}") and method == "GET":
            hidden = await house.browser.get(path.replace("{domain}", "example.com"))
            missing = await house.browser.get(path.replace("{domain}", "nothing.example"))
            assert (hidden.status, _without_token(hidden)) == (404, _without_token(missing))


async def test_no_form_is_taken_without_its_token(house: House) -> None:
    """Nothing changes by a request that another site could have the browser send."""
    house.sit_down("owner")
    for method, path in ROWS:
        if method == "POST" and path not in FORMLESS:
            answer = await house.browser.post(house.filled(path), {})
            assert answer.status in {403, 404}, path
            assert ("The form was not accepted" in answer.page.text) == (answer.status == 403), path
