"""A day is closed once every collector has said that all of it is in ClickHouse."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aggregate.jobs import JOBS, Workplace
from aggregate.periods import DayRange
from aggregate.reading import read_ledger
from core.deletions import DeletionRecord
from core.settings import Settings
from core.sites import Site, add_site
from core.store import Store
from core.tallies import Tally
from ingest.meter import Meter
from ingest.shipper import Freight, Shipper
from ingest.spool import Entry, Spool
from ingest.watermark import Watermark
from tests.fixtures.raw import event, store_events

DAY = datetime(2026, 5, 1, tzinfo=UTC)
MIDNIGHT = DAY + timedelta(days=1)
CLOSING = MIDNIGHT + timedelta(minutes=6)
GRACE = timedelta(minutes=5)


@pytest.fixture
def site(store: Store) -> Site:
    """A site with a day of events."""
    made = add_site(store, "example.com", "UTC", DAY)
    store_events(store, [event(made, DAY + timedelta(hours=12, seconds=number), number) for number in range(20)])
    return made


def run(store: Store, tmp_path: Path, name: str, now: datetime) -> str:
    """Run a job."""
    job = next(job for job in JOBS if job.name == name)
    return job.run(Workplace(store, Settings(data=tmp_path), DeletionRecord(store, tmp_path)), now)


def entry(site: Site, at: datetime, page: str) -> Entry:
    """Give what a view leaves in the spool."""
    row = event(site, at, 99, page)
    return Entry(at, (Tally(site.number, row.day, "received"), Tally(site.number, row.day, "stored")), row.row())


def ledger(store: Store, site: Site) -> dict[str, int]:
    """Give the day's ledger."""
    return read_ledger(store, site.number, DayRange(DAY.date(), DAY.date()))


def test_a_collector_that_is_behind_holds_the_day_open(store: Store, site: Site, tmp_path: Path) -> None:
    """Until its watermark has passed midnight the day stays open, and the job names who is waited for."""
    watermark = Watermark(store, "a", "host: spools/0.sqlite")
    Watermark(store, "b", "host: spools/1.sqlite").state(CLOSING, CLOSING)
    watermark.state(MIDNIGHT - timedelta(seconds=1), CLOSING)
    waits = run(store, tmp_path, "close", CLOSING)
    kept = run(store, tmp_path, "destroy-raw", CLOSING)
    watermark.state(MIDNIGHT, CLOSING)
    assert (waits, kept) == ("waits for the collector host: spools/0.sqlite", "")
    assert run(store, tmp_path, "close", CLOSING) == "closed example.com 2026-05-01"
    assert run(store, tmp_path, "destroy-raw", CLOSING) == "destroyed the raw events of 2026-05-01"


def test_a_collector_that_died_holds_days_open_for_six_hours(store: Store, site: Site, tmp_path: Path) -> None:
    """Silence is patience spent: after collector_patience nobody waits for it any more."""
    Watermark(store, "a", "host: spools/0.sqlite").state(DAY, CLOSING)
    at_last = CLOSING + timedelta(hours=6, seconds=1)
    assert run(store, tmp_path, "close", CLOSING + timedelta(hours=5)).startswith("waits for")
    assert run(store, tmp_path, "close", at_last) == "closed example.com 2026-05-01"


def test_a_collector_that_signed_off_holds_nothing_open(store: Store, site: Site, tmp_path: Path) -> None:
    """One that ended and left nothing behind is not waited for."""
    Watermark(store, "a", "host: spools/0.sqlite").state(DAY, CLOSING, stopped=True)
    assert run(store, tmp_path, "close", CLOSING) == "closed example.com 2026-05-01"


def test_a_watermark_never_goes_back(store: Store) -> None:
    """What was once said to be in is in, whatever a clock says later."""
    watermark = Watermark(store, "a", "host")
    watermark.state(MIDNIGHT, MIDNIGHT)
    watermark.state(DAY, CLOSING)
    assert store.rows("SELECT watermark FROM collectors FINAL") == [["2026-05-02T00:00:00.000000Z"]]


