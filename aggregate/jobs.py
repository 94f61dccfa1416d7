"""The jobs: a table. APScheduler runs them; each can be run by hand, twice and late."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from aggregate.closing import Closing, close_due_days, is_over
from aggregate.current_visitors import count_current_visitors
from aggregate.destruction import destroy_carried_months, destroy_raw_days, forget_open_reports
from aggregate.removed_sites import destroy_removed_sites
from aggregate.roll_budget import last_open_rolls, resting
from aggregate.rolling import open_days, roll_day
from aggregate.span_rolls import publish_due_spans
from core.accesses import AccessRecord, drop_old_accesses
from core.clock import Clock
from core.daemon_thread import in_daemon_thread
from core.deletions import DeletionRecord
from core.errors import FootfallError, ProfileError, StoreRefusedError
from core.settings import Settings
from core.sites import list_sites
from core.store import Store
from core.writing import writing_turn

_log = logging.getLogger("footfall.jobs")


@dataclass(frozen=True, slots=True)
class Workplace:
    """What the jobs work on."""

    store: Store
    settings: Settings
    deletions: DeletionRecord
    turn: int = 0
    """The writer's, see ``core.writing``."""
    sparing: bool = False
    """Whether open days are rolled no oftener than a tenth of a core allows; who asks by hand does not wait."""

    @property
    def closing(self) -> Closing:
        """When a day may be closed."""
        return Closing(
            timedelta(seconds=self.settings.close_grace), timedelta(seconds=self.settings.collector_patience)
        )


@dataclass(frozen=True, slots=True)
class Job:
    """A row of the table: its name, what it does, how often, and its help.

    ``run`` gives one line on what it did, or "" if there was nothing to do; it is logged at ``level``.
    """

    name: str
    run: Callable[[Workplace, datetime], str]
    every: Callable[[Settings], float]
    help: str
    level: int = logging.INFO
    writes: bool = True
    """Whether it writes reports, which one process does at a time; what only reads them keeps none waiting."""


def roll_open_days(workplace: Workplace, now: datetime) -> str:
    """Roll every open day that has new events, and count who is there now."""
    sites = {site.number: site for site in list_sites(workplace.store, with_removed=True)}
    rests = resting(last_open_rolls(workplace.store), now) if workplace.sparing else set()
    rolled, opened = 0, open_days(workplace.store)
    count_current_visitors(workplace.store, sites.values(), opened, now)
    for open_day in opened:
        site = sites.get(open_day.site)
        if (
            site is None
            or open_day.raw_rows == open_day.rolled_rows
            or (open_day.site, open_day.day) in rests
            or is_over(site, open_day.day, now, workplace.closing.grace)
        ):
            continue
        try:
            roll_day(
                workplace.store,
                site,
                open_day.day,
                site.threshold or workplace.settings.threshold,
                now,
                close=False,
                turn=workplace.turn,
            )
        except (StoreRefusedError, ProfileError) as error:  # one site's trouble must not keep the others waiting
            _log.warning("rolling %s %s: %s", site.domain, open_day.day, error)
        else:
            rolled += 1
    return f"rolled {rolled} open day{'s' * (rolled > 1)}" if rolled else ""


def close_days(workplace: Workplace, now: datetime) -> str:
    """Close and publish every day that is over."""
    sites = list_sites(workplace.store, with_removed=True)
    done = close_due_days(
        workplace.store, sites, workplace.settings.threshold, workplace.closing, now, workplace.turn
    )
    closed = "closed " + ", ".join(f"{site.domain} {day}" for site, day in done.days) if done.days else ""
    waits = "waits for the collector " + ", ".join(each.place for each in done.waits_for) if done.waits_for else ""
    return "; ".join(filter(None, (closed, waits)))


def close_next_days(workplace: Workplace, now: datetime, most: int) -> int:
    """Close the oldest days that are over, so many of them, in one turn; give how many there were.

    For who has hundreds to close and tells of it, or may be stopped meanwhile. Raises FootfallError.
    """
    sites = list_sites(workplace.store, with_removed=True)
    k, closing = workplace.settings.threshold, workplace.closing
    with writing_turn(workplace.store, workplace.settings.data, now) as turn:
        return len(close_due_days(workplace.store, sites, k, closing, now, turn, most).days)


def add_up_spans(workplace: Workplace, now: datetime) -> str:
    """Publish every part of a month, and every month, whose days are all closed."""
    sites = list_sites(workplace.store, with_removed=True)
    published = publish_due_spans(
        workplace.store, sites, workplace.settings.threshold, workplace.closing, now, workplace.turn
    )
    return "added up " + ", ".join(f"{site.domain} {span}" for site, span in published) if published else ""


