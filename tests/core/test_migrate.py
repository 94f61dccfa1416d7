"""Migrations: recorded, and safe to run twice."""

import pytest

from core.errors import MigrationError
from core.migrate import in_words, migrate, migrations
from core.store import Store, encode_rows
from tests.fixtures.store import STARTED

COLUMNS = ("number", "name", "hash", "done", "at")


def test_running_again_runs_nothing(store: Store) -> None:
    """A store that is up to date stays as it is."""
    assert migrate(store, STARTED) == []
    recorded = store.rows("SELECT number, name, hash FROM migrations FINAL ORDER BY number")
    assert recorded == [[each.number, each.name, each.hash] for each in migrations()]


def test_a_migration_that_was_cut_off_runs_again(store: Store) -> None:
    """What was begun and not finished is run once more, is named, and then counts as done."""
    first = next(migrations())
    store.run("ALTER TABLE migrations DELETE WHERE number = 1 SETTINGS mutations_sync = 2")
    store.insert("migrations", COLUMNS, encode_rows([(1, first.name, first.hash, False, STARTED)]))
    ran = migrate(store, STARTED)
    assert (ran, in_words(ran)) == (["0001_sites"], ["migrated the store: 0001_sites"])
    assert migrate(store, STARTED) == []


@pytest.mark.parametrize(
    ("number", "file_hash", "message"),
    [
        (9_999, "x", "made by a newer Footfall"),
        (1, "edited", "not the one that this store was made with"),
    ],
)
def test_a_store_of_another_version_is_refused(store: Store, number: int, file_hash: str, message: str) -> None:
    """A newer store, or an edited migration, stops the start and says what to do."""
    kept = store.rows("SELECT number, name, hash, done, at FROM migrations FINAL")
    store.insert("migrations", COLUMNS, encode_rows([(number, "sites", file_hash, True, STARTED)]))
    try:
        with pytest.raises(MigrationError, match=message):
            migrate(store, STARTED)
    finally:
        store.run("TRUNCATE TABLE migrations")
        store.insert("migrations", COLUMNS, encode_rows(kept))
