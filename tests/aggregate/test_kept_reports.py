"""Kept reports: the same as one that is read anew, at once another when a day is published, and not too many."""

from dataclasses import dataclass
from datetime import timedelta

from aggregate.kept_reports import KeptReports
from aggregate.periods import DayRange
from aggregate.reading import Report, read_report
from aggregate.rolling import roll_day
from core.store import Store
from tests.fixtures.collecting import NOON
from tests.fixtures.raw import event, site_in, store_events

TODAY = NOON.date()


@dataclass(frozen=True)
class Sized:
    """A report of so many cells."""

    name: str
    size: int


def test_a_kept_report_is_the_one_that_is_read(store: Store) -> None:
    """Asked for again it is the very same; asked otherwise, or once its day has more, it is read anew."""
    site, days, kept = site_in(), DayRange(TODAY, TODAY), KeptReports[Report]()
    store_events(store, [event(site, NOON, number) for number in range(1, 21)])
    roll_day(store, site, TODAY, 5, NOON, close=False)
    first = read_report(store, site, days, ["page"], kept=kept)
    again = read_report(store, site, days, ["page"], kept=kept)
    others = read_report(store, site, days, ["source"], kept=kept)
    store_events(store, [event(site, NOON, number) for number in range(21, 51)])
    roll_day(store, site, TODAY, 5, NOON + timedelta(minutes=1), close=False)
    later = read_report(store, site, days, ["page"], kept=kept)
    assert again is first
    assert list(others.rows) == ["source"]
    assert (first.totals.visitors, later.totals.visitors) == (20, 50)
    assert later == read_report(store, site, days, ["page"])


def test_those_not_asked_for_the_longest_give_way() -> None:
    """They are let go by their cells; one that is larger than all there is room for is not kept at all."""
    kept, made = KeptReports[Sized](most_cells=10), list[str]()

    def ask(name: str, size: int = 4) -> Sized:
        return kept.of(name, lambda: made.append(name) or Sized(name, size))

    for name in ("a", "b", "a", "c", "a", "b"):
        assert ask(name) == Sized(name, 4)
    assert made == ["a", "b", "c", "b"]
    assert [ask("huge", 11).name for _twice in range(2)] == ["huge", "huge"]
    assert made[4:] == ["huge", "huge"]
