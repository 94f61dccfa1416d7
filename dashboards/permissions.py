"""Who may do what: one closed list of permissions, one table of roles.

An account has either a role for the whole install (owner, admin), or a role on each site that it may see
(marketer, viewer). Whoever asks for a page is a ``Principal``; the guard asks it before the page is made.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.sites import NO_SITE, Site


class Role(StrEnum):
    """What a person is, for the whole install or on one site."""

    OWNER = "owner"
    ADMIN = "admin"
    MARKETER = "marketer"
    VIEWER = "viewer"


INSTALL_ROLES = (Role.OWNER, Role.ADMIN)
"""Those that hold for all sites, also for sites that are added later."""
SITE_ROLES = (Role.MARKETER, Role.VIEWER)
"""Those that are given site by site."""


class Permission(StrEnum):
    """What somebody may do, in the words of docs/people.md. On a site, unless it says otherwise."""

    SEE = "See the reports"
    EXPORT = "Export reports as files"
    MAIL = "Receive reports by e-mail"
    GOALS = "Create and change goals"
    SHARE = "Share reports by a link"
    INSTALL = "See the snippet and check the installation"
    CHANGE_SITE = "Change a site's settings, make its dashboard public"
    REMOVE_SITE = "Remove a site"
    ADD_SITE = "Add sites"
    PEOPLE = "Invite, change and remove people"
    OWNERS = "Add, change and remove owners"


_EVERYBODY = frozenset(Role)
_MARKETERS = frozenset({Role.OWNER, Role.ADMIN, Role.MARKETER})
_ADMINS = frozenset({Role.OWNER, Role.ADMIN})
_OWNERS = frozenset({Role.OWNER})

PERMISSIONS: Mapping[Permission, frozenset[Role]] = {
    Permission.SEE: _EVERYBODY,
    Permission.EXPORT: _MARKETERS,
    Permission.MAIL: _MARKETERS,
    Permission.GOALS: _MARKETERS,
    Permission.SHARE: _MARKETERS,
    Permission.INSTALL: _MARKETERS,
    Permission.CHANGE_SITE: _ADMINS,
    Permission.REMOVE_SITE: _ADMINS,
    Permission.ADD_SITE: _ADMINS,
    Permission.PEOPLE: _ADMINS,
    Permission.OWNERS: _OWNERS,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What an account was given: a role for the whole install, or one on each site, by the site's number."""

    role: Role | None = None
    by_site: Mapping[int, Role] = field(default_factory=dict)

    def may(self, permission: Permission, site: int = NO_SITE) -> bool:
        """Tell whether it allows something on a site, or without one on the whole install."""
        role = self.role or self.by_site.get(site)
        return role is not None and role in PERMISSIONS[permission]


OWNER = Standing(Role.OWNER)
NOTHING = Standing()


class Kind(StrEnum):
    """How somebody came."""

    NOBODY = "nobody"
    ACCOUNT = "account"
    KEY = "key"
    LINK = "shared link"
    PUBLIC = "public dashboard"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks. ``name`` stands in the access record: an e-mail address, or which key or link it is."""

    kind: Kind = Kind.NOBODY
    name: str = ""
    standing: Standing = NOTHING
    language: str = ""
    """The language that the account chose; "" for that of the browser."""

    def may(self, permission: Permission, site: int = NO_SITE) -> bool:
        """Tell whether it may do something on a site, or without one on the whole install."""
        return self.standing.may(permission, site)

    def seen(self, sites: Iterable[Site]) -> list[Site]:
        """Give those of the sites whose reports it may see, in their order."""
        return [site for site in sites if self.may(Permission.SEE, site.number)]


NOBODY = Principal()
