"""A day's report with differential privacy: what is published, at which price, and the report.

The unit is one token, a visitor of one site and one day: whatever they did, the chance of any
report is at most e to the epsilon (1 a day) times what it would be without them, but for a chance
of delta. docs/differential-privacy.md says what that is worth, and what it is not.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from itertools import groupby

from aggregate.cells import NO_SOURCE, UNKNOWN, Cell, Figures
from aggregate.noise import KnownValues, Noise, UnknownValues
from aggregate.privacy_budget import Charge, Drawn, draw_once
from core.clock import day_of
from core.errors import PrivacyBudgetError
from core.sites import Site
from core.sql import sql
from core.store import Store

METRICS = ("visitors", "visits", "pageviews")
"""The metrics of a day's total. A cell has its visitors alone."""

_DEVICES = ("Desktop", "Mobile", "Tablet", UNKNOWN)
_BROWSERS = (
    "Chrome",
    "Chrome (in-app)",
    "DuckDuckGo",
    "Edge",
    "Facebook",
    "Firefox",
    "Google app",
    "Instagram",
    "Opera",
    "Safari",
    "Safari (in-app)",
    "Samsung Internet",
    UNKNOWN,
)


@cache
def _countries() -> tuple[str, ...]:
    text = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text(encoding="utf-8")
    return (*(line.split("\t")[0] for line in text.splitlines() if line and not line.startswith("#")), UNKNOWN)


@dataclass(frozen=True, slots=True)
class Published:
    """A metric of the day's total, or a dimension, and what its noise may cost.

    One visitor counts in at most ``most_values`` of its values, in each at most ``most_each``. ``values``
    are all that can be published of a dimension; None: those that visitors bring, from a threshold on,
    which costs ``delta`` as well.
    """

    name: str
    epsilon: float
    most_values: int = 1
    most_each: int = 1
    delta: float = 0.0
    values: Callable[[], tuple[str, ...]] | None = None


PUBLISHED = (
    Published("visitors", 0.03, values=lambda: ("",)),
    Published("visits", 0.03, most_each=3, values=lambda: ("",)),
    Published("pageviews", 0.04, most_each=10, values=lambda: ("",)),
    Published("page", 0.4, most_values=5, delta=1e-7),
    Published("source", 0.15, delta=1e-7),
    Published("country", 0.1, values=_countries),
    Published("device", 0.05, values=lambda: _DEVICES),
    Published("browser", 0.05, values=lambda: _BROWSERS),
)
"""All that is published. Epsilon 0.85 of 1: 0.15 is left for pairs of dimensions, which nothing draws yet."""


@dataclass(frozen=True, slots=True)
class NoisyReport:
    """A closed day: its total, and the released cells of each dimension, largest first.

    Of the total there are visitors, visits and pageviews, of a cell its visitors; other metrics are 0.
    No cell is below ``least`` visitors.
    """

    totals: Figures
    cells: dict[str, list[Cell]]
    least: int


def noisy_report(store: Store, site: Site, day: date, now: datetime) -> NoisyReport:
    """Give a day's report with noise; the same one whenever it is asked for, whatever came or went meanwhile.

    What arrives later is in no report. Raises PrivacyBudgetError, also while the day is not over: a day has
    one draw; MissingExtraError without the extra ``dp``; StoreError.
    """
    if now < day_of(day, site.zone).end:
        raise PrivacyBudgetError(f"{day} is not over at {site.domain}: its one report is made once it is.")
    noises = {published.name: noise_of(published) for published in PUBLISHED}
    charges = [Charge(name, noise.epsilon, noise.delta) for name, noise in noises.items()]
    drawn = draw_once(store, site, day, charges, lambda: _draw(noises, bounded_counts(store, site, day)), now)
    return _report(drawn, min(noise.least for noise in noises.values() if noise.least))


def noise_of(published: Published) -> Noise:
    """Give the noise for what is published. Raises MissingExtraError."""
    if published.values is None:
        return UnknownValues(published.epsilon, published.delta, published.most_values)
    contribution = published.most_values * published.most_each
    everything = published.name in METRICS
    return KnownValues(published.values(), published.epsilon, contribution, everything=everything)


def bounded_counts(store: Store, site: Site, day: date) -> dict[str, dict[str, int]]:
    """Give the exact counts by name and value, to which no visitor contributes more than PUBLISHED says.

    These are not for publishing. Raises StoreError.
    """
    by_name = {published.name: published for published in PUBLISHED}
    parameters: dict[str, object] = {
        "site": site.number,
        "day": day,
        "none": NO_SOURCE,
        "unknown": UNKNOWN,
        "most_pages": by_name["page"].most_values,
        "most_visits": by_name["visits"].most_each,
        "most_pageviews": by_name["pageviews"].most_each,
    }
    (totals,) = store.rows(sql("aggregate", "dp_totals"), parameters)
    counts = {name: {"": number} for name, number in zip(METRICS, totals, strict=True)}
    counts["page"] = dict(map(tuple, store.rows(sql("aggregate", "dp_pages"), parameters)))
    visits = store.rows(sql("aggregate", "dp_visits"), parameters)
    return counts | {
        dimension: {value: visitors for _dimension, value, visitors in rows}
        for dimension, rows in groupby(visits, key=lambda row: str(row[0]))
    }


def _draw(noises: Mapping[str, Noise], counts: Mapping[str, Mapping[str, int]]) -> list[Drawn]:
    return [
        Drawn(name, value, number)
        for name, noise in noises.items()
        for value, number in noise.draw(counts.get(name, {})).items()
    ]


def _report(drawn: Iterable[Drawn], least: int) -> NoisyReport:
    by_name = {name: list(numbers) for name, numbers in groupby(drawn, key=lambda each: each.dimension)}
    totals = Figures(**{name: by_name.pop(name)[0].number for name in METRICS})
    cells = {
        name: [Cell(each.value, Figures(visitors=each.number)) for each in numbers]
        for name, numbers in by_name.items()
    }
    return NoisyReport(totals, cells, least)
