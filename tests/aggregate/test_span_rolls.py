"""Parts of the month, and months: what they show beside their days."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from aggregate.cells import OTHER, Filter
from aggregate.closing import Closing, close_due_days
from aggregate.destruction import destroy_carried_months
from aggregate.periods import DayRange
from aggregate.reading import Report, read_report
from aggregate.span_atoms import span_atoms
from aggregate.span_rolls import publish_due_spans
from aggregate.spans import Grain, Span, month_of, part_of, parts_of, whole_spans
from core.deletions import DeletionRecord, Destroyed, broken_lines, read_deletions
from core.store import Store
from ingest.event import Event
from tests.fixtures.months import store_days, visits_on
from tests.fixtures.raw import site_in, store_events
from tests.fixtures.statements import KilledError, SteppedStore, deaths_of, killed_at, statements_of
from tests.fixtures.store import empty

SITE = site_in()
CLOSING = Closing(timedelta(minutes=5), timedelta(hours=1))
K = 10
MAY = date(2026, 5, 1)
JUNE = datetime(2026, 6, 2, tzinfo=UTC)
WEEK = DayRange(MAY, date(2026, 5, 7))
MONTH = DayRange(MAY, date(2026, 5, 31))

# By day Germany is seen; the others are eleven people together, and each of them too few.
SMALL = {"DE": 30, "FR": 5, "PL": 4, "UA": 2}


def close_all(store: Store, now: datetime = JUNE) -> list[str]:
    """Close all days that are over, and add up what can be."""
    close_due_days(store, [SITE], K, CLOSING, now)
    return [str(span) for _site, span in publish_due_spans(store, [SITE], K, CLOSING, now)]


def countries(store: Store, days: DayRange) -> dict[str | None, int]:
    """Give the visitor-days of each country over a range."""
    rows = read_report(store, SITE, days, ("country",)).rows["country"]
    return {cell.value: cell.figures.visitors for cell in rows}


def test_a_small_site_learns_its_week_and_its_month(store: Store) -> None:
    """Five visitors a day from France are in no day's report, and in the week's; Ukraine's two in the month's."""
    store_days(store, SITE, MAY, [SMALL] * 4)
    store_days(store, SITE, date(2026, 5, 8), [SMALL] * 3)
    assert close_all(store) == ["2026-05-01/07", "2026-05-08/14", "2026-05"]
    assert countries(store, DayRange(MAY, MAY)) == {"DE": 30, OTHER: 11}
    assert countries(store, DayRange(MAY, date(2026, 5, 6))) == {"DE": 120, OTHER: 44}
    assert countries(store, WEEK) == {"DE": 120, "FR": 20, OTHER: 24}
    assert countries(store, DayRange(MAY, date(2026, 5, 9))) == {"DE": 180, "FR": 20, OTHER: 46}
    assert countries(store, MONTH) == {"DE": 210, "FR": 35, "PL": 28, "UA": 14}


def test_every_list_of_a_range_is_its_days_and_what_whole_spans_tell_besides(store: Store) -> None:
    """Whether read as a month, as parts or day by day, rows, "Other" and totals come to the same visits."""
    store_days(store, SITE, date(2026, 4, 29), [SMALL] * 3)
    store_days(store, SITE, date(2026, 5, 7), [SMALL | {"DE": 11}] * 2)
    close_all(store)
    for first in range(-2, 9):
        for last in range(first, 9):
            days = DayRange(MAY + timedelta(days=first), MAY + timedelta(days=last))
            report = read_report(store, SITE, days, ("country", "browser"))
            for cells in report.rows.values():
                assert sum((cell.figures.visits for cell in cells), 0) == report.totals.visits, days


def test_a_day_that_shows_nothing_counts_for_its_week(store: Store) -> None:
    """With eight visitors a day nothing but totals is seen by day; of the week, the two largest countries."""
    store_days(store, SITE, MAY, [{"DE": 5, "FR": 2, "PL": 1}] * 7)
    close_all(store)
    assert countries(store, DayRange(MAY, date(2026, 5, 6))) == {}
    assert countries(store, WEEK) == {"DE": 35, OTHER: 21}


def test_the_same_days_in_whatever_order_give_the_same_atoms(store: Store) -> None:
    """A span that is published twice, or late, shows the same."""
    store_days(store, SITE, MAY, [SMALL] * 4)
    close_all(store)
    before = read_report(store, SITE, WEEK, ("country",))
    assert publish_due_spans(store, [SITE], K, CLOSING, JUNE + timedelta(days=40)) == []
    assert read_report(store, SITE, WEEK, ("country",)) == before


def test_a_day_that_is_imported_later_adds_what_it_shows_and_no_more(store: Store) -> None:
    """The week's sum takes its large rows in; its small ones would tell of themselves, as a difference."""
    store_days(store, SITE, MAY, [SMALL] * 4)
    close_all(store)
    store_events(store, visits_on(SITE, date(2026, 5, 6), SMALL))
    assert close_all(store) == ["2026-05-01/07", "2026-05"]
    assert countries(store, WEEK) == {"DE": 150, "FR": 20, OTHER: 35}


