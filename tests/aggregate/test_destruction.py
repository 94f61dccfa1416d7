"""Destruction: raw events go in time, whoever interrupts it, and leave no byte behind."""

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from aggregate.jobs import JOBS, Workplace
from aggregate.periods import DayRange
from aggregate.reading import read_ledger
from core.deletions import DeletionRecord, broken_lines, read_deletions
from core.errors import SettingError, StoreUnavailableError
from core.settings import Settings, read_settings
from core.sites import Site, add_site
from core.store import Parameters, Store
from core.tallies import Tally
from ingest.meter import Meter
from ingest.shipper import Freight, Shipper
from ingest.spool import Entry, Spool
from tests.fixtures.living_files import living_files
from tests.fixtures.raw import event, store_events
from tests.fixtures.serving import wait_until

DAY = datetime(2026, 5, 1, tzinfo=UTC)
CLOSING = DAY + timedelta(days=1, hours=1)
HOUR = 3_600.0
REMOVAL_LIMIT = 180.0  # seconds
DESTROYED = "destroyed the raw events of 2026-05-01"


@pytest.fixture
def site(store: Store) -> Site:
    """A site with a day of twenty visitors."""
    made = add_site(store, "example.com", "UTC", DAY)
    store_events(store, [event(made, DAY + timedelta(hours=12), number) for number in range(1, 21)])
    return made


def run(store: Store, tmp_path: Path, name: str, now: datetime, retention: float = 48 * HOUR) -> str:
    """Run a job."""
    job = next(job for job in JOBS if job.name == name)
    settings = Settings(data=tmp_path, raw_retention=retention)
    return job.run(Workplace(store, settings, DeletionRecord(store, tmp_path)), now)


def recorded(store: Store) -> list[tuple[str, date]]:
    """Give what the deletion record says."""
    return [(line.what, line.day) for line in read_deletions(store)]


def test_by_default_nothing_waits_once_every_site_has_closed_the_day(
    store: Store, site: Site, tmp_path: Path
) -> None:
    """Not before the day is closed, and then at once."""
    too_early = run(store, tmp_path, "destroy-raw", CLOSING)
    run(store, tmp_path, "close", CLOSING)
    assert (too_early, run(store, tmp_path, "destroy-raw", CLOSING)) == ("", DESTROYED)


def test_an_operator_who_keeps_raw_events_longer_has_them_so_long_and_no_longer(
    store: Store, site: Site, tmp_path: Path
) -> None:
    """With 72 hours they go 72 hours after the day's 00:00 UTC."""
    run(store, tmp_path, "close", CLOSING)
    ends = DAY + timedelta(hours=72)
    times = (CLOSING, ends - timedelta(seconds=1), ends)
    assert [run(store, tmp_path, "destroy-raw", now, 72 * HOUR) for now in times] == ["", "", DESTROYED]


def test_no_retention_destroys_a_day_that_is_not_closed(store: Store, site: Site, tmp_path: Path) -> None:
    """However long ago it was: a day is reported before it is destroyed."""
    much_later = DAY + timedelta(days=30)
    assert run(store, tmp_path, "destroy-raw", much_later, 72 * HOUR) == ""
    assert store.rows("SELECT count() FROM events") == [[20]]


@pytest.mark.parametrize("seconds", [str(48 * 3_600 - 1), "0", "-1", str(401 * 86_400)])
def test_a_retention_that_no_day_could_keep_is_refused(monkeypatch: pytest.MonkeyPatch, seconds: str) -> None:
    """Under 48 hours the last time zone's day is hardly over; over 400 days is a slip."""
    monkeypatch.setenv("FOOTFALL_RAW_RETENTION", seconds)
    with pytest.raises(SettingError, match=r"FOOTFALL_RAW_RETENTION: must be at least 172800 seconds \(48 hours"):
        read_settings()


def test_a_destruction_that_was_cut_off_is_recorded_by_the_next_run(
    store: Store, site: Site, tmp_path: Path
) -> None:
    """Killed between destroying and writing it down: the next run writes the missing line, once."""
    run(store, tmp_path, "close", CLOSING)
    with pytest.raises(StoreUnavailableError):
        run(_FailsAt(store, "insert deletions"), tmp_path, "destroy-raw", CLOSING)  # type: ignore[arg-type]
    before = recorded(store)
    for _ in range(2):
        run(store, tmp_path, "destroy-raw", CLOSING)
    assert (before, recorded(store)) == ([], [("raw events", DAY.date())])
    assert list(broken_lines(read_deletions(store))) == []


