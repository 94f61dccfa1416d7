"""The store's columns as they are now, held against the inventory."""

from collections.abc import Mapping

from core.inventory import INVENTORY, SPOOL, WITHOUT_VISITORS, Kept, stored_table
from core.sql import sql
from core.store import Store

LiveColumns = Mapping[str, tuple[str, ...]]
"""The columns of each table of the store, in their order."""


def live_columns(store: Store) -> LiveColumns:
    """Give every table's columns, from ClickHouse's own list. Raises StoreError."""
    found: dict[str, list[str]] = {}
    for table, name in store.rows(sql("core", "live_columns")):
        found.setdefault(table, []).append(name)
    return {table: tuple(names) for table, names in found.items()}


def expected_columns() -> LiveColumns:
    """Give the columns of the inventory's tables: what the store has as far as this version knows."""
    return {each.name: tuple(each.examples) for each in INVENTORY if each.kept not in {Kept.SPOOL, Kept.IMPORT}}


def unexplained_columns(live: LiveColumns) -> list[str]:
    """Name every stored column that the inventory lacks: ``events.address``, or ``table.*`` for all of a table."""
    found = []
    for table, names in live.items():
        if table in WITHOUT_VISITORS:
            continue
        explained = stored_table(table)
        if explained is None:
            found.append(f"{table}.*")
            continue
        found += [f"{table}.{name}" for name in names if name not in explained.examples]
    return found


def missing_columns(live: LiveColumns) -> list[str]:
    """Name every column of the inventory that the store has not: the notice would tell of what is not there."""
    return [
        f"{table}.{name}"
        for table, names in expected_columns().items()
        for name in names
        if table != SPOOL and name not in live.get(table, ())
    ]
