"""Which role each account has. An account without a row may nothing. All calls block; they raise StoreError."""

from collections.abc import Mapping
from datetime import datetime

from core.errors import AccountError
from core.sql import sql
from core.store import Store, encode_rows
from dashboards.language import message
from dashboards.permissions import INSTALL_ROLES, SITE_ROLES, Role, Standing

_COLUMNS = ("email", "role", "by_site", "version")


def write_standing(store: Store, email: str, standing: Standing, now: datetime) -> None:
    """Give an account its role, or its roles on sites. Raises AccountError for a role that cannot be given so."""
    check_standing(standing)
    row = (email, *stored_standing(standing), int(now.timestamp() * 1_000_000))
    store.insert("roles", _COLUMNS, encode_rows([row]))


def read_standings(store: Store) -> dict[str, Standing]:
    """Give the standing of every e-mail address that has, or had, an account."""
    return {email: standing_of(*stored) for email, *stored in store.rows(sql("dashboards", "read_standings"))}


def check_standing(standing: Standing) -> None:
    """Raise AccountError for roles that do not go together: one for the install, or one on each of some sites."""
    if standing.role is not None:
        is_right = standing.role in INSTALL_ROLES and not standing.by_site
    else:
        is_right = all(role in SITE_ROLES for role in standing.by_site.values())
    if not is_right:
        raise AccountError(
            message("Owners and admins have their role on all sites, marketers and viewers site by site.")
        )


def stored_standing(standing: Standing) -> tuple[str, dict[str, str]]:
    """Give the two columns in which a standing is kept."""
    return standing.role or "", {str(site): role.value for site, role in standing.by_site.items()}


def standing_of(role: str, by_site: Mapping[str, str]) -> Standing:
    """Make a standing of what is kept of it."""
    return Standing(Role(role) if role else None, {int(site): Role(name) for site, name in by_site.items()})
