"""The panels of a site's page as they are shown: their tabs, and the list of the chosen one. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from aggregate.cells import OTHER, PARENTS, PROP
from dashboards.report.goal_list import list_goals_of
from dashboards.report.listings import PANEL_TITLES, title_of
from dashboards.report.lists import SHOWN_IN_PANEL, ListView, view_list
from dashboards.report.panels import GOALS, MAP, PANELS, Panel, listed_by
from dashboards.report.site_view import SiteView
from dashboards.report.view_filter import ViewFilter
from dashboards.sites.goals import Goal

_BESIDE_A_MAP = 5  # rows


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab of a panel."""

    name: str
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class TabMenu:
    """Tabs that stand together under one heading, in which the chosen one is named: campaigns, props of events."""

    heading: str
    tabs: list[Tab]

    @property
    def is_current(self) -> bool:
        """Whether one of them is chosen."""
        return any(tab.is_current for tab in self.tabs)


@dataclass(frozen=True, slots=True)
class PanelView:
    """A panel: its tabs and the menu of more of them, the list, and the map beside it if any.

    ``full`` and ``export`` are the addresses of the whole list, as a page and as a file, or "".
    """

    name: str
    title: str
    tabs: list[Tab]
    menu: TabMenu
    list: ListView
    full: str
    export: str
    map: dict[str, dict[str, object]] | None


def view_panels(view: SiteView, props: Sequence[str], goals: Sequence[Goal]) -> list[PanelView]:
    """Give all panels of a view; ``props`` are those of which there is a list, ``goals`` those of the site."""
    return [view_panel(view, panel, props, goals) for panel in PANELS.values()]


def view_panel(view: SiteView, panel: Panel, props: Sequence[str], goals: Sequence[Goal]) -> PanelView:
    """Give one panel."""
    chosen = _chosen(view, panel, goals)
    dimension = listed_by(chosen)[0]
    return PanelView(
        name=panel.name,
        title=view.language.text(PANEL_TITLES[panel.name]),
        tabs=[_tab(view, panel, tab, chosen) for tab in _offered(view, panel, chosen, goals)],
        menu=_props(view, panel, props, chosen) if panel.has_props else _campaigns(view, panel, chosen),
        list=list_goals_of(view, goals) if chosen == GOALS else view_list(view, dimension, _most_rows(chosen)),
        full="" if chosen == GOALS else view.links.full_list(dimension, view.state),  # all goals are shown here
        export=view.links.export(chosen if chosen == GOALS else dimension, view.state),
        map=_map(view) if chosen == MAP else None,
    )


def _chosen(view: SiteView, panel: Panel, goals: Sequence[Goal]) -> str:
    """Give the tab that is shown: a site without goals has all events in their place."""
    chosen = view.state.tab(panel.name)
    return panel.tabs[1] if chosen == GOALS and not goals else chosen


def _most_rows(tab: str) -> int:
    return _BESIDE_A_MAP if tab == MAP else SHOWN_IN_PANEL


def _offered(view: SiteView, panel: Panel, chosen: str, goals: Sequence[Goal]) -> list[str]:
    """Give the tabs: versions under the filter that they belong to, or once chosen."""
    where = view.state.where
    return [
        tab
        for tab in panel.tabs
        if (tab not in PARENTS or tab == chosen or (where is not None and where.dimension == PARENTS[tab]))
        and (tab != GOALS or goals)
    ]


def _campaigns(view: SiteView, panel: Panel, chosen: str) -> TabMenu:
    tabs = [_tab(view, panel, tab, chosen) for tab in panel.campaigns]
    current = next((tab.name for tab in tabs if tab.is_current), "")
    return TabMenu(current or view.language.text("Campaigns"), tabs)


def _props(view: SiteView, panel: Panel, props: Sequence[str], chosen: str) -> TabMenu:
    """Give the props that have a list, and the chosen one. "url" alone would not say that it is one of events."""
    text, is_chosen = view.language.text, chosen.startswith(PROP)
    names = [*props, *([chosen] if is_chosen and chosen not in props else [])]
    heading = text("Property: %(name)s", name=chosen.removeprefix(PROP)) if is_chosen else text("Properties")
    return TabMenu(heading, [_tab(view, panel, name, chosen) for name in names])


def _tab(view: SiteView, panel: Panel, tab: str, chosen: str) -> Tab:
    href = view.links.page(view.state.with_tab(panel.name, tab))
    return Tab(title_of(tab, view.language), href, tab == chosen)


def _map(view: SiteView) -> dict[str, dict[str, object]]:
    """Give what the map shows of each country, by its code."""
    everyone, language = view.report.everyone("country"), view.language
    return {
        cell.value: {
            "name": language.country(cell.value),
            "value": cell.figures.visitors,
            "formatted": "≥ " * cell.is_at_least + language.number(cell.figures.visitors),
            "share": round((cell.figures.share_of(everyone) or 0) / 100, 4),
            "href": view.links.page(view.state.with_filter(ViewFilter("country", cell.value))),
        }
        for cell in view.report.rows.get("country", [])
        if cell.value is not OTHER and cell.value
    }
