"""The inventory: every stored column that holds anything about a visitor, with an example and how long it lives.

The privacy notice is made from it, what each means stands in the notice's languages, and a collector that finds
a column of ``events`` which is missing here collects nothing. A new column is a line here and a text in each
language; a new table that holds nothing about visitors is a name in ``WITHOUT_VISITORS``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kept(StrEnum):
    """How long a table's rows are kept; the notice says it in words, with the running settings' numbers."""

    SPOOL = "spool"
    """Until ClickHouse has them."""
    RAW = "raw"
    """Until every site has closed their day, and ``raw_retention`` is over."""
    IMPORT = "import"
    """Until the import is done."""
    ERASURE = "erasure"
    """In memory alone, while an erasure runs."""
    MINUTES = "minutes"
    """In memory alone, until the next number takes their place, and a few minutes at most."""
    MONTH = "month"
    """Until every site has closed their month and added it up."""
    FOR_GOOD = "for_good"
    """They are anonymous and kept for good."""


@dataclass(frozen=True, slots=True)
class StoredTable:
    """A table, or the spool's file, and an example of each of its columns, in its order."""

    name: str
    kept: Kept
    examples: Mapping[str, str]

    def holds(self, table: str) -> bool:
        """Tell whether a table of the store is this one; an import's has a name of its own after ``import_``."""
        return table == self.name or (self.kept is Kept.IMPORT and table.startswith(self.name))


EVENTS = "events"
IMPORT = "import_"
SPOOL = "spool"

EVENT_EXAMPLES: Mapping[str, str] = {
    "site": "7",
    "day": "2026-05-01",
    "received": "2026-05-01 09:31:07.204518",
    "visitor": "13835058055282163712",
    "name": "pageview",
    "interactive": "true",
    "hostname": "example.com",
    "page": "/pricing",
    "source": "Google",
    "referrer": "google.com",
    "channel": "Organic Search",
    "utm_source": "newsletter",
    "utm_medium": "email",
    "utm_campaign": "spring",
    "utm_content": "button",
    "utm_term": "shoes",
    "country": "DE",
    "browser": "Firefox",
    "browser_version": "140",
    "os": "Windows",
    "os_version": "11",
    "device": "Desktop",
    "screen": "Desktop",
    "scroll_depth": "75",
    "engaged": "41000",
    "props": '{"plan": "pro"}',
    "receipt": "0",
}
_COUNTS = {
    "visitors": "57",
    "visits": "63",
    "pageviews": "140",
    "bounces": "30",
    "seconds": "5210",
    "events": "151",
}
_SITE_DAY = {"site": "7", "day": "2026-05-01"}
_SITE_SPAN = {"site": "7", "first": "2026-05-01", "span": "month"}
_ROLL = {"roll": "1777636800000000"}
_OPEN = {"closed": "true", "slot": "0"} | _ROLL
_VALUE = {"dimension": "country", "value": "DE"}
_VALUE_OR_OTHER = {"dimension": "country", "other": "false", "value": "DE"}
_FILTER = {"filter": "source", "filter_value": "Google"}
_DEPTHS = {"value": "/pricing", "visitors": "57", "visits": "63", "depths": "4110"}

INVENTORY: tuple[StoredTable, ...] = (
    StoredTable(EVENTS, Kept.RAW, EVENT_EXAMPLES),
    StoredTable(
        SPOOL,
        Kept.SPOOL,
        {
            "received": "1777627867204518",
            "events": "1",
            "rows": "one row of events",
            "tallies": '[[7, "2026-05-01", "stored", 1]]',
        },
    ),
    StoredTable(IMPORT, Kept.IMPORT, EVENT_EXAMPLES),
    StoredTable(
        "erasing",
        Kept.ERASURE,
        {"erasure": "9f1c2b7d", "at": "2026-05-01 10:02:11.830"}
        | _SITE_DAY
        | {"visitor": EVENT_EXAMPLES["visitor"]},
    ),
    StoredTable("carried", Kept.MONTH, _SITE_DAY | _ROLL | _VALUE_OR_OTHER | _COUNTS),
    StoredTable(
        "published",
        Kept.FOR_GOOD,
        _SITE_DAY
        | _OPEN
        | {"raw_rows": "151", "at": "2026-05-02 00:05:02.310", "threshold": "10", "took": "840"}
        | _COUNTS
        | {"profile": "balanced"},
    ),
    StoredTable("report_totals", Kept.FOR_GOOD, _SITE_DAY | _OPEN | {"hour": "9"} | _COUNTS),
    StoredTable("report_cells", Kept.FOR_GOOD, _SITE_DAY | _OPEN | _VALUE_OR_OTHER | _COUNTS),
    StoredTable("report_filtered", Kept.FOR_GOOD, _SITE_DAY | _ROLL | _FILTER | _VALUE | _COUNTS),
    StoredTable("report_atoms", Kept.FOR_GOOD, _SITE_SPAN | _ROLL | _VALUE_OR_OTHER | _COUNTS),
    StoredTable(
        "report_cell_sums",
        Kept.FOR_GOOD,
        _SITE_SPAN | _ROLL | _VALUE_OR_OTHER | _COUNTS | {"scrolled": "63", "depths": "4110"},
    ),
    StoredTable(
        "report_filtered_sums",
        Kept.FOR_GOOD,
        _SITE_SPAN | _ROLL | _FILTER | _VALUE | _COUNTS | {"shown_days": "5"},
    ),
    StoredTable("report_scroll", Kept.FOR_GOOD, _SITE_DAY | _ROLL | _DEPTHS),
    StoredTable("current_visitors", Kept.MINUTES, {"site": "7", "visitors": "4", "at": "2026-05-01 09:32:00.140"}),
    StoredTable("report_draws", Kept.FOR_GOOD, _SITE_DAY | {"attempt": "0"} | _VALUE | {"number": "61"}),
    StoredTable(
        "tallies",
        Kept.FOR_GOOD,
        _SITE_DAY
        | {
            "outcome": "stored",
            "counter": "9f1c2b7d",
            "counted": "2026-05-01",
            "hits": "140",
            "version": "1777636800000000",
        },
    ),
    StoredTable(
        "deletions",
        Kept.FOR_GOOD,
        {
            "sequence": "12",
            "at": "2026-05-02 00:00:03.120",
            "what": "key",
            "site": "7",
            "day": "2026-05-01",
            "previous": "5d41402a…",
            "hash": "7d793037…",
        },
    ),
)

WITHOUT_VISITORS = frozenset(
    {
        *("migrations", "sites", "accounts", "logins", "collectors", "turns", "notices"),
        *("accesses", "resets"),
        *("roles", "invites", "api_keys", "shared_links", "public_sites", "goals"),
        *("second_factors", "account_languages", "last_uses"),
        *("mail_recipients", "mail_sendings"),
        *("published_spans", "imports", "privacy_budget"),
    }
)
"""The store's tables in which nothing is about a visitor: the operator's own, and what was published when."""


def stored_table(table: str) -> StoredTable | None:
    """Give the inventory's entry for a table of the store; None if it has none."""
    return next((each for each in INVENTORY if each.holds(table)), None)
