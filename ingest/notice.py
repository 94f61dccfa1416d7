"""What the privacy notice says: made from the running settings, the sites and the columns that are stored.

The content is the same for all collectors with the same settings and store, and the same whether they reach
the store or not, as long as its columns are those of the inventory.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from core.inventory import INVENTORY, Kept, StoredTable
from core.live_columns import LiveColumns, unexplained_columns
from core.notices import Content
from core.settings import STATEMENTS, Settings
from core.sites import Site
from ingest.keys import KEY_BYTES
from ingest.pages.catalogues import FALLBACK, Texts, catalogues

RIGHTS: Mapping[str, str] = {
    "access": "GET /privacy/me",
    "dry_run": "POST /privacy/dry-run",
    "copy": "POST /privacy/export",
    "erasure": "DELETE /privacy/me",
    "objection": "GET /privacy/opt-out",
}
"""How a visitor uses a right here; the notice's texts say it in words."""
SIGNALS = ("DNT: 1", "Sec-GPC: 1", "Cookie: optout=1")
"""Request headers that say no."""
SECURITY = ("cut", "memory_keys", "destroyed", "reports", "logs", "login", "audit")
"""The measures that Footfall takes by itself; each is a text of the notice, ``security_…``."""


def notice_content(settings: Settings, sites: Iterable[Site], live: LiveColumns) -> Content:
    """Give the notice as data, its prose in English. ``live`` are the store's columns."""
    texts = catalogues()[FALLBACK]
    stated = {name: getattr(settings, name) or None for name in STATEMENTS}
    return {
        "operator": stated,
        "address": {"ipv4_bits_kept": settings.keep_ipv4_bits, "ipv6_bits_kept": settings.keep_ipv6_bits},
        "token": {
            "meaning": texts["notice"]["token"],
            "key_bytes": KEY_BYTES,
            "key_scope": "one site and one day of its time zone",
        },
        "sites": {site.domain: _site(site, settings) for site in sites},
        "publication": {"seconds_after_midnight": settings.close_grace},
        "retention": _retention(settings, texts["notice"]),
        "stored": {table.name: _stored(table, live, texts) for table in INVENTORY},
        "unexplained": unexplained_columns(live),
        "data_sources": {"country": "of the operator's choice" if settings.country_database else "DB-IP Lite"},
        "opted_out": {"signals": list(SIGNALS), "are_counted": settings.count_opt_outs},
        "rights": dict(RIGHTS),
        "security": {name: texts["notice"][f"security_{name}"] for name in SECURITY},
    }


def retention_numbers(settings: Settings) -> dict[str, str]:
    """Give the numbers that stand in the texts about how long rows are kept."""
    hours = f"{settings.raw_retention / 3600:g}"
    return {"hours": hours, "receipt_hours": hours, "minutes": f"{settings.close_grace / 60:g}"}


def k_of(site: Site, settings: Settings) -> int:
    """Give how many visitors a row of a site's reports needs."""
    return site.threshold or settings.threshold


def stored_columns(table: StoredTable, live: LiveColumns) -> list[str]:
    """Give the columns that a table of the inventory has now: the store's own order, those that are explained."""
    if table.kept in {Kept.SPOOL, Kept.IMPORT}:
        return list(table.examples)
    return [name for name in live.get(table.name, ()) if name in table.examples]


def meaning_of(table: str, column: str, fields: Texts) -> str:
    """Give what a column means: a column of this table alone, else all of that name."""
    return fields.get(f"{table}.{column}") or fields[column]


def _site(site: Site, settings: Settings) -> dict[str, Any]:
    return {
        "timezone": site.timezone,
        "key_destroyed": f"each day at 00:00 {site.timezone}",
        "profile": site.profile.value,
        "threshold": k_of(site, settings),
    }


def _retention(settings: Settings, texts: Texts) -> dict[str, Any]:
    numbers = retention_numbers(settings)
    rules: dict[str, Any] = {kept.value: {"meaning": texts[f"kept_{kept}"].format(**numbers)} for kept in Kept}
    rules[Kept.RAW] |= {"seconds": settings.raw_retention, "from": "00:00 UTC of the day"}
    return rules


def _stored(table: StoredTable, live: LiveColumns, texts: Mapping[str, Texts]) -> dict[str, Any]:
    return {
        "meaning": texts["notice_tables"][table.name],
        "kept": table.kept.value,
        "columns": {
            name: {
                "meaning": meaning_of(table.name, name, texts["notice_fields"]),
                "example": table.examples[name],
                "kept": table.kept.value,
            }
            for name in stored_columns(table, live)
        },
    }
