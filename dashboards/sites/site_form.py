"""The form that makes a site."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from core.domains import check_domain
from core.errors import SiteError
from core.sites import Site, add_site
from core.write_down import WriteDown
from dashboards.board import Dashboards
from dashboards.sites.time_zones import UTC, is_offered, time_zones


@dataclass(frozen=True, slots=True)
class SiteForm:
    """What stands in the form. One that was not sent yet has the browser's time zone, as far as scripts run."""

    domain: str = ""
    timezone: str = UTC
    is_sent: bool = False

    @classmethod
    def read(cls, form: Mapping[str, str]) -> "SiteForm":
        """Read what was sent."""
        return cls(form.get("domain", "").strip(), form.get("timezone", UTC), is_sent=True)

    @property
    def zones(self) -> dict[str, list[str]]:
        """The time zones to choose from, by region."""
        return time_zones()


async def make_site(board: Dashboards, form: SiteForm, write_down: WriteDown[Site]) -> Site:
    """Add the site, and let the collector in this process know it. Raises SiteError, StoreError."""
    if not is_offered(form.timezone):
        raise SiteError("Choose a time zone from the list.")
    domain = check_domain(form.domain)
    known = board.sites.get(domain)
    if known is not None:
        raise SiteError("%(domain)s has already been added.", domain=known.name)
    site = await asyncio.to_thread(
        add_site, board.store, domain, form.timezone, board.clock(), write_down=write_down
    )
    await asyncio.to_thread(board.sites.refresh, board.store)
    return site
