"""A reset of the store: no raw event and nothing carried is left; what was published stays."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from aggregate.jobs import JOBS, Workplace, run_job
from aggregate.resetting import CARRIED, RAW
from core.deletions import DeletionRecord, Destroyed, read_deletions
from core.resets import Breached, Doomed, Part, Reset, run_reset
from core.settings import Settings
from core.sites import add_site
from core.store import Store, encode_rows
from tests.fixtures.raw import event, store_events
from tests.fixtures.statements import KilledError, deaths_of, killed_at

DAY = datetime(2026, 5, 1, tzinfo=UTC)
NOW = DAY + timedelta(days=1, hours=12)
PARTS = (RAW, CARRIED)


def test_raw_events_and_carried_numbers_go_and_reports_stay(store: Store, tmp_path: Path) -> None:
    """Of a closed day, an open one, and one that was put aside; a second run finds nothing and does no harm."""
    site = add_site(store, "example.com", "UTC", DAY)
    seen = [event(site, DAY + timedelta(hours=12), number, country="DE") for number in range(1, 13)]
    few = [event(site, DAY + timedelta(hours=13), number, country="PL") for number in range(20, 26)]
    store_events(store, seen + few)
    workplace = Workplace(store, Settings(data=tmp_path), DeletionRecord(store, tmp_path))
    for name in ("roll", "close"):
        run_job(next(job for job in JOBS if job.name == name), workplace, NOW)
    aside = event(site, DAY - timedelta(days=9), 99)
    store_events(store, [aside, event(site, NOW, 1), event(site, NOW, 1), event(site, NOW, 2)])
    store.run(f"ALTER TABLE events DETACH PARTITION '{aside.day}'")
    reports = store.rows("SELECT * FROM report_totals ORDER BY ALL")
    breached = Breached(store, Settings(data=tmp_path), "first", NOW)
    held = [part.survey(breached) for part in PARTS]
    done = [part.destroy(breached) for part in PARTS]
    assert held[0].lines == (
        "18 raw events of example.com on 2026-05-01, of 18 pseudonyms.",
        "3 raw events of example.com on 2026-05-02, of 2 pseudonyms.",
        "In all 21 raw events of 2 days.",
    )
    assert held[1].lines == ("What closed days of 2026-05 hide: names of values, and integers.",)
    assert [each for one in held for each in one.doomed] == [
        Doomed(Destroyed.RAW_EVENTS, 0, date(2026, 5, 1)),
        Doomed(Destroyed.RAW_EVENTS, 0, date(2026, 5, 2)),
        Doomed(Destroyed.CARRIED, 0, date(2026, 5, 1)),
    ]
    assert done == ["The raw events of 2 days were dropped.", "What 1 months carried was dropped."]
    left = store.rows("SELECT count() FROM events UNION ALL SELECT count() FROM carried")
    aside_left = store.rows("SELECT count() FROM system.detached_parts WHERE database = currentDatabase()")
    assert (left, aside_left) == ([[0], [0]], [[0]])
    assert reports
    assert store.rows("SELECT * FROM report_totals ORDER BY ALL") == reports
    assert [_runs_again(part, breached) for part in PARTS] == [(), ()]


def test_a_reset_killed_at_any_statement_is_completed_by_the_next(embedded: Store, tmp_path: Path) -> None:
    """Before or after each change took effect: nothing is left, and each thing has one line in the record."""
    site = add_site(embedded, "example.com", "UTC", DAY)
    settings = Settings(data=tmp_path)

    def fill() -> None:
        for table in ("deletions", "resets", "events", "carried"):
            embedded.run(f"TRUNCATE TABLE {table}")
        store_events(embedded, [event(site, DAY + timedelta(days=day), day) for day in range(2)])
        columns = ("site", "day", "roll", "dimension", "value", "visitors")
        embedded.insert("carried", columns, encode_rows([(site.number, DAY.date(), 1, "country", "PL", 6)]))

    def reset(store: Store) -> Reset:
        return run_reset(store, settings, PARTS, lambda: NOW)

    for after in (False, True):
        fill()
        for number in deaths_of(embedded, reset, after=after):
            fill()
            with suppress(KilledError):
                reset(killed_at(embedded, number, after=after))
            done = reset(embedded)
            recorded = sorted((line.what, line.day.isoformat()) for line in read_deletions(embedded))
            left = embedded.rows("SELECT count() FROM events UNION ALL SELECT count() FROM carried")
            assert (left, done.ended) == ([[0], [0]], NOW)
            assert recorded == [
                ("carried numbers", "2026-05-01"),
                ("raw events", "2026-05-01"),
                ("raw events", "2026-05-02"),
            ]


def _runs_again(part: Part, breached: Breached) -> tuple[Doomed, ...]:
    part.destroy(breached)
    return part.survey(breached).doomed
