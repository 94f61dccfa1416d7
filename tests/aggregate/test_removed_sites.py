"""Sites that were removed: restored for a while, then destroyed."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from aggregate.closing import Closing, close_due_days
from aggregate.periods import DayRange
from aggregate.reading import read_report
from aggregate.removed_sites import destroy_removed_sites
from core.deletions import DeletionRecord, Destroyed, read_deletions
from core.errors import SiteError
from core.sites import Site, add_site, find_site, list_sites, remove_site, removed_sites, restore_site
from core.store import Store
from tests.fixtures.months import store_days
from tests.fixtures.statements import KilledError, deaths_of, killed_at
from tests.fixtures.store import empty

DAY = date(2026, 5, 1)
CREATED = datetime(2026, 5, 1, tzinfo=UTC)
REMOVED = datetime(2026, 5, 3, tzinfo=UTC)
KEEP = timedelta(days=30)
DUE = REMOVED + KEEP


def test_a_removed_site_is_restored_with_its_reports(store: Store) -> None:
    """Who removes a site by mistake takes it back, and finds all that it had."""
    site = _published_site(store)
    remove_site(store, "example.com", REMOVED)
    assert list_sites(store) == []
    assert [(each.site, each.removed) for each in removed_sites(store)] == [(site, REMOVED)]
    assert restore_site(store, "www.Example.com", REMOVED + timedelta(days=1)) == site
    assert (find_site(store, "example.com"), removed_sites(store)) == (site, [])
    assert _visitors(store, site) == 30


def test_what_cannot_be_restored_is_refused(store: Store) -> None:
    """A domain that is counted already, or was never removed, is refused with what to do."""
    with pytest.raises(SiteError, match="Add it as a new site"):
        restore_site(store, "example.com", REMOVED)
    add_site(store, "example.com", "UTC", CREATED)
    remove_site(store, "example.com", REMOVED)
    add_site(store, "example.com", "UTC", REMOVED)
    with pytest.raises(SiteError, match="Remove that site first"):
        restore_site(store, "example.com", REMOVED)


def test_a_removed_site_is_destroyed_when_its_time_is_over(store: Store, tmp_path: Path) -> None:
    """After the days for an undo nothing has its number any more but the chained records, and they say so."""
    site, record = _published_site(store), DeletionRecord(store, tmp_path)
    other = add_site(store, "other.example", "UTC", CREATED)
    remove_site(store, "example.com", REMOVED)
    assert destroy_removed_sites(store, record, KEEP, DUE - timedelta(seconds=1)) == []
    assert destroy_removed_sites(store, record, KEEP, DUE) == []  # its raw events are still there
    store.run(f"ALTER TABLE events DROP PARTITION '{DAY}'")
    assert destroy_removed_sites(store, record, KEEP, DUE) == [site]
    assert destroy_removed_sites(store, record, KEEP, DUE) == []
    assert _tables_that_hold(store, site) == {"deletions"}
    assert list_sites(store, with_removed=True) == [other]
    assert [(line.what, line.site, line.day) for line in read_deletions(store)] == [
        (Destroyed.SITE, site.number, DUE.date())
    ]


@pytest.mark.parametrize("after", [False, True])
def test_a_killed_destruction_is_done_again(store: Store, tmp_path: Path, *, after: bool) -> None:
    """Cut off at its first, middle or last change and run again, it leaves the same."""

    def destroy(target: Store) -> None:
        destroy_removed_sites(target, DeletionRecord(target, tmp_path), KEEP, DUE)

    _removed_and_closed(store)
    deaths = deaths_of(store, destroy, after=after)
    for at in (deaths[0], deaths[len(deaths) // 2], deaths[-2], deaths[-1]):
        empty(store)
        site = _removed_and_closed(store)
        with pytest.raises(KilledError):
            destroy(killed_at(store, at, after=after))
        destroy(store)
        assert _tables_that_hold(store, site) == {"deletions"}


def _removed_and_closed(store: Store) -> Site:
    site = _published_site(store)
    remove_site(store, "example.com", REMOVED)
    store.run(f"ALTER TABLE events DROP PARTITION '{DAY}'")
    return site


def _published_site(store: Store) -> Site:
    site = add_site(store, "example.com", "UTC", CREATED)
    store_days(store, site, DAY, [{"DE": 30}])
    close_due_days(store, [site], 10, Closing(timedelta(minutes=5), timedelta(hours=1)), REMOVED)
    return site


def _visitors(store: Store, site: Site) -> int:
    return read_report(store, site, DayRange(DAY, DAY)).totals.visitors


def _tables_that_hold(store: Store, site: Site) -> set[str]:
    tables = store.rows(
        "SELECT table FROM system.columns WHERE database = currentDatabase() AND name = 'site' ORDER BY table"
    )
    held = (f"SELECT DISTINCT '{table}' FROM {table} WHERE site = {site.number}" for (table,) in tables)  # noqa: S608
    return {table for statement in held for (table,) in store.rows(statement)}
