"""The privacy bar, 25: what the operator does, and to whom Footfall speaks."""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.accesses import Access, Accessed, AccessRecord, broken_accesses, read_accesses
from core.resets import Breached
from core.store import Store
from dashboards.people.api_keys import add_key, find_key
from dashboards.people.invites import add_invite, find_invite
from dashboards.permissions import OWNER
from dashboards.resetting import LOGINS
from tests.dashboards.conftest import Browser

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
PARTS = ("core", "geo", "ingest", "aggregate", "dashboards", "footfall.py")
TALKING = frozenset(
    {"aiohttp.ClientSession", "http.client", "requests", "urllib.request", "httpx", "smtplib", "aiosmtplib"}
)
"""Names by which Python speaks to another machine."""


def imports() -> Iterator[tuple[str, str]]:
    """Yield each file of Footfall with each name that it imports."""
    files = [
        file for part in PARTS for file in ([Path(part)] if part.endswith(".py") else Path(part).rglob("*.py"))
    ]
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((str(file), each.name) for each in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from ((str(file), f"{node.module}.{each.name}") for each in node.names)
                yield str(file), str(node.module)


def test_25_a_tampered_access_record_is_detected(store: Store, tmp_path: Path) -> None:
    """Whoever reads in secret cannot take the line out; tests/core/test_accesses.py has the other ways."""
    record = AccessRecord(store, tmp_path)
    for who in ("mara@example.com", "eve@example.com", "mara@example.com"):
        record.append(Access(NOW, who, Accessed.EXPORT, 7))
    whole = list(broken_accesses(read_accesses(store)))
    store.run("ALTER TABLE accesses DELETE WHERE who = 'eve@example.com' SETTINGS mutations_sync = 2")
    assert (whole, len(list(broken_accesses(read_accesses(store))))) == ([], 1)


async def test_25_a_reset_ends_every_login(mara: Browser) -> None:
    """Logins, keys and invitations are void at once; tests/test_reset.py has the rest, on a running Footfall."""
    store = mara.board.store
    key = add_key(store, "mara@example.com", "spreadsheet", mara.clock() - timedelta(seconds=1))
    invite = add_invite(store, "jo@example.com", OWNER, "mara@example.com", mara.clock() - timedelta(seconds=1))
    before = await mara.get("/sites/example.com")
    told = LOGINS.destroy(Breached(mara.board.store, mara.board.settings, "first", mara.clock()))
    after = await mara.get("/sites/example.com")
    assert (before.status, after.status, after.to.partition("?")[0]) == (200, 303, "/login")
    assert told == (
        "1 logins were ended, 1 API keys revoked, 1 invitations withdrawn; "
        "the set-up address, if there was one, is another."
    )
    assert find_key(store, key, mara.clock()) is None
    assert find_invite(store, invite, mara.clock()) is None


def test_25_footfall_speaks_to_its_store_its_own_sockets_and_whom_it_is_told_to() -> None:
    """Three files speak through Unix sockets, one to a site that its owner has checked, one to the mail server.

    Neither of the last two knows anything of a visitor: what they send is the site's own address, and reports.
    Nothing reports home.
    """
    through_sockets = {
        ("core/control.py", "http.client"),
        ("ingest/forwarding.py", "aiohttp.ClientSession"),
        ("ingest/worker.py", "aiohttp.ClientSession"),
    }
    when_told = {
        ("dashboards/sites/site_fetch.py", "aiohttp.ClientSession"),
        ("dashboards/mail/server.py", "aiosmtplib"),
    }
    found = {(file, name) for file, name in imports() if name in TALKING}
    assert found == through_sockets | when_told
    for file, _name in through_sockets:
        text = Path(file).read_text(encoding="utf-8")
        assert "AF_UNIX" in text or "connector=UnixConnector" in text
