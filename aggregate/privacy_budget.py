"""The privacy budget of a site's day, and the one draw of noise that it pays for.

Two versions of one day with different noise would say more together than either may. So
there is never a second one: what is drawn is written down whole before anything is published,
the first one written is the only one, and whoever comes later, or again, reads it.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from core.errors import PrivacyBudgetError, StoreUnavailableError
from core.sites import Site
from core.sql import sql
from core.store import Store, encode_rows

EPSILON_A_DAY = 1.0
DELTA_A_DAY = 2e-7

_SPENT = ("site", "day", "what", "epsilon", "delta", "at")
_DRAWN = ("site", "day", "attempt", "dimension", "value", "number")
_MOST_USED_UP = 100  # tokens that a crash of ClickHouse took along: one each, ever
_TOLERANCE = 1e-9  # what adding up floating-point shares may be off by


class Charge(NamedTuple):
    """What drawing noise for one thing costs."""

    what: str
    epsilon: float
    delta: float


class Drawn(NamedTuple):
    """A number as it may be published: of a dimension's value, or of the day (a metric, no value)."""

    dimension: str
    value: str
    number: int


def draw_once(
    store: Store,
    site: Site,
    day: date,
    charges: Sequence[Charge],
    draw: Callable[[], Sequence[Drawn]],
    now: datetime,
) -> list[Drawn]:
    """Give the day's drawn numbers, largest first within a dimension: recorded ones, or those of ``draw``.

    ``draw`` is called after its charges were spent, gives at least one number, and is answered with
    what was recorded, which is another's draw if that came first. Numbers that were drawn and not
    recorded went with their process: nobody saw them, and their charge pays for the next draw.
    Raises PrivacyBudgetError, StoreError.
    """
    drawn: Sequence[Drawn] = ()
    for attempt in range(1, _MOST_USED_UP):
        recorded = recorded_draw(store, site, day)
        if recorded:
            return recorded
        spend(store, site, day, charges, now)
        drawn = drawn or draw()
        rows = encode_rows([(site.number, day, attempt, *each) for each in drawn])
        store.insert("report_draws", _DRAWN, rows, f"draw {site.number} {day} {attempt}")
    raise StoreUnavailableError(
        "ClickHouse records no draw; check that it keeps what is inserted into `report_draws`."
    )


def recorded_draw(store: Store, site: Site, day: date) -> list[Drawn]:
    """Give what was drawn for a site's day, largest first within a dimension. Raises StoreError."""
    rows = store.rows(sql("aggregate", "recorded_draw"), {"site": site.number, "day": day})
    return [Drawn(*row) for row in rows]


def spend(store: Store, site: Site, day: date, charges: Sequence[Charge], now: datetime) -> None:
    """Write down what is about to be drawn for a site's day, all of it or nothing.

    The same thing at the same price is written down once: it pays for one draw, which ``draw_once`` sees
    to. Raises PrivacyBudgetError if the day's budget is not enough, StoreError.
    """
    names = " ".join(charge.what for charge in charges)
    for attempt in range(1, _MOST_USED_UP):
        spent = spent_budget(store, site, day)
        owed = [charge for charge in charges if not any(_pays(paid, charge) for paid in spent)]
        # Checked again once it is written: another may have spent at the same moment.
        _check([*spent, *owed], site, day)
        if not owed:
            return
        rows = encode_rows([(site.number, day, *charge, now) for charge in owed])
        store.insert("privacy_budget", _SPENT, rows, f"spend {site.number} {day} {len(spent)} {names} {attempt}")
    raise StoreUnavailableError(
        "ClickHouse records no spending; check that it keeps what is inserted into `privacy_budget`."
    )


def spent_budget(store: Store, site: Site, day: date) -> list[Charge]:
    """Give what was spent for a site's day. Raises StoreError."""
    rows = store.rows(sql("aggregate", "spent_budget"), {"site": site.number, "day": day})
    return [Charge(*row) for row in rows]


def _pays(paid: Charge, charge: Charge) -> bool:
    return paid.what == charge.what and paid.epsilon >= charge.epsilon and paid.delta >= charge.delta


def _check(charges: Iterable[Charge], site: Site, day: date) -> None:
    known = list(charges)
    epsilon = math.fsum(charge.epsilon for charge in known)
    delta = math.fsum(charge.delta for charge in known)
    if epsilon > EPSILON_A_DAY * (1 + _TOLERANCE) or delta > DELTA_A_DAY * (1 + _TOLERANCE):
        raise PrivacyBudgetError(
            f"Nothing more is drawn for {site.domain} on {day}: it would come to epsilon {epsilon:g} and "
            f"delta {delta:g}, and a day has {EPSILON_A_DAY:g} and {DELTA_A_DAY:g}. What was published stays."
        )
