"""Removing a site, and taking that back."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import web

from core.accesses import Accessed
from core.domains import read_domain
from core.errors import SiteError
from core.sites import Site, remove_site, removed_sites, restore_site
from dashboards.ask import Ask


@dataclass(frozen=True, slots=True)
class Restorable:
    """A removed site, and when it is destroyed."""

    site: Site
    removed: datetime
    destroyed: datetime


async def show_site_removal(ask: Ask) -> web.Response:
    """``GET /sites/{domain}/remove``: what it means, what to take away first, and the question whether really."""
    return _page(ask)


async def remove(ask: Ask) -> web.Response:
    """``POST /sites/{domain}/remove``: stop counting, if the domain was written to confirm it."""
    stated = ask.form.get("domain", "")
    if read_domain(stated) != ask.site.domain:
        error = ask.language.text("Type %(domain)s here to confirm.", domain=ask.site.name)
        return _page(ask, 400, stated=stated, error=error)
    await asyncio.to_thread(
        remove_site,
        ask.board.store,
        ask.site.domain,
        ask.now,
        lambda site: ask.write_down(Accessed.SITE_REMOVED, ask.principal.name, site.number),
    )
    await asyncio.to_thread(ask.board.sites.refresh, ask.board.store)
    return ask.go(ask.path_of("removed_sites"))


async def show_removed(ask: Ask) -> web.Response:
    """``GET /sites/removed``: the sites that can be restored, and until when."""
    return await _removed_page(ask)


async def restore(ask: Ask) -> web.Response:
    """``POST /sites/removed``: count a removed site again."""
    try:
        site = await asyncio.to_thread(
            restore_site,
            ask.board.store,
            ask.form.get("domain", ""),
            ask.now,
            lambda site: ask.write_down(Accessed.SITE_RESTORED, ask.principal.name, site.number),
        )
    except SiteError as error:
        return await _removed_page(ask, 400, error=ask.why(error))
    await asyncio.to_thread(ask.board.sites.refresh, ask.board.store)
    return ask.go(ask.path_of("site", domain=site.domain))


def _page(ask: Ask, status: int = 200, *, stated: str = "", error: str = "") -> web.Response:
    days = ask.board.settings.removed_site_days
    return ask.render("remove_site.html", status, site=ask.site, stated=stated, error=error, days=days)


async def _removed_page(ask: Ask, status: int = 200, *, error: str = "") -> web.Response:
    keep = timedelta(days=ask.board.settings.removed_site_days)
    removed = await asyncio.to_thread(removed_sites, ask.board.store)
    sites = [Restorable(each.site, each.removed, each.removed + keep) for each in removed]
    return ask.render("removed_sites.html", status, sites=sites, error=error)
