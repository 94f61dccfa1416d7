"""Closing a day.

A day is closed at its local midnight plus grace, once every collector's watermark has passed
it: rolled once more, published for good. A closed day is never restated. What was raw is
destroyed afterwards: see ``aggregate.destruction``.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from aggregate.rolling import open_days, roll_day
from core.clock import day_of
from core.collectors import CollectorState, behind, list_collectors
from core.errors import ProfileError, StoreRefusedError
from core.sites import Site
from core.store import Store

_log = logging.getLogger("footfall.jobs")


@dataclass(frozen=True, slots=True)
class Closing:
    """When a day may be closed: so long after its midnight, and so long is a silent collector waited for."""

    grace: timedelta
    patience: timedelta


@dataclass(frozen=True, slots=True)
class Closed:
    """The days that were closed, and the collectors for which others wait."""

    days: list[tuple[Site, date]]
    waits_for: list[CollectorState]


def is_over(site: Site, day: date, now: datetime, grace: timedelta) -> bool:
    """Tell whether a site's day is over, its grace included."""
    return day_of(day, site.zone).end + grace <= now


def close_due_days(
    store: Store,
    sites: Sequence[Site],
    k: int,
    closing: Closing,
    now: datetime,
    turn: int = 0,
    most: int | None = None,
) -> Closed:
    """Close every day that is over and has raw events, oldest first, or so many of them; give what was closed.

    ``k`` is for sites that have none of their own.

    Run again, or late by days, it does what is left to do. ``turn`` is the writer's: see
    ``core.writing``. Raises StoreError.
    """
    by_number = {site.number: site for site in sites}
    collectors = list_collectors(store)
    closed, waits_for = list[tuple[Site, date]](), dict[str, CollectorState]()
    for open_day in open_days(store):
        if len(closed) == most:
            break
        site = by_number.get(open_day.site)
        if site is None or not is_over(site, open_day.day, now, closing.grace):
            continue
        late = behind(collectors, day_of(open_day.day, site.zone).end, now, closing.patience)
        if late:
            waits_for |= {each.place: each for each in late}
            continue
        try:
            roll_day(store, site, open_day.day, site.threshold or k, now, close=True, turn=turn)
        except (StoreRefusedError, ProfileError) as error:  # one site's trouble must not keep the others open
            _log.warning("closing %s %s: %s", site.domain, open_day.day, error)
        else:
            closed.append((site, open_day.day))
    return Closed(closed, list(waits_for.values()))
