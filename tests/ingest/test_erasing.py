"""Erasing: a visitor's rows go from every spool and from ClickHouse, and nothing brings them back."""

import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zlib import crc32

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregate.jobs import JOBS, Workplace
from aggregate.periods import DayRange
from aggregate.reading import read_ledger
from core.deletions import DeletionRecord
from core.errors import RowsRefusedError, StoreError, StoreUnavailableError
from core.settings import Settings
from core.sites import Site, add_site
from core.store import Parameters, Row, Store
from core.tallies import Tally
from ingest.erased_rows import Commit, OneVisitor, without
from ingest.erasing import Erasures
from ingest.event import COLUMNS
from ingest.meter import Meter
from ingest.shipper import Freight, Shipper
from ingest.shipping_lock import batch_under_way, no_batch_under_way
from ingest.spool import Entry, Spool
from tests.aggregate.test_destruction import tokens_in
from tests.fixtures.collecting import NOON, SITE
from tests.fixtures.raw import event
from tests.fixtures.serving import wait_until

GRACE = timedelta(minutes=5)
ME, NEIGHBOUR = 0xC0FFEE_FACADE_77, 0xBADF00D_DECADE_99
DAY = NOON.date()
MINE = OneVisitor(SITE.number, DAY, ME)
REMOVAL_LIMIT = 180.0  # seconds


def entries(names: Iterable[str], site: Site = SITE) -> list[Entry]:
    """Give two entries a name: a view of mine and one of my neighbour's; no two come in one microsecond."""
    made = []
    for name in names:
        for visitor in (ME, NEIGHBOUR):
            at = NOON + timedelta(microseconds=crc32(f"{name} {visitor}".encode()) % 1_000_000)
            row = event(site, at, visitor, f"/{name}")
            tallies = (Tally(site.number, DAY, "received"), Tally(site.number, DAY, "stored"))
            made.append(Entry(row.received, tallies, row.row()))
    return made


def spool_in(data: Path, number: int = 0) -> Spool:
    """Open a data folder's spool."""
    return Spool(data / "spools" / f"{number}.sqlite")


def shipper(spool: Spool, store: Store) -> Shipper:
    """Give a shipper whose clock stands at noon."""
    return Shipper(spool, store, Freight(1_000, GRACE), lambda: NOON, Meter())


def views(store: Store) -> list[Row]:
    """Give whose views are stored, and how often."""
    return store.rows("SELECT visitor, page, count() FROM events GROUP BY visitor, page ORDER BY page, visitor")


def ledger(store: Store) -> dict[str, int]:
    """Give the site's ledger."""
    return read_ledger(store, SITE.number, DayRange(DAY, DAY))


def test_no_byte_of_a_token_is_left_on_disk(store: Store, quick_removal: None, tmp_path: Path) -> None:
    """Stored and merged, set aside, in doubt, and just come: no file holds the token, and no other is lost."""
    engine = Path(store.rows("SELECT path FROM system.disks WHERE name = 'default'")[0][0])
    spool = spool_in(tmp_path)
    for name in ("first", "second"):
        spool.append(entries([name]))
        shipper(spool, store).ship_all(NOON)
    store.run("OPTIMIZE TABLE events FINAL")
    spool.append(entries(["aside"]))
    refusing = _Ends(store, RowsRefusedError("code 27"), inserts=False)
    shipper(spool, refusing).ship_all(NOON)
    spool.append(entries(["doubt"]))
    with pytest.raises(StoreUnavailableError):
        shipper(spool, _Ends(store, StoreUnavailableError("cut"), inserts=True)).ship_all(NOON)
    spool.append(entries(["new"]))
    before = [tokens_in(folder, [ME, NEIGHBOUR]) for folder in (tmp_path, engine)]
    Erasures(tmp_path, store, GRACE).erase(MINE, NOON)
    wait_until(lambda: not tokens_in(tmp_path, [ME]) and not tokens_in(engine, [ME]), REMOVAL_LIMIT)
    spool.replay()
    shipper(spool, store).ship_all(NOON)
    assert before == [{ME, NEIGHBOUR}, {ME, NEIGHBOUR}]
    assert views(store) == [[NEIGHBOUR, f"/{name}", 1] for name in ("aside", "doubt", "first", "new", "second")]
    assert ledger(store) == {"received": 5, "stored": 5}
    assert store.rows("SELECT count() FROM erasing") == [[0]]
    spool.close()