def test_late_events_are_counted_once_though_the_destruction_was_cut_off(
    store: Store, site: Site, tmp_path: Path
) -> None:
    """Killed after counting and before destroying: what a run on another day counts is the same."""
    run(store, tmp_path, "close", CLOSING)
    store_events(store, [event(site, DAY + timedelta(hours=13), 99, "/late")])
    with pytest.raises(StoreUnavailableError):
        run(_FailsAt(store, "ALTER TABLE events DROP"), tmp_path, "destroy-raw", CLOSING)  # type: ignore[arg-type]
    run(store, tmp_path, "destroy-raw", CLOSING + timedelta(days=1))
    assert read_ledger(store, site.number, DayRange(DAY.date(), DAY.date())) == {"late": 1, "stored": -1}


def test_what_was_detached_is_destroyed_with_its_day(store: Store, site: Site, tmp_path: Path) -> None:
    """A part that lies beside the table goes, too."""
    run(store, tmp_path, "close", CLOSING)
    store.run("ALTER TABLE events DETACH PARTITION '2026-05-01'")
    store_events(store, [event(site, DAY + timedelta(hours=12), number) for number in range(1, 21)])
    run(store, tmp_path, "destroy-raw", CLOSING)
    assert store.rows("SELECT name FROM system.detached_parts WHERE table = 'events'") == []


def test_no_byte_of_a_destroyed_days_tokens_is_left_on_disk(
    store: Store, quick_removal: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Spooled, shipped, merged, rolled, closed, destroyed: then no file holds a token."""
    # Rows of a length that is always the same: a token across two of SQLite's pages is not seen by this search.
    monkeypatch.setattr("core.sites.secrets.randbelow", lambda _limit: 1_234_567_890)
    site = add_site(store, "example.com", "UTC", DAY)
    tokens = [random.Random(number).getrandbits(64) for number in range(200)]  # noqa: S311 (stands for a token)
    folders = (tmp_path, Path(store.rows("SELECT path FROM system.disks WHERE name = 'default'")[0][0]))

    def found() -> tuple[int, int]:
        spooled, stored = (len(tokens_in(folder, tokens)) for folder in folders)
        return spooled, stored

    nothing = found()
    spool = Spool(tmp_path / "spools" / "0.sqlite")
    for half in (tokens[:100], tokens[100:]):
        rows = (event(site, DAY + timedelta(hours=12, seconds=n), token) for n, token in enumerate(half))
        spool.append(
            [
                Entry(
                    DAY,
                    (Tally(site.number, row.day, "received"), Tally(site.number, row.day, "stored")),
                    row.row(),
                )
                for row in rows
            ]
        )
    spool.seal(100)
    in_the_spool = found()
    Shipper(spool, store, Freight(100, timedelta(minutes=5)), lambda: CLOSING, Meter()).sign_off(CLOSING)
    store.run("OPTIMIZE TABLE events FINAL")
    in_the_store = found()
    assert [run(store, tmp_path, name, CLOSING) for name in ("roll", "close", "destroy-raw")][2] == DESTROYED
    # Reading every file of a server that other tests have used takes seconds: not before its parts are gone.
    parts = "SELECT 1 FROM system.parts WHERE database = currentDatabase() AND table = 'events' LIMIT 1"
    wait_until(lambda: not store.rows(parts), REMOVAL_LIMIT)
    wait_until(lambda: found() == (0, 0), REMOVAL_LIMIT)
    spool.close()
    assert (nothing, in_the_spool) == ((0, 0), (200, 0))
    assert (in_the_store[0], in_the_store[1] > 150) == (0, True)  # compression may part a few


def tokens_in(folder: Path, tokens: list[int]) -> set[int]:
    """Give the tokens that a folder's files hold: as ClickHouse writes them, or as JSON does."""
    found = set()
    for _file, content in living_files(folder):
        found |= {
            token for token in tokens if token.to_bytes(8, "little") in content or str(token).encode() in content
        }
    return found


class _FailsAt:
    """A store that goes away when it is asked for one thing."""

    def __init__(self, store: Store, statement: str) -> None:
        self._store = store
        self._statement = statement

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def run(self, statement: str, parameters: Parameters | None = None) -> None:
        """Run a statement."""
        self._fail_at(statement)
        self._store.run(statement, parameters)

    def insert(self, table: str, columns: tuple[str, ...], rows: bytes, token: str = "") -> None:
        """Insert rows."""
        self._fail_at(f"insert {table}")
        self._store.insert(table, columns, rows, token)

    def _fail_at(self, statement: str) -> None:
        if statement.startswith(self._statement):
            raise StoreUnavailableError("gone")
