"""How many visitors the demo site has on a day, and at which hour they come."""

import random
from datetime import date, timedelta
from math import cos, pi, pow  # noqa: A004 (the built-in's type is not only float)

from ingest.demo.chances import Weighted, weighted

_VISITORS = 800
"""Of an ordinary day when the demo was first started."""
_GROWTH = 1.08  # a month: two and a half times as many as a year before
_MOST_GROWTH = 2.0
_DAYS_OF_A_MONTH = 30.4
_WEEK = (1.12, 1.14, 1.10, 1.06, 0.96, 0.72, 0.70)  # from Monday on
_SEASON, _HIGH_SEASON = 0.15, 348  # bread sells best in the middle of December
_LAUNCHED = timedelta(days=130)
"""How long before the demo's first start half the web read of the shop."""
_LAUNCH = (3.4, 2.1, 0.9, 0.5, 0.3, 0.2, 0.1)  # times an ordinary day, from the launch's day on

_HOURS: tuple[float, ...] = (
    *(0.42, 0.34, 0.28, 0.26, 0.28, 0.36, 0.50, 0.70, 0.92, 1.05, 1.10, 1.10),
    *(1.02, 1.00, 1.05, 1.06, 1.02, 0.98, 0.95, 0.98, 1.02, 0.98, 0.82, 0.60),
)
"""How many come in each hour of their own day, beside the others."""
_BY_OWN_CLOCK: Weighted[int] = weighted(enumerate(_HOURS))


def launch_on(day: date, began: date) -> float:
    """Give how many times the visitors of an ordinary day the launch brought on a day; mostly 0."""
    after = (day - (began - _LAUNCHED)).days
    return _LAUNCH[after] if 0 <= after < len(_LAUNCH) else 0.0


def visitors_on(chance: random.Random, day: date, began: date) -> int:
    """Make up how many come on a day, of a demo that was first started on the day ``began``."""
    months = (day - began).days / _DAYS_OF_A_MONTH
    growth = min(pow(_GROWTH, months), _MOST_GROWTH)
    season = 1 + _SEASON * cos(2 * pi * (day.timetuple().tm_yday - _HIGH_SEASON) / 365)
    ordinary = _VISITORS * growth * season * _WEEK[day.weekday()] * chance.gauss(1, 0.05)
    return max(1, round(ordinary * (1 + launch_on(day, began))))


def hour_of(chance: random.Random, hours_ahead: int) -> int:
    """Make up the hour, in UTC, in which somebody comes whose clock is so far ahead."""
    return (_BY_OWN_CLOCK.pick(chance) - hours_ahead) % len(_HOURS)
