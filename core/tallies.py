"""Tallies: what the ledger is made of. Every hit is received once and has one outcome.

A counter (a spool, an import) states its counts so far, never what was added: a statement
that is sent twice, or whose answer was lost, counts once. The newest one holds.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from core.store import Store, encode_rows

RECEIVED = "received"
STORED = "stored"
LATE = "late"

_COLUMNS = ("site", "day", "outcome", "counter", "counted", "hits", "version")


class Tally(NamedTuple):
    """So many hits of a site's day ended so."""

    site: int
    day: date
    outcome: str
    hits: int = 1


class Statement(NamedTuple):
    """How many hits a counter has counted so far for a tally, of those that it counted on one UTC day."""

    counted: date
    tally: Tally


def state_tallies(store: Store, counter: str, statements: Iterable[Statement]) -> None:
    """Write statements to the ledger; its distance from 0 is a count's version. Raises StoreError."""
    store.insert(
        "tallies",
        _COLUMNS,
        encode_rows(
            [
                (tally.site, tally.day, tally.outcome, counter, counted, tally.hits, abs(tally.hits))
                for counted, tally in statements
            ]
        ),
    )
