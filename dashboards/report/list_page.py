"""The full view of one list of a site: a page of its own, or a dialog over the site's page."""

from aiohttp import web

from aggregate.reading import check_dimension
from core.errors import PeriodError
from dashboards.ask import Ask
from dashboards.fragments import by_region, region_asked
from dashboards.report.comparison_menu import comparison_menu
from dashboards.report.filter_chip import chip_of
from dashboards.report.full_list import full_list
from dashboards.report.list_columns import COLUMN_NAMES
from dashboards.report.list_query import read_list_query
from dashboards.report.listings import LISTINGS
from dashboards.report.notes import notes_of
from dashboards.report.panels import GOALS, MAP
from dashboards.report.site_page import site_context
from dashboards.report.site_reports import Wanted, read_site
from dashboards.report.view_reading import read_view
from dashboards.report.view_words import mistake_in_words

_SEARCHED = "list-rows"
_TEMPLATES = {
    "list-dialog": "_list_dialog.html",
    "list-full": "_list_full.html",
    "dialog-full": "_list_full.html",
    _SEARCHED: "_list_searched.html",
    "dialog-rows": "_list_searched.html",
}
_IN_DIALOG = {"list-dialog", "dialog-full", "dialog-rows"}


async def show_list(ask: Ask) -> web.Response:
    """``GET /sites/{domain}/lists/{dimension}``: all rows of a list, searched, sorted, by the hundred."""
    dimension = ask.part("dimension")
    if dimension in {MAP, GOALS} or not _is_listed(dimension):
        return ask.missing()
    reading = read_view(ask.request.query)
    query, mistakes = read_list_query(ask.request.query, COLUMN_NAMES)
    read = await read_site(ask, reading.state, Wanted([dimension]))
    if read is None:
        return ask.missing()
    view = read.view
    region = region_asked(ask.request)
    template = _TEMPLATES.get(region, "list.html")
    shown = full_list(view, dimension, query)
    response = ask.render(
        template,
        **site_context(ask),
        view=view,
        list=shown,
        in_dialog=region in _IN_DIALOG,
        chip=chip_of(view),
        comparison=comparison_menu(view),
        days=view.language.days(view.days),
        notes=notes_of(view),
        mistakes=[mistake_in_words(mistake, view.language) for mistake in (*reading.mistakes, *mistakes)],
    )
    if region == _SEARCHED:
        response.headers["HX-Replace-Url"] = shown.own  # what is typed is part of the page's address, to be shared
    return by_region(response)


def _is_listed(dimension: str) -> bool:
    try:
        check_dimension(dimension)
    except PeriodError:
        return False
    return dimension in LISTINGS or ":" in dimension
