"""The spool: on disk before anyone is told, shipped once, gone from the file afterwards."""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from zlib import crc32

import orjson
import pytest

from core.errors import SpoolError, StoreUnavailableError
from core.settings import Settings
from core.store import Parameters, Row, Store
from core.tallies import Tally
from ingest.assembly import ship_local_spools
from ingest.commits import GroupedCommits
from ingest.event import Event
from ingest.meter import Meter
from ingest.shipper import Freight, Shipper
from ingest.spool import Batch, Entry, Spool
from ingest.spools import claimed_spool
from tests.fixtures.collecting import NOON

DAY = date(2026, 5, 1)


def entry(page: str, site: int = 7) -> Entry:
    """Give the entry of a stored pageview; no two pages come in one microsecond."""
    received = NOON + timedelta(microseconds=crc32(page.encode()) % 1_000_000)
    event = Event(site, DAY, received, visitor=1, name="pageview", page=page)
    return Entry(received, (Tally(site, DAY, "received"), Tally(site, DAY, "stored")), event.row())


def bot() -> Entry:
    """Give the entry of a hit that was dropped."""
    return Entry(NOON, (Tally(7, DAY, "received"), Tally(7, DAY, "bot")))


def shipper(spool: Spool, store: Store, most_rows: int) -> Shipper:
    """Give a shipper whose clock stands at noon."""
    return Shipper(spool, store, Freight(most_rows, timedelta(minutes=5)), lambda: NOON, Meter())


def pages(batch: Batch | None) -> list[str]:
    """Give the pages of a batch, in order."""
    return [orjson.loads(row)[7] for row in batch.rows.splitlines()] if batch else []


def test_what_was_appended_is_there_after_a_crash(tmp_path: Path) -> None:
    """A second opening of the file, with no goodbye from the first, finds every row and count."""
    Spool(tmp_path / "spool").append([entry("/a"), bot()])
    batch = Spool(tmp_path / "spool").seal(10)
    assert batch is not None
    assert (pages(batch), set(batch.tallies)) == (
        ["/a"],
        {Tally(7, DAY, "received", 2), Tally(7, DAY, "bot", 1), Tally(7, DAY, "stored", 1)},
    )


def test_a_sealed_batch_stays_as_it_is_until_it_is_discarded(spool: Spool) -> None:
    """Whatever comes in meanwhile, or a restart, the same token stands for the same rows."""
    spool.append([entry("/a"), entry("/b"), entry("/c")])
    spool.append([entry("/d")])
    first = spool.seal(2)
    spool.append([entry("/e")])
    again = spool.seal(100)
    assert first is not None
    assert again == replace(first, fresh=False, drains=False)
    assert pages(first) == ["/a", "/b", "/c"]
    spool.discard(first, first.tallies, NOON)
    second = spool.seal(100)
    assert second is not None
    assert (pages(second), second.token != first.token) == (["/d", "/e"], True)
    spool.discard(second, second.tallies, NOON)
    assert spool.seal(100) is None


def test_a_number_of_a_delivered_batch_is_never_a_new_commits(tmp_path: Path) -> None:
    """What comes while a delivered batch is being deleted, or after, is not deleted with it."""
    spool = Spool(tmp_path / "spool")
    for page in ("/a", "/b"):
        spool.append([entry(page)])
        batch = spool.seal(10)
        assert batch is not None
        spool.discard(batch, batch.tallies, NOON)
    spool.append([entry("/c")])
    with sqlite3.connect(tmp_path / "spool") as database:
        numbers = [number for (number,) in database.execute("SELECT id FROM commits")]
    database.close()
    assert (numbers, pages(spool.seal(10))) == ([3], ["/c"])


def test_discarded_rows_are_gone_from_the_file(tmp_path: Path) -> None:
    """After a batch is shipped, its rows are in no byte of the spool's files."""
    spool = Spool(tmp_path / "spool")
    spool.append([entry("/find-me-in-the-file") for _ in range(50)])
    batch = spool.seal(100)
    assert batch is not None
    found_before = any(b"find-me" in file.read_bytes() for file in tmp_path.iterdir())
    spool.discard(batch, batch.tallies, NOON)
    found_after = any(b"find-me" in file.read_bytes() for file in tmp_path.iterdir())
    assert (found_before, found_after) == (True, False)


def test_a_spool_that_cannot_be_opened_says_what_to_check(tmp_path: Path) -> None:
    """A file that is no spool stops the start in one line."""
    (tmp_path / "spool").write_bytes(b"this is no database, and long enough to be looked at" * 50)
    with pytest.raises(SpoolError, match="check the disk and its rights"):
        Spool(tmp_path / "spool")