def destroy_raw(workplace: Workplace, now: datetime) -> str:
    """Destroy the raw events of every day that all sites have closed, and what months have carried."""
    sites = list_sites(workplace.store, with_removed=True)
    retention = timedelta(seconds=workplace.settings.raw_retention)
    days = destroy_raw_days(workplace.store, workplace.deletions, sites, workplace.closing, retention, now)
    months = destroy_carried_months(workplace.store, workplace.deletions, sites, workplace.closing, now)
    forget_open_reports(workplace.store, sites, workplace.closing, now)
    raw = "destroyed the raw events of " + ", ".join(map(str, days)) if days else ""
    carried = "destroyed what was carried in " + ", ".join(f"{month:%Y-%m}" for month in months) if months else ""
    return "; ".join(filter(None, (raw, carried)))


def forget_accesses(workplace: Workplace, now: datetime) -> str:
    """Drop the months of the access record that are older than it is kept."""
    keep = timedelta(days=workplace.settings.access_record_days)
    record = AccessRecord(workplace.store, workplace.settings.data)
    months = drop_old_accesses(workplace.store, record, workplace.deletions, keep, now)
    return "dropped the access record of " + ", ".join(f"{month:%Y-%m}" for month in months) if months else ""


def destroy_removed(workplace: Workplace, now: datetime) -> str:
    """Destroy the reports of sites that were removed long enough ago."""
    keep = timedelta(days=workplace.settings.removed_site_days)
    sites = destroy_removed_sites(workplace.store, workplace.deletions, keep, now)
    return "destroyed the reports of " + ", ".join(site.domain for site in sites) if sites else ""


JOBS = (
    Job(
        "roll",
        roll_open_days,
        lambda settings: settings.roll_interval,
        "Update the reports of days that are not final yet, and count who is there now.",
        logging.DEBUG,  # once a minute on a site that is visited
    ),
    Job("close", close_days, lambda _settings: 60.0, "Close and publish the days that are over."),
    Job(
        "add-up",
        add_up_spans,
        lambda _settings: 600.0,
        "Add up the parts of months, and the months, that are over.",
    ),
    Job(
        "destroy-raw",
        destroy_raw,
        lambda _settings: 600.0,
        "Destroy raw events that every site has closed, and what closed months have carried.",
    ),
    Job(
        "forget-accesses",
        forget_accesses,
        lambda _settings: 3_600.0,
        "Drop the months of the access record that are older than access_record_days.",
    ),
    Job(
        "destroy-removed",
        destroy_removed,
        lambda _settings: 3_600.0,
        "Destroy the reports of sites that were removed removed_site_days ago.",
    ),
)


def run_job(job: Job, workplace: Workplace, now: datetime) -> str:
    """Run a job; one that writes reports by itself, one writer at a time. Raises FootfallError."""
    if not job.writes:
        return job.run(workplace, now)
    with writing_turn(workplace.store, workplace.settings.data, now) as turn:
        return job.run(replace(workplace, turn=turn), now)


@asynccontextmanager
async def scheduled(workplace: Workplace, clock: Clock, jobs: Sequence[Job] = JOBS) -> AsyncIterator[None]:
    """Run every job by its interval, until the end of the block."""
    scheduler = AsyncIOScheduler(executors={"default": AsyncIOExecutor()}, timezone="UTC")
    for job in jobs:
        scheduler.add_job(
            _run_logged,
            "interval",
            args=(job, replace(workplace, sparing=True), clock),
            seconds=job.every(workplace.settings),
            name=job.name,
            max_instances=1,  # one that runs long skips its next turn
            coalesce=True,
            misfire_grace_time=None,
        )
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)


async def _run_logged(job: Job, workplace: Workplace, clock: Clock) -> None:
    try:
        # What writes is waited for when the process ends; what only reads may hang in others' hands.
        in_thread = asyncio.to_thread if job.writes else in_daemon_thread
        done = await in_thread(run_job, job, workplace, clock())
    except asyncio.CancelledError:
        _log.debug("job %s: Footfall is stopping; what it leaves is done after the next start.", job.name)
    except FootfallError as error:
        _log.warning("job %s: %s It runs again in %.0f s.", job.name, error, job.every(workplace.settings))
    else:
        if done:
            _log.log(job.level, "job %s: %s", job.name, done)
