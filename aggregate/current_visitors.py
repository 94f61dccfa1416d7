"""Current visitors: how many a site has had in the last five minutes, one number without attributes.

The job that rolls open days counts them, each minute, for sites with new events. The number is in the memory of
the store alone and gives way to the next: there is no history of it.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from aggregate.rolling import OpenDay, milliseconds
from core.sites import Site
from core.sql import sql
from core.store import Store

WINDOW = timedelta(minutes=5)
"""Who came within this time before now is a current visitor."""


def count_current_visitors(
    store: Store, sites: Collection[Site], open_days: Sequence[OpenDay], now: datetime
) -> None:
    """Count the current visitors of the sites whose open days have new events; forget all numbers of before.

    Sites of a profile that shows closed days only have no such number. Raises StoreError.
    """
    shown = {site.number for site in sites if site.profile.shows_open_days}
    oldest = (now - WINDOW).date() - timedelta(days=1)  # in whatever time zone
    days = [
        (each.site, each.day)
        for each in open_days
        if each.site in shown and each.raw_rows != each.rolled_rows and each.day >= oldest
    ]
    keys = {"now": milliseconds(now), "after": milliseconds(now - WINDOW)}
    if days:
        store.run(sql("aggregate", "count_current_visitors"), {**keys, "days": days})
    if store.rows(sql("aggregate", "count_past_visitors"), keys)[0][0]:
        counted = sorted({site for site, _day in days})
        store.run(sql("aggregate", "forget_past_visitors"), {**keys, "sites": counted})


def read_current_visitors(store: Store, site: Site, now: datetime) -> int | None:
    """Give how many visitors a site has had in the last five minutes; None if its profile does not tell.

    The number is that of the last minute in which anything came; one that is older than five minutes is 0.
    Raises StoreError.
    """
    if not site.profile.shows_open_days:
        return None
    keys = {"site": site.number, "after": milliseconds(now - WINDOW)}
    rows = store.rows(sql("aggregate", "read_current_visitors"), keys)
    return int(rows[0][0]) if rows else 0
