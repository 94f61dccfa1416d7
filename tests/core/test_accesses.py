"""The access record: each line chained to the one before, kept for a stated time, whole from its first line on."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from core.accesses import Access, Accessed, AccessRecord, broken_accesses, drop_old_accesses, read_accesses
from core.deletions import DeletionRecord, read_deletions
from core.errors import StoreUnavailableError
from core.store import Store

MAY = datetime(2026, 5, 30, 12, tzinfo=UTC)
YEAR = timedelta(days=365)


@pytest.fixture
def record(store: Store, tmp_path: Path) -> AccessRecord:
    """A record with a line on each of ten days, from 30 May to 8 June."""
    made = AccessRecord(store, tmp_path)
    for days in range(10):
        made.append(Access(MAY + timedelta(days=days), "mara@example.com", Accessed.PAGE, 7, "site"))
    return made


def drop(store: Store, tmp_path: Path, now: datetime) -> list[date]:
    """Drop what is older than a year."""
    return drop_old_accesses(store, AccessRecord(store, tmp_path), DeletionRecord(store, tmp_path), YEAR, now)


def broken(store: Store) -> list[str]:
    """Say what is wrong with the record."""
    return list(broken_accesses(read_accesses(store)))


def test_the_record_says_who_saw_what_and_when(store: Store, record: AccessRecord) -> None:
    """The e-mail address, the site, the page and the time, in order; of one site on demand."""
    record.append(Access(MAY, "op (command line)", Accessed.EXPORT, 8, "country\nof two lines"))
    (line,) = read_accesses(store, 8)
    said = (line.sequence, line.at, line.who, line.what, line.detail)
    assert said == (11, MAY, "op (command line)", "export", "country of two lines")
    assert [each.sequence for each in read_accesses(store)] == list(range(1, 12))
    assert broken(store) == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("UPDATE who = 'somebody@example.com' WHERE sequence = 3", "line 3 (page, 2026-06-01) was changed"),
        ("DELETE WHERE sequence = 3", "line 4 (page, 2026-06-02) is chained to a line that is not there"),
        ("DELETE WHERE sequence = 1", "line 2 (page, 2026-05-31) is chained to a line that is not there"),
    ],
)
def test_a_changed_access_record_is_found(store: Store, record: AccessRecord, change: str, says: str) -> None:
    """Who reads in secret cannot take the line out, nor write another name into it."""
    store.run(f"ALTER TABLE accesses {change} SETTINGS mutations_sync = 2")
    (found,) = broken(store)
    assert found.startswith(says)


def test_lines_are_kept_for_the_stated_time_and_go_by_whole_months(
    store: Store, record: AccessRecord, tmp_path: Path
) -> None:
    """The last day of May must be a year ago; then May goes, and what is left is whole from its first line on."""
    too_early = drop(store, tmp_path, datetime(2027, 5, 31, 12, tzinfo=UTC))
    gone = drop(store, tmp_path, datetime(2027, 6, 1, 12, tzinfo=UTC))
    again = drop(store, tmp_path, datetime(2027, 6, 1, 13, tzinfo=UTC))
    assert (too_early, gone, again) == ([], [date(2026, 5, 1)], [])
    assert [line.sequence for line in read_accesses(store)] == list(range(3, 12))
    assert [(line.what, line.day) for line in read_deletions(store)] == [("access record", date(2026, 5, 1))]
    assert broken(store) == []


def test_a_drop_does_not_hide_another_line_that_is_gone(
    store: Store, record: AccessRecord, tmp_path: Path
) -> None:
    """The anchor stands for the dropped lines alone: without it, or with a line more gone, the chain tells."""
    drop(store, tmp_path, datetime(2027, 6, 1, 12, tzinfo=UTC))
    store.run("ALTER TABLE accesses DELETE WHERE sequence = 3 SETTINGS mutations_sync = 2")
    (one_more,) = broken(store)
    store.run("ALTER TABLE accesses DELETE WHERE what = 'dropped' SETTINGS mutations_sync = 2")
    (no_anchor,) = broken(store)
    assert one_more == no_anchor
    assert one_more.startswith("line 4 (page, 2026-06-02) is chained to a line that is not there")


def test_a_record_that_is_all_old_goes_but_for_its_anchor(
    store: Store, record: AccessRecord, tmp_path: Path
) -> None:
    """Nobody has read for years: what comes next is chained to the line that says what was dropped."""
    gone = drop(store, tmp_path, datetime(2030, 1, 1, tzinfo=UTC))
    record.append(Access(datetime(2030, 1, 2, tzinfo=UTC), "mara@example.com", Accessed.PAGE))
    assert gone == [date(2026, 5, 1), date(2026, 6, 1)]
    assert [line.what for line in read_accesses(store)] == ["dropped", "page"]
    assert broken(store) == []


def test_a_drop_that_was_cut_off_is_done_by_the_next_run(
    store: Store, record: AccessRecord, tmp_path: Path
) -> None:
    """Killed between the anchor and the drop: the chain is whole before and after."""
    june = datetime(2027, 6, 1, 12, tzinfo=UTC)
    with pytest.raises(StoreUnavailableError):
        drop(_NeverDrops(store), tmp_path, june)  # type: ignore[arg-type]
    between = broken(store)
    drop(store, tmp_path, june)
    assert (between, broken(store)) == ([], [])
    assert min(line.sequence for line in read_accesses(store)) == 3


class _NeverDrops:
    """A store that goes away when something is to be dropped."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def run(self, _statement: str) -> None:
        """Fail."""
        raise StoreUnavailableError("gone")

    def __getattr__(self, name: str) -> object:
        """Pass everything else on."""
        return getattr(self._store, name)
