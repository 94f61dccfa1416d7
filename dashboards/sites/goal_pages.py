"""The page of a site's goals."""

import asyncio

from aiohttp import web

from core.accesses import Accessed
from core.errors import SiteError
from dashboards.ask import Ask
from dashboards.sites.goals import Goal, GoalKind, add_goal, list_goals, read_goal, remove_goal

_EMPTY = Goal(GoalKind.EVENT, "")


async def show_goals(ask: Ask) -> web.Response:
    """``GET /sites/{domain}/goals``: what there is, and the form for one more."""
    return await _page(ask, _EMPTY)


async def add_new_goal(ask: Ask) -> web.Response:
    """``POST /sites/{domain}/goals``."""
    kind, name, title = (ask.form.get(field, "") for field in ("kind", "name", "title"))
    try:
        goal = read_goal(kind, name, title)
        await asyncio.to_thread(
            add_goal,
            ask.board.store,
            ask.site,
            goal,
            ask.now,
            lambda goal: _write_down(ask, Accessed.GOAL_ADDED, goal),
        )
    except SiteError as error:
        stated = Goal(GoalKind(kind) if kind in set(GoalKind) else GoalKind.EVENT, name, title)
        return await _page(ask, stated, 400, error=ask.why(error))
    ask.board.goals.forget(ask.site.number)
    return ask.go(ask.site_path("goals"))


async def remove_old_goal(ask: Ask) -> web.Response:
    """``POST /sites/{domain}/goals/remove``: one that is gone already is no error."""
    kind, name = ask.form.get("kind", ""), ask.form.get("name", "")
    goals = await asyncio.to_thread(list_goals, ask.board.store, ask.site)
    goal = next((each for each in goals if (each.kind, each.name) == (kind, name)), None)
    if goal is not None:
        await asyncio.to_thread(_write_down, ask, Accessed.GOAL_REMOVED, goal)
        await asyncio.to_thread(remove_goal, ask.board.store, ask.site, goal, ask.now)
        ask.board.goals.forget(ask.site.number)
    return ask.go(ask.site_path("goals"))


def _write_down(ask: Ask, what: Accessed, goal: Goal) -> None:
    ask.write_down(what, ask.principal.name, ask.site.number, f"{goal.kind} {goal.name}")


async def _page(ask: Ask, stated: Goal, status: int = 200, *, error: str = "") -> web.Response:
    goals = await asyncio.to_thread(list_goals, ask.board.store, ask.site)
    return ask.render("goals.html", status, site=ask.site, goals=goals, stated=stated, error=error)
