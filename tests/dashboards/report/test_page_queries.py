"""What a site's page reads beside its report, on both engines."""

from datetime import UTC, date, datetime, timedelta

from aggregate.closing import Closing
from aggregate.first_day import read_first_day
from aggregate.periods import DayRange
from aggregate.rolling import roll_day
from aggregate.span_rolls import publish_due_spans
from core.store import Store, encode_rows
from dashboards.language import language_of
from dashboards.report.left_out import left_out_of, read_outcomes
from dashboards.report.site_reports import listed_props
from tests.fixtures.raw import event, site_in, store_events

SITE = site_in()
K = 5
JUNE = datetime(2026, 6, 3, tzinfo=UTC)
MAY = DayRange(date(2026, 5, 1), date(2026, 5, 31))


def _signups(store: Store, day: date, visitors: range, **props: str) -> None:
    at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    store_events(store, [event(SITE, at, visitor, name="Signup", props=props) for visitor in visitors])


def test_props_are_offered_that_reports_list(store: Store) -> None:
    """A prop is offered if a day of the range lists it, however long ago; one that nothing lists is not."""
    assert read_first_day(store, SITE) is None
    _signups(store, date(2026, 5, 20), range(1, 11), size="large")
    _signups(store, date(2026, 5, 21), range(11, 13), rare="yes")
    for day in (20, 21):
        roll_day(store, SITE, date(2026, 5, day), K, JUNE, close=True)
    publish_due_spans(store, [SITE], K, Closing(timedelta(), timedelta()), JUNE)
    assert read_first_day(store, SITE) == date(2026, 5, 20)
    summer = DayRange(date(2026, 5, 1), date(2026, 8, 31))
    autumn = DayRange(date(2026, 9, 1), date(2026, 9, 30))
    found = [listed_props(store, SITE, days) for days in (MAY, summer, autumn)]
    assert found == [["prop:size"], ["prop:size"], []]


def test_what_was_left_out_is_told_by_day_or_by_month(store: Store) -> None:
    """The most frequent reason comes first; days on which nothing was are not listed; a year is by month."""
    rows = [
        (SITE.number, day, outcome, hits)
        for day, outcome, hits in (
            ("2026-05-01", "received", 12),
            ("2026-05-01", "stored", 2),
            ("2026-05-01", "bot", 7),
            ("2026-05-01", "prefetch", 3),
            ("2026-05-02", "received", 5),
            ("2026-05-02", "stored", 5),
            ("2026-05-31", "received", 6),
            ("2026-05-31", "prefetch", 6),
        )
    ]
    store.insert("tallies", ("site", "day", "outcome", "hits"), encode_rows(rows))
    language = language_of("", "")
    found = left_out_of(read_outcomes(store, SITE, MAY), MAY, language)
    assert (found.total.received, found.total.stored, found.total.left_out) == (23, 7, 16)
    assert [hits for _words, hits in found.reasons] == [9, 7]
    assert [(step.name, step.received, step.left_out) for step in found.steps] == [
        ("Friday, 1 May 2026", 12, 10),
        ("Sunday, 31 May 2026", 6, 6),
    ]
    year = DayRange(date(2025, 6, 1), date(2026, 5, 31))
    by_month = left_out_of(read_outcomes(store, SITE, year), year, language)
    assert [(step.name, step.received, step.left_out) for step in by_month.steps] == [("May 2026", 23, 16)]
