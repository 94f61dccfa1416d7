"""The panels of a site's page as they are shown: their tabs, and the list of the chosen one. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from aggregate.cells import OTHER, PARENTS, PROP
from dashboards.list_gaps import can_be_listed
from dashboards.listings import PANEL_TITLES, title_of
from dashboards.lists import SHOWN_IN_PANEL, ListView, view_list
from dashboards.panels import MAP, PANELS, Panel, listed_by
from dashboards.site_view import SiteView
from dashboards.view_filter import ViewFilter

_BESIDE_A_MAP = 5  # rows


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab of a panel."""

    name: str
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class PanelView:
    """A panel: its tabs, those that stand together under "Campaigns", the list, and the map beside it if any."""

    name: str
    title: str
    tabs: list[Tab]
    campaigns: list[Tab]
    list: ListView
    full: str
    export: str
    map: dict[str, dict[str, object]] | None


def view_panels(view: SiteView, props: Sequence[str]) -> list[PanelView]:
    """Give all panels of a view; ``props`` are those of which there is a list."""
    return [view_panel(view, panel, props) for panel in PANELS.values()]


def view_panel(view: SiteView, panel: Panel, props: Sequence[str]) -> PanelView:
    """Give one panel."""
    chosen = view.state.tab(panel.name)
    dimension = listed_by(chosen)
    return PanelView(
        name=panel.name,
        title=view.language.text(PANEL_TITLES[panel.name]),
        tabs=[_tab(view, panel, tab) for tab in _offered(view, panel, props)],
        campaigns=[_tab(view, panel, tab) for tab in panel.campaigns],
        list=view_list(view, dimension, _BESIDE_A_MAP if chosen == MAP else SHOWN_IN_PANEL),
        full=view.links.full_list(dimension, view.state),
        export=view.links.export(dimension, view.state),
        map=_map(view) if chosen == MAP else None,
    )


def _offered(view: SiteView, panel: Panel, props: Sequence[str]) -> list[str]:
    """Give the tabs: versions under the filter that they belong to, or once chosen; props that have a list."""
    chosen = view.state.tab(panel.name)
    where = view.state.where
    tabs = [
        tab
        for tab in panel.tabs
        if tab not in PARENTS or tab == chosen or (where is not None and where.dimension == PARENTS[tab])
    ]
    if panel.has_props:
        tabs += props
        tabs += [chosen] if chosen.startswith(PROP) and chosen not in props else []
    return [tab for tab in tabs if tab == chosen or view.is_all_but or can_be_listed(tab, view.state)]


def _tab(view: SiteView, panel: Panel, tab: str) -> Tab:
    return Tab(
        title_of(tab, view.language),
        view.links.page(view.state.with_tab(panel.name, tab)),
        tab == view.state.tab(panel.name),
    )


def _map(view: SiteView) -> dict[str, dict[str, object]]:
    """Give what the map shows of each country, by its code."""
    totals, language = view.report.totals, view.language
    return {
        cell.value: {
            "name": language.country(cell.value),
            "value": cell.figures.visitors,
            "formatted": language.number(cell.figures.visitors),
            "share": round(cell.figures.visitors / totals.visitors, 4) if totals.visitors else 0,
            "href": view.links.page(view.state.with_filter(ViewFilter("country", cell.value))),
        }
        for cell in view.report.rows.get("country", [])
        if cell.value is not OTHER and cell.value
    }
