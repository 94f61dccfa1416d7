"""The dry run: the very row that a request would store, made by the functions that make the stored ones.

Nothing is stored, counted or logged.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import orjson
from aiohttp import web

from core.errors import BeaconError
from ingest.answers import refused, unavailable
from ingest.beacon import Beacon
from ingest.collector import Collector, arrival_of, read_body, too_many
from ingest.counting import hits_of
from ingest.event import COLUMNS
from ingest.gate import pass_gate
from ingest.pages.asking import is_form, read_form, show_json
from ingest.pages.page import show_page
from ingest.parse import parse_event, parse_pixel
from ingest.reasons import DropReason
from ingest.signals import is_opted_out


class Outcome(NamedTuple):
    """What would become of one hit: its row by column, or why there is none. ``site`` is as it was named."""

    site: str
    row: dict[str, Any] | None
    reason: DropReason | None


async def answer_dry_run(collector: Collector, request: web.BaseRequest) -> web.StreamResponse:
    """``POST /privacy/dry-run``: a beacon as for ``/api/event``, or a form; what would be stored of it."""
    if is_opted_out(request.headers):  # as with a beacon, nothing of it is read
        return _answer(request, [Outcome("", None, DropReason.OPTED_OUT)])
    if not collector.sites.is_known:
        return unavailable(request)
    try:
        return _answer(request, await _outcomes(collector, request))
    except BeaconError as error:
        return refused(request, error)


async def _outcomes(collector: Collector, request: web.BaseRequest) -> list[Outcome]:
    now = collector.clock()
    if not collector.limits.admit(arrival_of(collector, request, now).network, (None,), now.timestamp()):
        raise too_many()
    beacon = await _read_beacon(request)
    hits = hits_of(beacon, arrival_of(collector, request, collector.clock()), collector.sites)
    outcomes = []
    for domain, hit in zip(beacon.domains, hits, strict=True):
        found = pass_gate(hit, collector.knowledge)
        if isinstance(found, DropReason):
            outcomes.append(Outcome(domain, None, found))
        else:
            outcomes.append(Outcome(domain, dict(zip(COLUMNS, orjson.loads(found.row()), strict=True)), None))
    return outcomes


async def _read_beacon(request: web.BaseRequest) -> Beacon:
    if is_form(request):
        return parse_pixel(await read_form(request), "")
    return parse_event(await read_body(request))


def _answer(request: web.BaseRequest, outcomes: Sequence[Outcome]) -> web.StreamResponse:
    if is_form(request):
        return show_page(request, "dry_run", outcomes=outcomes)
    return show_json({"outcomes": [_document(outcome) for outcome in outcomes]})


def _document(outcome: Outcome) -> dict[str, object]:
    named = {"site": outcome.site} if outcome.site else {}
    if outcome.reason is None:
        return {**named, "would_be_stored": True, "row": outcome.row}
    return {**named, "would_be_stored": False, "reason": outcome.reason, "meaning": outcome.reason.meaning}
