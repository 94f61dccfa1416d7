"""The form that gives roles, and roles in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from core.errors import AccountError
from core.sites import Site
from dashboards.language import Language, message
from dashboards.permissions import INSTALL_ROLES, NOTHING, SITE_ROLES, Role, Standing

BY_SITE = "by site"
ROLE_NAMES: Mapping[Role, str] = {
    Role.OWNER: message("Owner"),
    Role.ADMIN: message("Admin"),
    Role.MARKETER: message("Marketer"),
    Role.VIEWER: message("Viewer"),
}
ROLE_MEANINGS: Mapping[Role, str] = {
    Role.OWNER: message("Does everything on all sites, and decides who else is an owner"),
    Role.ADMIN: message("Manages all sites, their settings, and people other than owners"),
    Role.MARKETER: message("Sees and exports a site's reports, creates goals and shared links"),
    Role.VIEWER: message("Sees a site's reports and nothing else"),
}


@dataclass(frozen=True, slots=True)
class RoleForm:
    """What stands in the form: a role for all sites or BY_SITE, and then a role by the site's number."""

    chosen: str = BY_SITE
    by_site: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def read(cls, form: Mapping[str, str], sites: Iterable[Site]) -> "RoleForm":
        """Read what was sent."""
        by_site = {site.number: form.get(f"site-{site.number}", "") for site in sites}
        return cls(form.get("role", ""), by_site)

    @classmethod
    def of(cls, standing: Standing) -> "RoleForm":
        """Fill the form with what somebody has."""
        return cls(standing.role or BY_SITE, standing.by_site)

    def standing(self, before: Standing = NOTHING) -> Standing:
        """Give what was chosen. Roles that somebody had on sites which the form does not show stay.

        Raises AccountError for a choice that is none.
        """
        if self.chosen in INSTALL_ROLES:
            return Standing(Role(self.chosen))
        if self.chosen != BY_SITE:
            raise AccountError(message("Choose a role."))
        unseen = {site: role for site, role in before.by_site.items() if site not in self.by_site}
        given = {site: Role(role) for site, role in self.by_site.items() if role in SITE_ROLES}
        if not given:
            raise AccountError(message("Choose a role for at least one site."))
        return Standing(by_site=unseen | given)


def standing_in_words(standing: Standing, sites: Iterable[Site], language: Language) -> str:
    """Say what somebody is: Owner, or Marketer: example.com · Viewer: example.org."""
    if standing.role is not None:
        return language.text(ROLE_NAMES[standing.role])
    parts = []
    for role in SITE_ROLES:
        domains = [site.name for site in sites if standing.by_site.get(site.number) is role]
        if domains:
            name = language.text(ROLE_NAMES[role])
            parts.append(language.text("%(role)s: %(sites)s", role=name, sites=", ".join(domains)))
    return " · ".join(parts) or language.text("No site")
