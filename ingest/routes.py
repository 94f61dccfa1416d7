"""The collector's routes: a table, looked up before any application is asked.

``front`` answers on aiohttp's low-level server. That spares each beacon what an application
does for a request (resolving, middlewares, signals): 10 to 15 % of its CPU time.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import StreamReader, web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http import RawRequestMessage

from core.errors import SpoolError
from ingest.answers import CORS, errors, not_allowed, preflight, script, text
from ingest.collector import MOST_BODY_BYTES, Collector, receive_event, receive_pixel
from ingest.metrics import CONTENT_TYPE, exposition, may_read_metrics
from ingest.openapi import openapi_bytes
from ingest.pages.dry_run import answer_dry_run
from ingest.pages.me import erase_me, post_me, show_me
from ingest.pages.notice import JSON_PATH, PATH, send_notice, show_notice
from ingest.pages.notice_history import CHANGES_PATH, FEED_PATH, send_changes, send_feed
from ingest.pages.opt_out import change_opt_out, show_opt_out
from ingest.pages.opt_out_state import tell_opt_out
from ingest.pages.page import show_style
from ingest.pages.receipts import change_receipts, export_rows
from ingest.pages.snippet import opt_out_script
from ingest.umami import answer_umami_preflight, receive_batch, receive_send
from ingest.well_known import (
    DNT_PATH,
    GPC_PATH,
    POLICY_PATH,
    show_dnt_policy,
    show_gpc_support,
    show_tracking_status,
)

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
Route = Callable[[Collector, web.BaseRequest], Awaitable[web.StreamResponse]]
Routes = Mapping[str, Mapping[str, Route]]

_NO_METRICS = "Set FOOTFALL_METRICS_TOKEN and send it: Authorization: Bearer <token>."


async def answer_preflight(_collector: Collector, _request: web.BaseRequest) -> web.StreamResponse:
    """``OPTIONS /api/event``: any page may post JSON."""
    return preflight()


async def send_script(collector: Collector, _request: web.BaseRequest) -> web.StreamResponse:
    """``GET /js/script.js``: the tracker."""
    return script(collector.script)


async def send_opt_out_script(_collector: Collector, _request: web.BaseRequest) -> web.StreamResponse:
    """``GET /privacy/opt-out.js``: the opt-out for a site's own privacy policy."""
    return script(opt_out_script())


async def send_style(_collector: Collector, request: web.BaseRequest) -> web.StreamResponse:
    """``GET /privacy/style.css``: of the visitor's pages."""
    return show_style(request)


async def send_tracking_status(_collector: Collector, _request: web.BaseRequest) -> web.StreamResponse:
    """``GET /.well-known/dnt/``: what is done about Do Not Track."""
    return show_tracking_status()


async def send_gpc_support(_collector: Collector, _request: web.BaseRequest) -> web.StreamResponse:
    """``GET /.well-known/gpc.json``: that Global Privacy Control is obeyed."""
    return show_gpc_support()


async def send_dnt_policy(collector: Collector, _request: web.BaseRequest) -> web.StreamResponse:
    """``GET /.well-known/dnt-policy.txt``: EFF's policy, if the operator promises it."""
    return show_dnt_policy(collector.dnt_policy)


async def answer_alive(_collector: Collector, _request: web.BaseRequest) -> web.StreamResponse:
    """``GET /health``: the process runs."""
    return text("ok")


async def answer_ready(collector: Collector, _request: web.BaseRequest) -> web.StreamResponse:
    """``GET /ready``: 200 if beacons can be taken, 503 with the reason if not."""
    trouble = collector.trouble()
    return text(trouble, 503) if trouble else text("ok")


def metrics_route(source: Route) -> Route:
    """Make a ``GET /metrics``: for Prometheus, on this machine or with the token."""

    async def send_metrics(collector: Collector, request: web.BaseRequest) -> web.StreamResponse:
        if not may_read_metrics(request, collector.metrics_token):
            return text(_NO_METRICS, 403)
        return await source(collector, request)

    return send_metrics