def test_a_day_that_is_not_added_up_yet_is_in_every_number_of_its_week(store: Store) -> None:
    """Between the closing of a day that came late and the next adding up, lists and totals agree."""
    store_days(store, SITE, MAY, [SMALL] * 4)
    close_all(store)
    store_events(store, visits_on(SITE, date(2026, 5, 6), SMALL))
    close_due_days(store, [SITE], K, CLOSING, JUNE)
    report = read_report(store, SITE, WEEK, ("country",))
    assert sum(cell.figures.visits for cell in report.rows["country"]) == report.totals.visits == 205
    filtered = read_report(store, SITE, WEEK, ("browser",), Filter("country", "DE"))
    assert (filtered.totals.visits, filtered.rows["browser"][0].figures.visits) == (150, 150)


def test_a_reader_beside_closing_and_adding_up_sees_the_days_of_one_moment(store: Store) -> None:
    """At whichever statement of reading a day is closed and its week added up: all are of the same days."""

    def read(reader: Store) -> list[Report]:
        return [read_report(reader, SITE, WEEK, ("country",), where) for where in (None, Filter("country", "DE"))]

    for at in range(1, statements_of(store, read) + 1):
        empty(store)
        store_days(store, SITE, MAY, [SMALL] * 2)
        close_all(store)
        store_events(store, visits_on(SITE, date(2026, 5, 6), SMALL))
        before = read(store)

        def close(number: int, at: int = at) -> None:
            if number == at:
                close_all(store)

        seen = read(SteppedStore(store, close))
        after = read(store)
        assert before != after
        assert all(report in pair for report, *pair in zip(seen, before, after, strict=True))


def test_a_span_waits_for_its_last_day(store: Store) -> None:
    """While the week goes on, nothing is added up; its last day's grace is part of it."""
    store_days(store, SITE, MAY, [SMALL] * 2)
    assert close_all(store, datetime(2026, 5, 8, 0, 4, tzinfo=UTC)) == []
    assert close_all(store, datetime(2026, 5, 8, 0, 5, tzinfo=UTC)) == ["2026-05-01/07"]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_adding_up_that_is_killed_at_any_statement_is_completed_by_the_next(store: Store, after: bool) -> None:
    """Readers see the week whole or not at all, and in the end what they would have seen anyway."""
    _two_days(store)
    nothing = _weeks(store)
    deaths = deaths_of(store, lambda stepped: publish_due_spans(stepped, [SITE], K, CLOSING, JUNE), after=after)
    whole = _weeks(store)
    assert nothing != whole
    for at in deaths:
        for table in ("report_atoms", "report_cell_sums", "report_filtered_sums", "published_spans"):
            store.run(f"TRUNCATE TABLE {table}")
        with pytest.raises(KilledError):
            publish_due_spans(killed_at(store, at, after=after), [SITE], K, CLOSING, JUNE)
        assert _weeks(store) in (nothing, whole), at
        publish_due_spans(store, [SITE], K, CLOSING, JUNE)
        assert _weeks(store) == whole, at


def test_a_month_that_was_added_up_keeps_nothing_of_what_it_carried(store: Store, tmp_path: Path) -> None:
    """Once every site has closed the month its carried numbers are dropped, which is written down once."""
    _two_days(store)
    record = DeletionRecord(store, tmp_path)

    def destroy(now: datetime) -> list[date]:
        return destroy_carried_months(store, record, [SITE], CLOSING, now)

    assert destroy(JUNE) == []
    close_all(store)
    assert destroy(JUNE) == [MAY]
    assert destroy(JUNE) == []
    assert store.rows("SELECT count() FROM carried") == [[0]]
    lines = read_deletions(store)
    assert [(line.what, line.site, line.day) for line in lines] == [(Destroyed.CARRIED, 0, MAY)]
    assert list(broken_lines(lines)) == []


def test_a_destruction_that_was_cut_off_gets_its_line(store: Store, tmp_path: Path) -> None:
    """Killed between dropping and writing it down, the next run writes it down."""
    _two_days(store)
    close_all(store)
    store.run("TRUNCATE TABLE carried")
    assert destroy_carried_months(store, DeletionRecord(store, tmp_path), [SITE], CLOSING, JUNE) == [MAY]
    assert [line.what for line in read_deletions(store)] == [Destroyed.CARRIED]


def test_what_is_carried_stays_while_a_site_has_not_closed_the_month(store: Store, tmp_path: Path) -> None:
    """Another site in another zone may still have a day of the month open."""
    _two_days(store)
    close_all(store)
    elsewhere = site_in("Pacific/Honolulu", 8, "elsewhere.example")
    first_of_june = datetime(2026, 6, 1, 0, 6, tzinfo=UTC)
    record = DeletionRecord(store, tmp_path)
    assert destroy_carried_months(store, record, [SITE, elsewhere], CLOSING, first_of_june) == []
    assert destroy_carried_months(store, record, [SITE, elsewhere], CLOSING, JUNE) == [MAY]


