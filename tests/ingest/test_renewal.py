"""After a reset no collector goes on with an old key, nor with what it has spooled."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.deletions import DeletionRecord, Destroyed, read_deletions
from core.errors import SpoolError
from core.key_names import KEY_FOLDER
from core.memory_folder import forget_memory, memory_folder
from core.resets import Breached, Doomed
from core.settings import Settings
from core.sites import Site, add_site
from core.store import Store
from ingest.commits import GroupedCommits
from ingest.event import Event
from ingest.imports import ImportRecord, ImportState, find_import, make_staging_table, write_import
from ingest.keys import DayKeys, overwrite_keys
from ingest.renewal import Renewal, destroy_spools, order_renewal
from ingest.resetting import IMPORTS, KEYS, SPOOLS
from ingest.spool import Spool
from ingest.spools import claimed_spool
from ingest.upkeep import KeyDestruction
from tests.fixtures.collecting import NOON, SITE
from tests.fixtures.hands import Hands
from tests.fixtures.living_files import living_files
from tests.ingest.test_spool import entry, shipper

KEYS_IN_TMPFS = Path("/dev/shm")
DAY = NOON.date()


@dataclass
class Running:
    """A collector's spool, keys and commits, and what looks for resets on its behalf."""

    data: Path
    spool: Spool
    keys: DayKeys
    commits: GroupedCommits
    destruction: KeyDestruction
    renewal: Renewal

    @property
    def key(self) -> bytes:
        """The site's key of today, as it is now."""
        secret = self.keys.secret(SITE, NOON)
        assert secret is not None
        return bytes(secret)


@contextmanager
def running(data: Path, store: Store, key_folder: Path | None) -> Iterator[Running]:
    """Hold the first spool of a data folder until the end of the block."""
    with claimed_spool(data, 10**6) as (spool, _place):
        clock, keys, commits = Hands(NOON), DayKeys(key_folder), GroupedCommits(spool)
        destruction = KeyDestruction(keys, DeletionRecord(store, data))
        renewal = Renewal(data, spool, shipper(spool, store, 10), commits, destruction, clock)
        yield Running(data, spool, keys, commits, destruction, renewal)


def files_with(folder: Path, needle: bytes) -> list[str]:
    """Name the files that hold some bytes."""
    return [file.name for file, content in living_files(folder) if needle in content]


async def test_a_collector_forgets_its_keys_and_its_spool(embedded: Store, tmp_path: Path) -> None:
    """The key is another, nothing spooled or set aside is left in any byte; it does so once for a reset."""
    keys = tmp_path / "keys"
    with running(tmp_path, embedded, keys) as collector:
        await collector.renewal.look()  # there was no reset
        old = collector.key
        collector.spool.append([entry("/set-aside")])
        batch = collector.spool.seal(10)
        assert batch is not None
        collector.spool.set_aside(batch, "refused")
        collector.spool.append([entry("/waiting")])
        before = [files_with(tmp_path, needle) != [] for needle in (b"/set-aside", b"/waiting", old)]
        overwrite_keys(keys)
        order_renewal(tmp_path, "first")
        await collector.renewal.look()
        new = collector.key
        after = [files_with(tmp_path, needle) for needle in (b"/set-aside", b"/waiting", old)]
        left = (collector.spool.waiting().events, collector.spool.batches_set_aside())
        collector.spool.append([entry("/after")])
        await collector.renewal.look()
        assert (before, after, left) == ([True] * 3, [[]] * 3, (0, []))
        assert (new != old, collector.key, collector.spool.waiting().events) == (True, new, 1)


async def test_a_view_that_is_being_committed_does_not_outlive_the_reset(embedded: Store, tmp_path: Path) -> None:
    """Its token is of the old key: the collector waits for the commit, and destroys it then."""
    with running(tmp_path, embedded, None) as collector:
        order_renewal(tmp_path, "first")
        writing = asyncio.create_task(collector.commits.write([entry("/under-way")]))
        await asyncio.sleep(0)
        assert collector.commits.oldest_unwritten() is not None
        await collector.renewal.look()
        await writing
        await collector.commits.close()
        assert (collector.spool.waiting().events, files_with(tmp_path, b"/under-way")) == (0, [])


