"""A job that is killed at any statement, and run again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from aggregate.cells import DIMENSIONS
from aggregate.closing import Closing, close_due_days
from aggregate.destruction import destroy_raw_days
from aggregate.periods import DayRange
from aggregate.reading import read_ledger, read_report
from aggregate.rolling import roll_day
from core.deletions import DeletionRecord, broken_lines, read_deletions
from core.store import Store
from core.tallies import RECEIVED, STORED, Statement, Tally, state_tallies
from core.writing import writing_turn
from ingest.event import Event
from tests.fixtures.raw import event, site_in, store_events
from tests.fixtures.statements import KilledError, deaths_of, killed_at
from tests.fixtures.store import empty

K = 5
DAY = date(2026, 5, 1)
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=1)
CLOSING = Closing(timedelta(minutes=5), timedelta(hours=6))
SITE = site_in()
REPORTS = ("report_totals", "report_cells", "report_filtered", "report_scroll", "carried", "published")

Work = Callable[[Store], object]


def fill(store: Store) -> None:
    """Give the day 21 visitors, a roll of its noon, and three who came after that."""
    empty(store)
    store_events(store, _visitors(range(1, 22)))
    roll_day(store, SITE, DAY, K, NOON, close=False)
    store_events(store, _visitors(range(30, 33)))
    counts = [Statement(DAY, Tally(SITE.number, DAY, outcome, 24)) for outcome in (RECEIVED, STORED)]
    state_tallies(store, "spool", counts)


def _visitors(numbers: range) -> list[Event]:
    return [
        event(SITE, NOON, number, f"/{number % 3}", country=("DE", "FR")[number % 2], browser="Firefox")
        for number in numbers
    ]


def what_is_read(store: Store) -> str:
    """Give all that anybody reads of the day, in one text; roll numbers apart."""
    days = DayRange(DAY, DAY)
    published = store.rows("SELECT site, day, closed, raw_rows, at, threshold FROM published FINAL")
    deletions = [(line.what, line.site, line.day) for line in read_deletions(store)]
    assert list(broken_lines(read_deletions(store))) == []
    return repr(
        [
            read_report(store, SITE, days, DIMENSIONS),
            _rows_of_its_roll(store, "report_filtered"),
            _rows_of_its_roll(store, "carried"),
            read_ledger(store, SITE.number, days),
            published,
            deletions,
            store.rows("SELECT count() FROM events"),
        ]
    )


def _rows_of_its_roll(store: Store, table: str) -> list[list[object]]:
    return store.rows(
        f"SELECT * EXCEPT (roll) FROM {table} "  # noqa: S608
        "WHERE (day, roll) IN (SELECT day, roll FROM published FINAL) ORDER BY ALL"
    )


def close_in(folder: Path) -> Work:
    """Close what is due, in a turn of a data folder."""

    def work(store: Store) -> None:
        with writing_turn(store, folder, LATER) as turn:
            close_due_days(store, [SITE], K, CLOSING, LATER, turn)

    return work


def destroy_in(folder: Path) -> Work:
    """Destroy what is raw, in a turn of a data folder."""

    def work(store: Store) -> None:
        with writing_turn(store, folder, LATER):
            destroy_raw_days(store, DeletionRecord(store, folder), [SITE], CLOSING, timedelta(), LATER)

    return work


def merge(store: Store) -> None:
    """Let ClickHouse do at once what it does some time: put equal keys together."""
    for table in REPORTS:
        store.run(f"OPTIMIZE TABLE {table} FINAL")


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_closing_killed_at_any_statement_is_completed_by_the_next(
    store: Store, tmp_path: Path, *, after: bool
) -> None:
    """Readers see the noon's roll until the closing is published, and then what no kill would have changed."""
    close = close_in(tmp_path)
    fill(store)
    open_day = what_is_read(store)
    deaths = deaths_of(store, close, after=after)
    whole = what_is_read(store)
    assert whole != open_day
    for number in deaths:
        fill(store)
        with pytest.raises(KilledError):
            close(killed_at(store, number, after=after))
        merge(store)
        assert what_is_read(store) in {open_day, whole}
        close(store)
        merge(store)
        assert what_is_read(store) == whole, number


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_destruction_killed_at_any_statement_is_completed_by_the_next(
    store: Store, tmp_path: Path, *, after: bool
) -> None:
    """Raw events go, late ones are counted, and the record says so once; the report stays as it was."""
    destroy = destroy_in(tmp_path)
    _fill_closed(store, tmp_path)
    deaths = deaths_of(store, destroy, after=after)
    whole = what_is_read(store)
    assert "'raw events'" in whole
    assert read_ledger(store, SITE.number, DayRange(DAY, DAY)) == {"received": 24, "stored": 23, "late": 1}
    for number in deaths:
        _fill_closed(store, tmp_path)
        with pytest.raises(KilledError):
            destroy(killed_at(store, number, after=after))
        destroy(store)
        assert what_is_read(store) == whole, number


def _fill_closed(store: Store, folder: Path) -> None:
    fill(store)
    close_in(folder)(store)
    store_events(store, _visitors(range(50, 51)))  # slipped in beside the closing


def test_the_same_day_closed_in_two_stores_is_published_alike(store: Store, tmp_path: Path) -> None:
    """What is published follows from the raw events alone, filtered and rounded numbers included."""
    said: list[object] = []
    for _ in range(2):
        fill(store)
        close_in(tmp_path)(store)
        said.append(replace(read_report(store, SITE, DayRange(DAY, DAY), DIMENSIONS), updated=None))
        said.append(_rows_of_its_roll(store, "report_filtered"))
    assert said[:2] == said[2:]
    assert said[1]
