"""How often open days are rolled: as often as a tenth of one core allows, whatever the traffic."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import sqrt

from core.sql import sql
from core.store import Store

_SHARE = 0.1  # of one core, for all sites together


@dataclass(frozen=True, slots=True)
class OpenRoll:
    """The last roll of a day that is open: when it was made, and how many seconds that took."""

    site: int
    day: date
    at: datetime
    seconds: float


def resting(rolls: Iterable[OpenRoll], now: datetime) -> set[tuple[int, date]]:
    """Give the sites' days whose next roll is not due yet.

    A roll that takes t seconds is made every √t · Σ√t / 0.1 seconds, the sum being over all open days. All
    together then take a tenth of a core, and small sites do not wait for large ones: of all such
    intervals these make the mean wait the shortest. One site of half a second is rolled every five.
    """
    known = list(rolls)
    together = sum(sqrt(roll.seconds) for roll in known)
    return {
        (roll.site, roll.day)
        for roll in known
        if now - roll.at < timedelta(seconds=sqrt(roll.seconds) * together / _SHARE)
    }


def last_open_rolls(store: Store) -> list[OpenRoll]:
    """Give the last roll of every day that is open. Raises StoreError."""
    return [
        OpenRoll(site, date.fromisoformat(day), datetime.fromisoformat(at), milliseconds / 1000)
        for site, day, at, milliseconds in store.rows(sql("aggregate", "last_open_rolls"))
    ]
