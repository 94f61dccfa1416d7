"""A ClickHouse user for each process: with the printed rights each does its work, and is refused all else."""

import json
import os
import re
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from aggregate.jobs import JOBS, Workplace, run_job
from aggregate.periods import DayRange
from aggregate.reading import read_report
from core.accesses import Access, Accessed, AccessRecord
from core.clock import local_day
from core.deletions import DeletionRecord
from core.errors import StoreRefusedError
from core.grants import ROLES
from core.inventory import INVENTORY, WITHOUT_VISITORS, Kept
from core.settings import Settings
from core.sites import Site, add_site, find_site
from core.store import Store, connect_server
from dashboards.mail.job import MAIL_JOB
from dashboards.mail.recipients import (
    Rhythm,
    add_recipient,
    confirm_recipient,
    list_recipients,
    remove_recipient,
)
from dashboards.mail.sendings import begin
from dashboards.people.accounts import add_account, list_accounts
from ingest.erased_rows import OneVisitor
from ingest.erasing import Erasures
from ingest.spools import spool_folder
from tests.fixtures.asking import SITE, answers, send
from tests.fixtures.clickhouse import ClickHouseServer, clickhouse
from tests.fixtures.collecting import CHROME
from tests.fixtures.raw import event, store_events
from tests.fixtures.serving import FOOTFALL, LIMIT, data_folder, wait_until, zone_far_from_midnight

pytestmark = pytest.mark.server
DENIED = "ACCESS_DENIED"
RECEIPT = "receipt=0123456789abcdef0123456789abcdef"
COLLECTOR, JOB, DASHBOARD = "collector", "jobs", "dashboards"
USER_OF = {"collect": COLLECTOR, "jobs": JOB, "dashboards": DASHBOARD}
ROLES_OF = {
    COLLECTOR: ("footfall_collector", "footfall_receipts"),
    "bare_collector": ("footfall_collector",),
    JOB: ("footfall_jobs",),
    DASHBOARD: ("footfall_dashboards",),
}
AS_INSTALLED = "--access_control_improvements.select_from_system_db_requires_grant=true"
"""What ClickHouse's packages configure."""


class Installation(NamedTuple):
    """A server with the printed rights, and a data folder."""

    server: ClickHouseServer
    data: Path

    @contextmanager
    def store(self, user: str) -> Iterator[Store]:
        """Reach the store as one of the users."""
        with closing(connect_server(self.server.url(user=user))) as store:
            yield store

    @contextmanager
    def starting(self, command: str) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
        """Start one of the processes with its own user; give it and its log; end it with the block."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("FOOTFALL_")}
        environment |= {
            "FOOTFALL_DATA": str(self.data),
            "FOOTFALL_CLICKHOUSE": self.server.url(user=USER_OF[command]),
            "FOOTFALL_SHIP_INTERVAL": "0.1",
            "FOOTFALL_ROLL_INTERVAL": "0.5",
        }
        options = [] if command == "jobs" else ["--port", "0"]
        log_path = self.data.with_name(f"{command}.log")
        with log_path.open("wb") as log:
            arguments = [FOOTFALL, command, *options]
            process = subprocess.Popen(arguments, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            yield process, log_path
        finally:
            process.terminate()
            process.wait(LIMIT)

    @contextmanager
    def running(self, command: str, said: str) -> Iterator[str]:
        """Run one of the processes; give what it says once it runs, after some words. Nothing may be refused."""
        line = re.compile(rf"^{said} ?(.*)$", re.MULTILINE)
        with self.starting(command) as (process, log_path):
            wait_until(lambda: line.search(log_path.read_text()) is not None or process.poll() is not None)
            found = line.search(log_path.read_text())
            assert found is not None, log_path.read_text()
            yield found[1]
            assert "refused" not in log_path.read_text(), log_path.read_text()


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A server on which an administrator ran what `footfall grants` prints, twice, and made the users."""
    folder = tmp_path_factory.mktemp("grants")
    (folder / "server").mkdir()
    with (
        clickhouse(folder / "server", f"--access_control_path={folder}/access/", AS_INSTALLED) as server,
        closing(connect_server(server.url())) as administrator,
        data_folder(folder) as data,
    ):
        environment = os.environ | {"FOOTFALL_CLICKHOUSE": server.url()}
        printed = subprocess.run([FOOTFALL, "grants"], env=environment, capture_output=True, text=True, check=True)
        statements = [line.removesuffix(";") for line in printed.stdout.splitlines() if not line.startswith("--")]
        for statement in statements * 2:
            administrator.run(statement)
        for user, roles in ROLES_OF.items():
            administrator.run(f"CREATE USER {user} IDENTIFIED BY '{user}'")
            administrator.run(f"GRANT {', '.join(roles)} TO {user}")
        # Without a configuration file a server has none; rights go by the name.
        administrator.run("CREATE TABLE system.query_log (query String) ENGINE = Memory")
        yield Installation(server, data)


