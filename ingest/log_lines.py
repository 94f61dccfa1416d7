"""A log's lines, one by one, become what hits leave: through the same gate as beacons."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import repeat

from core.clock import local_day
from core.domains import canonical_domain
from core.errors import BeaconError
from core.sites import NO_SITE, Site
from geo.network import Cut
from ingest.access_log import LogLine, parse_line
from ingest.beacon import PAGEVIEW, Arrival, Beacon, Hit
from ingest.counting import count_hit, dropped
from ingest.gate import Knowledge
from ingest.log_pages import why_no_page
from ingest.parse import beacon_of
from ingest.reasons import DropReason
from ingest.spool import Entry

MOST_NUMBERS = 20

_ABSOLUTE = re.compile(r"https?://(?:[^/?#@]*@)?([^/?#:]*)(?::\d*)?(.*)", re.IGNORECASE | re.DOTALL)


@dataclass(slots=True)
class LogLines:
    """Goes through a log's lines; remembers of them no more than days and line numbers.

    ``closed`` are the site's days that take no more. ``understood`` counts lines that have a log's
    format, ``stating`` those of them that say whether somebody said no; ``not_understood`` holds the first
    numbers of lines that were not understood. Who said no is counted (``count_opt_outs``) by line.
    """

    site: Site
    now: datetime
    cut: Cut
    knowledge: Knowledge
    closed: set[date]
    count_opt_outs: bool = False
    understood: int = 0
    stating: int = 0
    not_understood: list[int] = field(default_factory=list)
    _lost: Counter[date | None] = field(default_factory=Counter)
    _first_day: date | None = None
    _day: date | None = None

    def take(self, number: int, text: bytes) -> Entry | None:
        """Give what a line leaves, None if that is nothing, or told at the end.

        A line from the future is not understood: its clock or ours is wrong.
        """
        line = parse_line(text, self.cut)
        if line is not None:
            self.understood += 1
            self.stating += line.states_signals
            if line.signals.opted_out:  # before anything of it is computed, as with a beacon
                return (
                    dropped(NO_SITE, line.at.date(), DropReason.OPTED_OUT, line.at)
                    if self.count_opt_outs
                    else None
                )
            if line.at <= self.now and (entry := self._entry(number, line)) is not None:
                return entry
        self._lost[self._day] += 1
        if len(self.not_understood) < MOST_NUMBERS:
            self.not_understood.append(number)
        return None

    def lost(self) -> Iterator[Entry]:
        """Yield what the lines leave that were not understood.

        Each counts on the day of the line before it that was, on the file's first day if there is none.
        """
        first = self._first_day or local_day(self.now, self.site.zone).day
        for day, lines in self._lost.items():
            yield from repeat(dropped(self.site.number, day or first, DropReason.NOT_UNDERSTOOD, self.now), lines)

    def _entry(self, number: int, line: LogLine) -> Entry | None:
        day = self._day = self.knowledge.keys.day(self.site, line.at)
        self._first_day = self._first_day or day
        hostname, target = _address(line, self.site)
        if not _is_own(hostname, self.site):
            return dropped(NO_SITE, line.at.date(), DropReason.UNKNOWN_SITE, line.at)
        path, _, query = target.partition("#")[0].partition("?")
        reason = why_no_page(line.method, path, query, line.status)
        if reason is None and day in self.closed:
            reason = DropReason.DAY_CLOSED
        if reason is not None:
            return dropped(self.site.number, day, reason, line.at)
        beacon = _beacon(f"https://{hostname}{target}", line.referrer, self.site)
        if beacon is None:
            return None
        # A log has whole seconds; the microseconds are the line's place in the file.
        received = line.at + timedelta(microseconds=number % 1_000_000)
        arrival = Arrival(received, line.network, line.user_agent, line.signals)
        return count_hit(Hit(self.site, beacon, arrival), self.knowledge)


def _beacon(url: str, referrer: str, site: Site) -> Beacon | None:
    """Give the pageview that the page would have sent; None if it would have been refused."""
    try:
        return beacon_of({"name": PAGEVIEW, "url": url, "domain": site.domain, "referrer": referrer})
    except BeaconError:
        return None


def _address(line: LogLine, site: Site) -> tuple[str, str]:
    """Give the host and the path with query that a line asks for.

    A target may be a whole address (RFC 9112 section 3.2.2): its host holds, which shows those who
    try whether the server relays to others.
    """
    absolute = _ABSOLUTE.fullmatch(line.target)
    if absolute is not None:
        return absolute[1], absolute[2] if absolute[2].startswith("/") else "/" + absolute[2]
    return line.hostname or site.domain, line.target


def _is_own(hostname: str, site: Site) -> bool:
    """Tell whether a host is the site's domain or below it."""
    name, domain = canonical_domain(hostname), site.domain.partition(":")[0]
    return name in {domain, site.domain} or name.endswith("." + domain)
