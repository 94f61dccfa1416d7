"""Many published days, cheaply: one is generated and closed for real, the others are copies of its report."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from aggregate.closing import Closing
from aggregate.rolling import roll_day
from aggregate.span_rolls import publish_due_spans
from bench.comparison import Tell
from bench.disk import Size, growth_a_day, table_sizes
from bench.engines import Engine
from bench.rolls import bench_site, closing_time, threshold
from bench.traffic_day import DayShape, write_day
from core.sites import Site
from core.store import Store

LAST_DAY = date(2026, 5, 31)
"""The end of a month, so that the last twelve are whole."""

_COLUMNS = """SELECT name
FROM system.columns
WHERE database = currentDatabase() AND table = {table:String} AND default_kind NOT IN ('MATERIALIZED', 'ALIAS')
ORDER BY position"""


@dataclass(frozen=True, slots=True)
class PublishedYear:
    """A site with so many closed days, all with the traffic of ``shape``.

    ``raw`` is the size of its day of events, ``reports`` what its one real day left: copies beside each
    other compress far better than days that differ.
    """

    site: Site
    days: int
    shape: DayShape
    raw: Size
    reports: dict[str, Size]


def publish(engine: Engine, days: int, events: int, tell: Tell) -> PublishedYear:
    """Publish so many days up to LAST_DAY. Raises StoreError.

    Copied is every row of that day in the tables that its roll wrote and that have a column ``day``. Months
    and parts of months are then added up for real.
    """
    store, site = engine.store, bench_site(engine.store)
    before = table_sizes(store)
    tell(f"{engine.name}: a day of {events:,} events is generated and closed")
    shape = write_day(store, site, LAST_DAY, events)
    raw = table_sizes(store)["events"]
    roll_day(store, site, LAST_DAY, threshold(), closing_time(site, LAST_DAY), close=True)
    store.run(f"ALTER TABLE events DROP PARTITION '{LAST_DAY}'")
    written = growth_a_day(before, table_sizes(store), 1)
    for table in written:
        _copy(store, table, days, tell)
    tell("  months and parts of months are added up")
    closing = Closing(grace=timedelta(), patience=timedelta())
    publish_due_spans(store, [site], threshold(), closing, closing_time(site, LAST_DAY))
    for table in ("report_cell_sums", "report_filtered_sums"):
        store.run(f"OPTIMIZE TABLE {table} FINAL")
    return PublishedYear(site, days, shape, raw, written)


def _copy(store: Store, table: str, days: int, tell: Tell) -> None:
    columns = [str(name) for (name,) in store.rows(_COLUMNS, {"table": table})]
    if "day" not in columns:
        return
    tell(f"  {table}: {days - 1:,} copies")
    values = ", ".join("copied" if column == "day" else column for column in columns)
    statement = (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} "  # noqa: S608 (ClickHouse's own names)
        "ARRAY JOIN {days:Array(Date)} AS copied WHERE day = {day:Date}"
    )
    for month in _months(days):
        store.run(statement, {"days": month, "day": LAST_DAY})
    store.run(f"OPTIMIZE TABLE {table} FINAL")  # as the merges of a night leave it


def _months(days: int) -> Iterator[list[date]]:
    """Give the days before the last, month by month: a month is a partition."""
    earlier = [LAST_DAY - timedelta(days=back) for back in range(days - 1, 0, -1)]
    for _month, group in groupby(earlier, key=lambda day: (day.year, day.month)):
        yield list(group)
