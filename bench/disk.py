"""What tables take up on disk, as ClickHouse counts it."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.store import Store

_TABLES = """SELECT table, sum(rows), sum(bytes_on_disk)
FROM system.parts
WHERE active AND database = currentDatabase()
GROUP BY table
ORDER BY table"""


@dataclass(frozen=True, slots=True)
class Size:
    """Rows and their bytes on disk, indexes included; of one day, they may be fractions."""

    rows: float
    bytes: float


def table_sizes(store: Store) -> dict[str, Size]:
    """Give the size of every table that has rows. Raises StoreError."""
    return {table: Size(rows, size) for table, rows, size in store.rows(_TABLES)}


def growth_a_day(before: Mapping[str, Size], after: Mapping[str, Size], days: int) -> dict[str, Size]:
    """Give by how much each table grew a day; tables that did not grow are left out."""
    nothing = Size(0, 0)
    grown = {
        table: Size(
            (size.rows - before.get(table, nothing).rows) / days,
            (size.bytes - before.get(table, nothing).bytes) / days,
        )
        for table, size in after.items()
    }
    return {table: size for table, size in grown.items() if size.rows > 0}
