"""The pages on a real socket, a browser's worth of cookies, and visits to report."""

import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from argon2 import PasswordHasher

from aggregate.rolling import roll_day
from core.clock import local_day
from core.settings import Settings
from core.sites import Site, SiteRegistry, add_site
from core.store import Store, encode_rows
from dashboards.app import add_dashboards
from dashboards.board import Dashboards
from dashboards.people.logins import COOKIE, begin_login
from dashboards.people.roles import write_standing
from dashboards.people.setup import SetupToken, offer_setup
from dashboards.permissions import OWNER
from tests.dashboards.looking import Seen
from tests.fixtures.hands import Hands

NOON = datetime(2026, 5, 17, 12, tzinfo=UTC)
EMAIL = "mara@example.com"
PASSWORD = "four words do well"
K = 5
_COLUMNS = ("site", "day", "received", "visitor", "name", "interactive", "page", "source", "country", "device")

Client = TestClient[web.Request, web.Application]


@dataclass
class Answer:
    """What came back: status, headers and, of a page, what stands on it."""

    status: int
    headers: Any
    page: Seen
    cookies: Any

    @property
    def to(self) -> str:
        """The path that the browser is sent to."""
        return str(self.headers.get("Location", ""))


@dataclass
class Browser:
    """A browser that keeps cookies and follows nothing by itself."""

    client: Client
    board: Dashboards
    clock: Hands
    headers: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str, **headers: str) -> Answer:
        """Open a page."""
        sent = {"Accept": "text/html"} | self.headers | headers
        async with self.client.get(path, headers=sent, allow_redirects=False) as answer:
            return Answer(answer.status, answer.headers, Seen(await answer.text(errors="replace")), answer.cookies)

    async def post(self, path: str, fields: Mapping[str, str], **headers: str) -> Answer:
        """Send a form as it is, without opening its page before."""
        sent = {"Accept": "text/html"} | self.headers | headers
        async with self.client.post(path, data=fields, headers=sent, allow_redirects=False) as answer:
            return Answer(answer.status, answer.headers, Seen(await answer.text(errors="replace")), answer.cookies)

    async def fill(self, path: str, **fields: str) -> Answer:
        """Open a page, fill its form and send it with all that the page put into it."""
        opened = await self.get(path)
        return await self.post(path, opened.page.fields | fields)

    async def log_in(self, email: str = EMAIL, password: str = PASSWORD) -> Answer:
        """Log in by the login page."""
        return await self.fill("/login", email=email, password=password)

    def cookie(self, name: str) -> str:
        """Give the value of a cookie that the browser keeps, or ""."""
        kept = {cookie.key: cookie.value for cookie in self.client.session.cookie_jar}
        return kept.get(name, "")


@dataclass
class Desk:
    """Makes visits and their reports."""

    store: Store
    clock: Hands
    visitors: int = 0

    def visits(
        self, site: Site, count: int, pages: Sequence[str] = ("/",), day: date | None = None, **columns: str
    ) -> None:
        """Let so many visitors come, each a visit of these pages with ten seconds between."""
        today = local_day(self.clock(), site.zone)
        began = today.start + timedelta(hours=9) + ((day or today.day) - today.day)
        rows = []
        for _ in range(count):
            self.visitors += 1
            for index, page in enumerate(pages):
                seen = {"page": page, "name": "pageview", "interactive": True} | columns
                at = began + timedelta(seconds=10 * index)
                known = {"site": site.number, "day": day or today.day, "received": at, "visitor": self.visitors}
                rows.append([(known | seen).get(column, "") for column in _COLUMNS])
        self.store.insert("events", _COLUMNS, encode_rows(rows))

    def roll(self, site: Site, day: date | None = None, *, close: bool = False) -> None:
        """Make the day's report."""
        roll_day(self.store, site, day or local_day(self.clock(), site.zone).day, K, self.clock(), close=close)

    def ledger(self, site: Site, **outcomes: int) -> None:
        """Count today's hits by outcome."""
        day = local_day(self.clock(), site.zone).day
        rows = [(site.number, day, outcome, hits) for outcome, hits in outcomes.items()]
        self.store.insert("tallies", ("site", "day", "outcome", "hits"), encode_rows(rows))


@pytest.fixture
def clock() -> Hands:
    """The time, which is noon."""
    return Hands(NOON)


@pytest.fixture
def desk(embedded: Store, clock: Hands) -> Desk:
    """Who makes visits and reports."""
    return Desk(embedded, clock)


@pytest.fixture
def site(embedded: Store) -> Site:
    """The site example.com, whose days are Berlin's."""
    return add_site(embedded, "example.com", "Europe/Berlin", NOON)


@asynccontextmanager
async def browsing(
    store: Store, clock: Hands, setup: SetupToken | None = None, **settings: object
) -> AsyncIterator[Browser]:
    """Run the pages until the end of the block, beside a route that is none of theirs."""
    sites = SiteRegistry()
    sites.refresh(store)
    chosen = Settings.model_validate({"threshold": K, "data": Path(tempfile.gettempdir())} | settings)
    if setup is None:
        setup = SetupToken()
        offer_setup(store, setup)
    board = Dashboards(store, sites, chosen, clock, setup)
    app = web.Application(client_max_size=64 * 1024)
    app.router.add_get("/health", _answer_health)
    add_dashboards(app, board)
    async with TestClient(TestServer(app, access_log=None)) as client:
        yield Browser(client, board, clock)


async def _answer_health(_request: web.Request) -> web.Response:
    return web.Response(text="ok")


@pytest.fixture(scope="session")
def kept_password() -> str:
    """What the store keeps of Mara's password, made once: it takes its time on purpose."""
    return PasswordHasher().hash(PASSWORD)


@pytest.fixture
def account(embedded: Store, kept_password: str) -> str:
    """The account of Mara, who is the owner."""
    columns = ("email", "password", "created", "removed", "version")
    embedded.insert("accounts", columns, encode_rows([(EMAIL, kept_password, NOON, False, 1)]))
    write_standing(embedded, EMAIL, OWNER, NOON - timedelta(days=1))
    return EMAIL


@pytest_asyncio.fixture
async def nobody(embedded: Store, clock: Hands, account: str, site: Site) -> AsyncIterator[Browser]:
    """A browser in which nobody is logged in."""
    async with browsing(embedded, clock) as browser:
        yield browser


@pytest_asyncio.fixture
async def mara(nobody: Browser) -> Browser:
    """A browser in which Mara is logged in."""
    token = begin_login(nobody.board.store, EMAIL, nobody.clock(), timedelta(days=30))
    nobody.client.session.cookie_jar.update_cookies({COOKIE: token}, nobody.client.make_url("/"))
    return nobody
