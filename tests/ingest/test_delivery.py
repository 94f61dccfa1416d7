"""Delivery: each batch reaches ClickHouse exactly once, whatever was tried before."""

import shutil
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from core.errors import RowsRefusedError, StoreError, StoreUnavailableError
from core.migrate import migrate
from core.store import Parameters, Row, Store, connect_server, encode_rows
from core.tallies import Tally
from ingest.delivery import deliver
from ingest.event import COLUMNS
from ingest.spool import Batch
from tests.fixtures.clickhouse import clickhouse
from tests.fixtures.collecting import NOON
from tests.fixtures.raw import event, site_in
from tests.fixtures.serving import wait_until
from tests.fixtures.store import STARTED

GRACE = timedelta(minutes=5)
LONDON, BERLIN = site_in("UTC", 7), site_in("Europe/Berlin", 8)
AT = NOON.replace(hour=22, minute=30)
"""In Berlin the next day has begun: a batch of both sites has rows of two days."""
TODAY, TOMORROW = AT.date(), AT.date() + timedelta(days=1)


def batch(views: int = 50, *, fresh: bool = False, token: str = "token") -> Batch:
    """Give a batch of so many views of both sites."""
    rows = [
        event(site, AT + timedelta(microseconds=2 * number + place), visitor=number, page=f"/{number}")
        for number in range(views)
        for place, site in enumerate((LONDON, BERLIN))
    ]
    tallies = tuple(
        Tally(site.number, day, outcome, views)
        for site, day in ((LONDON, TODAY), (BERLIN, TOMORROW))
        for outcome in ("received", "stored")
    )
    return Batch(token, len(rows), b"\n".join(row.row() for row in rows), tallies, AT, fresh, drains=True)


def stored(store: Store) -> list[Row]:
    """Count each day's stored events, and how many of them are different."""
    return store.rows("SELECT day, count(), uniqExact(site, received) FROM events GROUP BY day ORDER BY day")


ALL = [[str(TODAY), 50, 50], [str(TOMORROW), 50, 50]]


def test_a_batch_is_delivered_once_however_often_it_is_sent(store: Store) -> None:
    """The first try and every further one leave each event in ClickHouse once."""
    given = [deliver(store, batch(fresh=fresh), GRACE, AT) for fresh in (True, False, False)]
    assert (stored(store), given) == (ALL, [batch().tallies] * 3)


def test_rows_that_came_in_part_are_completed(store: Store) -> None:
    """A crash between the two days of an insert leaves one of them; the next try brings the other."""
    only_today = b"\n".join(line for line in batch().rows.splitlines() if str(TODAY).encode() in line[:16])
    store.insert("events", COLUMNS, only_today, "token")
    deliver(store, batch(), GRACE, AT)
    assert stored(store) == ALL


def test_a_token_that_was_noted_without_its_rows_does_not_lose_them(store: Store) -> None:
    """ClickHouse says that it has the batch, and has not: the rows are sent again until they are there."""
    deliver(_SwallowsInserts(store, 2), batch(), GRACE, AT)
    assert stored(store) == ALL


def test_a_store_that_never_keeps_rows_is_told_apart(store: Store) -> None:
    """After five tries that leave nothing the batch waits, and is not counted as stored."""
    with pytest.raises(StoreUnavailableError, match="does not have them"):
        deliver(_SwallowsInserts(store, 100), batch(), GRACE, AT)
    assert stored(store) == []


@pytest.mark.server
def test_a_server_that_crashed_between_a_token_and_its_rows_gets_them_again(tmp_path: Path) -> None:
    """ClickHouse's own files after such a crash: the token is in its log, the part is in no folder."""
    with clickhouse(tmp_path) as server:
        store = connect_server(server.url())
        wait_until(lambda: _is_migrated(store))
        deliver(store, batch(fresh=True), GRACE, AT)
        server.kill()
        for part in tmp_path.glob("store/*/*/2026050*_*"):
            shutil.rmtree(part)
        server.start()
        wait_until(lambda: _is_migrated(store))
        lost = stored(store)
        store.insert("events", COLUMNS, batch().rows, "token")
        still_lost = stored(store)
        deliver(store, batch(), GRACE, AT)
        assert (lost, still_lost, stored(store)) == ([], [], ALL)
        store.close()


def test_rows_of_a_closed_day_are_late_and_not_inserted(store: Store) -> None:
    """What comes after its day was published is in the ledger as late; the other day's rows are stored."""
    _close(store, BERLIN.number, str(TOMORROW))
    counted = deliver(store, batch(), GRACE, AT + timedelta(days=2))
    assert stored(store) == ALL[:1]
    assert set(counted) == {
        Tally(LONDON.number, TODAY, "received", 50),
        Tally(LONDON.number, TODAY, "stored", 50),
        Tally(BERLIN.number, TOMORROW, "received", 50),
        Tally(BERLIN.number, TOMORROW, "late", 50),
    }


def test_a_fresh_batch_can_be_late_too(store: Store) -> None:
    """A collector that could not ship for days seals its first batch after the days were closed."""
    _close(store, LONDON.number, str(TODAY))
    _close(store, BERLIN.number, str(TOMORROW))
    counted = deliver(store, batch(fresh=True), GRACE, AT + timedelta(days=2))
    assert (stored(store), {tally.outcome for tally in counted}) == ([], {"received", "late"})


def test_rows_that_clickhouse_refuses_are_told_from_a_store_that_refuses(store: Store) -> None:
    """A row of the wrong shape is the batch's fault; a table that is missing is the store's."""
    broken = Batch("broken", 1, b'[7,"2026-05-01","no time"]', (), AT, fresh=True, drains=True)
    with pytest.raises(RowsRefusedError, match="for their content"):
        deliver(store, broken, GRACE, AT)
    with pytest.raises(StoreError) as refusal:
        store.insert("no_such_table", ("site",), b"[1]")
    assert not isinstance(refusal.value, RowsRefusedError)


class _SwallowsInserts:
    """A store that takes inserts and keeps nothing, so many times."""

    def __init__(self, store: Store, times: int) -> None:
        self._store = store
        self._times = times

    def rows(self, statement: str, parameters: Parameters | None = None) -> list[Row]:
        """Answer a SELECT."""
        return self._store.rows(statement, parameters)

    def run(self, statement: str, parameters: Parameters | None = None) -> None:
        """Run a statement."""
        self._store.run(statement, parameters)

    def insert(self, table: str, columns: Sequence[str], rows: bytes, token: str = "") -> None:
        """Insert, if it is time."""
        self._times -= 1
        if self._times < 0:
            self._store.insert(table, columns, rows, token)

    def close(self) -> None:
        """Close."""


def _close(store: Store, site: int, day: str) -> None:
    columns = ("site", "day", "closed", "slot", "roll", "raw_rows", "at")
    store.insert("published", columns, encode_rows([(site, day, True, 0, 1, 0, AT)]))


def _is_migrated(store: Store) -> bool:
    try:
        migrate(store, STARTED)
    except StoreError:
        return False
    return True
