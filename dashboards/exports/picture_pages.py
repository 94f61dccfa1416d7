"""Taking the graph away: as SVG, or as PNG for what shows no SVG."""

import asyncio
from datetime import datetime

import aiohttp_jinja2
from aiohttp import web

from core.accesses import Accessed
from core.errors import PeriodError
from core.sites import Site
from dashboards.ask import Ask
from dashboards.exports.export_archive import file_name
from dashboards.exports.export_pages import as_file, not_exported, view_asked
from dashboards.exports.picture import Picture, draw_picture
from dashboards.exports.png import as_png
from dashboards.rendering import TEMPLATES
from dashboards.report.view_error import ViewError
from dashboards.report.view_query import ViewQuery, read_view


async def graph_svg(ask: Ask) -> web.Response:
    """``GET /sites/{domain}/graph.svg?period=30d&metric=visits``."""
    return await _answer(ask, "svg")


async def graph_png(ask: Ask) -> web.Response:
    """``GET /sites/{domain}/graph.png?period=30d&metric=visits``: of twice the size, for fine screens."""
    return await _answer(ask, "png")


async def _answer(ask: Ask, ending: str) -> web.Response:
    site = ask.site
    try:
        view = await view_asked(ask)
        picture = await asyncio.to_thread(_drawn, ask, site, view, ask.now)
    except (PeriodError, ViewError) as error:
        return not_exported(ask, error)
    await ask.record(Accessed.EXPORT, ask.person, site.number, f"graph.{ending}")
    app_key = TEMPLATES[ask.language.code]
    drawing = aiohttp_jinja2.render_string("graph.svg", ask.request, {"picture": picture}, app_key=app_key)
    name = file_name(site, view.days, "graph", ending)
    if ending == "svg":
        return as_file(drawing.encode(), "image/svg+xml", name)
    return as_file(await asyncio.to_thread(as_png, drawing), "image/png", name)


def _drawn(ask: Ask, site: Site, view: ViewQuery, now: datetime) -> Picture:
    found = read_view(ask.board.store, site, view)
    return draw_picture(site, found, view.interval, view.metric, ask.language, now)
