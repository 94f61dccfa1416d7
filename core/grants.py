"""Who may do what on a ClickHouse server: a role for each of the three processes, made from the inventory.

The collector puts events in, looks up whether its batches came, and erases and exports for visitors. The
dashboards read reports and keep the operator's own tables. The jobs make the tables and the reports, and destroy
what was raw. ClickHouse itself then refuses the rest, whatever a process is made to do.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from core.inventory import EVENTS, INVENTORY, WITHOUT_VISITORS, Kept

_SECRETS = ("logins", "second_factors", "api_keys")
"""What only people who log in, and their programs, need."""
_RECORDS = ("deletions", "accesses")
_OF_THE_JOBS = frozenset({"migrations", "turns", "collectors", "notices", "resets", "imports"})
_OF_REPORTS = frozenset({"published_spans", "privacy_budget"})
_SYSTEM = ("parts", "detached_parts", "mutations", "disks", "tables", "columns")
_SHOWN = frozenset({Kept.FOR_GOOD, Kept.MINUTES})
_REPORTS = tuple(sorted({table.name for table in INVENTORY if table.kept in _SHOWN} | _OF_REPORTS))
_KEPT_BY_PEOPLE = tuple(sorted(WITHOUT_VISITORS - _OF_THE_JOBS - _OF_REPORTS | {"accesses"}))


@dataclass(frozen=True, slots=True)
class Grant:
    """A right on tables of Footfall's database, or (``revoked``) an exception of one; "*" is all of them."""

    right: str
    tables: tuple[str, ...]
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class Role:
    """A process's role: what it is for, and its rights. ``system`` are tables of ClickHouse that it reads."""

    name: str
    purpose: str
    grants: tuple[Grant, ...]
    system: tuple[str, ...] = ("columns", "tables")


ROLES: tuple[Role, ...] = (
    Role(
        "footfall_collector",
        "`footfall collect` puts events in, and erases at a visitor's request; of events it reads no page.",
        (
            Grant("INSERT", (EVENTS, "tallies", "collectors", "notices", "deletions", "erasing")),
            Grant("SELECT", ("sites", "published", "tallies", "collectors", "notices", "deletions", "erasing")),
            # Whether a batch came, and whether an erasure has rows left.
            Grant("SELECT(site, day, received, visitor)", (EVENTS,)),
            Grant("ALTER DELETE", (EVENTS, "erasing")),
            Grant("SHOW COLUMNS", ("*",)),  # the notice names every column that there is
        ),
    ),
    Role(
        "footfall_receipts",
        "For the collector's user, too, so that visitors can export rows by receipt: it reads events whole.",
        (Grant("SELECT", (EVENTS,)),),
        (),
    ),
    Role(
        "footfall_jobs",
        "`footfall jobs` makes tables and reports, and destroys what was raw.",
        (
            Grant("SELECT, INSERT, ALTER, OPTIMIZE, CREATE TABLE, DROP TABLE, TRUNCATE", ("*",)),
            Grant("SELECT, INSERT", _SECRETS, revoked=True),
            Grant("SELECT(password), INSERT", ("accounts",), revoked=True),
        ),
        _SYSTEM,
    ),
    Role(
        "footfall_dashboards",
        "`footfall dashboards` reads reports, and keeps accounts, sites and the access record.",
        (
            Grant("SELECT", (*_REPORTS, *_KEPT_BY_PEOPLE, "collectors", "migrations")),
            Grant("INSERT", _KEPT_BY_PEOPLE),
            Grant("ALTER DELETE", ("mail_recipients",)),  # who unsubscribes is forgotten, by dropping a partition
        ),
    ),
)


def grant_statements(database: str) -> Iterator[str]:
    """Give the statements that make the roles with exactly these rights; run again, they take others away."""
    for role in ROLES:
        yield f"CREATE ROLE IF NOT EXISTS {role.name}"
        yield f"REVOKE ALL ON *.* FROM {role.name}"
        for grant in role.grants:
            for table in grant.tables:
                place = f"{_quoted(database)}.{table if table == '*' else _quoted(table)}"
                verb, to = ("REVOKE", "FROM") if grant.revoked else ("GRANT", "TO")
                yield f"{verb} {grant.right} ON {place} {to} {role.name}"
        for table in role.system:
            yield f"GRANT SELECT ON system.{table} TO {role.name}"


def database_of(url: str) -> str:
    """Give the database that a ClickHouse address names."""
    return urlsplit(url).path.strip("/") or "footfall"


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace("`", "\\`")
    return f"`{escaped}`"
