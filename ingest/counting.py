"""From beacons to entries of the spool: the gate, and what the ledger says of each hit."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache

from core.sites import NO_SITE, SiteRegistry
from core.tallies import RECEIVED, STORED, Tally
from ingest.beacon import Arrival, Beacon, Hit
from ingest.event import Event
from ingest.gate import Knowledge, pass_gate
from ingest.reasons import DropReason
from ingest.spool import Entry


def hits_of(beacon: Beacon, arrival: Arrival, sites: SiteRegistry) -> list[Hit]:
    """Give a beacon's hits: one for each site that it names."""
    return [Hit(sites.get(domain), beacon, arrival) for domain in beacon.domains]


def count_hits(hits: Iterable[Hit], knowledge: Knowledge) -> list[Entry]:
    """Pass hits through the gate; give what is to be written. An opted-out hit leaves nothing at all."""
    return [entry for hit in hits if (entry := count_hit(hit, knowledge)) is not None]


def count_hit(hit: Hit, knowledge: Knowledge) -> Entry | None:
    """Give the entry of one hit, or None for one that is counted nowhere."""
    outcome = pass_gate(hit, knowledge)
    if isinstance(outcome, Event):
        return Entry(outcome.received, _tallies(outcome.site, outcome.day, STORED), outcome.row())
    if outcome is DropReason.OPTED_OUT:
        return None
    return dropped_hit(hit, outcome, knowledge)


def dropped_hit(hit: Hit, reason: DropReason, knowledge: Knowledge) -> Entry:
    """Give the entry of a hit that is not stored, under its site and the site's day."""
    received = hit.arrival.received
    if hit.site is None:
        return dropped(NO_SITE, received.date(), reason, received)
    return dropped(hit.site.number, knowledge.keys.day(hit.site, received), reason, received)


def rejected(reason: DropReason, now: datetime) -> Entry:
    """Give the entry of a beacon that was answered with an error; it names no site."""
    return dropped(NO_SITE, now.date(), reason, now)


def dropped(site: int, day: date, reason: DropReason, received: datetime) -> Entry:
    """Give the entry of a hit that was received and not stored."""
    return Entry(received, _tallies(site, day, reason))


@lru_cache(maxsize=1_000)
def _tallies(site: int, day: date, outcome: str) -> tuple[Tally, Tally]:
    # The same for nearly all hits of a moment: remembered, so that they are not made for each.
    return Tally(site, day, RECEIVED), Tally(site, day, str(outcome))
