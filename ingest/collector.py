"""Receiving beacons: read, counted, and answered once what they leave is on disk.

Nothing here logs a request. Every accepted beacon gets the same answer, whether it was
stored or dropped.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files
from typing import NamedTuple

from aiohttp import web
from aiohttp.http_exceptions import PayloadEncodingError
from aiohttp.web_exceptions import HTTPRequestEntityTooLarge
from multidict import istr

from core.clock import Clock
from core.errors import (
    BeaconCompressedError,
    BeaconError,
    BeaconTooLargeError,
    BeaconTooSlowError,
    SpoolError,
    TooManyBeaconsError,
)
from core.logs import Complaint
from core.settings import SHORTEST_RETENTION, Settings
from core.sites import SiteRegistry
from geo.forwarded import NOBODY, TrustedProxies, client_network
from geo.network import Cut
from ingest.answers import accepted, image, refused, unavailable
from ingest.beacon import Arrival, Beacon, Signals
from ingest.commits import Commits
from ingest.counting import count_hits, dropped_hit, hits_of, rejected
from ingest.erasing import Erasures
from ingest.exporting import Exports
from ingest.gate import Knowledge
from ingest.known_beacons import KnownBeacons
from ingest.meter import Meter
from ingest.noticeboard import Noticeboard
from ingest.parse import parse_pixel
from ingest.rates import RateLimit, RateLimits
from ingest.reasons import DropReason
from ingest.signals import is_opted_out, is_prefetch, receipt_of

MOST_BODY_BYTES = 64 * 1024
BODY_SECONDS = 10.0
"""How long a beacon's body may take to come: it fits into one packet, most times."""

_REASONS: Mapping[type[BeaconError], DropReason] = {
    BeaconTooLargeError: DropReason.TOO_LARGE,
    TooManyBeaconsError: DropReason.RATE_LIMITED,
}
_X_FORWARDED_FOR, _FORWARDED = istr("X-Forwarded-For"), istr("Forwarded")
_USER_AGENT, _CONTENT_ENCODING = istr("User-Agent"), istr("Content-Encoding")
_PLAIN, _PREFETCH = Signals(opted_out=False, prefetch=False), Signals(opted_out=False, prefetch=True)
ERASURES_A_SECOND = 1 / 60
"""Of one network: each makes ClickHouse write a day's rows anew."""
_NO_SITES_YET = "The sites could not be read yet; beacons are taken once ClickHouse has answered."

_log = logging.getLogger("footfall.collector")

Read = Callable[["Collector", web.BaseRequest], Awaitable[Sequence[Beacon]]]


class Answers(NamedTuple):
    """How a way in answers: a beacon that was taken, one that is wrong, and when nothing can be taken."""

    accepted: Callable[[web.BaseRequest], web.StreamResponse]
    refused: Callable[[web.BaseRequest, BeaconError], web.StreamResponse]
    unavailable: Callable[[web.BaseRequest], web.StreamResponse]


_EVENT = Answers(accepted, refused, unavailable)
_PIXEL = Answers(image, refused, unavailable)


def read_script() -> bytes:
    """Read the tracker that the build made."""
    return (files("ingest") / "static" / "script.js").read_bytes()


@dataclass(frozen=True, slots=True)
class Collector:
    """All that a request needs: who may state addresses, what the gate knows, where entries go."""

    clock: Clock
    sites: SiteRegistry
    knowledge: Knowledge
    commits: Commits
    limits: RateLimits = field(default_factory=RateLimits)
    trusted_proxies: TrustedProxies = NOBODY
    cut: Cut = field(default_factory=Cut)
    beacons: KnownBeacons = field(default_factory=KnownBeacons)
    meter: Meter = field(default_factory=Meter)
    metrics_token: str = ""
    public_url: str = ""
    count_opt_outs: bool = False
    noticeboard: Noticeboard = field(default_factory=lambda: Noticeboard(Settings()), repr=False)
    dnt_policy: bytes = b""
    erasures: Erasures | None = None
    exports: Exports | None = None
    erasure_limit: RateLimit = field(default_factory=lambda: RateLimit(ERASURES_A_SECOND))
    receipt_seconds: float = SHORTEST_RETENTION
    script: bytes = field(default_factory=read_script, repr=False)
    complaint: Complaint = field(default_factory=lambda: Complaint(_log))

    def trouble(self) -> str:
        """Say why beacons cannot be taken now; "" if they can."""
        return self.hindrance() or self.commits.trouble(self.clock())

    def hindrance(self) -> str:
        """Say what is missing before any beacon may be read; "" if nothing is."""
        return self.noticeboard.trouble if self.sites.is_known else _NO_SITES_YET

    def let_go(self) -> None:
        """Take leave of an opted-out request: nothing of it is read, and only its being one may be counted."""
        if self.count_opt_outs:
            self.commits.note(rejected(DropReason.OPTED_OUT, self.clock()))


async def receive_event(collector: Collector, request: web.BaseRequest) -> web.StreamResponse:
    """``POST /api/event``: 202 once the beacon is on disk, 400 with the errors by field."""
    return await receive(collector, request, _read_event, _EVENT)


