"""The routes of the stats API, and the guard before them: a key, a site that it may see, an answer in JSON."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Any

import orjson
from aiohttp import web

from aggregate.current_visitors import read_current_visitors
from aggregate.first_day import read_first_day
from core.accesses import Access, Accessed
from core.domains import canonical_domain
from core.errors import PeriodError, StoreError, StoreUnavailableError
from core.sites import Site
from dashboards.board import BOARD, Dashboards
from dashboards.people.api_keys import find_key
from dashboards.permissions import Permission, Principal
from dashboards.stats import version1, version2
from dashboards.stats.answer import StatsAnswer, answer
from dashboards.stats.query import StatsError, StatsQuery

_log = logging.getLogger("footfall.stats")
_BEARER = "bearer"
_RETRY_AFTER = "10"  # seconds
_NO_KEY = "This needs an API key: send it as `Authorization: Bearer KEY`. Keys are made on the account's page."
_NO_SITE = "There is no such key, or it does not open a site of this name."

Reader = Callable[[Mapping[str, str], date, date | None], StatsQuery]
Show = Callable[[web.Request, Principal], Awaitable[web.Response]]


def add_stats_api(app: web.Application) -> None:
    """Add the API's routes to an application that has the pages."""
    get, post = app.router.add_get, app.router.add_post
    get("/api/v1/stats/realtime/visitors", _guarded(_current), name="stats_current")
    get("/api/v1/stats/aggregate", _guarded(_aggregate), name="stats_aggregate")
    get("/api/v1/stats/timeseries", _guarded(_timeseries), name="stats_timeseries")
    get("/api/v1/stats/breakdown", _guarded(_breakdown), name="stats_breakdown")
    post("/api/v2/query", _guarded(_query), name="stats_query")


def _guarded(show: Show) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        try:
            return await _answered(show, request)
        except (StatsError, PeriodError) as error:
            return _error(400, str(error))
        except StoreUnavailableError:
            response = _error(503, "The database of the reports is not responding; try again in a moment.")
            response.headers["Retry-After"] = _RETRY_AFTER
            return response
        except StoreError as error:
            _log.error("%s", error)
            return _error(500, "The database refused to answer. Footfall's log says why.")

    return handle


async def _answered(show: Show, request: web.Request) -> web.Response:
    board = request.app[BOARD]
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != _BEARER or not token:
        response = _error(401, _NO_KEY)
        response.headers["WWW-Authenticate"] = "Bearer"
        return response
    principal = await asyncio.to_thread(find_key, board.store, token.strip(), board.clock())
    return _error(401, _NO_SITE) if principal is None else await show(request, principal)


async def _current(request: web.Request, principal: Principal) -> web.Response:
    board = request.app[BOARD]
    site = _site(board, principal, request.query.get("site_id", ""))
    if site is None:
        return _error(401, _NO_SITE)
    await _record(board, principal, site, "current visitors")
    return _json(await asyncio.to_thread(read_current_visitors, board.store, site, board.clock()))


async def _aggregate(request: web.Request, principal: Principal) -> web.Response:
    return await _version1(request, principal, version1.read_aggregate, version1.write_aggregate)


async def _timeseries(request: web.Request, principal: Principal) -> web.Response:
    return await _version1(request, principal, version1.read_timeseries, version1.write_timeseries)


async def _breakdown(request: web.Request, principal: Principal) -> web.Response:
    def write(query: StatsQuery, found: StatsAnswer) -> dict[str, object]:
        return version1.write_breakdown(query, found, request.query["property"])

    return await _version1(request, principal, version1.read_breakdown, write)


async def _version1(
    request: web.Request,
    principal: Principal,
    read: Reader,
    write: Callable[[StatsQuery, StatsAnswer], dict[str, object]],
) -> web.Response:
    board = request.app[BOARD]
    site = _site(board, principal, request.query.get("site_id", ""))
    if site is None:
        return _error(401, _NO_SITE)
    query = read(request.query, _today(board, site), await _earliest(board, site))
    await _record(board, principal, site, "stats API v1")
    return _json(write(query, await asyncio.to_thread(answer, board.store, site, query)))


async def _query(request: web.Request, principal: Principal) -> web.Response:
    board = request.app[BOARD]
    asked = _document(await request.read())
    site = _site(board, principal, version2.read_site_id(asked))
    if site is None:
        return _error(401, _NO_SITE)
    query = version2.read_query(asked, _today(board, site), await _earliest(board, site))
    await _record(board, principal, site, "stats API v2")
    found = await asyncio.to_thread(answer, board.store, site, query)
    return _json(version2.write_answer(asked, query, found))


def _document(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except ValueError:
        raise StatsError("The body is not JSON.") from None


def _site(board: Dashboards, principal: Principal, domain: str) -> Site | None:
    """Give a site that the key may see; one that it may not is as one that does not exist."""
    site = board.sites.get(canonical_domain(domain))
    return site if site is not None and principal.may(Permission.SEE, site.number) else None


def _today(board: Dashboards, site: Site) -> date:
    return board.clock().astimezone(site.zone).date()


async def _earliest(board: Dashboards, site: Site) -> date | None:
    return await asyncio.to_thread(read_first_day, board.store, site)


async def _record(board: Dashboards, principal: Principal, site: Site, detail: str) -> None:
    access = Access(board.clock(), principal.name, Accessed.REPORT, site.number, detail)
    await asyncio.to_thread(board.accesses.append, access)


def _json(document: object) -> web.Response:
    return web.Response(
        body=orjson.dumps(document),
        content_type="application/json",
        headers={"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"},
    )


def _error(status: int, message: str) -> web.Response:
    response = _json({"error": message})
    response.set_status(status)
    return response
