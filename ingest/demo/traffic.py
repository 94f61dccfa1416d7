"""The demo site's made-up traffic, day by day: the same for the same seed, first start and day."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from core.clock import LocalDay
from core.sites import SiteRegistry
from ingest.beacon import Arrival, Signals
from ingest.counting import count_hits, hits_of
from ingest.demo.audience import Visitor, bot_of, visitor_of
from ingest.demo.origins import Origin, origin_of
from ingest.demo.rhythm import hour_of, launch_on, visitors_on
from ingest.demo.site import DOMAIN
from ingest.demo.visits import Fields, visit_of
from ingest.gate import Knowledge
from ingest.parse import beacon_of
from ingest.spool import Entry

SEED = 1
STAGING = f"staging.{DOMAIN}"
"""A host whose views the demo does not count."""

_COMES_AGAIN = 0.07
_BOTS, _PREFETCHES, _OWN_TESTS, _COPIES = 0.09, 0.03, 0.02, 0.008
"""What is sent and not counted, as shares of a day's visitors."""
_QUIET, _AHEAD = Signals(opted_out=False, prefetch=False), Signals(opted_out=False, prefetch=True)


class Sent(NamedTuple):
    """A beacon as it comes to the collector."""

    fields: Fields
    arrival: Arrival


@dataclass(frozen=True, slots=True)
class DemoTraffic:
    """The traffic of a demo that was first started on the day ``began``."""

    began: date
    seed: int = SEED

    def sent_on(self, day: LocalDay) -> list[Sent]:
        """Give all that is sent on a day, in the order in which it arrives."""
        chance = random.Random(f"{self.seed} {self.began} {day.day}")  # noqa: S311 (made-up traffic)
        people = visitors_on(chance, day.day, self.began)
        launch = launch_on(day.day, self.began)
        sent = [
            each
            for _visitor in range(people)
            for each in _come(chance, day, visitor_of(chance, day.day), launch / (1 + launch))
        ]
        sent += _uncounted(chance, day, people)
        return sorted((each for each in sent if day.holds(each.arrival.received)), key=_when)


def entries_of(sent: list[Sent], sites: SiteRegistry, knowledge: Knowledge) -> Iterator[Entry]:
    """Yield what beacons leave, by the same gate as any other."""
    for each in sent:
        yield from count_hits(hits_of(beacon_of(each.fields), each.arrival, sites), knowledge)


def _come(chance: random.Random, day: LocalDay, visitor: Visitor, launch: float) -> Iterator[Sent]:
    """Yield what a visitor sends on a day, in one visit or two."""
    origin = origin_of(chance, day.day, launch)
    hours = [hour_of(chance, visitor.hours_ahead)]
    if chance.random() < _COMES_AGAIN:
        hours.append((hours[0] + 2 + int(4 * chance.random())) % 24)
    for number, hour in enumerate(hours):
        began = day.start + timedelta(hours=hour, seconds=3600 * chance.random())
        for at, fields in visit_of(chance, began, Origin() if number else origin, visitor.screen_width):
            yield Sent(fields, Arrival(at, visitor.network, visitor.user_agent, _QUIET))


def _uncounted(chance: random.Random, day: LocalDay, people: int) -> Iterator[Sent]:
    """Yield what the gate drops: bots, pages fetched ahead, the shop's own tests, and a copy of the site."""
    for _bot in range(round(people * _BOTS)):
        yield _view(chance, day, bot_of(chance))
    for _prefetch in range(round(people * _PREFETCHES)):
        sent = _view(chance, day, visitor_of(chance, day.day))
        yield Sent(sent.fields, sent.arrival._replace(signals=_AHEAD))
    for _test in range(round(people * _OWN_TESTS)):
        yield _view(chance, day, visitor_of(chance, day.day), host=STAGING)
    for _copy in range(round(people * _COPIES)):
        yield _view(chance, day, visitor_of(chance, day.day), host="copy.example.net", site="copy.example.net")


def _view(chance: random.Random, day: LocalDay, who: Visitor, host: str = DOMAIN, site: str = DOMAIN) -> Sent:
    at = day.start + (day.end - day.start) * chance.random()
    return Sent(
        {"n": "pageview", "u": f"https://{host}/", "d": site}, Arrival(at, who.network, who.user_agent, _QUIET)
    )


def _when(sent: Sent) -> datetime:
    return sent.arrival.received
