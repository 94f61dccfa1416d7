"""Umami's contract: ``POST /api/send`` and ``POST /api/batch``, for its trackers as they are.

What Umami answers with to recognise a visitor is the same for everybody here. Its tracker sends no cookies,
and no page may read an answer to a request with cookies: so none can find out who has opted out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

import orjson
from aiohttp import web

from core.errors import BeaconError
from ingest.answers import CORS, NOT_NOW, RETRY_AFTER, TRACKING_STATUS, close_after, retry_of, status_of
from ingest.beacon import Beacon
from ingest.collector import Answers, Collector, admit_broken, read_body, receive
from ingest.counting import rejected
from ingest.reasons import DropReason
from ingest.umami_messages import beacons_of, parse_batch, parse_message

NOBODY = "00000000-0000-0000-0000-000000000000"
"""The session and the visit of everybody: a nil UUID (RFC 9562 section 5.9)."""
CACHE = "nobody"
"""What stands for Umami's cache of a session; its tracker sends it back, and it is not looked at."""
TAKEN = {"cache": CACHE, "sessionId": NOBODY, "visitId": NOBODY}
BOT = {"beep": "boop"}

_PREFLIGHT = CORS | {
    "Access-Control-Allow-Methods": "POST, OPTIONS",
    "Access-Control-Allow-Headers": "Content-Type, X-Umami-Cache, X-Umami-Website-Id, X-Umami-Hostname",
    "Access-Control-Max-Age": "86400",
}


@dataclass(slots=True)
class _Sending:
    """One request to ``/api/send``. What was not read, because its visitor said no, is answered as taken."""

    collector: Collector
    is_read: bool = False

    async def read(self, _collector: Collector, request: web.BaseRequest) -> tuple[Beacon, ...]:
        """Read the one message of the body. Raises BeaconError."""
        beacons = tuple(beacons_of(parse_message(await read_body(request))))
        self.is_read = True
        return beacons

    def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """200: taken, or that it was a program's."""
        is_bot = self.is_read and self.collector.knowledge.bots.is_bot(request.headers.get("User-Agent", ""))
        return _json(BOT if is_bot else TAKEN, more=TRACKING_STATUS)


@dataclass(slots=True)
class _Batch:
    """One request to ``/api/batch``: so many messages, and what is wrong with some."""

    size: int = 0
    details: list[dict[str, Any]] = field(default_factory=list)

    async def read(self, collector: Collector, request: web.BaseRequest) -> tuple[Beacon, ...]:
        """Read all messages; one that is not understood stops no other. Raises BeaconError."""
        messages = parse_batch(await read_body(request))
        found: list[Beacon] = []
        for index, message in enumerate(messages):
            try:
                found += beacons_of(message)
            except BeaconError as error:
                admit_broken(collector, request)
                collector.commits.note(rejected(DropReason.NOT_UNDERSTOOD, collector.clock()))
                self.details.append({"index": index, "response": _error(str(error), status_of(error))})
        self.size = len(messages)
        return tuple(found)

    def answer(self, _request: web.BaseRequest) -> web.StreamResponse:
        """200: how many were taken, and which were not. Opted-out batches are not read, and so are empty."""
        wrong = len(self.details)
        counts = {"size": self.size, "processed": self.size - wrong, "errors": wrong}
        return _json(counts | {"details": self.details, "cache": CACHE}, more=TRACKING_STATUS)


async def receive_send(collector: Collector, request: web.BaseRequest) -> web.StreamResponse:
    """``POST /api/send``: 200 once the message is on disk, 400 with what is wrong."""
    sending = _Sending(collector)
    return await receive(collector, request, sending.read, Answers(sending.answer, _refused, _unavailable))


async def receive_batch(collector: Collector, request: web.BaseRequest) -> web.StreamResponse:
    """``POST /api/batch``: 200 once all messages that are understood are on disk."""
    batch = _Batch()
    return await receive(collector, request, batch.read, Answers(batch.answer, _refused, _unavailable))


async def answer_umami_preflight(_collector: Collector, _request: web.BaseRequest) -> web.StreamResponse:
    """``OPTIONS``: any page may send, with the headers that Umami's tracker adds."""
    return web.Response(status=204, headers=_PREFLIGHT)


def _refused(_request: web.BaseRequest, error: BeaconError) -> web.StreamResponse:
    """4xx, in Umami's form."""
    status = status_of(error)
    response = _json(_error(str(error), status), status, retry_of(error))
    close_after(response, error)
    return response


def _unavailable(_request: web.BaseRequest) -> web.StreamResponse:
    """503, in Umami's form."""
    return _json(_error(f"request: {NOT_NOW}", 503), 503, {"Retry-After": RETRY_AFTER})


def _error(message: str, status: int) -> dict[str, Any]:
    code = HTTPStatus(status).phrase.lower().replace(" ", "-")
    return {"error": {"message": message, "code": code, "status": status}}


def _json(
    content: Mapping[str, Any], status: int = 200, more: Mapping[str, str] = MappingProxyType({})
) -> web.Response:
    headers = {**CORS, **more}
    return web.Response(
        body=orjson.dumps(content), status=status, content_type="application/json", headers=headers
    )
