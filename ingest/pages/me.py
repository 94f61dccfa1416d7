"""What a visitor can see and erase here: when the key dies that could link them, what is stored, and its end.

Rows are never shown: whoever shares a network and a browser shares the token, and would be shown to each other.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from aiohttp import web

from core.clock import local_day
from core.daemon_thread import in_daemon_thread
from core.deletions import DeletionLine
from core.domains import read_domain
from core.errors import BeaconError, SpoolError, StoreError
from core.sites import Site
from ingest.answers import RETRY_AFTER, refused
from ingest.beacon import Arrival
from ingest.collector import ERASURES_A_SECOND, Collector, arrival_of
from ingest.erased_rows import OneVisitor
from ingest.event import COLUMNS
from ingest.pages.asking import read_form, show_json, wants_json
from ingest.pages.catalogues import catalogues
from ingest.pages.origin import comes_from_here
from ingest.pages.page import language_for, show_page
from ingest.signals import receipt_of
from ingest.tokens import visitor_token

PATH = "/privacy/me"
GONE_WITHIN = 600
"""Seconds after which no file holds an erased row, on a ClickHouse server as well."""


class Ending(StrEnum):
    """How a request ended; the value names its text on the page."""

    SHOWN = "shown"
    ERASED = "erased"
    NO_SITE = "no_site"
    NO_DAY = "no_day"
    NO_KEY = "no_key"
    KEY_GONE = "key_gone"
    REFUSED = "refused"
    TOO_OFTEN = "too_often"
    AWAY = "away"
    NOT_NOW = "not_now"


_STATUSES = {
    Ending.NO_SITE: 404,
    Ending.NO_DAY: 400,
    Ending.KEY_GONE: 410,
    Ending.REFUSED: 403,
    Ending.TOO_OFTEN: 429,
    Ending.AWAY: 503,
    Ending.NOT_NOW: 503,
}
_RETRY = {
    Ending.TOO_OFTEN: str(round(1 / ERASURES_A_SECOND)),
    Ending.AWAY: RETRY_AFTER,
    Ending.NOT_NOW: RETRY_AFTER,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered; ``deletion`` is the record's line of the key that was destroyed last."""

    ending: Ending
    domain: str
    site: Site | None = None
    day: date | None = None
    key_ends: datetime | None = None
    deletion: DeletionLine | None = None


async def show_me(collector: Collector, request: web.BaseRequest) -> web.StreamResponse:
    """``GET /privacy/me?site=``: when the key dies, which fields there are, and that rows may exist."""
    domain = request.query.get("site", "")
    if not domain and not wants_json(request):
        return show_page_of(request, Answer(Ending.SHOWN, ""))
    if not collector.sites.is_known:
        return _shown(request, Answer(Ending.NOT_NOW, domain))
    now = collector.clock()
    if not collector.limits.admit(arrival_of(collector, request, now).network, (None,), now.timestamp()):
        return _shown(request, Answer(Ending.TOO_OFTEN, domain))
    site = collector.sites.get(read_domain(domain))
    if site is None:
        return _shown(request, Answer(Ending.NO_SITE, domain))
    return _shown(request, await _about(collector, site, Ending.SHOWN, now))


async def erase_me(collector: Collector, request: web.BaseRequest) -> web.StreamResponse:
    """``DELETE /privacy/me?site=``: erase every raw row of the visitor's present token."""
    # Browsers ask first before a page of another origin may send this, and are told no; a program has no Origin.
    if "Origin" in request.headers and not comes_from_here(collector, request):
        return show_answer(request, Answer(Ending.REFUSED, request.query.get("site", "")))
    answer = await _erase(collector, request, request.query.get("site", ""), request.query.get("day", ""))
    return show_answer(request, answer)


async def post_me(collector: Collector, request: web.BaseRequest) -> web.StreamResponse:
    """``POST /privacy/me``: the same by a form, which only our own page may send."""
    if not comes_from_here(collector, request):
        return _shown(request, Answer(Ending.REFUSED, ""))
    try:
        form = await read_form(request)
    except BeaconError as error:
        return refused(request, error)
    return _shown(request, await _erase(collector, request, form.get("site", ""), form.get("day", "")))


