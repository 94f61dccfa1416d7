"""Public dashboards: the sites whose reports anybody may look at. All calls block; they raise StoreError."""

from datetime import datetime

from core.sql import sql
from core.store import Store, encode_rows
from dashboards.people.tokens import version_of


def make_public(store: Store, site: int, now: datetime, *, is_public: bool) -> None:
    """Open a site's reports to everybody, or close them again."""
    row = (site, is_public, version_of(now))
    store.insert("public_sites", ("site", "is_public", "version"), encode_rows([row]))


def is_public(store: Store, site: int) -> bool:
    """Tell whether anybody may look at a site's reports."""
    return bool(store.rows(sql("dashboards", "is_public"), {"site": site}))
