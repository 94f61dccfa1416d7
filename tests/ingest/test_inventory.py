"""The inventory of stored columns: it is what is stored, and every language explains it."""

import sqlite3
from pathlib import Path

import pytest

from core.inventory import EVENTS, INVENTORY, SPOOL, WITHOUT_VISITORS, Kept
from core.live_columns import expected_columns, live_columns, missing_columns, unexplained_columns
from core.store import Store
from ingest.event import COLUMNS
from ingest.pages.catalogues import catalogues
from ingest.spool import Spool

TABLES = {table.name: table for table in INVENTORY}


def test_the_inventory_is_what_is_stored(store: Store) -> None:
    """Event, inventory and the live table have the same columns in the same order, and no table is left out."""
    live = live_columns(store)
    assert tuple(TABLES[EVENTS].examples) == COLUMNS == live[EVENTS]
    assert {table: names for table, names in live.items() if table not in WITHOUT_VISITORS} == expected_columns()
    assert live.keys() >= WITHOUT_VISITORS
    assert (unexplained_columns(live), missing_columns(live)) == ([], [])


def test_the_spool_has_no_other_content(tmp_path: Path) -> None:
    """The notice tells of every column of the spool's commits but their number."""
    Spool(tmp_path / "spool.sqlite").close()
    with sqlite3.connect(tmp_path / "spool.sqlite") as database:
        columns = [name for _, name, *_ in database.execute("PRAGMA table_info(commits)")]
    database.close()
    assert list(TABLES[SPOOL].examples) == [name for name in columns if name != "id"]


def test_what_is_not_in_the_inventory_is_named() -> None:
    """A column, a column of an import, a whole table; a table that is being imported is explained."""
    live = expected_columns() | {
        "import_5": COLUMNS,
        "import_6": (*COLUMNS, "address"),
        EVENTS: (*COLUMNS, "address", "agent"),
        "visits": ("who",),
        "sites": ("whatever",),
    }
    assert unexplained_columns(live) == ["events.address", "events.agent", "import_6.address", "visits.*"]


def test_what_is_not_stored_is_named() -> None:
    """A column that the notice tells of and the store has not."""
    assert missing_columns({**expected_columns(), EVENTS: COLUMNS[1:]}) == [f"events.{COLUMNS[0]}"]


@pytest.mark.parametrize("language", catalogues())
def test_every_language_explains_every_column_and_no_other(language: str) -> None:
    """Each table and each column has a text, each way of keeping one, and no text is left over."""
    catalogue = catalogues()[language]
    fields, used = catalogue["notice_fields"], set[str]()
    for table in INVENTORY:
        for name in table.examples:
            used.add(f"{table.name}.{name}" if f"{table.name}.{name}" in fields else name)
    assert used == fields.keys()
    assert TABLES.keys() == catalogue["notice_tables"].keys()
    kept = {key for key in catalogue["notice"] if key.startswith("kept_")}
    assert kept == {f"kept_{each}" for each in Kept}
