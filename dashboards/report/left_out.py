"""What was received for a site and left out, by reason and by day: the ledger as a page shows it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from operator import itemgetter

from aggregate.periods import DayRange
from core.sites import Site
from core.sql import sql
from core.store import Store
from core.tallies import RECEIVED, STORED
from dashboards.language import Language
from dashboards.wording import reason_in_words

_MOST_DAYS = 92  # in a table; beyond, months

Outcome = tuple[date, str, int]


@dataclass(frozen=True, slots=True)
class Balance:
    """How many hits were received, counted and left out, in the time that ``name`` says."""

    name: str
    received: int
    stored: int
    left_out: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The ledger of a range of days: its balance, reasons with their hits, the most frequent first, and steps."""

    total: Balance
    reasons: list[tuple[str, int]] = field(default_factory=list)
    steps: list[Balance] = field(default_factory=list)


def read_outcomes(store: Store, site: Site, days: DayRange) -> list[Outcome]:
    """Read what became of a site's hits, by day; by month if there are many days. Raises StoreError."""
    keys = {"site": site.number, "first": days.first, "last": days.last, "by_month": days.days > _MOST_DAYS}
    rows = store.rows(sql("dashboards", "read_outcomes"), keys)
    return [(date.fromisoformat(step), outcome, hits) for step, outcome, hits in rows]


def left_out_of(outcomes: Iterable[Outcome], days: DayRange, language: Language) -> LeftOut:
    """Put outcomes into words and order."""
    known = list(outcomes)
    by_reason: dict[str, int] = {}
    for _step, outcome, hits in known:
        by_reason[outcome] = by_reason.get(outcome, 0) + hits
    reasons = {name: hits for name, hits in by_reason.items() if name not in {RECEIVED, STORED}}
    in_order = sorted(reasons.items(), key=lambda reason: (-reason[1], reason[0]))
    return LeftOut(
        _balance("", by_reason),
        [(reason_in_words(name, language), hits) for name, hits in in_order],
        list(_steps(known, days, language)),
    )


def _steps(outcomes: list[Outcome], days: DayRange, language: Language) -> Iterator[Balance]:
    by_month = days.days > _MOST_DAYS
    for step, group in groupby(sorted(outcomes), key=itemgetter(0)):
        balance = _balance(
            language.month(step) if by_month else language.day(step), {outcome: hits for _, outcome, hits in group}
        )
        if balance.left_out:
            yield balance


def _balance(name: str, by_outcome: dict[str, int]) -> Balance:
    reasons = (hits for outcome, hits in by_outcome.items() if outcome not in {RECEIVED, STORED})
    return Balance(name, by_outcome.get(RECEIVED, 0), by_outcome.get(STORED, 0), sum(reasons))
