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
from ingest.collector import Collector, arrival_of, read_body, reason_of, too_many
from ingest.counting import hits_of
from ingest.event import COLUMNS
from ingest.gate import pass_gate
from ingest.pages.asking import is_form, read_form, show_json
from ingest.pages.catalogues import Texts, catalogues
from ingest.pages.me import PATH as ME
from ingest.pages.page import language_for, show_page
from ingest.parse import parse_event, parse_pixel
from ingest.reasons import DropReason
from ingest.signals import is_opted_out

RETRY_AFTER = "Retry-After"


class Outcome(NamedTuple):
    """What would become of one hit: its row by column, or why there is none. ``site`` is as it was named."""

    site: str
    row: dict[str, Any] | None
    reason: DropReason | None

    @property
    def key(self) -> str:
        """The reason's name in the languages' texts; "" if there is none."""
        return self.reason.name.lower() if self.reason is not None else ""


async def answer_dry_run(collector: Collector, request: web.BaseRequest) -> web.StreamResponse:
    """``POST /privacy/dry-run``: a beacon as for ``/api/event``, or a form; what would be stored of it."""
    if is_opted_out(request.headers):  # as with a beacon, nothing of it is read
        return _answer(request, [Outcome("", None, DropReason.OPTED_OUT)])
    if not collector.sites.is_known:
        return _problem(request, "not_now", unavailable(request))
    try:
        return _answer(request, await _outcomes(collector, request))
    except BeaconError as error:
        return _problem(request, reason_of(error).name.lower(), refused(request, error))


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
    reasons = catalogues()[language_for(request)]["reasons"]
    if is_form(request):
        return show_page(request, "dry_run", place=ME, outcomes=outcomes, reasons=reasons, problem="")
    return show_json({"outcomes": [_document(outcome, reasons) for outcome in outcomes]})


def _problem(request: web.BaseRequest, problem: str, answer: web.StreamResponse) -> web.StreamResponse:
    """Say in words on a page what a program is told by the answer."""
    if not is_form(request):
        return answer
    page = show_page(request, "dry_run", status=answer.status, place=ME, outcomes=(), reasons={}, problem=problem)
    if RETRY_AFTER in answer.headers:
        page.headers[RETRY_AFTER] = answer.headers[RETRY_AFTER]
    return page


def _document(outcome: Outcome, reasons: Texts) -> dict[str, object]:
    named = {"site": outcome.site} if outcome.site else {}
    if outcome.reason is None:
        return {**named, "would_be_stored": True, "row": outcome.row}
    return {**named, "would_be_stored": False, "reason": outcome.reason, "meaning": reasons[outcome.key]}