@pytest.mark.parametrize("inserts", [True, False], ids=["the rows came", "they did not"])
def test_a_batch_in_doubt_brings_nothing_back(store: Store, tmp_path: Path, *, inserts: bool) -> None:
    """A try whose answer was lost, before the erasure: the batch is not taken for lost, nor sent again."""
    spool = spool_in(tmp_path)
    spool.append(entries(map(str, range(30))))
    with pytest.raises(StoreUnavailableError):
        shipper(spool, _Ends(store, StoreUnavailableError("cut"), inserts=inserts)).ship_all(NOON)
    Erasures(tmp_path, store, GRACE).erase(MINE, NOON)
    spool.append(entries(["later"]))
    shipper(spool, store).ship_all(NOON)
    expected = [[NEIGHBOUR, f"/{number}", 1] for number in range(30)]
    later = [[visitor, "/later", 1] for visitor in sorted((ME, NEIGHBOUR))]
    assert views(store) == sorted([*expected, *later], key=lambda row: (row[1], row[0]))
    assert ledger(store) == {"received": 32, "stored": 32}
    spool.close()


def test_the_spools_of_all_workers_are_reached(store: Store, tmp_path: Path) -> None:
    """One worker is asked; what its neighbours hold, sealed or not, goes as well."""
    spools = [spool_in(tmp_path, number) for number in range(3)]
    for number, spool in enumerate(spools):
        spool.append(entries([f"worker{number}"]))
    spools[1].seal(1_000)
    Erasures(tmp_path, store, GRACE).erase(MINE, NOON)
    in_the_spools = tokens_in(tmp_path / "spools", [ME])
    for spool in spools:
        shipper(spool, store).sign_off(NOON)
        spool.close()
    assert (in_the_spools, views(store)) == (set(), [[NEIGHBOUR, f"/worker{number}", 1] for number in range(3)])
    assert ledger(store) == {"received": 3, "stored": 3}


def test_a_spool_that_another_process_has_emptied_takes_as_much_as_before(embedded: Store, tmp_path: Path) -> None:
    """The limit counts bytes: those that an erasure took do not stay counted."""
    mine = entries(["a"])
    spool = Spool(tmp_path / "spools" / "0.sqlite", limit=2_000)
    for _ in range(20):
        spool.append(mine)
        Erasures(tmp_path, embedded, GRACE).erase(MINE, NOON)
        shipper(spool, embedded).ship_all(NOON)
    assert spool.waiting().events == 0
    spool.close()


def test_a_store_that_is_away_is_told_and_the_next_try_ends_it(embedded: Store, tmp_path: Path) -> None:
    """What needs no ClickHouse goes at once; the visitor is told that it is not all, and may come again."""
    spool = spool_in(tmp_path)
    spool.append(entries(["stored"]))
    shipper(spool, embedded).ship_all(NOON)
    spool.append(entries(["spooled"]))
    with pytest.raises(StoreUnavailableError):
        Erasures(tmp_path, _Ends(embedded, StoreUnavailableError("away"), inserts=False), GRACE).erase(MINE, NOON)
    left = tokens_in(tmp_path / "spools", [ME])
    Erasures(tmp_path, embedded, GRACE).erase(MINE, NOON)
    shipper(spool, embedded).ship_all(NOON)
    assert (left, views(embedded)) == (set(), [[NEIGHBOUR, "/spooled", 1], [NEIGHBOUR, "/stored", 1]])
    spool.close()


