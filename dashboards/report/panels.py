"""The panels of a site's page: which lists each has, one of them shown at a time."""

from collections.abc import Mapping
from dataclasses import dataclass

from aggregate.cells import PROP

MAP = "map"
"""The list of countries beside a map of them."""

GOALS = "goals"
"""The events and pages that a site has as its goals; where it has none, all events."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel: its name in an address, and what its tabs list. The first tab is shown unless another is chosen.

    ``campaigns`` are the tabs that stand together under one heading. ``has_props``: the props of custom
    events have a tab each.
    """

    name: str
    tabs: tuple[str, ...]
    campaigns: tuple[str, ...] = ()
    has_props: bool = False

    def shows(self, tab: str) -> bool:
        """Tell whether there is such a tab."""
        if self.has_props and tab.startswith(PROP) and tab != PROP:
            return True
        return tab in self.tabs or tab in self.campaigns


PANELS: Mapping[str, Panel] = {
    panel.name: panel
    for panel in (
        Panel(
            "sources",
            ("source", "channel", "referrer"),
            campaigns=("utm_campaign", "utm_source", "utm_medium", "utm_content", "utm_term"),
        ),
        Panel("pages", ("page", "entry_page", "exit_page", "hostname")),
        Panel("locations", (MAP, "country")),
        Panel("devices", ("browser", "browser_version", "os", "os_version", "device", "screen")),
        Panel("goals", (GOALS, "event"), has_props=True),
    )
}


def listed_by(tab: str) -> tuple[str, ...]:
    """Give the dimensions that a tab lists."""
    return {MAP: ("country",), GOALS: ("event", "page")}.get(tab, (tab,))
