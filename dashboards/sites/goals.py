"""Goals: what a site's owner wants visitors to do, an event of the site's own or a page that they reach.

A goal adds nothing to what is stored. It names a row of the lists of events or pages, and is counted by
what reports say of that. All calls block: a coroutine uses a thread.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.errors import SiteError
from core.sites import Site
from core.sql import sql
from core.store import Store, encode_rows
from core.write_down import WriteDown, write_nothing

MOST_GOALS = 100
_MOST_CHARACTERS = 500
_PAGEVIEW = "pageview"
_COLUMNS = ("site", "kind", "name", "title", "removed", "version")


class GoalKind(StrEnum):
    """What a goal is; the value is the dimension in which reports count it."""

    EVENT = "event"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal: the event's name or the page's path, and what people call it ("" for that itself)."""

    kind: GoalKind
    name: str
    title: str = ""

    @property
    def heading(self) -> str:
        """What it is called."""
        return self.title or self.name


def read_goal(kind: str, name: str, title: str = "") -> Goal:
    """Read what people write. Raises SiteError for what cannot be a goal."""
    if kind not in set(GoalKind):
        raise SiteError("Choose whether the goal is an event or a page.")
    name, title = name.strip(), title.strip()
    if not name.isprintable() or not title.isprintable() or max(len(name), len(title)) > _MOST_CHARACTERS:
        raise SiteError(
            "The names of a goal can have at most %(most)s characters, all of them printable.",
            most=_MOST_CHARACTERS,
        )
    if kind == GoalKind.PAGE and (not name.startswith("/") or "?" in name or "*" in name):
        raise SiteError("Enter the page's path as it appears in the list of pages, such as /thank-you.")
    if kind == GoalKind.EVENT and name in {"", _PAGEVIEW}:
        raise SiteError("Enter the event's name as the site sends it, such as Signup.")
    return Goal(GoalKind(kind), name, title)


def list_goals(store: Store, site: Site) -> list[Goal]:
    """Give a site's goals, by what they are called. Raises StoreError."""
    rows = store.rows(sql("dashboards", "list_goals"), {"site": site.number})
    goals = [Goal(GoalKind(kind), name, title) for kind, name, title in rows]
    return sorted(goals, key=lambda goal: (goal.heading.casefold(), goal.kind))


def add_goal(
    store: Store, site: Site, goal: Goal, now: datetime, write_down: WriteDown[Goal] = write_nothing
) -> None:
    """Add a goal; one of the same kind and name gets the new title. Raises SiteError for too many, StoreError."""
    goals = list_goals(store, site)
    is_new = all((each.kind, each.name) != (goal.kind, goal.name) for each in goals)
    if is_new and len(goals) >= MOST_GOALS:
        raise SiteError("A site can have at most %(most)s goals. Remove one first.", most=MOST_GOALS)
    write_down(goal)
    _write(store, site, [goal], now, removed=False)


def remove_goal(store: Store, site: Site, goal: Goal, now: datetime) -> None:
    """Remove a goal; what reports say of the event or page stays. Raises StoreError."""
    _write(store, site, [goal], now, removed=True)


def _write(store: Store, site: Site, goals: Sequence[Goal], now: datetime, *, removed: bool) -> None:
    version = int(now.timestamp() * 1_000_000)
    rows = [(site.number, goal.kind, goal.name, goal.title, removed, version) for goal in goals]
    store.insert("goals", _COLUMNS, encode_rows(rows))
