"""Destroying what there is of a site that was removed, once the time for taking that back is over."""

from datetime import datetime, timedelta

from core.deletions import Deletion, DeletionRecord, Destroyed
from core.sites import SITES_TABLE, Site, removed_sites
from core.sql import sql
from core.store import Store

_RECORDS = frozenset({"accesses", "deletions"})  # chained: a line that is taken out breaks them
_RAW = frozenset({"events", "erasing"})  # destroyed by whole days, or in memory


def destroy_removed_sites(store: Store, record: DeletionRecord, keep: timedelta, now: datetime) -> list[Site]:
    """Destroy reports, ledger, goals and whatever else has a removed site's number; give the sites.

    A site whose raw events are still there waits until its days are closed and they are destroyed. Each
    is a line in the deletion record; a run that was cut off is done again, as the site's own row goes last.
    Raises StoreError.
    """
    destroyed = []
    for removed in removed_sites(store):
        site = removed.site
        if now < removed.removed + keep or store.rows(sql("aggregate", "site_has_events"), {"site": site.number}):
            continue
        for table in _tables_with_sites(store):
            _delete(store, table, site)
        record.append(Deletion(now, Destroyed.SITE, site.number, now.date()))
        _delete(store, SITES_TABLE, site)
        destroyed.append(site)
    return destroyed


def _delete(store: Store, table: str, site: Site) -> None:
    store.run(f"ALTER TABLE {table} DELETE WHERE site = {site.number} SETTINGS mutations_sync = 2")


def _tables_with_sites(store: Store) -> list[str]:
    tables = [str(table) for (table,) in store.rows(sql("aggregate", "tables_with_sites"))]
    return [table for table in tables if table not in _RECORDS | _RAW | {SITES_TABLE}]
