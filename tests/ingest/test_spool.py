"""The spool: on disk before anyone is told, shipped once, gone from the file afterwards."""

import asyncio
from datetime import date
from pathlib import Path

import orjson
import pytest

from core.errors import SpoolError, StoreUnavailableError
from core.settings import Settings
from core.store import Store
from ingest.assembly import ship_local_spool
from ingest.commits import GroupedCommits
from ingest.event import Event
from ingest.shipper import Shipper
from ingest.spool import Batch, Entry, Spool, SpooledEvent, Tally
from tests.fixtures.collecting import NOON

DAY = date(2026, 5, 1)


def entry(page: str, site: int = 7) -> Entry:
    """Give the entry of a stored pageview."""
    event = Event(site, DAY, NOON, visitor=1, name="pageview", page=page)
    return Entry((Tally(site, DAY, "received"),), SpooledEvent(site, DAY, event.row()))


def pages(batch: Batch | None) -> list[str]:
    """Give the pages of a batch, in order."""
    return [orjson.loads(row)[7] for row in batch.rows] if batch else []


def test_what_was_appended_is_there_after_a_crash(tmp_path: Path) -> None:
    """A second opening of the file, with no goodbye from the first, finds every row and count."""
    Spool(tmp_path / "spool").append([entry("/a"), Entry((Tally(7, DAY, "received"), Tally(7, DAY, "bot")))])
    batch = Spool(tmp_path / "spool").seal(10)
    assert batch is not None
    assert (pages(batch), set(batch.tallies)) == (
        ["/a"],
        {Tally(7, DAY, "received", 2), Tally(7, DAY, "bot", 1), Tally(7, DAY, "stored", 1)},
    )


def test_a_sealed_batch_stays_as_it_is_until_it_is_discarded(spool: Spool) -> None:
    """Whatever comes in meanwhile, or a restart, the same token stands for the same rows."""
    spool.append([entry("/a"), entry("/b"), entry("/c")])
    first = spool.seal(2)
    spool.append([entry("/d")])
    again = spool.seal(100)
    assert first is not None
    assert again == first
    assert pages(first) == ["/a", "/b"]
    spool.discard(first)
    second = spool.seal(100)
    assert second is not None
    assert (pages(second), second.token != first.token) == (["/c", "/d"], True)
    spool.discard(second)
    assert spool.seal(100) is None


def test_discarded_rows_are_gone_from_the_file(tmp_path: Path) -> None:
    """After a batch is shipped, its rows are in no byte of the spool's files."""
    spool = Spool(tmp_path / "spool")
    spool.append([entry("/find-me-in-the-file") for _ in range(50)])
    batch = spool.seal(100)
    assert batch is not None
    found_before = any(b"find-me" in file.read_bytes() for file in tmp_path.iterdir())
    spool.discard(batch)
    found_after = any(b"find-me" in file.read_bytes() for file in tmp_path.iterdir())
    assert (found_before, found_after) == (True, False)


def test_a_spool_that_cannot_be_opened_says_what_to_check(tmp_path: Path) -> None:
    """A file that is no spool stops the start in one line."""
    (tmp_path / "spool").write_bytes(b"this is no database, and long enough to be looked at" * 50)
    with pytest.raises(SpoolError, match="check the disk and its rights"):
        Spool(tmp_path / "spool")


def test_shipping_moves_everything_once(store: Store, spool: Spool) -> None:
    """Events and ledger arrive whole, batch by batch, and received equals stored and dropped."""
    spool.append([entry(f"/{number}") for number in range(25)])
    spool.append([Entry((Tally(7, DAY, "received"), Tally(7, DAY, "bot"))) for _ in range(5)])
    assert Shipper(spool, store, 10).ship_all() == 25
    assert store.rows("SELECT count(), uniqExact(page) FROM events") == [[25, 25]]
    assert store.rows("SELECT outcome, sum(hits) FROM ledger GROUP BY outcome ORDER BY outcome") == [
        ["bot", 5],
        ["received", 30],
        ["stored", 25],
    ]


@pytest.mark.parametrize("lost_after", range(8))
def test_an_insert_whose_answer_was_lost_counts_once(store: Store, spool: Spool, lost_after: int) -> None:
    """Wherever the connection breaks after an insert, the next try leaves each event there once."""
    spool.append([entry(f"/{number}") for number in range(20)])
    breaking = _LosesAnAnswer(store, lost_after)
    with pytest.raises(StoreUnavailableError):
        Shipper(spool, breaking, 5).ship_all()  # type: ignore[arg-type]
    Shipper(spool, store, 5).ship_all()
    assert store.rows("SELECT count(), uniqExact(page) FROM events") == [[20, 20]]
    assert store.rows("SELECT sumIf(hits, outcome = 'received'), sumIf(hits, outcome = 'stored') FROM ledger") == [
        [20, 20]
    ]


def test_what_a_stopped_collector_left_is_shipped_before_a_day_is_closed(embedded: Store, tmp_path: Path) -> None:
    """Closing a day by hand first fetches acknowledged events out of the data folder's spool."""
    settings = Settings(data=tmp_path)
    without_a_spool = ship_local_spool(settings, embedded)
    Spool(tmp_path / "spool.sqlite").append([entry("/a"), entry("/b")])
    assert (without_a_spool, ship_local_spool(settings, embedded), ship_local_spool(settings, embedded)) == (
        0,
        2,
        0,
    )
    assert embedded.rows("SELECT page FROM events ORDER BY page") == [["/a"], ["/b"]]


class _LosesAnAnswer:
    """A store that does what is asked and then loses the answer, after so many inserts."""

    def __init__(self, store: Store, after: int) -> None:
        self._store = store
        self._left = after

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

    def counted(entries: list[Entry]) -> None:
        sizes.append(len(entries))
        append(entries)

    monkeypatch.setattr(spool, "append", counted)
    commits = GroupedCommits(spool)
    await asyncio.gather(*(commits.write(entry(f"/{number}")) for number in range(100)))
    await commits.close()
    assert (sum(sizes), len(sizes) <= 3, len(pages(spool.seal(1_000)))) == (100, True, 100)


async def test_a_failed_commit_is_told_to_each_writer_and_the_next_goes_on(
    spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is told that a row is safe when it is not; the next commit is tried anew."""
    commits = GroupedCommits(spool)
    with monkeypatch.context() as broken:
        broken.setattr(spool, "append", _full)
        outcomes = await asyncio.gather(*(commits.write(entry("/lost")) for _ in range(3)), return_exceptions=True)
    await commits.write(entry("/kept"))
    await commits.close()
    assert [str(outcome) for outcome in outcomes] == ["full"] * 3
    assert pages(spool.seal(10)) == ["/kept"]


def _full(_entries: object) -> None:
    raise SpoolError("full")
