"""How many visitors a site has right now: a number beside its name that keeps itself up to date."""

import asyncio

from aiohttp import web

from aggregate.current_visitors import read_current_visitors
from dashboards.ask import Ask
from dashboards.report.site_links import links_of


async def show_current_visitors(ask: Ask) -> web.Response:
    """``GET /sites/{domain}/now``: the element with the number; none where a site's profile tells none."""
    current = await current_visitors(ask)
    if current is None:
        return web.Response(status=204)
    return ask.render("_now.html", current=current, links=links_of(ask))


async def current_visitors(ask: Ask) -> int | None:
    """Give the current visitors of the asked site; None if its profile does not tell. Raises StoreError."""
    return await asyncio.to_thread(read_current_visitors, ask.board.store, ask.site, ask.now)
