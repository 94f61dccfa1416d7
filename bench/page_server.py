"""The pages over a store, as `footfall serve` sends them: in a thread of their own, with somebody logged in."""

import asyncio
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import uvloop
from aiohttp import web

from aggregate.kept_reports import KeptReports
from aggregate.reading import Report
from core.http_application import running_application
from core.http_server import address_of, http_server, listening_sockets
from core.settings import Settings
from core.sites import SiteRegistry
from core.store import Store
from dashboards.app import add_dashboards
from dashboards.board import Dashboards
from dashboards.people.accounts import add_account, list_accounts
from dashboards.people.logins import COOKIE, begin_login
from dashboards.people.setup import SetupToken

_EMAIL = "bench@example.com"
_HOST = "127.0.0.1"
_START_LIMIT = 30.0  # seconds


@dataclass(frozen=True, slots=True)
class Served:
    """Where the pages are, and the cookie of who is logged in: its name and its value."""

    address: str
    cookie: tuple[str, str]


@contextmanager
def served_pages(store: Store, folder: Path, now: datetime, *, keeps: bool = True) -> Iterator[Served]:
    """Serve the pages of a store until the end of the block; it is ``now`` all the time.

    ``keeps``: whether reports are kept, as they are, or each page reads its own anew. Raises StoreError.
    """
    if not list_accounts(store):
        add_account(store, _EMAIL, secrets.token_urlsafe(), now)
    token = begin_login(store, _EMAIL, now, timedelta(days=1))
    sites = SiteRegistry()
    sites.refresh(store)
    reports = KeptReports[Report]() if keeps else KeptReports[Report](most_cells=0)
    board = Dashboards(store, sites, Settings(data=folder), lambda: now, SetupToken(), reports=reports)
    server = _Server(board)
    thread = threading.Thread(target=uvloop.run, args=(server.run(),))
    thread.start()
    try:
        if not server.is_ready.wait(_START_LIMIT):
            raise TimeoutError("The pages were not served in time.")
        yield Served(server.address, (COOKIE, token))
    finally:
        server.stop()
        thread.join()


class _Server:
    """What runs in the thread; ``address`` is known once it is ready."""

    def __init__(self, board: Dashboards) -> None:
        self._board = board
        self._stopping = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.is_ready = threading.Event()
        self.address = ""

    async def run(self) -> None:
        """Serve until it is stopped."""
        self._loop = asyncio.get_running_loop()
        app = web.Application()
        add_dashboards(app, self._board)
        sockets = listening_sockets(_HOST, 0)
        self.address = address_of(_HOST, sockets[0].getsockname()[1])
        async with (
            running_application(app) as server,
            http_server(
                server.request_handler, sockets, request_factory=server.request_factory, shutdown_timeout=1.0
            ),
        ):
            self.is_ready.set()
            await self._stopping.wait()

    def stop(self) -> None:
        """End it; the thread follows."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._stopping.set)
