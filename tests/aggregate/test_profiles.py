"""Profiles of sites: what is published of a day, on both engines."""

import sys
from collections.abc import Iterator
from dataclasses import astuple, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aggregate.audit import audit_cells
from aggregate.cells import OTHER, Figures, Filter
from aggregate.jobs import JOBS, Workplace, run_job
from aggregate.periods import DayRange
from aggregate.reading import Report, read_report
from aggregate.rolling import roll_day
from core.deletions import DeletionRecord
from core.memory_folder import forget_memory
from core.profiles import Profile
from core.settings import Settings
from core.sites import Site, add_site, change_site
from core.store import Store
from tests.fixtures.raw import event, site_in, store_events

DAY = datetime(2026, 5, 1, tzinfo=UTC)
NOON = DAY + timedelta(hours=12)
NOW = DAY + timedelta(days=1, hours=1)
STRICT = replace(site_in(), profile=Profile.STRICT)


@pytest.fixture
def workplace(store: Store, tmp_path: Path) -> Iterator[Workplace]:
    """An installation with a data folder of its own."""
    yield Workplace(store, Settings(data=tmp_path), DeletionRecord(store, tmp_path))
    forget_memory(Path("/dev/shm"), tmp_path)


def visit(store: Store, site: Site, pages: dict[str, int], at: datetime = NOON) -> None:
    """Let so many visitors see each page, everybody one; every third is from France, all others from Germany."""
    numbered = enumerate((page for page, count in pages.items() for _ in range(count)), 1)
    store_events(
        store,
        [
            event(site, at, number, page, country="DE" if number % 3 else "FR", browser="Firefox")
            for number, page in numbered
        ],
    )


def report_of(store: Store, site: Site, where: Filter | None = None) -> Report:
    """Give the day's report."""
    return read_report(store, site, DayRange(DAY.date(), DAY.date()), ("page", "country", "browser"), where)


def numbers_of(report: Report) -> list[Figures]:
    """Give every figure of a report."""
    rows = [cell.figures for cells in report.rows.values() for cell in cells]
    return [report.totals, *(point.figures for point in report.points), *rows]


def test_a_strict_day_is_in_tens_and_adds_nothing_to_a_row(store: Store) -> None:
    """Totals, hours, rows and rows under a filter are multiples of ten, and no row is above its total."""
    visit(store, STRICT, {"/": 83, "/a": 41, "/b": 26, "/c": 9, "/d": 9, "/e": 9})
    roll_day(store, STRICT, DAY.date(), 10, NOW, close=True)
    for report in (report_of(store, STRICT), report_of(store, STRICT, Filter("country", "DE"))):
        numbers = numbers_of(report)
        assert all(number % 10 == 0 for figures in numbers for number in astuple(figures))
        assert all(figures.visitors <= min(figures.visits, report.totals.visitors) for figures in numbers)
        assert (report.rounded, report.withheld, report.hidden) == ([DAY.date()], [], [])
    plain = report_of(store, STRICT)
    assert abs(plain.totals.visitors - 177) < 10
    assert {cell.value for cell in plain.rows["page"]} == {"/", "/a", "/b", OTHER}
    assert {cell.value for cell in report_of(store, STRICT, Filter("browser", "Firefox")).rows["country"]} >= {
        "DE"
    }


def test_a_strict_day_that_is_rolled_again_after_a_crash_is_rounded_alike(store: Store) -> None:
    """The key follows from the raw events: nobody gets a second draw."""
    visit(store, STRICT, {"/": 83, "/a": 41, "/b": 14, "/c": 12, "/rare": 7})
    found = []
    for _ in range(2):
        roll_day(store, STRICT, DAY.date(), 10, NOW, close=True)
        found.append(numbers_of(report_of(store, STRICT)))
        store.run("TRUNCATE TABLE published")
    assert found[0] == found[1]


def test_an_open_strict_day_tells_only_that_it_is_counted(store: Store) -> None:
    """Nothing of it is in a report or in the tables of reports; not even when its last visitor came."""
    visit(store, STRICT, {"/": 83})
    roll_day(store, STRICT, DAY.date(), 10, NOON, close=False)
    report = report_of(store, STRICT)
    assert set(numbers_of(report)) == {Figures()}
    assert (report.withheld, report.unfinished, report.updated) == ([DAY.date()], [DAY.date()], None)
    assert report_of(store, STRICT, Filter("country", "DE")).hidden == []
    held = [
        store.rows("SELECT count() FROM {table:Identifier}", {"table": f"report_{name}"})
        for name in ("totals", "cells", "filtered")
    ]
    assert held == [[[0]]] * 3