@pytest.fixture(scope="module")
def site(installation: Installation) -> Iterator[Site]:
    """A site, which the dashboards' user made; the jobs' process made the tables before."""
    with installation.running("jobs", "Footfall runs its jobs"), installation.store(DASHBOARD) as store:
        yield add_site(store, SITE, zone_far_from_midnight(), datetime.now(UTC))


def ask(url: str, method: str, cookie: str = "", body: bytes = b"") -> str:
    """Ask as the visitor's browser does; give the answer."""
    headers = {"User-Agent": CHROME, "Content-Type": "application/json", "Cookie": cookie}
    request = urllib.request.Request(url, method=method, headers=headers, data=body if method == "POST" else None)
    with urllib.request.urlopen(request, timeout=LIMIT) as answer:
        text: str = answer.read().decode()
    return text


def test_dashboards_without_tables_say_what_to_start(installation: Installation) -> None:
    """Before the jobs have made any: one line, and exit code 1."""
    with installation.starting("dashboards") as (process, log_path):
        assert process.wait(LIMIT) == 1
    assert log_path.read_text() == (
        "footfall: The tables cannot be read: ClickHouse refused the statement (code 60, UNKNOWN_TABLE). "
        "Start `footfall jobs` first, which makes them; docs/clickhouse-users.md has the rights.\n"
    )


def test_each_process_does_its_work_with_its_own_user(installation: Installation, site: Site) -> None:
    """Collected, rolled, read; a visitor's rows exported and erased; pages answer and the record is kept."""
    with ExitStack() as stack:
        collector = stack.enter_context(installation.running("collect", "Footfall listens on"))
        pages = stack.enter_context(installation.running("dashboards", "Footfall listens on"))
        reader, jobs = (stack.enter_context(installation.store(user)) for user in (DASHBOARD, JOB))
        wait_until(lambda: send(collector, "/first") == 202)
        for number in range(10):
            assert send(collector, f"/{number}") == 202
        view = f'{{"n": "pageview", "u": "https://{SITE}/mine", "d": "{SITE}"}}'.encode()
        assert ask(f"{collector}/api/event", "POST", RECEIPT, view) == "ok"
        wait_until(lambda: jobs.rows("SELECT count() FROM events") == [[12]])
        today = local_day(datetime.now(UTC), site.zone).day
        wait_until(lambda: read_report(reader, site, DayRange(today, today)).totals.pageviews == 12)
        add_account(reader, "mara@example.com", "four words do well", datetime.now(UTC))
        AccessRecord(reader, installation.data).append(
            Access(datetime.now(UTC), "mara@example.com", Accessed.PAGE, site.number)
        )
        exported = ask(f"{collector}/privacy/export?site={SITE}", "POST", RECEIPT)
        erased = ask(f"{collector}/privacy/me?site={SITE}", "DELETE")
        left = jobs.rows("SELECT count() FROM events")
        status = answers(f"{pages}/login")
    assert ([row["page"] for row in json.loads(exported)["rows"]], json.loads(erased)["ending"]) == (
        ["/mine"],
        "erased",
    )
    assert (left, status, len(list_accounts_as(installation))) == ([[0]], 200, 1)


def list_accounts_as(installation: Installation) -> list[object]:
    """Give the accounts, read by the dashboards' user."""
    with installation.store(DASHBOARD) as store:
        return list(list_accounts(store))


def test_the_jobs_user_closes_and_destroys(installation: Installation, site: Site, tmp_path: Path) -> None:
    """Every job of the table, a month later: what was raw is gone, and nothing was refused."""
    with installation.store(JOB) as store:
        workplace = Workplace(store, Settings(data=tmp_path), DeletionRecord(store, tmp_path))
        store.insert(
            "events",
            ("site", "day", "received", "visitor", "name", "page"),
            b'[%d, "2026-01-05", "2026-01-05 12:00:00", 7, "pageview", "/"]' % site.number,
        )
        for job in (*JOBS, MAIL_JOB):
            run_job(job, workplace, datetime.now(UTC) + timedelta(days=40))
        assert store.rows("SELECT count() FROM events") == [[0]]
        assert find_site(store, SITE).number == site.number


