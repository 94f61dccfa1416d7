"""Reading what a view of a site shows, at once: the report, the one it is compared with, props, the ledger."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from aggregate.cells import PROP
from aggregate.excluding import read_all_but
from aggregate.first_day import read_first_day
from aggregate.periods import DayRange
from aggregate.points import Interval
from aggregate.reading import Report, read_report
from core.sites import Site
from core.sql import sql
from core.store import Store
from dashboards.ask import Ask
from dashboards.report.left_out import Outcome, read_outcomes
from dashboards.report.list_gaps import can_be_listed
from dashboards.report.site_links import links_of
from dashboards.report.site_view import SiteView, interval_shown
from dashboards.report.view_state import ViewState
from dashboards.sites.goals import Goal, list_goals


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a view is needed: the lists, whether goals and the props that have a list, whether the ledger."""

    dimensions: Sequence[str]
    goals: bool = False
    outcomes: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """What was read: the view, the site's goals, the props that have a list, what became of the site's hits."""

    view: SiteView
    goals: list[Goal]
    props: list[str]
    outcomes: list[Outcome]


async def read_site(ask: Ask, state: ViewState, wanted: Wanted) -> Read | None:
    """Read a view of the asked site, in threads beside each other; None if the site has no report yet.

    Raises StoreError.
    """
    store, site = ask.board.store, ask.site
    now = ask.now.astimezone(site.zone)
    finding = asyncio.create_task(asyncio.to_thread(_first_day, ask))
    earliest = None if state.has_own_days else await finding
    days = state.days(now.date(), earliest)
    compared = state.compared_days(days)
    step = interval_shown(state, days)
    earliest, report, before, goals, props, outcomes = await asyncio.gather(
        finding,
        _report(ask, state, days, step, wanted),
        _report(ask, state, compared, _step_of(compared, step), wanted) if compared else _nothing(),
        asyncio.to_thread(_goals, ask) if wanted.goals else _no_rows(),
        asyncio.to_thread(_props, ask, days) if wanted.goals else _no_rows(),
        asyncio.to_thread(read_outcomes, store, site, days) if wanted.outcomes else _no_rows(),
    )
    if earliest is None:
        return None
    # The first day is remembered for a minute, in which an import may bring earlier ones.
    begins = [each.begins for each in (report, before) if each is not None and each.begins is not None]
    earliest = min([earliest, *begins])
    view = SiteView(
        site=site,
        state=state,
        days=days,
        earliest=earliest,
        report=report,
        before=replace(before, first_day=earliest) if before is not None else None,
        links=links_of(ask),
        language=ask.language,
        now=_without_zone(now),
        k=site.threshold or ask.board.settings.threshold,
    )
    return Read(view, goals, props, outcomes)


def _first_day(ask: Ask) -> date | None:
    board, site = ask.board, ask.site
    return board.first_days.of(site.number, ask.now, partial(read_first_day, board.store, site))


def _goals(ask: Ask) -> list[Goal]:
    board, site = ask.board, ask.site
    return board.goals.of(site.number, ask.now, partial(list_goals, board.store, site))


def _props(ask: Ask, days: DayRange) -> list[str]:
    board, site = ask.board, ask.site
    return board.props.of((site.number, days), ask.now, partial(listed_props, board.store, site, days))


async def _report(ask: Ask, state: ViewState, days: DayRange, step: Interval, wanted: Wanted) -> Report:
    store, site, where = ask.board.store, ask.site, state.filter
    if where is not None and state.where is not None and state.where.is_not:
        return await asyncio.to_thread(read_all_but, store, site, days, where, step)
    dimensions = [dimension for dimension in wanted.dimensions if can_be_listed(dimension, state)]
    return await asyncio.to_thread(read_report, store, site, days, dimensions, where, step, ask.board.reports)


def _step_of(days: DayRange, step: Interval) -> Interval:
    """Give the step of the compared days: hours are those of one day."""
    return Interval.DAY if step is Interval.HOUR and days.days > 1 else step


async def _nothing() -> None:
    return None


async def _no_rows() -> list[Any]:
    return []


def listed_props(store: Store, site: Site, days: DayRange) -> list[str]:
    """Give the props, as dimensions, that reports may list in a range of days. Raises StoreError."""
    keys = {"site": site.number, "first": days.first, "last": days.last, "prefix": PROP}
    return [str(name) for (name,) in store.rows(sql("dashboards", "listed_props"), keys)]


def _without_zone(local: datetime) -> datetime:
    return local.replace(tzinfo=None)