def test_erasing_again_changes_nothing_more(store: Store, tmp_path: Path) -> None:
    """The ledger is lowered by what went, once; two visitors' erasures add up."""
    spool = spool_in(tmp_path)
    spool.append(entries(["a", "b"]))
    shipper(spool, store).ship_all(NOON)
    erasures = Erasures(tmp_path, store, GRACE)
    counts = []
    for visitor in (MINE, MINE, MINE._replace(token=NEIGHBOUR)):
        erasures.erase(visitor, NOON)
        counts.append(ledger(store))
    assert counts == [{"received": 2, "stored": 2}] * 2 + [{}]
    spool.close()


def test_erasures_amid_shipping_lose_and_repeat_nothing_of_others(embedded: Store, tmp_path: Path) -> None:
    """Two workers ship, with tries that fail in between, while I erase: of others each view is there once."""
    spools = [spool_in(tmp_path, number) for number in range(2)]
    done = threading.Event()

    def keep_shipping(spool: Spool) -> None:
        failing = shipper(spool, _Ends(embedded, StoreUnavailableError("cut"), inserts=True))
        while not done.is_set():
            with suppress(StoreUnavailableError):
                failing.ship_all(NOON)
            shipper(spool, embedded).ship_all(NOON)

    threads = [threading.Thread(target=keep_shipping, args=(spool,)) for spool in spools]
    for thread in threads:
        thread.start()
    names = []
    for turn in range(8):
        for number, spool in enumerate(spools):
            names.append(f"{turn}-{number}")
            spool.append(entries([names[-1]]))
        Erasures(tmp_path, embedded, GRACE).erase(MINE, NOON)
    done.set()
    for thread, spool in zip(threads, spools, strict=True):
        thread.join()
        shipper(spool, embedded).sign_off(NOON)
        spool.close()
    assert views(embedded) == [[NEIGHBOUR, f"/{name}", 1] for name in sorted(names)]
    assert ledger(embedded) == {"received": 16, "stored": 16}


def test_another_site_and_another_day_are_left_alone(store: Store, tmp_path: Path) -> None:
    """The same 64 bits elsewhere are somebody else."""
    other = Site(8, "other.example", "UTC", NOON, SITE.zone)
    spool = spool_in(tmp_path)
    spool.append([*entries(["a"], other), *entries(["a"])])
    Erasures(tmp_path, store, GRACE).erase(MINE._replace(day=DAY + timedelta(days=1)), NOON)
    Erasures(tmp_path, store, GRACE).erase(MINE, NOON)
    shipper(spool, store).ship_all(NOON)
    found = store.rows("SELECT site, visitor FROM events ORDER BY site, visitor")
    assert found == sorted([[7, NEIGHBOUR], [8, ME], [8, NEIGHBOUR]])
    spool.close()


def test_no_batch_leaves_while_an_erasure_runs(tmp_path: Path) -> None:
    """A batch waits at the door, and goes on when the erasure is done."""
    entered = threading.Event()

    def ship() -> None:
        with batch_under_way(tmp_path):
            entered.set()

    thread = threading.Thread(target=ship)
    with no_batch_under_way(tmp_path, 10.0):
        thread.start()
        was_in = entered.is_set()
    thread.join(10.0)
    assert (was_in, entered.is_set()) == (False, True)


def test_an_erasure_gives_up_on_a_batch_that_hangs(tmp_path: Path) -> None:
    """The visitor is told to come again, and other batches go on."""
    with batch_under_way(tmp_path):
        with pytest.raises(StoreUnavailableError, match="still on its way"), no_batch_under_way(tmp_path, 0.0):
            pass
        with batch_under_way(tmp_path):
            pass