def test_who_gets_e_mails_is_kept_and_forgotten(installation: Installation, site: Site, tmp_path: Path) -> None:
    """The dashboards' user adds and removes an address; the jobs' user sees what is due, and forgets the rest."""
    now = datetime.now(UTC)
    with installation.store(DASHBOARD) as pages, installation.store(JOB) as jobs:
        removed, forgotten = (
            add_recipient(pages, site, f"{name}@example.org", Rhythm.WEEK, "en", now, has_account=False)
            for name in ("ann", "bob")
        )
        confirm_recipient(pages, removed, now)
        remove_recipient(pages, removed)
        assert [each.number for each in list_recipients(pages)] == [forgotten.number]
        workplace = Workplace(jobs, Settings(data=tmp_path), DeletionRecord(jobs, tmp_path))
        assert run_job(MAIL_JOB, workplace, now + timedelta(days=7)) == ""
        assert begin(jobs, forgotten.number, now.date(), 1, now)
        assert list_recipients(jobs) == []


def test_erasing_needs_no_right_to_read_pages(installation: Installation, site: Site, tmp_path: Path) -> None:
    """A collector that may not export finds and erases a visitor's rows, and nobody else's."""
    now = datetime.now(UTC)
    visitor = OneVisitor(site.number, local_day(now, site.zone).day, 7)
    spool_folder(tmp_path).mkdir()
    with installation.store("bare_collector") as store, installation.store(JOB) as jobs:
        store_events(store, [event(site, now, 7, "/a"), event(site, now, 7, "/b"), event(site, now, 8, "/c")])
        Erasures(tmp_path, store, timedelta(minutes=5)).erase(visitor, now)
        assert jobs.rows("SELECT page FROM events") == [["/c"]]
        jobs.run("TRUNCATE TABLE events")


@pytest.mark.parametrize(
    ("user", "statement"),
    [
        *[
            (COLLECTOR, statement)
            for statement in (
                "SELECT count() FROM report_cells",
                "SELECT count() FROM carried",
                "SELECT email FROM accounts",
                "SELECT count() FROM logins",
                "SELECT count() FROM system.query_log",
                "ALTER TABLE events UPDATE page = '/' WHERE 1",
                "ALTER TABLE sites DELETE WHERE 1",
                "TRUNCATE TABLE events",
                "DROP TABLE events",
                "CREATE TABLE other (a Int8) ENGINE = Memory",
            )
        ],
        ("bare_collector", "SELECT page FROM events"),
        ("bare_collector", "SELECT * FROM events WHERE receipt != 0"),
        *[
            (DASHBOARD, statement)
            for statement in (
                "SELECT count() FROM events",
                "SELECT visitor FROM events",
                "SELECT count() FROM carried",
                "SELECT count() FROM erasing",
                "SELECT count() FROM system.query_log",
                "SELECT count() FROM system.processes",
                "ALTER TABLE report_cells DELETE WHERE 1",
                "ALTER TABLE accesses DROP PARTITION 202605",
                "DROP TABLE report_cells",
                "ALTER TABLE accounts DELETE WHERE 1",
            )
        ],
        *[
            (JOB, statement)
            for statement in (
                "SELECT password FROM accounts",
                "SELECT count() FROM logins",
                "SELECT count() FROM api_keys",
                "SELECT count() FROM system.query_log",
                "CREATE USER other",
                "GRANT footfall_dashboards TO jobs",
                "SELECT * FROM url('http://127.0.0.1:1/')",
            )
        ],
    ],
)
def test_what_a_user_should_not_do_is_refused(
    installation: Installation, site: Site, user: str, statement: str
) -> None:
    """By ClickHouse itself, whatever the process is made to ask."""
    with installation.store(user) as store, pytest.raises(StoreRefusedError, match=DENIED):
        store.run(statement) if not statement.startswith("SELECT") else store.rows(statement)


@pytest.mark.parametrize(
    ("user", "table"),
    [(DASHBOARD, "events"), (DASHBOARD, "report_cells"), (COLLECTOR, "report_cells"), (JOB, "logins")],
)
def test_what_a_user_should_not_write_is_refused(
    installation: Installation, site: Site, user: str, table: str
) -> None:
    """Reports are the jobs' to write, logins the dashboards', events the collector's."""
    column = "session" if table == "logins" else "site"
    with installation.store(user) as store, pytest.raises(StoreRefusedError, match=DENIED):
        store.insert(table, (column,), b"[7]")


def test_every_table_without_visitors_is_the_dashboards_or_the_jobs() -> None:
    """A table that is added gets its rights by the inventory; none with raw rows is ever the dashboards'."""
    (dashboards,) = [role for role in ROLES if role.name == "footfall_dashboards"]
    readable = {table for grant in dashboards.grants if grant.right == "SELECT" for table in grant.tables}
    raw = {table.name for table in INVENTORY if table.kept not in {Kept.FOR_GOOD, Kept.MINUTES}}
    assert (readable & raw, {table.name for table in INVENTORY} - readable) == (set(), raw)
    assert WITHOUT_VISITORS - readable == {"notices", "imports", "resets", "turns"}
