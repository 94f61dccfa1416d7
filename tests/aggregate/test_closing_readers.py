"""A reader beside a roll sees one whole roll."""

from dataclasses import replace
from datetime import timedelta

from aggregate.cells import DIMENSIONS
from aggregate.periods import DayRange
from aggregate.reading import Report, read_report
from aggregate.rolling import roll_day
from core.store import Store
from tests.aggregate.test_closing_killed import DAY, LATER, NOON, SITE, K, merge
from tests.fixtures.raw import event, store_events
from tests.fixtures.statements import Paused, SteppedStore, statements_of

DAYS = DayRange(DAY, DAY)


def _arrive(store: Store, number: int) -> None:
    """Seven more visitors come."""
    visitors = range(100 * number, 100 * number + 7)
    store_events(store, [event(SITE, NOON, visitor, f"/{visitor % 2}") for visitor in visitors])


def _roll(store: Store) -> None:
    roll_day(store, SITE, DAY, K, NOON, close=False)


def _read(store: Store) -> Report:
    return replace(read_report(store, SITE, DAYS, DIMENSIONS), updated=None)


def test_a_reader_at_any_moment_of_a_roll_sees_one_whole_roll(store: Store) -> None:
    """Wherever a roll stands when reading begins, and wherever reading stands when the roll ends."""
    _arrive(store, 1)
    rolling = statements_of(store, _roll)
    reading = statements_of(store, _read)
    visitors = 7
    for arrival, at in enumerate(range(1, rolling + 1), 2):
        before = _read(store)
        _arrive(store, arrival)
        roll = Paused(store, at, _roll)
        early = _read(store)
        ends_at = arrival % reading + 1

        def finish(number: int, roll: Paused = roll, ends_at: int = ends_at) -> None:
            if number == ends_at:
                roll.finish()
                merge(store)

        seen = _read(SteppedStore(store, finish))
        after = _read(store)
        visitors += 7
        assert (before.totals.visitors, after.totals.visitors) == (visitors - 7, visitors)
        assert {early.totals.visitors, seen.totals.visitors} <= {visitors - 7, visitors}
        assert all(report in (before, after) for report in (early, seen))


def test_a_reader_at_whose_every_statement_a_day_is_rolled_sees_one_whole_roll(store: Store) -> None:
    """However many rolls are published, merged and closed while a report is being read."""
    _arrive(store, 1)
    _roll(store)
    reading = statements_of(store, _read)
    for arrival, at in enumerate(range(1, reading + 1), 2):
        whole = [_read(store)]
        _arrive(store, arrival)

        def roll_twice(number: int, at: int = at, whole: list[Report] = whole) -> None:
            if number == at:
                for _ in range(2):
                    _roll(store)
                    merge(store)
                whole.append(_read(store))

        assert _read(SteppedStore(store, roll_twice)) in whole
        assert len(whole) == 2
    roll_day(store, SITE, DAY, K, LATER + timedelta(hours=1), close=True)
    assert _read(store).unfinished == []
