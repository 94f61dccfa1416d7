"""Receipts: switched on and off by the visitor's own click, and the rows that they prove."""

import csv
import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from aiohttp import web

from core.clock import local_day
from core.daemon_thread import in_daemon_thread
from core.domains import read_domain
from core.errors import BeaconError, SpoolError, StoreError
from ingest.answers import refused, unavailable
from ingest.collector import Collector, arrival_of, too_many
from ingest.pages.asking import is_form, read_form, show_json
from ingest.pages.catalogues import catalogues
from ingest.pages.me import Answer, Ending, show_answer, show_page_of
from ingest.pages.origin import comes_from_here, is_secure
from ingest.receipts import COOKIE, new_receipt, receipt_mark
from ingest.signals import receipt_of

_FILE_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}


async def change_receipts(collector: Collector, request: web.BaseRequest) -> web.StreamResponse:
    """``POST /privacy/receipts``: set a random receipt; with ``choice=off`` delete it. Only our own page may."""
    if not comes_from_here(collector, request):
        return _ended(request, Ending.REFUSED)
    try:
        form = await read_form(request)
    except BeaconError as error:
        return refused(request, error)
    is_off = form.get("choice") == "off"
    value, seconds = ("", 0) if is_off else (new_receipt(), round(collector.receipt_seconds))
    reach = "SameSite=None; Secure" if is_secure(collector, request) else "SameSite=Lax"
    cookie = f"{COOKIE}={value}; Max-Age={seconds}; Path=/; HttpOnly; {reach}"
    site = read_domain(form.get("site", ""))
    known = collector.sites.get(site)  # nothing that a form says is put into a header but what is known
    language = request.query.get("lang", "")
    chosen = f"&lang={language}" if language in catalogues() else ""
    place = f"/privacy/me?site={known.domain}{chosen}#receipts" if known is not None else "/privacy/me"
    return web.Response(status=303, headers={"Location": place, "Set-Cookie": cookie, "Cache-Control": "no-store"})


async def export_rows(collector: Collector, request: web.BaseRequest) -> web.StreamResponse:
    """``POST /privacy/export?site=``: today's rows whose receipt the cookie shows, as JSON or CSV."""
    if ("Origin" in request.headers or is_form(request)) and not comes_from_here(collector, request):
        return _ended(request, Ending.REFUSED)
    now = collector.clock()
    try:
        form = await read_form(request) if is_form(request) else {}
    except BeaconError as error:
        return refused(request, error)
    stated = {**request.query, **form}
    if not collector.limits.admit(arrival_of(collector, request, now).network, (None,), now.timestamp()):
        return _ended(request, Ending.TOO_OFTEN, refused(request, too_many()))
    return await _export(collector, request, stated, now)


async def _export(
    collector: Collector, request: web.BaseRequest, stated: Mapping[str, str], now: datetime
) -> web.StreamResponse:
    site = collector.sites.get(read_domain(stated.get("site", "")))
    if site is None:
        return _ended(request, Ending.NO_SITE) if collector.sites.is_known else _unavailable(request)
    day, receipt = local_day(now, site.zone).day, receipt_of(request.headers)
    secret = collector.knowledge.keys.secret(site, now)
    rows: list[dict[str, Any]] = []
    if receipt and secret is not None and collector.exports is not None:
        mark = receipt_mark(secret, receipt)
        try:
            rows = await in_daemon_thread(collector.exports.rows, site.number, day, mark)
        except (StoreError, SpoolError) as error:
            collector.complaint.make(error, now)
            return _unavailable(request)
    if stated.get("format") == "csv" or "text/csv" in request.headers.get("Accept", ""):
        return _csv(rows)
    return show_json({"site": site.domain, "day": day, "rows": rows})


def _csv(rows: list[dict[str, Any]]) -> web.Response:
    """Write rows as CSV (RFC 4180); props are JSON."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]) if rows else [])
    writer.writeheader()
    for row in rows:
        writer.writerow({**row, "props": orjson.dumps(row["props"]).decode()})
    headers = _FILE_HEADERS | {"Content-Disposition": 'attachment; filename="footfall.csv"'}
    return web.Response(text=text.getvalue(), content_type="text/csv", headers=headers)


def _unavailable(request: web.BaseRequest) -> web.StreamResponse:
    return _ended(request, Ending.NOT_NOW, unavailable(request))


def _ended(
    request: web.BaseRequest, ending: Ending, to_program: web.StreamResponse | None = None
) -> web.StreamResponse:
    """Say on the page, or to a program, why nothing was done."""
    answer = Answer(ending, "")
    return show_page_of(request, answer) if is_form(request) else to_program or show_answer(request, answer)