async def read_metrics(collector: Collector, _request: web.BaseRequest) -> web.StreamResponse:
    """Give this collector's own metrics."""
    try:
        content = await exposition(collector.meter)
    except SpoolError as error:
        return text(str(error), 503)
    return web.Response(body=content, headers={"Content-Type": CONTENT_TYPE})


async def send_openapi(_collector: Collector, _request: web.BaseRequest) -> web.StreamResponse:
    """``GET /openapi.json``: this table as an OpenAPI document."""
    return web.Response(body=openapi_bytes(), content_type="application/json", headers=CORS)


_send_metrics = metrics_route(read_metrics)

ROUTES: Routes = {
    "/api/event": {"POST": receive_event, "OPTIONS": answer_preflight},
    "/api/send": {"POST": receive_send, "OPTIONS": answer_umami_preflight},
    "/api/batch": {"POST": receive_batch, "OPTIONS": answer_umami_preflight},
    "/pixel.gif": {"GET": receive_pixel},  # HEAD shows nobody a page
    "/js/script.js": {"GET": send_script, "HEAD": send_script},
    "/js/plausible.js": {"GET": send_script, "HEAD": send_script},  # in Plausible's older snippets
    PATH: {"GET": show_notice, "HEAD": show_notice},
    JSON_PATH: {"GET": send_notice, "HEAD": send_notice},
    CHANGES_PATH: {"GET": send_changes, "HEAD": send_changes},
    FEED_PATH: {"GET": send_feed, "HEAD": send_feed},
    "/privacy/opt-out": {"GET": show_opt_out, "HEAD": show_opt_out, "POST": change_opt_out},
    "/privacy/opt-out.json": {"GET": tell_opt_out, "HEAD": tell_opt_out},
    "/privacy/opt-out.js": {"GET": send_opt_out_script, "HEAD": send_opt_out_script},
    "/privacy/style.css": {"GET": send_style, "HEAD": send_style},
    "/privacy/dry-run": {"POST": answer_dry_run},
    "/privacy/me": {"GET": show_me, "HEAD": show_me, "POST": post_me, "DELETE": erase_me},
    "/privacy/me.json": {"GET": show_me, "HEAD": show_me},
    "/privacy/receipts": {"POST": change_receipts},
    "/privacy/export": {"POST": export_rows},
    DNT_PATH: {"GET": send_tracking_status, "HEAD": send_tracking_status},
    GPC_PATH: {"GET": send_gpc_support, "HEAD": send_gpc_support},
    POLICY_PATH: {"GET": send_dnt_policy, "HEAD": send_dnt_policy},
    "/health": {"GET": answer_alive, "HEAD": answer_alive},
    "/ready": {"GET": answer_ready, "HEAD": answer_ready},
    "/metrics": {"GET": _send_metrics, "HEAD": _send_metrics},
    "/openapi.json": {"GET": send_openapi, "HEAD": send_openapi},
}


def front(collector: Collector, otherwise: Handler, routes: Routes = ROUTES) -> Handler:
    """Make the handler of a server: the collector's routes, and ``otherwise`` for every other path."""

    def handle(request: web.BaseRequest) -> Awaitable[web.StreamResponse]:
        methods = routes.get(request.path)
        if methods is None:
            return otherwise(request)
        route = methods.get(request.method)
        if route is None:
            return not_allowed(methods)
        return route(collector, request)

    return handle


def request_factory(
    message: RawRequestMessage,
    payload: StreamReader,
    protocol: web.RequestHandler,
    writer: AbstractStreamWriter,
    task: "asyncio.Task[None]",
) -> web.BaseRequest:
    """Make a request for a server with no application behind its front: bodies are limited as there."""
    return web.BaseRequest(
        message, payload, protocol, writer, task, asyncio.get_running_loop(), client_max_size=MOST_BODY_BYTES
    )


async def not_found(_request: web.BaseRequest) -> web.StreamResponse:
    """404: no such path."""
    return errors({"request": ["goes to no path of the collector; see /openapi.json"]}, 404)
