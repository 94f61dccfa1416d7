"""The privacy bar, 15 to 20: what reports tell, and what they are made of."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from aggregate.cells import OTHER
from aggregate.jobs import JOBS, Workplace, run_job
from aggregate.release import release
from core.deletions import DeletionRecord
from core.settings import Settings
from core.sites import add_site
from core.store import Parameters, Row, Store
from dashboards.app import PAGES
from tests.aggregate.test_strict import cells_of, exact_answer, strict_answer, success
from tests.dashboards.conftest import EMAIL, PASSWORD, browsing
from tests.fixtures.hands import Hands
from tests.fixtures.raw import event, store_events

DAY = datetime(2026, 5, 1, tzinfo=UTC)
CLOSING = DAY + timedelta(days=1, hours=1)
K = 10
RAW = re.compile(
    r"\b(FROM|JOIN|INTO|TABLE|UPDATE)\s+(events|carried|erasing|import_\w*|system\.\w+)\b", re.IGNORECASE
)
"""Statements about raw rows, what days hide, and ClickHouse's own tables."""


class ListeningStore:
    """A store that notes every statement."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.heard: list[str] = []

    def rows(self, statement: str, parameters: Parameters | None = None) -> list[Row]:
        """Answer a SELECT."""
        self.heard.append(f"{statement} {parameters}")
        return self._store.rows(statement, parameters)

    def columns(self, statement: str, parameters: Parameters | None = None) -> bytes:
        """Answer a SELECT column by column."""
        self.heard.append(f"{statement} {parameters}")
        return self._store.columns(statement, parameters)

    def run(self, statement: str, parameters: Parameters | None = None) -> None:
        """Run a statement."""
        self.heard.append(f"{statement} {parameters}")
        self._store.run(statement, parameters)

    def insert(self, table: str, columns: Sequence[str], rows: bytes, token: str = "") -> None:
        """Insert rows."""
        self.heard.append(f"INSERT INTO {table}")
        self._store.insert(table, columns, rows, token)

    def close(self) -> None:
        """Leave the store open: it is the test's."""


def test_15_one_visitor_more_or_less_is_hardly_seen_in_a_cell_of_a_strict_site() -> None:
    """Who knows everybody else guesses from one row whether one visitor was there, on days of any size."""
    sizes = tuple(Random(15).choices(range(60), k=24))  # noqa: S311 (an experiment, to be repeated)
    assert success(strict_answer, sizes, days=80) <= 0.60
    assert success(exact_answer, (K - 1, *range(K, 60, 12)), days=20, keys=1) == 1.0


def test_16_forged_visitors_hardly_find_out_a_target_of_a_strict_site() -> None:
    """Who sends k - 1 of k themselves and looks at one row; where rows are exact, they know."""
    assert success(strict_answer, (K - 1,), days=1_000) <= 0.60
    assert success(exact_answer, (K - 1,), days=20, keys=1) == 1.0


def test_17_no_subtraction_leaves_a_group_below_k() -> None:
    """Of one list, each way to hide one or two small groups beside larger ones; the solvers have the rest."""
    for small in ((1,), (9,), (1, 1), (4, 5), (9, 9)):
        counts = {"FR": 40, "US": 12} | {f"x{number}": size for number, size in enumerate(small)}
        shown = release(cells_of(counts), K)
        seen = sum(cell.figures.visitors for cell in shown if cell.value is not OTHER)
        assert all(cell.figures.visitors >= K for cell in shown)
        hidden = sum(counts.values()) - seen
        assert hidden == 0 or hidden >= K


def test_18_a_published_day_stays_as_it_is_whoever_is_erased(store: Store, tmp_path: Path) -> None:
    """Rows that go after the closing, and new runs of every job, change no byte of a report."""
    site = add_site(store, "example.com", "UTC", DAY)
    store_events(store, [event(site, DAY + timedelta(hours=12), number) for number in range(1, 31)])
    workplace = Workplace(
        store, Settings(data=tmp_path, raw_retention=400 * 3_600), DeletionRecord(store, tmp_path)
    )

    def run_jobs() -> list[list[Row]]:
        for job in JOBS:
            run_job(job, workplace, CLOSING)
        return [store.rows(f"SELECT * FROM {table} FINAL ORDER BY ALL") for table in reports]  # noqa: S608

    tables = store.rows(
        "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine = 'ReplacingMergeTree' "
        "AND match(name, '^(report_|published)') ORDER BY name"
    )
    reports = [name for (name,) in tables]
    before = run_jobs()
    store.run("ALTER TABLE events DELETE WHERE visitor < 10 SETTINGS mutations_sync = 2")
    assert store.rows("SELECT count() FROM events") == [[21]]
    assert run_jobs() == before
    assert sum(map(len, before)) > 0


async def test_19_no_page_reads_a_raw_row(embedded: Store, clock: Hands, account: str) -> None:
    """Every page that a marketer can open, with a filter and without: none asks for more than reports."""
    site = add_site(embedded, "example.com", "UTC", DAY)
    store_events(embedded, [event(site, clock() - timedelta(hours=1), number) for number in range(1, 31)])
    listening = ListeningStore(embedded)
    paths = [
        re.sub(r"{\w+}", "-", page.path.replace("{domain}", site.domain).replace("{dimension}", "country"))
        for page in PAGES
        if page.method == "GET"
    ]
    paths += ["/sites/example.com?period=30d", "/sites/example.com?period=day&filter=country=DE"]
    async with browsing(listening, clock) as browser:
        await browser.log_in(EMAIL, PASSWORD)
        statuses = {path: (await browser.get(path)).status for path in paths}
    assert statuses["/sites/example.com"] == 200
    assert any("report_cells" in statement for statement in listening.heard)
    assert [statement for statement in listening.heard if RAW.search(statement)] == []


def test_20_no_column_keeps_the_tokens_that_it_counted(store: Store) -> None:
    """An aggregate state holds them; no table has one. Tokens are in raw rows, which go in time, and in memory.

    That is where they are looked up while an erasure runs (decision 17).
    """
    states = store.rows(
        "SELECT table, name FROM system.columns "
        "WHERE database = currentDatabase() AND type LIKE '%AggregateFunction%'"
    )
    tokens = store.rows(
        "SELECT name, engine FROM system.tables WHERE database = currentDatabase() AND name IN "
        "(SELECT table FROM system.columns WHERE database = currentDatabase() AND name = 'visitor') ORDER BY name"
    )
    assert (states, tokens) == ([], [["erasing", "Memory"], ["events", "MergeTree"]])
