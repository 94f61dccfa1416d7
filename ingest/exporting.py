"""Exporting a visitor's own rows: those whose receipt they show, from the spools and from ClickHouse."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import orjson

from core.sql import sql
from core.store import Row, Store
from ingest.event import COLUMNS
from ingest.spool import Spool
from ingest.spools import spool_paths

_MARKS = 256
_SITE, _DAY, _RECEIVED, _RECEIPT = (COLUMNS.index(name) for name in ("site", "day", "received", "receipt"))


@dataclass(frozen=True, slots=True)
class Exports:
    """Finds rows in one data folder and its store. All calls block."""

    data: Path
    store: Store

    def rows(self, site: int, day: date, mark: int) -> list[dict[str, Any]]:
        """Give a site's rows of a day that have a receipt's mark, by column, in the order in which they came.

        Raises StoreError, SpoolError.
        """
        wanted = (site, day.isoformat(), mark)
        # The spools first: a row that is shipped meanwhile is found twice, and given once.
        found = [*self._spooled(mark), *self._stored(site, day, mark)]
        own = {
            orjson.dumps(row, option=orjson.OPT_SORT_KEYS): row
            for row in map(_with_time, found)
            if len(row) == len(COLUMNS) and (row[_SITE], row[_DAY], row[_RECEIPT]) == wanted
        }
        rows = sorted(own.values(), key=lambda row: str(row[_RECEIVED]))
        return [dict(zip(COLUMNS, row, strict=True)) for row in rows]

    def _spooled(self, mark: int) -> Iterable[Row]:
        for path in spool_paths(self.data):
            spool = Spool(path)
            try:
                commits = spool.rows_with(b"%d" % mark)
            finally:
                spool.close()
            for rows in commits:
                yield from map(orjson.loads, rows.splitlines())

    def _stored(self, site: int, day: date, mark: int) -> list[Row]:
        parameters = {"site": site, "day": day, "mark": mark % _MARKS}
        return self.store.rows(sql("ingest", "marked_rows"), parameters)


def _with_time(row: Row) -> Row:
    """Give a row with its time as one text, however it was written."""
    row[_RECEIVED] = datetime.fromisoformat(row[_RECEIVED]).isoformat(timespec="microseconds")
    return row
