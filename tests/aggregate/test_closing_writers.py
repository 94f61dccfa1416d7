"""Two processes of two hosts that write the reports of one ClickHouse server."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from aggregate.cells import DIMENSIONS
from aggregate.closing import close_due_days
from aggregate.periods import DayRange
from aggregate.reading import Report, read_report
from aggregate.rolling import roll_day
from core.errors import StoreUnavailableError
from core.store import Store
from core.writing import TURN_LASTS, take_turn, writing_turn
from tests.aggregate.test_closing_killed import CLOSING, DAY, LATER, NOON, SITE, K, merge
from tests.fixtures.raw import event, store_events
from tests.fixtures.statements import Paused, statements_of
from tests.fixtures.store import empty

TAKEN_TO_BE_DEAD = TURN_LASTS + timedelta(seconds=1)
Write = Callable[[Store, Path, datetime], None]


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """The data folders of two hosts."""
    hosts = tmp_path / "one", tmp_path / "other"
    for host in hosts:
        host.mkdir()
    return hosts


def _roll(store: Store, folder: Path, now: datetime) -> None:
    with writing_turn(store, folder, now) as turn:
        roll_day(store, SITE, DAY, K, NOON, close=False, turn=turn)


def _close(store: Store, folder: Path, now: datetime) -> None:
    with writing_turn(store, folder, now) as turn:
        close_due_days(store, [SITE], K, CLOSING, now, turn)


def _arrive(store: Store, first: int) -> None:
    visitors = range(first, first + 8)
    store_events(store, [event(SITE, NOON, visitor, f"/{visitor % 2}/{first}") for visitor in visitors])


def _read(store: Store) -> Report:
    merge(store)
    return replace(read_report(store, SITE, DayRange(DAY, DAY), DIMENSIONS), updated=None)


def _ends(writer: Paused) -> bool:
    """Tell whether a writer that goes on comes to its end, and is not told that another took over."""
    try:
        writer.finish()
    except StoreUnavailableError:
        return False
    return True


def test_only_one_writes_at_a_time(store: Store, folders: tuple[Path, Path]) -> None:
    """While one host writes, another is told to come again, and changes nothing."""
    one, other = folders
    _arrive(store, 1)
    with writing_turn(store, one, NOON), pytest.raises(StoreUnavailableError, match="Another process writes"):
        _roll(store, other, NOON)
    assert store.rows("SELECT count() FROM published") == [[0]]
    _roll(store, other, NOON)
    assert _read(store).totals.visitors == 8


def test_a_process_started_again_does_not_wait_for_itself(store: Store, folders: tuple[Path, Path]) -> None:
    """A turn that a killed process left is its own data folder's again at once, others' after 15 minutes."""
    one, other = folders
    _arrive(store, 1)
    killed = Paused(store, 4, lambda stepped: _roll(stepped, one, NOON))
    name = (one / "writer").read_text()
    with pytest.raises(StoreUnavailableError):
        take_turn(store, "other", NOON + TURN_LASTS - timedelta(seconds=1))
    assert take_turn(store, name, NOON).number == 2
    assert take_turn(store, "other", NOON + TURN_LASTS).number == 3
    assert not _ends(killed)
    _roll(store, other, NOON + 2 * TURN_LASTS)


def test_a_number_that_a_crash_took_along_is_passed_over(store: Store) -> None:
    """ClickHouse can crash between noting a deduplication token and its row: the next number is given out."""
    columns = ("work", "turn", "holder", "until", "version")
    store.insert("turns", columns, b'["nothing", 1, "", "2026-01-01T00:00:00Z", 1]', "turn 1")
    assert take_turn(store, "one", NOON).number == 2


@pytest.mark.parametrize("write", [_roll, _close], ids=["roll", "close"])
def test_a_writer_that_was_held_up_anywhere_spoils_nothing(
    store: Store, folders: tuple[Path, Path], write: Write
) -> None:
    """Another takes over, with more events, writes and publishes; what the first does then is never seen."""
    one, other = folders
    now = LATER if write is _close else NOON
    _arrive(store, 1)
    for at in range(1, statements_of(store, lambda stepped: write(stepped, one, now)) + 1):
        _refill(store)
        held_up = Paused(store, at, lambda stepped: write(stepped, one, now))
        _arrive(store, 200)
        write(store, other, now + TAKEN_TO_BE_DEAD)
        seen = _read(store)
        # A day that the first one closed before it was held up stays as it is.
        assert seen.totals.visitors in ((8, 16) if write is _close else (16,)), at
        _ends(held_up)
        assert _read(store) == seen, at


@pytest.mark.parametrize("write", [_roll, _close], ids=["roll", "close"])
def test_two_writers_that_take_steps_by_turns_make_one_whole_report(
    store: Store, folders: tuple[Path, Path], write: Write
) -> None:
    """One is held up, the other too, the first goes on to its end, then the other: readers see one whole roll."""
    one, other = folders
    now = LATER if write is _close else NOON
    empty(store)
    nothing = _read(store)
    _refill(store)
    statements = statements_of(store, lambda stepped: write(stepped, one, now))
    with_eight = _read(store)
    assert with_eight.totals.visitors == 8
    _arrive(store, 200)
    write(store, one, now)
    # Eight more change the totals of an open day, and not yet its lists; a closed day stays as it is.
    eight_then_sixteen = _read(store)
    _refill(store)
    _arrive(store, 200)
    write(store, one, now)
    with_sixteen = _read(store)
    ends = (with_eight, with_sixteen, eight_then_sixteen)
    for at in range(1, statements + 1):
        _refill(store)
        first = Paused(store, at, lambda stepped: write(stepped, one, now))
        _arrive(store, 200)
        # The other one is held up a little earlier or later in its work.
        beside = max(1, at + at % 3 - 1)
        second = Paused(store, beside, lambda stepped: write(stepped, other, now + TAKEN_TO_BE_DEAD))
        ended = _ends(first)
        seen = _read(store)
        assert seen in (nothing, *ends), at
        assert _ends(second) or ended, at
        assert _read(store) in ends, at
        assert write is _roll or seen == nothing or _read(store) == seen, at


def _refill(store: Store) -> None:
    empty(store)
    _arrive(store, 1)