def test_shipping_moves_everything_once(store: Store, spool: Spool) -> None:
    """Events and ledger arrive whole, batch by batch, and received equals stored and dropped."""
    for number in range(25):
        spool.append([entry(f"/{number}")])
    spool.append([bot() for _ in range(5)])
    assert shipper(spool, store, 10).ship_all(NOON) == 25
    assert store.rows("SELECT count(), uniqExact(page) FROM events") == [[25, 25]]
    assert store.rows("SELECT outcome, sum(hits) FROM tallies FINAL GROUP BY outcome ORDER BY outcome") == [
        ["bot", 5],
        ["received", 30],
        ["stored", 25],
    ]


@pytest.mark.parametrize("lost_after", range(6))
def test_an_insert_whose_answer_was_lost_counts_once(store: Store, spool: Spool, lost_after: int) -> None:
    """Wherever the connection breaks after an insert, the next try leaves each event there once."""
    for number in range(20):
        spool.append([entry(f"/{number}")])
    breaking = _LosesAnAnswer(store, lost_after)
    with pytest.raises(StoreUnavailableError):
        shipper(spool, breaking, 5).ship_all(NOON)  # type: ignore[arg-type]
    shipper(spool, store, 5).ship_all(NOON)
    assert store.rows("SELECT count(), uniqExact(page) FROM events") == [[20, 20]]
    assert store.rows("SELECT outcome, sum(hits) FROM tallies FINAL GROUP BY outcome ORDER BY outcome") == [
        ["received", 20],
        ["stored", 20],
    ]


def test_what_a_stopped_collector_left_is_shipped_before_a_day_is_closed(embedded: Store, tmp_path: Path) -> None:
    """Closing a day by hand first fetches acknowledged events out of the data folder's spool."""
    settings = Settings(data=tmp_path)
    without_a_spool = ship_local_spools(settings, embedded, lambda: NOON)
    with claimed_spool(tmp_path, 10_000) as (spool, _place):
        spool.append([entry("/a"), entry("/b")])
        while_it_runs = ship_local_spools(settings, embedded, lambda: NOON)
    stopped = [ship_local_spools(settings, embedded, lambda: NOON) for _ in range(2)]
    assert (without_a_spool, while_it_runs, stopped) == (0, 0, [2, 0])
    assert embedded.rows("SELECT page FROM events ORDER BY page") == [["/a"], ["/b"]]


class _LosesAnAnswer:
    """A store that does what is asked and then loses the answer, after so many inserts."""

    def __init__(self, store: Store, after: int) -> None:
        self._store = store
        self._left = after

    def rows(self, statement: str, parameters: Parameters | None = None) -> list[Row]:
        """Answer a SELECT."""
        return self._store.rows(statement, parameters)

    def insert(self, table: str, columns: tuple[str, ...], rows: bytes, token: str = "") -> None:
        """Insert, then fail if it is time."""
        self._store.insert(table, columns, rows, token)
        self._left -= 1
        if self._left < 0:
            raise StoreUnavailableError("lost")


async def test_entries_of_one_moment_share_a_commit(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one commit runs the next gathers: a hundred writers do not make a hundred commits."""
    sizes: list[int] = []
    append = spool.append

    def counted(entries: Sequence[Entry]) -> Counter[str]:
        sizes.append(len(entries))
        return append(entries)

    monkeypatch.setattr(spool, "append", counted)
    commits = GroupedCommits(spool)
    await asyncio.gather(*(commits.write([entry(f"/{number}")]) for number in range(100)))
    await commits.close()
    assert (sum(sizes), len(sizes) <= 3, len(pages(spool.seal(1_000)))) == (100, True, 100)


async def test_what_comes_right_after_a_commit_began_waits_for_the_next(spool: Spool) -> None:
    """Commits do not follow each other in a row: after the first, all that come in the interval share one."""
    sizes: list[int] = []
    commits = GroupedCommits(spool, lambda _seconds, entries, _outcomes: sizes.append(entries), interval=0.2)
    await commits.write([entry("/first")])
    await asyncio.gather(*(_write_after_turns(commits, turns) for turns in range(20)))
    await commits.close()
    assert sizes == [1, 20]


async def _write_after_turns(commits: GroupedCommits, turns: int) -> None:
    for _ in range(turns):
        await asyncio.sleep(0)
    await commits.write([entry(f"/{turns}")])


async def test_a_failed_commit_is_told_to_each_writer_and_the_next_goes_on(
    spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is told that a row is safe when it is not; the next commit is tried anew."""
    commits = GroupedCommits(spool)
    with monkeypatch.context() as broken:
        broken.setattr(spool, "append", _full)
        writes = (commits.write([entry("/lost")]) for _ in range(3))
        outcomes = await asyncio.gather(*writes, return_exceptions=True)
    await commits.write([entry("/kept")])
    await commits.close()
    assert [str(outcome) for outcome in outcomes] == ["full"] * 3
    assert pages(spool.seal(10)) == ["/kept"]


def _full(_entries: object) -> None:
    raise SpoolError("full")