async def _erase(collector: Collector, request: web.BaseRequest, domain: str, stated_day: str) -> Answer:
    """Erase today's rows, or say of another day why none can be found."""
    now = collector.clock()
    arrival = arrival_of(collector, request, now)
    if not collector.limits.admit(arrival.network, (None,), now.timestamp()):
        return Answer(Ending.TOO_OFTEN, domain)
    site = collector.sites.get(read_domain(domain))
    if site is None:
        return Answer(Ending.NO_SITE if collector.sites.is_known else Ending.AWAY, domain)
    today = local_day(now, site.zone).day
    day = _day(stated_day, today)
    if day is None or day > today:
        return Answer(Ending.NO_DAY, domain)
    if day < today:
        return await _about(collector, site, Ending.KEY_GONE, now, day)
    return await _about(collector, site, await _erase_today(collector, site, day, arrival), now)


async def _erase_today(collector: Collector, site: Site, day: date, arrival: Arrival) -> Ending:
    now = arrival.received
    secret = collector.knowledge.keys.secret(site, now)
    if secret is None or arrival.network is None:
        return Ending.NO_KEY
    if not collector.erasure_limit.admits(arrival.network, now.timestamp()):
        return Ending.TOO_OFTEN
    collector.erasure_limit.count(arrival.network, now.timestamp())
    if collector.erasures is None:
        return Ending.AWAY
    token = visitor_token(secret, arrival.network, arrival.user_agent)
    try:
        await in_daemon_thread(collector.erasures.erase, OneVisitor(site.number, day, token), now)
    except (StoreError, SpoolError) as error:
        collector.complaint.make(error, now)
        return Ending.AWAY
    return Ending.ERASED


def _day(stated: str, today: date) -> date | None:
    try:
        return date.fromisoformat(stated) if stated else today
    except ValueError:
        return None


async def _about(
    collector: Collector, site: Site, ending: Ending, now: datetime, day: date | None = None
) -> Answer:
    """Give an answer with what there is to say of a site, and of a day that is over: by default yesterday."""
    today = local_day(now, site.zone)
    over = day or today.day - timedelta(days=1)
    deletion = await _key_deletion(collector, site, over)
    if day is not None and deletion is not None and deletion.day != day:
        deletion = None
    return Answer(ending, site.domain, site, day or today.day, today.end, deletion)


async def _key_deletion(collector: Collector, site: Site, day: date) -> DeletionLine | None:
    if collector.erasures is None:
        return None
    try:
        return await in_daemon_thread(collector.erasures.key_deletion, site.number, day)
    except StoreError:  # the rest can be told without
        return None


def _shown(request: web.BaseRequest, answer: Answer) -> web.StreamResponse:
    return show_answer(request, answer) if wants_json(request) else show_page_of(request, answer)


def show_page_of(request: web.BaseRequest, answer: Answer) -> web.StreamResponse:
    """Show an answer on the page, in the visitor's language."""
    language = request.query.get("lang", "")
    page = show_page(
        request,
        "me",
        status=_STATUSES.get(answer.ending, 200),
        path=PATH,
        answer=answer,
        also=f"&site={answer.domain}" if answer.site is not None else "",
        place=PATH,
        fields=COLUMNS,
        has_receipt=bool(receipt_of(request.headers)),
        lang=f"?lang={language}" if language in catalogues() else "",
    )
    page.headers.update(_retry(answer))
    return page


def show_answer(request: web.BaseRequest, answer: Answer) -> web.StreamResponse:
    """Tell an answer to a program."""
    texts = catalogues()[language_for(request)]["me"]
    document: dict[str, Any] = {"ending": answer.ending}
    if answer.ending is not Ending.SHOWN:
        document["explanation"] = texts[answer.ending]
    if answer.site is not None:
        document |= {"site": answer.domain, "day": answer.day}
        if answer.ending is not Ending.KEY_GONE:
            document["key_destroyed_at"] = answer.key_ends
        document["days_before"] = texts["key_gone"]
        document["deletion_record"] = answer.deletion
    if answer.ending is Ending.SHOWN:
        document |= {"fields": COLUMNS, "rows": texts["rows"]}
    if answer.ending is Ending.ERASED:
        document["gone_within_seconds"] = GONE_WITHIN
    return show_json(document, _STATUSES.get(answer.ending, 200), _retry(answer))


def _retry(answer: Answer) -> dict[str, str]:
    return {"Retry-After": _RETRY[answer.ending]} if answer.ending in _RETRY else {}
