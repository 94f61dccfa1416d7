"""The goals of the demo's site: what its made-up visitors do, so that the list of goals is not empty."""

from datetime import datetime

from core.sites import Site
from core.store import Store
from dashboards.sites.goals import Goal, GoalKind, add_goal

DEMO_GOALS = (
    Goal(GoalKind.EVENT, "Purchase", "Bought bread"),
    Goal(GoalKind.EVENT, "Signup", "Signed up for the newsletter"),
    Goal(GoalKind.PAGE, "/checkout", "Reached the checkout"),
)


def add_demo_goals(store: Store, site: Site, now: datetime) -> None:
    """Add the goals; those that are there stay as they are. Blocks; raises StoreError."""
    for goal in DEMO_GOALS:
        add_goal(store, site, goal, now)
