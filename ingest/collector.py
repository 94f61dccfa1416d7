"""The collector's side of the web: beacons in, the tracker out, signs of life.

Nothing here logs a request. Every accepted beacon gets the same answer, whether it was
stored or dropped.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files

from aiohttp import web
from aiohttp.http_exceptions import PayloadEncodingError
from aiohttp.web_exceptions import HTTPRequestEntityTooLarge

from core.clock import Clock
from core.errors import BeaconError, BeaconTooLargeError, SpoolError
from core.sites import SiteRegistry
from geo.forwarded import TrustedProxies, client_network
from geo.network import Cut
from ingest.beacon import Arrival, Beacon
from ingest.commits import Commits
from ingest.counting import count_beacon, rejected
from ingest.gate import Knowledge
from ingest.parse import parse_event, parse_pixel
from ingest.reasons import DropReason
from ingest.signals import is_opted_out, read_signals

MOST_BODY_BYTES = 64 * 1024
RETRY_AFTER = "5"  # seconds

# Any page may send a beacon.
_CORS = {"Access-Control-Allow-Origin": "*"}
_PREFLIGHT = _CORS | {
    "Access-Control-Allow-Methods": "POST, OPTIONS",
    "Access-Control-Allow-Headers": "Content-Type",
    "Access-Control-Max-Age": "86400",
}
_SCRIPT_HEADERS = _CORS | {"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"}
_GIF_HEADERS = _CORS | {"Cache-Control": "no-store"}
_GIF = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")

_log = logging.getLogger("footfall.collector")


@dataclass(frozen=True, slots=True)
class Collector:
    """All that a request needs: who may state addresses, what the gate knows, where entries go."""

    clock: Clock
    sites: SiteRegistry
    knowledge: Knowledge
    commits: Commits
    trusted_proxies: TrustedProxies = ()
    cut: Cut = field(default_factory=Cut)


COLLECTOR = web.AppKey("collector", Collector)
SCRIPT = web.AppKey("script", bytes)


def add_collector(app: web.Application, collector: Collector) -> None:
    """Add the collector's routes to an application."""
    app[COLLECTOR] = collector
    app[SCRIPT] = read_script()
    app.router.add_post("/api/event", receive_event)
    app.router.add_options("/api/event", answer_preflight)
    app.router.add_get("/pixel.gif", receive_pixel, allow_head=False)  # HEAD shows nobody a page
    for path in ("/js/script.js", "/js/plausible.js"):  # the second is in Plausible's older snippets
        app.router.add_get(path, send_script)
    app.router.add_get("/health", answer_alive)
    app.router.add_get("/ready", answer_ready)


def read_script() -> bytes:
    """Read the tracker that the build made."""
    return (files("ingest") / "static" / "script.js").read_bytes()


async def receive_event(request: web.Request) -> web.Response:
    """``POST /api/event``: 202 once the beacon is on disk, 400 with the errors by field."""
    return await _receive(request, _read_event, _answer_ok)


async def receive_pixel(request: web.Request) -> web.Response:
    """``GET /pixel.gif``: an image for pages without scripts."""
    return await _receive(request, _read_pixel, _answer_gif)


async def answer_preflight(_request: web.Request) -> web.Response:
    """``OPTIONS /api/event``: any page may post JSON."""
    return web.Response(status=204, headers=_PREFLIGHT)


async def send_script(request: web.Request) -> web.Response:
    """``GET /js/script.js``: the tracker, the same bytes for everybody."""
    return web.Response(
        body=request.app[SCRIPT], content_type="text/javascript", charset="utf-8", headers=_SCRIPT_HEADERS
    )


async def answer_alive(_request: web.Request) -> web.Response:
    """``GET /health``: the process runs."""
    return web.Response(text="ok")


async def answer_ready(_request: web.Request) -> web.Response:
    """``GET /ready``: beacons can be taken (routes are there only once the spool is open)."""
    return web.Response(text="ok")


async def _receive(
    request: web.Request, read: Callable[[web.Request], Awaitable[Beacon]], answer: Callable[[], web.Response]
) -> web.Response:
    if is_opted_out(request.headers):  # before anything is read or computed
        return answer()
    collector = request.app[COLLECTOR]
    try:
        await _count(collector, request, read)
    except BeaconError as error:
        status = 413 if isinstance(error, BeaconTooLargeError) else 400
        return web.json_response({"errors": error.errors}, status=status, headers=_CORS)
    except SpoolError as error:
        _log.error("%s", error)
        errors = {"request": ["cannot be taken now; send it again later"]}
        return web.json_response({"errors": errors}, status=503, headers=_CORS | {"Retry-After": RETRY_AFTER})
    return answer()


async def _count(
    collector: Collector, request: web.Request, read: Callable[[web.Request], Awaitable[Beacon]]
) -> None:
    """Read a beacon and return once what it leaves is on disk. Raises BeaconError, SpoolError."""
    try:
        beacon = await read(request)
    except BeaconError as error:
        too_large = isinstance(error, BeaconTooLargeError)
        reason = DropReason.TOO_LARGE if too_large else DropReason.NOT_UNDERSTOOD
        await collector.commits.write(rejected(reason, collector.clock()))
        raise
    # Received is when the body was there: one that took past midnight must not ask for yesterday's key.
    arrival = _arrival(request, collector.clock(), collector)
    entries = count_beacon(beacon, arrival, collector.sites, collector.knowledge)
    if entries:
        await collector.commits.write(*entries)


async def _read_event(request: web.Request) -> Beacon:
    try:
        return parse_event(await request.read())
    except HTTPRequestEntityTooLarge:
        raise BeaconTooLargeError({"request": [f"must be at most {MOST_BODY_BYTES} bytes"]}) from None
    except (web.RequestPayloadError, PayloadEncodingError):  # a body that is not what its headers say
        raise BeaconError({"request": ["could not be read; check Content-Encoding and Content-Length"]}) from None


async def _read_pixel(request: web.Request) -> Beacon:
    return parse_pixel(request.query, request.headers.get("Referer", ""))


def _arrival(request: web.Request, received: datetime, collector: Collector) -> Arrival:
    headers = request.headers
    return Arrival(
        received=received,
        network=client_network(
            request.remote or "",
            headers.getall("X-Forwarded-For", []),
            headers.getall("Forwarded", []),
            collector.trusted_proxies,
            collector.cut,
        ),
        user_agent=headers.get("User-Agent", ""),
        signals=read_signals(headers),
    )


def _answer_ok() -> web.Response:
    return web.Response(status=202, text="ok", headers=_CORS)


def _answer_gif() -> web.Response:
    return web.Response(body=_GIF, content_type="image/gif", headers=_GIF_HEADERS)
