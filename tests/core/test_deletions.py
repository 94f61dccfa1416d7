"""The deletion record: each line chained to the one before."""

from datetime import UTC, date, datetime
from pathlib import Path

from core.deletions import Deletion, DeletionRecord, Destroyed, broken_lines, line_hash, read_deletions
from core.store import Store

NOW = datetime(2026, 5, 2, 0, 0, 1, tzinfo=UTC)


def test_every_line_holds_the_hash_of_the_one_before(store: Store, tmp_path: Path) -> None:
    """A line cannot be changed or taken out without the next one telling."""
    record = DeletionRecord(store, tmp_path)
    record.append(Deletion(NOW, Destroyed.KEY, 7, date(2026, 5, 1)))
    record.append(Deletion(NOW, Destroyed.RAW_EVENTS, 0, date(2026, 5, 1)))
    lines = store.rows("SELECT sequence, at, what, site, day, previous, hash FROM deletions ORDER BY sequence")
    first = line_hash((1, NOW, "key", 7, date(2026, 5, 1), ""))
    second = line_hash((2, NOW, "raw events", 0, date(2026, 5, 1), first))
    assert lines == [
        [1, "2026-05-02T00:00:01.000Z", "key", 7, "2026-05-01", "", first],
        [2, "2026-05-02T00:00:01.000Z", "raw events", 0, "2026-05-01", first, second],
    ]


def test_lines_that_are_written_together_are_chained_like_others(store: Store, tmp_path: Path) -> None:
    """A month of days that is destroyed in one go has a line for each day, in a whole chain."""
    record = DeletionRecord(store, tmp_path)
    record.append(Deletion(NOW, Destroyed.KEY, 7, date(2026, 5, 1)))
    record.append(*(Deletion(NOW, Destroyed.RAW_EVENTS, 0, date(2026, 5, day)) for day in (1, 2, 3)))
    record.append()
    lines = read_deletions(store)
    assert [(line.sequence, line.what, line.day.day) for line in lines] == [
        (1, "key", 1),
        (2, "raw events", 1),
        (3, "raw events", 2),
        (4, "raw events", 3),
    ]
    assert list(broken_lines(lines)) == []