def test_a_filter_is_added_up_too(store: Store) -> None:
    """A month under a filter is the sum of its days under it."""
    store_days(store, SITE, MAY, [{"DE": 30, "FR": 20}] * 2)
    close_all(store)
    by_day = [
        read_report(store, SITE, DayRange(day, day), ("browser", "entry_page"), Filter("country", "DE"))
        for day in (MAY, MAY + timedelta(days=1))
    ]
    month = read_report(store, SITE, MONTH, ("browser", "entry_page"), Filter("country", "DE"))
    assert month.totals == by_day[0].totals + by_day[1].totals
    for dimension, cells in month.rows.items():
        assert [cell.figures for cell in cells] == [
            one.figures + other.figures
            for one, other in zip(by_day[0].rows[dimension], by_day[1].rows[dimension], strict=True)
        ]


def test_versions_are_listed_under_their_own_browser(store: Store) -> None:
    """Filtered by Firefox, its versions are those of the whole report; other filters do not list versions."""
    day = visits_on(SITE, MAY, {"DE": 30})
    store_events(store, [_with_version(each, number) for number, each in enumerate(day)])
    close_all(store)
    report = read_report(store, SITE, WEEK, ("browser_version",), Filter("browser", "Firefox"))
    assert {cell.value: cell.figures.visitors for cell in report.rows["browser_version"]} == {
        "Firefox 141": 15,
        "Firefox 140": 15,
    }


def _with_version(event: Event, number: int) -> Event:
    return replace(event, browser_version=("140", "141")[number % 2])


def _two_days(store: Store) -> None:
    empty(store)
    store_days(store, SITE, MAY, [SMALL] * 2)
    store_days(store, SITE, date(2026, 5, 5), [SMALL] * 2)
    close_due_days(store, [SITE], K, CLOSING, JUNE)


def _weeks(store: Store) -> list[Report]:
    return [read_report(store, SITE, days, ("country",)) for days in (WEEK, MONTH)]


def test_a_large_site_is_added_up_a_few_dimensions_at_a_time(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However little is read at once, the week tells the same of countries and of a browser's versions."""
    days = [visits_on(SITE, MAY + timedelta(days=number), SMALL) for number in range(4)]
    store_events(
        store,
        [replace(each, browser_version=str(140 + number % 7)) for day in days for number, each in enumerate(day)],
    )
    close_due_days(store, [SITE], K, CLOSING, JUNE)
    together = list(span_atoms(store, SITE, part_of(MAY), [], K))
    monkeypatch.setattr("aggregate.span_atoms._MOST_ROWS", 1)
    assert list(span_atoms(store, SITE, part_of(MAY), [], K)) == together
    assert {atom.dimension for atom in together} == {"browser_version", "country"}


def test_months_have_four_parts() -> None:
    """The 1st to the 7th, the 8th to the 14th, the 15th to the 21st, and the rest, whatever the month's length."""
    for month, last in ((date(2026, 2, 1), 28), (date(2028, 2, 1), 29), (MAY, 31)):
        parts = parts_of(month)
        assert [(part.first.day, part.last.day) for part in parts] == [(1, 7), (8, 14), (15, 21), (22, last)]
        assert month_of(month).days == [day for part in parts for day in part.days]
        assert all(part_of(day) == part for part in parts for day in part.days)


def test_whole_spans_lie_within_a_range() -> None:
    """A range has the months and parts of which it has every day."""
    days = DayRange(date(2026, 4, 21), date(2026, 6, 7))
    assert [str(span) for span in whole_spans(days)] == [
        "2026-04-22/30",
        "2026-05",
        *("2026-05-01/07", "2026-05-08/14", "2026-05-15/21", "2026-05-22/31"),
        "2026-06-01/07",
    ]
    assert Span(Grain.MONTH, MAY, date(2026, 5, 31)) in whole_spans(days)


def test_scroll_depths_are_added_up_too(store: Store) -> None:
    """A week's depth of a page is the mean of all visits that told one, however it is read."""
    for number, depth in ((0, 20), (1, 80)):
        day = visits_on(SITE, MAY + timedelta(days=number), {"DE": 20 * (number + 1)})
        told = [
            replace(each, name="engagement", received=each.received + timedelta(minutes=1), scroll_depth=depth)
            for each in day
        ]
        store_events(store, [*day, *told])
    close_due_days(store, [SITE], K, CLOSING, JUNE)
    by_day = read_report(store, SITE, WEEK, ("page",)).rows["page"]
    close_all(store)
    assert [cell.scroll_depth for cell in by_day] == [60]
    assert read_report(store, SITE, WEEK, ("page",)).rows["page"] == by_day