async def receive_pixel(collector: Collector, request: web.BaseRequest) -> web.StreamResponse:
    """``GET /pixel.gif``: an image for pages without scripts."""
    return await receive(collector, request, _read_pixel, _PIXEL)


async def receive(
    collector: Collector, request: web.BaseRequest, read: Read, answers: Answers
) -> web.StreamResponse:
    """Read beacons, count them, and answer. Every way in goes through here."""
    if is_opted_out(request.headers):  # before anything is read or computed
        collector.let_go()
        return answers.accepted(request)
    try:
        await _count(collector, request, read)
    except BeaconError as error:
        return answers.refused(request, error)
    except SpoolError as error:
        collector.meter.unavailable.inc()
        collector.complaint.make(error, collector.clock())
        return answers.unavailable(request)
    return answers.accepted(request)


async def _read_event(collector: Collector, request: web.BaseRequest) -> Sequence[Beacon]:
    return (collector.beacons.parse(await read_body(request)),)


async def _read_pixel(_collector: Collector, request: web.BaseRequest) -> Sequence[Beacon]:
    return (parse_pixel(request.query, request.headers.get("Referer", "")),)


async def read_body(request: web.BaseRequest) -> bytes:
    """Read a request's body, as it came and of ``MOST_BODY_BYTES`` at the most. Raises BeaconError."""
    if request.headers.get(_CONTENT_ENCODING, "identity").lower() != "identity":
        raise BeaconCompressedError({"request": ["must not be compressed; leave out Content-Encoding"]})
    try:
        # Nearly all come with their headers; a timer for each would take a microsecond.
        body = await (request.read() if request.content.is_eof() else _read_slowly(request))
    except HTTPRequestEntityTooLarge:
        raise _too_large() from None
    except TimeoutError:
        raise BeaconTooSlowError({"request": [f"must come within {BODY_SECONDS:.0f} seconds"]}) from None
    except (web.RequestPayloadError, PayloadEncodingError):  # a body that is not what its headers say
        raise BeaconError({"request": ["could not be read; check Content-Length and Transfer-Encoding"]}) from None
    if len(body) > MOST_BODY_BYTES:
        raise _too_large()
    return body


async def _read_slowly(request: web.BaseRequest) -> bytes:
    if request.headers.get("Expect", "").lower() == "100-continue":  # RFC 9110 section 10.1.1
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    async with asyncio.timeout(BODY_SECONDS):
        return await request.read()


async def _count(collector: Collector, request: web.BaseRequest, read: Read) -> None:
    """Read beacons and return once what they leave is on disk. Raises BeaconError, SpoolError."""
    if hindrance := collector.hindrance():
        raise SpoolError(hindrance)
    try:
        beacons = await read(collector, request)
    except BeaconError as error:
        admit_broken(collector, request)
        await collector.commits.write([rejected(reason_of(error), collector.clock())])
        raise
    # Received is when the body was there: one that took past midnight must not ask for yesterday's key.
    # From here to the commit nothing else runs, so that no hit is between its time and the spool.
    arrival = arrival_of(collector, request, collector.clock())
    hits = [hit for beacon in beacons for hit in hits_of(beacon, arrival, collector.sites)]
    sites = [hit.site for hit in hits] or (None,)  # what leaves nothing still counts towards the limit
    if not collector.limits.admit(arrival.network, sites, arrival.received.timestamp()):
        for hit in hits:
            collector.commits.note(dropped_hit(hit, DropReason.RATE_LIMITED, collector.knowledge))
        raise too_many()
    entries = count_hits(hits, collector.knowledge)
    if entries:
        await collector.commits.write(entries)


def reason_of(error: BeaconError) -> DropReason:
    """Give the reason by which the ledger counts a beacon that is not taken."""
    return _REASONS.get(type(error), DropReason.NOT_UNDERSTOOD)


def admit_broken(collector: Collector, request: web.BaseRequest) -> None:
    """Count a beacon that is not understood towards its network's limit. Raises TooManyBeaconsError."""
    now = collector.clock()
    if not collector.limits.admit(arrival_of(collector, request, now).network, (None,), now.timestamp()):
        collector.commits.note(rejected(DropReason.RATE_LIMITED, now))
        raise too_many()


def _too_large() -> BeaconTooLargeError:
    return BeaconTooLargeError({"request": [f"must be at most {MOST_BODY_BYTES} bytes"]})


def too_many() -> TooManyBeaconsError:
    """Give the error of a request over the limit of its network or its site."""
    return TooManyBeaconsError({"request": ["are too many at once; send it again later"]})


def arrival_of(collector: Collector, request: web.BaseRequest, received: datetime) -> Arrival:
    """Tell how a request came; its address is cut here."""
    headers = request.headers
    network = client_network(
        request.remote or "",
        headers.getall(_X_FORWARDED_FOR, ()),
        headers.getall(_FORWARDED, ()),
        collector.trusted_proxies,
        collector.cut,
    )
    # An opted-out beacon never comes here.
    signals = _PREFETCH if is_prefetch(headers) else _PLAIN
    return Arrival(received, network, headers.get(_USER_AGENT, ""), signals, receipt_of(headers))
