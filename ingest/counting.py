"""From beacons to entries of the spool: the gate, and what the ledger says of each hit."""

from datetime import date, datetime

from core.sites import NO_SITE, SiteRegistry
from ingest.beacon import Arrival, Beacon, Hit
from ingest.event import Event
from ingest.gate import Knowledge, pass_gate
from ingest.reasons import DropReason
from ingest.spool import RECEIVED, Entry, SpooledEvent, Tally


def count_beacon(beacon: Beacon, arrival: Arrival, sites: SiteRegistry, knowledge: Knowledge) -> list[Entry]:
    """Pass a beacon through the gate once for each site that it names; give what is to be written.

    An opted-out hit leaves nothing at all.
    """
    hits = (Hit(sites.get(domain), beacon, arrival) for domain in beacon.domains)
    return [entry for hit in hits if (entry := count_hit(hit, knowledge)) is not None]


def count_hit(hit: Hit, knowledge: Knowledge) -> Entry | None:
    """Give the entry of one hit, or None for one that is counted nowhere."""
    outcome = pass_gate(hit, knowledge)
    if isinstance(outcome, Event):
        received = Tally(outcome.site, outcome.day, RECEIVED)
        return Entry((received,), SpooledEvent(outcome.site, outcome.day, outcome.row()))
    if outcome is DropReason.OPTED_OUT:
        return None
    if hit.site is None:
        return dropped(NO_SITE, hit.arrival.received.date(), outcome)
    return dropped(hit.site.number, knowledge.keys.day(hit.site, hit.arrival.received), outcome)


def rejected(reason: DropReason, now: datetime) -> Entry:
    """Give the entry of a beacon that was answered with an error; it names no site."""
    return dropped(NO_SITE, now.date(), reason)


def dropped(site: int, day: date, reason: DropReason) -> Entry:
    """Give the entry of a hit that was received and not stored."""
    return Entry((Tally(site, day, RECEIVED), Tally(site, day, reason)))
