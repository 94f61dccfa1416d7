"""Making the demo's days: what is missing of each becomes entries of the spool, by the gate that all pass."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from core.clock import day_of, local_day
from core.key_names import KeyName
from core.sites import Site, SiteRegistry
from ingest.demo.traffic import DemoTraffic, Sent, entries_of
from ingest.gate import Knowledge
from ingest.keys import ImportKeys
from ingest.spool import Entry


class Gap(NamedTuple):
    """What is missing of a day: all that was received after an instant, None for the whole day."""

    day: date
    after: datetime | None


class Made(NamedTuple):
    """What the beacons of a day leave, and the names of the keys that were made for them and are destroyed."""

    entries: list[Entry]
    destroyed: list[KeyName]


@dataclass(frozen=True, slots=True)
class Making:
    """Makes up what was sent to the demo's site until an instant."""

    site: Site
    until: datetime

    @property
    def traffic(self) -> DemoTraffic:
        """The traffic of this demo: it hangs on the day on which it was first started."""
        return DemoTraffic(local_day(self.site.created, self.site.zone).day)

    def entries(self, gap: Gap, known: Knowledge) -> list[Entry]:
        """Give what is missing of a day, as it leaves the gate."""
        sites = SiteRegistry([self.site])
        return list(map(_compact, entries_of(self._sent(gap), sites, known)))

    def past_day(self, gap: Gap, known: Knowledge) -> Made:
        """Give what is missing of a day that is over, under a key that is gone by then."""
        keys = ImportKeys()
        try:
            entries = self.entries(gap, replace(known, keys=keys))
        finally:
            destroyed = list(keys.destroy_all())
        return Made(entries, destroyed)

    def is_today(self, day: date) -> bool:
        """Tell whether a day is the one on which the instant falls."""
        return day == local_day(self.until, self.site.zone).day

    def _sent(self, gap: Gap) -> list[Sent]:
        return [
            sent
            for sent in self.traffic.sent_on(day_of(gap.day, self.site.zone))
            if (gap.after is None or sent.arrival.received > gap.after) and sent.arrival.received <= self.until
        ]


def _compact(entry: Entry) -> Entry:
    """Copy an entry's row: orjson leaves 4 KB for each, which a month of them would feel."""
    return entry if entry.row is None else entry._replace(row=bytes(memoryview(entry.row)))