def test_a_site_that_becomes_strict_shows_nothing_more_of_its_open_day(store: Store) -> None:
    """What was published of the day before is taken back at the next roll."""
    balanced = site_in()
    visit(store, balanced, {"/": 83})
    roll_day(store, balanced, DAY.date(), 10, NOON, close=False)
    before = report_of(store, balanced).totals.visitors
    roll_day(store, STRICT, DAY.date(), 10, NOON, close=False)
    assert (before, set(numbers_of(report_of(store, STRICT)))) == (83, {Figures()})


def test_each_site_is_closed_by_its_own_k_and_published_days_stay(workplace: Workplace) -> None:
    """A site without a k has that of the settings; a change holds for days that are closed later."""
    store = workplace.store
    plain = add_site(store, "plain.example", "UTC", DAY)
    careful = add_site(store, "careful.example", "UTC", DAY, threshold=40)
    for site in (plain, careful):
        visit(store, site, {"/": 83, "/a": 25, "/b": 20})
    run_all(workplace, NOW)
    change_site(store, "plain.example", NOW, Profile.STRICT, 12)
    visit(store, plain, {"/": 83}, NOON + timedelta(days=1))
    run_all(workplace, NOW + timedelta(days=1))
    rows = store.rows("SELECT day, site, threshold, profile FROM published FINAL ORDER BY day, threshold")
    assert rows == [
        ["2026-05-01", plain.number, 10, "balanced"],
        ["2026-05-01", careful.number, 40, "balanced"],
        ["2026-05-02", plain.number, 12, "strict"],
    ]
    assert [cell.value for cell in report_of(store, plain).rows["page"]] == ["/", "/a", "/b"]
    assert [cell.value for cell in report_of(store, careful).rows["page"]] == ["/", OTHER]
    assert audit_cells(workplace, NOW).violations == ()


def run_all(workplace: Workplace, now: datetime) -> None:
    """Run every job."""
    for job in JOBS:
        run_job(job, workplace, now)


def test_a_site_that_cannot_be_published_keeps_no_other_waiting(
    workplace: Workplace, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its day stays open, the log says why, and every other site's day is closed."""
    store = workplace.store
    sites = [add_site(store, f"{name}.example", "UTC", DAY) for name in ("a", "b")]
    for site in sites:
        visit(store, site, {"/": 20})
    change_site(store, "a.example", NOW, profile=Profile.DP)
    monkeypatch.setitem(sys.modules, "opendp.prelude", None)  # as if the extra were not installed
    run_all(workplace, NOW)
    assert store.rows("SELECT site FROM published FINAL WHERE closed") == [[sites[1].number]]
    assert "a.example" in caplog.text
    assert "pip install 'footfall[dp]'" in caplog.text


def test_a_day_of_the_profile_dp_is_published_once_it_is_closed(workplace: Workplace) -> None:
    """Nothing while it is open; then totals and large rows with noise, nothing else, and the audit agrees."""
    store = workplace.store
    site = add_site(store, "example.com", "UTC", DAY, Profile.DP)
    visit(store, site, {"/": 1_500, "/rare": 3})
    roll_day(store, site, DAY.date(), 10, NOON, close=False)
    assert report_of(store, site).withheld == [DAY.date()]
    run_all(workplace, NOW)
    report = report_of(store, site)
    assert (report.withheld, report.noisy) == ([], [DAY.date()])
    # Noise of scale 33 at most: that it is off by 700 has a chance of less than one in a billion.
    assert abs(report.totals.visitors - 1_503) < 700
    assert [cell.value for cell in report.rows["page"]] == ["/"]
    for table in ("report_filtered", "report_scroll", "carried"):
        assert store.rows(f"SELECT count() FROM {table}") == [[0]], table  # noqa: S608
    assert audit_cells(workplace, NOW).violations == ()
    run_all(workplace, NOW)
    assert report_of(store, site) == report


@pytest.mark.parametrize(
    ("change", "table", "found"),
    [
        ("visitors = 23", "report_totals", "2 rows of report_totals are not rounded to multiples of 10"),
        ("events = 35", "report_filtered", "rows of report_filtered are not rounded to multiples of 10"),
        ("visitors = 0, visits = 0", "report_cells", "1 cells of browser have fewer than 10 visitors"),
    ],
)
def test_an_audit_judges_a_strict_day_as_strict(workplace: Workplace, change: str, table: str, found: str) -> None:
    """A number that is not in tens, or a row of nobody, is a violation there; the day itself passes."""
    store = workplace.store
    site = add_site(store, "example.com", "UTC", DAY, Profile.STRICT, 12)
    visit(store, site, {"/": 157})
    roll_day(store, site, DAY.date(), 12, NOW, close=True)
    before = audit_cells(workplace, NOW).violations
    only = "WHERE dimension = 'browser'" if table == "report_cells" else "WHERE 1"
    store.run(f"ALTER TABLE {table} UPDATE {change} {only} SETTINGS mutations_sync = 2")
    after = audit_cells(workplace, NOW).violations
    assert before == ()
    assert len(after) == 1
    assert found in after[0]
