"""Imports that are cut off anywhere, and run again."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from aggregate.reading import read_ledger
from core.deletions import Deletion, DeletionRecord
from core.errors import StoreUnavailableError
from core.sites import Site, add_site
from core.store import Parameters, Row, Store
from ingest.imports import resume_imports, store_import
from tests.fixtures.importing import (
    BOTH,
    NOW,
    OUTCOMES,
    SMALL,
    K,
    import_log,
    importer,
    line,
    noon,
    staging_tables,
    unheard,
)


@pytest.fixture
def site(store: Store) -> Site:
    """The site that the log is of."""
    return add_site(store, "example.com", "UTC", NOW)


Answer = TypeVar("Answer")


class _KilledError(BaseException):
    """The process is gone: nothing of ours runs after it."""


class CutOffStore:
    """A store whose process dies before a call, or whose answer to one call is lost."""

    def __init__(self, store: Store, at: int, *, answer_lost: bool) -> None:
        self._store = store
        self._at = at
        self._answer_lost = answer_lost
        self.calls = 0

    def rows(self, statement: str, parameters: Parameters | None = None) -> list[Row]:
        """Answer, or fail."""
        return self._call(lambda: self._store.rows(statement, parameters))

    def run(self, statement: str, parameters: Parameters | None = None) -> None:
        """Run, or fail."""
        self._call(lambda: self._store.run(statement, parameters))

    def insert(self, table: str, columns: Sequence[str], rows: bytes, token: str = "") -> None:
        """Insert, or fail."""
        self._call(lambda: self._store.insert(table, columns, rows, token))

    def close(self) -> None:
        """Nothing to close."""

    def _call(self, act: Callable[[], Answer]) -> Answer:
        self.calls += 1
        if not self._answer_lost and self.calls >= self._at:
            raise _KilledError
        answer = act()
        if self.calls == self._at:
            raise StoreUnavailableError("the answer was lost")
        return answer


@pytest.mark.parametrize("answer_lost", [False, True], ids=["killed", "answer lost"])
def test_an_import_cut_off_anywhere_counts_once(store: Store, tmp_path: Path, answer_lost: bool) -> None:
    """Killed before any statement, or told of a failure after it, a second run makes it whole."""
    log = tmp_path / "access.log"
    at = noon(1)
    views = [line(at, address=f"2001:db8:{n}::1") + line(at + timedelta(days=1), "/b") for n in range(3)]
    log.write_text("".join(views) + line(at, "/logo.png") + "no request\n", encoding="utf-8")
    cut_at, went_through = 0, False
    while not went_through:
        cut_at += 1
        site = add_site(store, f"site-{cut_at}.example.com", "UTC", NOW)
        failing = CutOffStore(store, cut_at, answer_lost=answer_lost)
        try:
            staged = importer(failing, tmp_path).stage_log(log, site, NOW, unheard)
            store_import(failing, staged, NOW)
        except (_KilledError, StoreUnavailableError):
            pass
        else:
            went_through = True
        store_import(store, importer(store, tmp_path).stage_log(log, site, NOW, unheard), NOW)
        counted = "SELECT day, page, count(), uniqExact(visitor) FROM events WHERE site = {site:UInt32}"
        assert store.rows(f"{counted} GROUP BY day, page ORDER BY day", {"site": site.number}) == [
            ["2026-03-01", "/", 3, 3],
            ["2026-03-02", "/b", 3, 1],
        ], cut_at
        assert read_ledger(store, site.number, BOTH) == {
            "received": 8,
            "stored": 6,
            "not a page": 1,
            "not understood": 1,
        }, cut_at
        assert staging_tables(store) == []
    assert cut_at > 20


def test_a_move_cut_off_between_its_two_sides_is_not_repeated(store: Store, site: Site, tmp_path: Path) -> None:
    """A day found on both sides, staged and stored, is stored once."""
    staged = importer(store, tmp_path).stage_log(SMALL, site, NOW, unheard)
    store.run(f"OPTIMIZE TABLE {staged.table} PARTITION '2026-03-02' FINAL")
    store.run(f"ALTER TABLE events ATTACH PARTITION '2026-03-02' FROM {staged.table}")
    store_import(store, staged, NOW)
    assert store.rows("SELECT day, count() FROM events GROUP BY day ORDER BY day") == [
        ["2026-03-01", 22],
        ["2026-03-02", 8],
    ]


def test_whoever_comes_second_changes_nothing(store: Store, site: Site, tmp_path: Path) -> None:
    """Two who would store the same staged file store it once, and are told the same."""
    staged = importer(store, tmp_path).stage_log(SMALL, site, NOW, unheard)
    assert store_import(store, staged, NOW) == store_import(store, staged, NOW)
    assert store.rows("SELECT count() FROM events") == [[30]]
    assert read_ledger(store, site.number, BOTH)["received"] == 58


def test_a_start_completes_what_was_cut_off(store: Store, site: Site, tmp_path: Path) -> None:
    """What was staged is stored at the next start, without the file; what was half staged is gone."""
    importer(store, tmp_path).stage_log(SMALL, site, NOW, unheard)
    store.run("CREATE TABLE import_0123456789abcdef AS events")
    assert [done.outcomes for done in resume_imports(store, tmp_path, NOW)] == [OUTCOMES]
    assert resume_imports(store, tmp_path, NOW) == []
    assert staging_tables(store) == []
    assert store.rows("SELECT count() FROM events") == [[30]]


def test_the_deletion_record_may_fail(store: Store, site: Site, tmp_path: Path) -> None:
    """Where the keys' destruction cannot be written down, nothing is imported."""

    class Refusing(DeletionRecord):
        def append(self, deletion: Deletion) -> None:  # noqa: ARG002
            raise StoreUnavailableError("away")

    broken = importer(store, tmp_path)
    broken = type(broken)(store, broken.knowledge, Refusing(store, tmp_path), tmp_path, broken.cut)
    with pytest.raises(StoreUnavailableError):
        broken.stage_log(SMALL, site, NOW, unheard)
    assert staging_tables(store) == []
    assert import_log(store, tmp_path, SMALL, site, NOW, K).outcomes == OUTCOMES
