"""The jobs: run by hand, twice and late, with the same result."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from aggregate.jobs import JOBS, Workplace, run_job
from aggregate.periods import DayRange
from aggregate.reading import Report, read_report
from core.deletions import DeletionRecord
from core.settings import Settings
from core.sites import Site, add_site, remove_site
from core.store import Store
from tests.fixtures.raw import DAY_START, event, store_events

DAY = date(2026, 5, 1)
Run = Callable[[str, datetime], str]


@pytest.fixture
def run(store: Store, tmp_path: Path) -> Run:
    """Run a job by its name at a time."""
    workplace = Workplace(store, Settings(data=tmp_path), DeletionRecord(store, tmp_path))
    jobs = {job.name: job for job in JOBS}
    return lambda name, now: run_job(jobs[name], workplace, now)


def _add(store: Store, domain: str, zone: str) -> Site:
    return add_site(store, domain, zone, DAY_START)


def _read(store: Store, site: Site, day: date = DAY) -> Report:
    return read_report(store, site, DayRange(day, day), ("page",))


def test_only_days_with_new_events_are_rolled(store: Store, run: Run) -> None:
    """A site without new events costs nothing."""
    site = _add(store, "example.com", "UTC")
    now = DAY_START + timedelta(hours=1)
    store_events(store, [event(site, DAY_START)])
    said = [run("roll", now), run("roll", now)]
    store_events(store, [event(site, DAY_START)])
    assert [*said, run("roll", now)] == ["rolled 1 open day", "", "rolled 1 open day"]
    assert _read(store, site).totals.pageviews == 2


def test_each_site_closes_at_its_own_midnight_plus_grace(store: Store, run: Run) -> None:
    """Auckland's day is closed before Los Angeles' has begun to end, five minutes after midnight."""
    zones = {"nz.example": "Pacific/Auckland", "uk.example": "Europe/London", "us.example": "America/Los_Angeles"}
    for domain, zone in zones.items():
        site = _add(store, domain, zone)
        store_events(store, [event(site, datetime(2026, 5, 1, 11, tzinfo=UTC))])
    times = [(1, 12, 4), (1, 12, 5), (1, 23, 4), (1, 23, 5), (2, 7, 4), (2, 7, 5), (9, 0, 0)]
    said = [run("close", datetime(2026, 5, day, hour, minute, tzinfo=UTC)) for day, hour, minute in times]
    assert said == [
        "",
        "closed nz.example 2026-05-01",
        "",
        "closed uk.example 2026-05-01",
        "",
        "closed us.example 2026-05-01",
        "",
    ]


def test_a_late_run_closes_all_that_is_due(store: Store, run: Run) -> None:
    """A server that was off for days catches up, day by day."""
    site = _add(store, "example.com", "UTC")
    store_events(store, [event(site, DAY_START + timedelta(days=days)) for days in range(4)])
    assert run("close", DAY_START + timedelta(days=3, hours=1)) == (
        "closed example.com 2026-05-01, example.com 2026-05-02, example.com 2026-05-03"
    )


def test_a_closed_day_is_never_restated(store: Store, run: Run) -> None:
    """What arrives for a closed day changes nothing that was published."""
    site = _add(store, "example.com", "UTC")
    store_events(store, [event(site, DAY_START, visitor) for visitor in range(1, 13)])
    later = DAY_START + timedelta(days=1, hours=1)
    run("close", later)
    published = _read(store, site)
    store_events(store, [event(site, DAY_START, visitor) for visitor in range(20, 40)])
    assert [run(job, later) for job in ("roll", "close")] == ["", ""]
    assert _read(store, site) == published
    assert published.totals.visitors == 12


def test_raw_events_are_destroyed_once_every_site_has_closed_the_day(store: Store, run: Run) -> None:
    """The partition goes when the last site has closed it; the record says so; the report stays."""
    west = _add(store, "west.example", "America/Los_Angeles")
    east = _add(store, "east.example", "Asia/Tokyo")
    at = datetime(2026, 5, 1, 8, tzinfo=UTC)
    store_events(store, [event(site, at, visitor) for site in (west, east) for visitor in range(1, 13)])
    said = []
    for now in (datetime(2026, 5, 1, 16, tzinfo=UTC), datetime(2026, 5, 2, 8, tzinfo=UTC)):
        run("close", now)
        said.append(run("destroy-raw", now))
    assert said == ["", "destroyed the raw events of 2026-05-01"]
    assert store.rows("SELECT count() FROM events") == [[0]]
    assert store.rows("SELECT what, site, day FROM deletions") == [["raw events", 0, "2026-05-01"]]
    assert [_read(store, site).totals.visitors for site in (west, east)] == [12, 12]


def test_a_removed_sites_last_day_is_closed_like_any_other(store: Store, run: Run) -> None:
    """Removing a site destroys nothing before its time; its open day is published when it is over."""
    site = _add(store, "example.com", "UTC")
    store_events(store, [event(site, DAY_START, visitor) for visitor in range(1, 13)])
    remove_site(store, "example.com", DAY_START + timedelta(hours=1))
    today, tomorrow = DAY_START + timedelta(hours=2), DAY_START + timedelta(days=1, hours=1)
    said = [run(job, now) for now in (today, tomorrow) for job in ("close", "destroy-raw")]
    assert said == ["", "", "closed example.com 2026-05-01", "destroyed the raw events of 2026-05-01"]
    assert _read(store, site).totals.visitors == 12


def test_every_job_says_what_it_does() -> None:
    """The table of jobs has a name, a pause and a help for each."""
    settings = Settings()
    pauses = [("roll", 60), ("close", 60), ("add-up", 600), ("destroy-raw", 600)]
    pauses += [("forget-accesses", 3_600), ("destroy-removed", 3_600)]
    assert [(job.name, job.every(settings)) for job in JOBS] == pauses
    assert all(job.help.endswith(".") for job in JOBS)
