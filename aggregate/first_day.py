"""Where a site's reports begin."""

from datetime import date

from core.sites import Site
from core.sql import sql
from core.store import Store


def read_first_day(store: Store, site: Site) -> date | None:
    """Give the first day of which a site has a report; None if it has none yet. Raises StoreError."""
    rows = store.rows(sql("aggregate", "read_first_day"), {"site": site.number})
    return date.fromisoformat(rows[0][0]) if rows else None