def test_published_reports_are_not_restated(store: Store, tmp_path: Path) -> None:
    """Yesterday's report has the same bytes after an erasure and another run; today's open one follows."""
    site = add_site(store, "example.com", "UTC", NOON)
    settings = Settings(data=tmp_path, raw_retention=72 * 3_600)
    place = Workplace(store, settings, DeletionRecord(store, tmp_path))
    tomorrow = NOON + timedelta(days=1)
    spool_in(tmp_path).close()
    rows = [event(site, NOON + timedelta(seconds=n), n, "/a") for n in range(1, 13)]
    rows += [event(site, tomorrow, ME, "/b")]
    store.insert("events", COLUMNS, b"\n".join(row.row() for row in rows))

    def run(name: str) -> None:
        next(job for job in JOBS if job.name == name).run(place, tomorrow)

    def published() -> list[list[Row]]:
        tables = ("published", "report_totals", "report_cells", "report_filtered", "carried")
        statement = "SELECT * FROM {table:Identifier} WHERE day = {day:Date} ORDER BY ALL"
        return [store.rows(statement, {"table": table, "day": DAY}) for table in tables]

    def today() -> int:
        found = store.rows(
            "SELECT max(pageviews) FROM report_totals WHERE day = {day:Date} AND roll = "
            "(SELECT roll FROM published FINAL WHERE day = {day:Date})",
            {"day": tomorrow.date()},
        )
        return int(found[0][0])

    run("close")
    run("roll")
    before, seen = published(), today()
    Erasures(tmp_path, store, GRACE).erase(OneVisitor(site.number, tomorrow.date(), ME), tomorrow)
    run("roll")
    run("close")
    assert (published(), seen, today()) == (before, 1, 0)


VISITORS = st.sampled_from([MINE, MINE._replace(token=NEIGHBOUR), MINE._replace(site=8), MINE._replace(token=0)])


@given(st.lists(st.tuples(VISITORS, st.text(max_size=5))), st.integers(0, 3))
def test_a_commit_keeps_every_row_of_others(rows: list[tuple[OneVisitor, str]], dropped: int) -> None:
    """A visitor's rows go, all others stay byte for byte, and the tallies say as much."""
    lines = [(of, replace(event(SITE, NOON, of.token, page), site=of.site).row()) for of, page in rows]

    def commit(kept: Sequence[tuple[OneVisitor, bytes]]) -> Commit:
        tallies = [["bot", 7, dropped], ["received", 7, dropped]]
        tallies += [[outcome, of.site, 1] for of, _line in kept for outcome in ("received", "stored")]
        sums: dict[tuple[int, str], int] = {}
        for outcome, site, hits in tallies:
            sums[site, outcome] = sums.get((site, outcome), 0) + hits  # type: ignore[index, operator]
        stated = [(site, DAY.isoformat(), outcome, hits) for (site, outcome), hits in sorted(sums.items()) if hits]
        return Commit(len(kept), b"\n".join(line for _of, line in kept), orjson.dumps(stated))

    assert without(commit(lines), MINE) == commit([pair for pair in lines if pair[0] != MINE])


class _Ends:
    """A store whose inserts of events end in an error, after they were made or without."""

    def __init__(self, store: Store, error: StoreError, *, inserts: bool) -> None:
        self._store = store
        self._error = error
        self._inserts = inserts

    def rows(self, statement: str, parameters: Parameters | None = None) -> list[Row]:
        """Answer a SELECT."""
        return self._store.rows(statement, parameters)

    def columns(self, statement: str, parameters: Parameters | None = None) -> bytes:
        """Answer a SELECT column by column."""
        return self._store.columns(statement, parameters)

    def run(self, statement: str, parameters: Parameters | None = None) -> None:
        """Run a statement."""
        self._store.run(statement, parameters)

    def insert(self, table: str, columns: Sequence[str], rows: bytes, token: str = "") -> None:
        """Insert, perhaps, and fail for certain."""
        ends = table in {"events", "erasing"}
        if self._inserts or not ends:
            self._store.insert(table, columns, rows, token)
        if ends:
            raise self._error

    def close(self) -> None:
        """Close."""