async def test_keys_of_a_process_alone_are_destroyed_and_written_down(embedded: Store, tmp_path: Path) -> None:
    """Without tmpfs nobody else can overwrite them: the collector does, and says so in the record."""
    with running(tmp_path, embedded, None) as collector:
        living, old = collector.keys.secret(SITE, NOON), collector.key
        order_renewal(tmp_path, "first")
        await collector.renewal.look()
        collector.destruction.run(NOON)
        lines = [(line.what, line.site, line.day) for line in read_deletions(embedded)]
        assert (living, lines, collector.key != old) == (bytes(32), [("key", SITE.number, DAY)], True)


async def test_a_collector_that_does_not_answer_is_named(embedded: Store, tmp_path: Path) -> None:
    """A reset is not complete before every collector is through with it; spools of dead ones it empties itself."""
    with running(tmp_path, embedded, None) as collector:
        collector.spool.append([entry("/held")])
        dead = Spool(tmp_path / "spools" / "1.sqlite")
        dead.append([entry("/left")])
        dead.close()
        order_renewal(tmp_path, "first")
        with pytest.raises(SpoolError, match=r"0\.sqlite does not answer"):
            destroy_spools(tmp_path, "first", limit=0)
        await collector.renewal.look()
        assert destroy_spools(tmp_path, "first", limit=0) == 2
    assert [files_with(tmp_path, needle) for needle in (b"/held", b"/left")] == [[], []]


@pytest.fixture
def breached(store: Store, tmp_path: Path) -> Iterator[Breached]:
    """An installation on which nothing runs."""
    yield Breached(store, Settings(data=tmp_path), "first", NOON)
    forget_memory(KEYS_IN_TMPFS, tmp_path)


def test_keys_spools_and_imports_are_told_and_destroyed(breached: Breached) -> None:
    """What is held has a line each, and nothing of it is left; the imported file may come again."""
    store, data = breached.store, breached.settings.data
    site = add_site(store, "example.com", "UTC", NOON)
    key = _make_key(breached, site)
    spool = Spool(data / "spools" / "0.sqlite")
    spool.append([entry("/left")])
    spool.close()
    record = ImportRecord(site.number, "a" * 64, ImportState.STAGED, ())
    make_staging_table(store, record)
    row = Event(site.number, DAY, NOON, visitor=5, name="pageview", page="/staged").row()
    store.insert(record.table, ("site", "day", "received", "visitor"), row[: row.index(b',"pageview"')] + b"]")
    write_import(store, record, NOON)
    held = [part.survey(breached) for part in (KEYS, SPOOLS, IMPORTS)]
    done = [part.destroy(breached) for part in (KEYS, SPOOLS, IMPORTS)]
    assert [line for each in held for line in each.lines] == [
        f"The key of example.com for {DAY}.",
        "1 events in the spool 0.sqlite.",
        "1 rows of a log import that is not stored yet.",
    ]
    assert [each for one in held for each in one.doomed] == [
        Doomed(Destroyed.KEY, site.number, DAY),
        Doomed(Destroyed.SPOOLED, 0, DAY),
        Doomed(Destroyed.STAGED, 0, DAY),
    ]
    assert [text.partition(" ")[0] for text in done] == ["1", "1", "1"]
    assert find_import(store, site.number, record.file) is None
    assert [part.survey(breached).doomed for part in (KEYS, SPOOLS, IMPORTS)] == [(), (), ()]
    assert [files_with(data, needle) for needle in (key, b"/left")] == [[], []]


def _make_key(breached: Breached, site: Site) -> bytes:
    folder = memory_folder(breached.settings.key_folder, breached.settings.data)
    assert folder is not None
    secret = DayKeys(folder / KEY_FOLDER).secret(site, NOON)
    assert secret is not None
    return bytes(secret)
