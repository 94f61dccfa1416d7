"""The page of one site. It reads reports and the ledger, never events."""

import asyncio
from typing import Any

from aiohttp import web

from aggregate.cells import Figures
from aggregate.first_day import read_first_day
from dashboards.ask import Ask
from dashboards.fragments import by_region, region_asked
from dashboards.report.comparison_menu import comparison_menu
from dashboards.report.current_visitors_page import current_visitors
from dashboards.report.filter_chip import chip_of
from dashboards.report.graph import graph_of
from dashboards.report.left_out import left_out_of
from dashboards.report.notes import notes_of
from dashboards.report.panel_view import view_panel, view_panels
from dashboards.report.panels import PANELS, Panel, listed_by
from dashboards.report.period_menu import period_menu
from dashboards.report.site_links import links_of
from dashboards.report.site_reports import Read, Wanted, read_site
from dashboards.report.site_view import SiteView
from dashboards.report.tiles import tiles_of
from dashboards.report.view_error import ViewError
from dashboards.report.view_reading import read_view
from dashboards.report.view_words import mistake_in_words
from dashboards.sites.site_pages import snippet_of
from dashboards.sites.waiting import read_waiting
from dashboards.wording import emptiness_in_words

REPORT = "report"
_PANEL = "panel-"
_SEEN = "seen"


async def show_site(ask: Ask) -> web.Response:
    """``GET /sites/{domain}``: a view of its reports, whole or the one region that a script asks for."""
    region = region_asked(ask.request)
    reading = read_view(ask.request.query)
    panel = PANELS.get(region.removeprefix(_PANEL)) if region.startswith(_PANEL) else None
    panels = list(PANELS.values()) if panel is None else [panel]
    listed = [dimension for each in panels for dimension in listed_by(reading.state.tab(each.name))]
    has_goals = any(each.has_props for each in panels)
    wanted = Wanted(list(dict.fromkeys(listed)), goals=has_goals, outcomes=panel is None)
    read, current = await asyncio.gather(read_site(ask, reading.state, wanted), _current(ask, region))
    if read is None:
        return by_region(await _show_waiting(ask, region))
    if panel is not None:
        return by_region(_show_panel(ask, read, panel))
    return by_region(_show(ask, read, reading.mistakes, current, region))


async def _current(ask: Ask, region: str) -> int | None:
    """Give the current visitors, who stand beside the site's name and in no region."""
    return None if region else await current_visitors(ask)


async def show_waiting(ask: Ask) -> web.Response:
    """``GET /sites/{domain}/waiting?seen=N``: what has come, 204 for no more; once there is a report, to it."""
    if await asyncio.to_thread(read_first_day, ask.board.store, ask.site) is not None:
        response = web.Response(status=204)
        response.headers["HX-Refresh"] = "true"
        return response
    return by_region(await _show_waiting(ask, REPORT))


def site_context(ask: Ask) -> dict[str, Any]:
    """Give what the frame around all pages of a site shows: its name, the other sites, its addresses."""
    return {
        "site": ask.site,
        "links": links_of(ask),
        "sites": [(each.name, ask.path_of("site", domain=each.domain)) for each in ask.sites],
    }


async def _show_waiting(ask: Ask, region: str) -> web.Response:
    today = ask.now.astimezone(ask.site.zone).date()
    waiting = await asyncio.to_thread(read_waiting, ask.board.store, ask.site, today, ask.language)
    if ask.request.query.get(_SEEN) == str(waiting.seen):
        return web.Response(status=204)
    template = "_waiting.html" if region else "site.html"
    return ask.render(
        template, waiting=waiting, current=None, snippet=snippet_of(ask, ask.site), view=None, **site_context(ask)
    )


def _show_panel(ask: Ask, read: Read, panel: Panel) -> web.Response:
    view = read.view
    return ask.render(
        "_panel.html", panel=view_panel(view, panel, read.props, read.goals), view=view, links=view.links
    )


def _show(ask: Ask, read: Read, mistakes: list[ViewError], current: int | None, region: str) -> web.Response:
    """Answer with the whole page, or all below its heading; what was asked in vain is no error of a fragment's."""
    view = read.view
    report, language = view.report, view.language
    is_fragment = region == REPORT
    return ask.render(
        "_report_swapped.html" if is_fragment else "site.html",
        400 if mistakes and not is_fragment else 200,
        **site_context(ask),
        waiting=None,
        current=current,
        view=view,
        period=period_menu(view),
        comparison=comparison_menu(view),
        chip=chip_of(view),
        mistakes=[mistake_in_words(mistake, language) for mistake in mistakes],
        tiles=tiles_of(view),
        notes=notes_of(view),
        graph=graph_of(view),
        panels=view_panels(view, read.props, read.goals),
        is_empty=report.totals == Figures(),
        emptiness=_emptiness(view),
        first_day=view.earliest,
        updated=language.time(report.updated, view.site.zone, view.today) if report.updated else "",
        left_out=left_out_of(read.outcomes, view.days, language) if _may_be_exact(view) else None,
    )


def _emptiness(view: SiteView) -> str:
    return emptiness_in_words(
        view.language,
        several=view.is_several_days,
        withheld=bool(view.report.withheld),
        rounded=bool(view.report.rounded),
    )


def _may_be_exact(view: SiteView) -> bool:
    """Tell whether the ledger's counts, which are exact, may stand beside the report."""
    return view.site.profile.shows_open_days and not view.report.withheld and view.is_exact
