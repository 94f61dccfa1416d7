"""The props of custom events: a dimension ``prop:KEY`` for each key, its values those of the prop."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from aggregate.cells import PROP
from aggregate.columns import Column, Numbers, read_columns
from core.sites import Site
from core.sql import sql
from core.store import Store

MOST_PROPS = 20
"""How many keys of a day are reported, those of the most visitors.

Whoever sends events chooses the keys, and they may be of any number, while each is cross-tabulated like any
dimension: with 20 there are three times as many tables as without.
"""


@dataclass(frozen=True, slots=True, eq=False)
class CarriedProp:
    """A prop in each event that carries it: the visit's place in ``Visits``, the event's name, the value."""

    visit: Numbers
    events: Column
    values: Column


def read_props(
    store: Store, site: Site, day: date, tokens: Numbers, visits_of: Numbers
) -> Mapping[str, CarriedProp]:
    """Read the props of a day's visits by dimension. Raises StoreError.

    ``tokens`` are those of visitors, in the order of unsigned integers; ``visits_of`` says how many visits
    each made.
    """
    numbers, texts = read_columns(store.columns(sql("aggregate", "day_props"), props_key(site, day)))
    return dict(_by_dimension(*_placed(numbers, tokens, visits_of), texts))


def props_key(site: Site, day: date) -> dict[str, object]:
    """Give the parameters of queries that read the props of a site's day."""
    return {"site": site.number, "day": day, "most_props": MOST_PROPS}


def _placed(numbers: Mapping[str, Numbers], tokens: Numbers, visits_of: Numbers) -> tuple[Numbers, Numbers]:
    """Give the rows of known visits, and the place of each: an open day may have grown since they were read."""
    asked, number = numbers["visitor"].view(np.uint64), numbers["visit"]
    known = tokens.view(np.uint64)
    if not len(known):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    visitor = np.minimum(np.searchsorted(known, asked), len(known) - 1)
    rows = np.flatnonzero((known[visitor] == asked) & (number < visits_of[visitor]))
    first = np.cumsum(visits_of) - visits_of
    return rows, first[visitor[rows]] + number[rows]


def _by_dimension(rows: Numbers, visit: Numbers, texts: Mapping[str, Column]) -> Iterator[tuple[str, CarriedProp]]:
    keys, names, values = (texts[name].at(rows) for name in ("key", "name", "value"))
    for code, key in sorted(enumerate(keys.texts), key=lambda each: each[1]):
        chosen = np.flatnonzero(keys.codes == code)
        if len(chosen):
            yield PROP + key, CarriedProp(visit[chosen], names.at(chosen), values.at(chosen))
