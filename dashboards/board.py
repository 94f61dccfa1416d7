"""What the pages stand on."""

import asyncio
from dataclasses import dataclass, field
from datetime import date

from aiohttp import web

from aggregate.kept_reports import KeptReports
from aggregate.periods import DayRange
from aggregate.reading import Report
from core.accesses import AccessRecord
from core.clock import Clock
from core.settings import Settings
from core.sites import SiteRegistry
from core.store import Store
from dashboards.mail.questions import Questions
from dashboards.people.last_uses import NotedUses
from dashboards.people.setup import SetupToken
from dashboards.people.throttle import LoginThrottle
from dashboards.remembered import Remembered
from dashboards.sites.goals import Goal


@dataclass(frozen=True, slots=True)
class Dashboards:
    """All that the pages need; made by the wiring, kept in the application.

    ``hashing`` lets one password be checked at a time: each takes 64 MiB and a core. ``changing_people`` lets
    one change of people be made at a time: what is used up once, an invitation, a code or the name of a key, is so
    for two at once.
    ``stand_ins`` are where the pages of made-up sites really are, by domain: the demo's.
    ``reports`` are kept by what was asked. ``languages`` are remembered by account, ``first_days`` and ``goals``
    by site, ``props`` by site and range.
    """

    store: Store
    sites: SiteRegistry
    settings: Settings
    clock: Clock
    setup: SetupToken
    stand_ins: dict[str, str] = field(default_factory=dict)
    throttle: LoginThrottle = field(default_factory=LoginThrottle)
    link_throttle: LoginThrottle = field(default_factory=LoginThrottle)
    code_throttle: LoginThrottle = field(default_factory=LoginThrottle)
    mail_questions: Questions = field(default_factory=Questions)
    uses: NotedUses = field(default_factory=NotedUses)
    reports: KeptReports[Report] = field(default_factory=KeptReports)
    languages: Remembered[str, str] = field(default_factory=Remembered)
    first_days: Remembered[int, date | None] = field(default_factory=Remembered)
    goals: Remembered[int, list[Goal]] = field(default_factory=Remembered)
    props: Remembered[tuple[int, DayRange], list[str]] = field(default_factory=Remembered)
    hashing: asyncio.Lock = field(default_factory=asyncio.Lock)
    changing_people: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def accesses(self) -> AccessRecord:
        """Where it is written down who read what."""
        return AccessRecord(self.store, self.settings.data)


BOARD = web.AppKey("board", Dashboards)
