"""Taking reports away: one list as CSV, or all of them in a ZIP."""

import asyncio
from dataclasses import replace

import aiohttp_jinja2
from aiohttp import web

from aggregate.points import Interval
from aggregate.reading import check_dimension
from core.accesses import Accessed
from core.errors import PeriodError
from core.sites import Site
from core.store import Store
from dashboards.ask import Ask
from dashboards.exports.export_archive import CRLF, Files, file_name, list_as_csv, packed, read_files, read_goals
from dashboards.rendering import TEMPLATES
from dashboards.report.panels import GOALS
from dashboards.report.view_error import ViewError
from dashboards.report.view_query import ReadView, ViewQuery, read_view, view_query
from dashboards.report.view_reading import parse_view
from dashboards.report.view_words import mistake_in_words

_TOTALS = "totals"


async def export_csv(ask: Ask) -> web.Response:
    """``GET /sites/{domain}/export.csv?list=source&period=30d``: one list, goals, totals or the graph's steps."""
    site = ask.site
    what = ask.request.query.get("list", _TOTALS)
    try:
        view = await view_asked(ask)
        text = await asyncio.to_thread(_read_list, ask.board.store, site, view, what)
    except (PeriodError, ViewError) as error:
        return not_exported(ask, error)
    await ask.record(Accessed.EXPORT, ask.person, site.number, what)
    return as_file(text.encode(), "text/csv", file_name(site, view.days, what, "csv"))


async def export_zip(ask: Ask) -> web.Response:
    """``GET /sites/{domain}/export.zip?period=30d``: all lists, totals, graph, ledger, and what they mean."""
    site = ask.site
    try:
        view = await view_asked(ask)
        found, files = await asyncio.to_thread(read_files, ask.board.store, site, view)
    except (PeriodError, ViewError) as error:
        return not_exported(ask, error)
    await ask.record(Accessed.EXPORT, ask.person, site.number, "everything")
    readme = {"README.txt": _readme(ask, site, found, files)}
    local = ask.now.astimezone(site.zone)
    body = await asyncio.to_thread(packed, readme | files, local)
    return as_file(body, "application/zip", file_name(site, view.days, "reports", "zip"))


async def view_asked(ask: Ask) -> ViewQuery:
    """Give the view that the address asks for. Raises ViewError, PeriodError, StoreError."""
    state = parse_view(ask.request.query)
    return await asyncio.to_thread(view_query, ask.board.store, ask.site, state, ask.now)


def not_exported(ask: Ask, error: PeriodError | ViewError) -> web.Response:
    """Say why there is nothing to take away."""
    words = mistake_in_words(error, ask.language) if isinstance(error, ViewError) else str(error)
    return ask.say(400, ask.language.text("This cannot be exported"), words)


def as_file(body: bytes, media_type: str, name: str) -> web.Response:
    """Answer with a file that the browser saves under a name."""
    charset = "utf-8" if media_type.startswith("text/") else None
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=body, content_type=media_type, charset=charset, headers=headers)


def _read_list(store: Store, site: Site, view: ViewQuery, what: str) -> str:
    if what == GOALS:
        return read_goals(store, site, view)
    if what == _TOTALS:
        return list_as_csv(read_view(store, site, view), None)
    if what in frozenset(Interval):
        return list_as_csv(read_view(store, site, replace(view, interval=Interval(what))), what)
    check_dimension(what)
    return list_as_csv(read_view(store, site, view, (what,)), what)


def _readme(ask: Ask, site: Site, found: ReadView, files: Files) -> str:
    report = found.report
    context = {
        "site": site,
        "k": site.threshold or ask.board.settings.threshold,
        "report": report,
        "before": found.before,
        "is_all_but": found.is_all_but,
        "files": list(files),
        "now": ask.now.astimezone(site.zone),
    }
    app_key = TEMPLATES[ask.language.code]
    text = aiohttp_jinja2.render_string("export_readme.txt", ask.request, context, app_key=app_key)
    return text.replace("\n", CRLF)  # Windows' own editor showed one line for long
