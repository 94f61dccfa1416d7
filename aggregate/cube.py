"""The cube: a day's report under every filter, as two-way tables of one dimension by another."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from aggregate.cells import EVENT_DIMENSIONS, FILTERED_DIMENSIONS, FILTERS, HOUR, NO_SOURCE, UNKNOWN, Cell, Figures
from aggregate.cross_tables import HIDDEN, Place, Value, seen_cells
from aggregate.rounding import Rounding, rounding_key
from core.sites import Site
from core.sql import sql
from core.store import Store

_HOURS = 24
_BY_VISIT = tuple(name for name in FILTERED_DIMENSIONS if name not in EVENT_DIMENSIONS)

Table = dict[Place, Figures]


class FilteredCell(NamedTuple):
    """A number of the report under a filter: of those with ``filter_value``, so many have ``value``."""

    filter: str
    filter_value: str
    dimension: str
    value: str
    figures: Figures


def filtered_cells(
    store: Store,
    site: Site,
    day: date,
    seen: Mapping[str, Sequence[Cell]],
    k: int,
    rounding: Rounding | None = None,
) -> Iterator[FilteredCell]:
    """Give all cells of a closed day that may be seen under a filter, rounded. Raises StoreError.

    ``seen`` are the cells of each dimension that are seen without a filter: what is hidden there
    is hidden here. ``rounding`` is by the day's key, to multiples of five unless another is given.
    """
    key = {"site": site.number, "day": day}
    rounding = rounding or Rounding(rounding_key(store, site, day))
    items = _Items(seen)
    parameters = {**key, **items.parameters, "zone": site.timezone, "none": NO_SOURCE, "unknown": UNKNOWN}
    for (one, other), table in _tables(store, parameters, items).items():
        if not {one, other} & {*FILTERS}:
            continue
        for place, figures in seen_cells(table, items.people(one), items.people(other), k).items():
            row, column = str(place.row), str(place.column)
            rounded = rounding.rounded(figures, one, row, other, column)
            if one in FILTERS:
                yield FilteredCell(one, row, other, column, rounded)
            if other in FILTERS:
                yield FilteredCell(other, column, one, row, rounded)


@dataclass(frozen=True, slots=True)
class _Item:
    """A value of a dimension, or HIDDEN."""

    dimension: str
    value: Value


class _Items:
    """Numbers for the values that are seen, so that ClickHouse counts pairs of numbers and not of texts.

    The first number of a dimension is that of all its hidden values. Events come last, pages before
    them, hours before pages.
    """

    def __init__(self, seen: Mapping[str, Sequence[Cell]]) -> None:
        self._people: dict[str, dict[Value, int]] = {}
        self._items: list[_Item] = []
        self.parameters: dict[str, object] = {}
        for dimension in _BY_VISIT:
            self._add(dimension, seen.get(dimension, ()))
        self.parameters["hour_first"] = len(self._items)
        self._items += [_Item(HOUR, str(hour)) for hour in range(_HOURS)]
        for dimension in EVENT_DIMENSIONS:
            self.parameters[f"{dimension}_first"] = len(self._items)
            self._add(dimension, seen.get(dimension, ()))

    def __getitem__(self, number: int) -> _Item:
        """Give the item of a number."""
        return self._items[number]

    def people(self, dimension: str) -> Mapping[Value, int]:
        """Give how many visitors each value has that is seen."""
        return self._people.get(dimension, {})

    def _add(self, dimension: str, cells: Sequence[Cell]) -> None:
        people: dict[Value, int] = {
            cell.value: cell.figures.visitors for cell in cells if cell.value is not HIDDEN
        }
        first = len(self._items)
        # ClickHouse takes no empty list: the empty text, which is never seen, stands for the hidden values.
        self._items += [_Item(dimension, HIDDEN), *(_Item(dimension, value) for value in people)]
        self._people[dimension] = people
        self.parameters[dimension] = ["", *people]
        self.parameters[f"{dimension}_ids"] = list(range(first, len(self._items)))


def _tables(store: Store, parameters: Mapping[str, object], items: _Items) -> Mapping[tuple[str, str], Table]:
    tables: dict[tuple[str, str], Table] = defaultdict(dict)
    for query in ("cross_visits", "cross_events"):
        for one, other, *figures in store.rows(sql("aggregate", query), parameters):
            row, column = items[one], items[other]
            tables[row.dimension, column.dimension][Place(row.value, column.value)] = Figures(*figures)
    return tables
