"""A store of before spans had tables for reading: its reports are the same once it is brought up to date."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from aggregate.cells import Filter
from aggregate.closing import Closing, close_due_days
from aggregate.periods import DayRange
from aggregate.reading import Report, read_report
from aggregate.span_rolls import publish_due_spans
from core.migrate import migrate, migrations
from core.store import Store, encode_rows
from tests.fixtures.months import visits_on
from tests.fixtures.raw import site_in, store_events
from tests.fixtures.statements import KilledError, deaths_of, killed_at
from tests.fixtures.store import STARTED

SITE = site_in()
MAY = date(2026, 5, 1)
NUMBER, DAYS_OF_ROWS = 16, 22
WEEK, MONTH = DayRange(MAY, date(2026, 5, 7)), DayRange(MAY, date(2026, 5, 31))


def test_spans_of_before_are_read_as_they_were(store: Store) -> None:
    """Weeks and months, lists, scroll depths and filters' days, also if the change is cut off and run again.

    On how many days a row under a filter was shown was not noted then, so it is "at least".
    """
    _close_two_days(store)
    reports = [_at_least(report) for report in _read(store)]
    _undo(store)
    deaths = deaths_of(store, lambda stepped: migrate(stepped, STARTED), after=True)
    assert _read(store) == reports
    for at in deaths:
        _undo(store)
        with pytest.raises(KilledError):
            migrate(killed_at(store, at, after=True), STARTED)
        migrate(store, STARTED)
        assert _read(store) == reports, at
    assert store.rows("EXISTS TABLE report_sums") == store.rows("EXISTS TABLE report_scroll_sums") == [[0]]


def _close_two_days(store: Store) -> None:
    for number, depth in ((0, 20), (7, 80)):
        views = visits_on(SITE, MAY + timedelta(days=number), {"DE": 30, "FR": 20 + number, "PL": 6})
        told = [
            replace(each, name="engagement", received=each.received + timedelta(minutes=1), scroll_depth=depth)
            for each in views
        ]
        store_events(store, [*views, *told])
    closing, june = Closing(timedelta(minutes=5), timedelta(hours=1)), datetime(2026, 6, 2, tzinfo=UTC)
    close_due_days(store, [SITE], 10, closing, june)
    assert len(publish_due_spans(store, [SITE], 10, closing, june)) == 3


def _read(store: Store) -> list[Report]:
    lists, filters = ("page", "country"), (None, Filter("country", "DE"))
    return [read_report(store, SITE, days, lists, where) for days in (WEEK, MONTH) for where in filters]


def _at_least(report: Report) -> Report:
    if report.where is None:
        return report
    pages = [replace(cell, is_at_least=True) for cell in report.rows["page"]]
    return replace(report, rows=report.rows | {"page": pages})


def _undo(store: Store) -> None:
    """Bring the tables of spans back to what they were before."""
    before = [each for migration in migrations() if migration.number < NUMBER for each in migration.statements]
    for statement in before:
        if "EXISTS report_sums" in statement or "EXISTS report_scroll_sums" in statement:
            store.run(statement)
    store.run(
        "INSERT INTO report_sums SELECT site, first, span, roll, '', '', dimension, other, value, "
        "visitors, visits, pageviews, bounces, seconds, events FROM report_cell_sums FINAL"
    )
    store.run(
        "INSERT INTO report_sums SELECT site, first, span, roll, filter, filter_value, dimension, false, "
        "if(dimension = '', '', value) AS listed, sum(visitors), sum(visits), sum(pageviews), sum(bounces), "
        "sum(seconds), sum(events) FROM report_filtered_sums FINAL "
        "GROUP BY site, first, span, roll, filter, filter_value, dimension, listed"
    )
    store.run(
        "INSERT INTO report_scroll_sums SELECT site, first, span, roll, value, visitors, scrolled, depths "
        "FROM report_cell_sums FINAL WHERE scrolled > 0"
    )
    store.run("DROP TABLE report_cell_sums")
    store.run("DROP TABLE report_filtered_sums")
    done = f"number IN ({NUMBER}, {DAYS_OF_ROWS})"
    store.run(f"ALTER TABLE migrations DELETE WHERE {done} SETTINGS mutations_sync = 2")
    (migration,) = (each for each in migrations() if each.number == NUMBER)
    row = (NUMBER, migration.name, migration.hash, False, STARTED)
    store.insert("migrations", ("number", "name", "hash", "done", "at"), encode_rows([row]))