def test_a_shipper_says_no_more_than_is_stored(store: Store, site: Site, tmp_path: Path) -> None:
    """While there is a backlog the watermark is its oldest event; once all is shipped it is the given mark."""
    spool = Spool(tmp_path / "spool")
    for minute in range(3):
        spool.append([entry(site, DAY + timedelta(minutes=minute), f"/{minute}")])
    said: list[str] = []
    shipper = Shipper(spool, _Listening(store, said), Freight(1, GRACE), _clock(20), Meter(), "host")  # type: ignore[arg-type]
    shipper.ship_all(DAY + timedelta(hours=1))
    assert said == [f"2026-05-01T00:0{minute}:00.000000Z" for minute in range(3)] + ["2026-05-01T01:00:00.000000Z"]
    spool.close()


def test_rows_too_large_for_one_batch_are_all_in_before_it_is_said(
    store: Store, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch that was ended by its bytes, not by its number of rows, is not taken for all there is."""
    monkeypatch.setattr("ingest.spool.MOST_BATCH_BYTES", 100)
    spool = Spool(tmp_path / "spool")
    for minute in range(3):
        spool.append([entry(site, DAY + timedelta(minutes=minute), f"/{minute}")])
    Shipper(spool, store, Freight(1_000, GRACE), lambda: CLOSING, Meter(), "host").ship_all(MIDNIGHT)
    assert (spool.waiting().events, store.rows("SELECT count() FROM events")) == (0, [[23]])
    spool.close()


def test_what_a_dead_collector_brings_for_a_closed_day_is_late(store: Store, site: Site, tmp_path: Path) -> None:
    """It is in the ledger as late, not stored, and the published report stays as it is."""
    spool = Spool(tmp_path / "spool")
    spool.append(
        [entry(site, DAY + timedelta(hours=20), "/late"), entry(site, DAY + timedelta(hours=21), "/late")]
    )
    run(store, tmp_path, "close", CLOSING)
    much_later = CLOSING + timedelta(hours=8)
    Shipper(spool, store, Freight(100, GRACE), lambda: much_later, Meter(), "host").sign_off(much_later)
    assert ledger(store, site) == {"received": 2, "late": 2}
    assert store.rows("SELECT count() FROM events") == [[20]]
    spool.close()


def test_rows_that_slipped_in_beside_the_closing_are_counted_late_when_raw_is_destroyed(
    store: Store, site: Site, tmp_path: Path
) -> None:
    """Rows in a closed day's raw events that its report does not have move from stored to late."""
    spool = Spool(tmp_path / "spool")
    spool.append([entry(site, DAY + timedelta(hours=20), "/late")])
    run(store, tmp_path, "close", CLOSING)
    # Its batch is younger than the grace, so that nobody looks whether the day is closed.
    shipper = Shipper(spool, store, Freight(100, timedelta(days=9)), lambda: CLOSING, Meter(), "host")
    shipper.sign_off(CLOSING)
    before = ledger(store, site)
    for _ in range(2):
        run(store, tmp_path, "destroy-raw", CLOSING)
    assert (before, ledger(store, site)) == ({"received": 1, "stored": 1}, {"received": 1, "late": 1})
    spool.close()


class _Listening:
    """A store that notes every watermark."""

    def __init__(self, store: Store, said: list[str]) -> None:
        self._store = store
        self._said = said

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def insert(self, table: str, columns: tuple[str, ...], rows: bytes, token: str = "") -> None:
        """Insert, and look at the watermark if it is one."""
        self._store.insert(table, columns, rows, token)
        if table == "collectors":
            self._said.append(self._store.rows("SELECT watermark FROM collectors FINAL")[0][0])


def _clock(seconds: float) -> "object":
    """Give a clock that moves on by so many seconds at each look."""
    now = [CLOSING]

    def look() -> datetime:
        now[0] += timedelta(seconds=seconds)
        return now[0]

    return look
