"""What a span of days shows beside its days: the values that come to k in it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from aggregate.carrying import OF_EVENTS, OF_PAGES, OF_VISITS, Integers, Row, release_carried
from aggregate.cells import PARENTS, Figures, has_several, is_of_events
from aggregate.release import parent_of
from aggregate.spans import Grain, Span
from core.sites import Site
from core.sql import sql
from core.store import Store

Difference = tuple[int, ...]
"""The six metrics, which may be below zero."""

_MOST_ROWS = 100_000  # of what is hidden, read at once: some fifty megabytes


class Atom(NamedTuple):
    """A row that a span shows: of a value, or (``other``) by how much "Other" differs from its days' sum."""

    dimension: str
    other: bool
    value: str
    figures: Difference


@dataclass(frozen=True, slots=True)
class PublishedPart:
    """A part of the month as it was published: by which k, and its atoms."""

    span: Span
    k: int
    atoms: Sequence[Atom]


def span_atoms(store: Store, site: Site, span: Span, parts: Sequence[PublishedPart], k: int) -> Iterator[Atom]:
    """Give all atoms of a span whose days are closed; of a month, those that its ``parts`` do not have.

    Raises StoreError.
    """
    keys = {"site": site.number, "first": span.first, "last": span.last}
    for dimensions in _read_together(store.rows(sql("aggregate", "carried_dimensions"), keys)):
        for carried in _read_carried(store, keys, dimensions):
            own = [_part_of_dimension(part, carried.dimension) for part in parts]
            yield from carried.atoms(span, own, k)


def _part_of_dimension(part: PublishedPart, dimension: str) -> PublishedPart:
    return PublishedPart(part.span, part.k, [atom for atom in part.atoms if atom.dimension == dimension])


@dataclass(frozen=True, slots=True)
class _Carried:
    """What the days of a span hide of one dimension."""

    dimension: str
    hidden: dict[str, dict[date, Figures]] = field(default_factory=dict)
    as_one: dict[date, Figures] = field(default_factory=dict)
    """All of it, by day; its people once each."""
    seen: dict[str, frozenset[date]] = field(default_factory=dict)
    """On which days a value is seen."""
    parents: Collection[str] = ()
    """The browsers or systems that are seen, if these are their versions."""

    def atoms(self, span: Span, parts: Sequence[PublishedPart], k: int) -> Iterator[Atom]:
        """Give the span's atoms of this dimension."""
        known_before = {part.span.first: self._known_days(part.span, (), part.k) for part in parts if part.atoms}
        told = [day for days in known_before.values() for day in days]
        known = self._known_days(span, told, k)
        lower = [row for part in parts for row in self._rows_of(part, known_before.get(part.span.first, ()))]
        days = [[day for day in part.days if day in known] for part in span.parts]
        groups = [[day] for day in known] if span.grain is Grain.PART else [days_of for days_of in days if days_of]
        rows = [row for hidden in self._groups(known, lower) for row in self._release(hidden, groups, lower, k)]
        if not rows:
            return
        for row in rows:
            yield Atom(self.dimension, other=False, value=row.value, figures=row.figures.numbers)
        yield Atom(self.dimension, other=True, value="", figures=self._less_other(parts, known, told, rows, lower))

    def _known_days(self, span: Span, told: Collection[date], k: int) -> list[date]:
        """Give the days whose hidden part may be told as one sum.

        Those that show something tell it already. The others together must come to k people.
        """
        shown = frozenset[date]().union(*self.seen.values(), told)
        days = [day for day in span.days if day in self.as_one]
        silent = [day for day in days if day not in shown]
        if sum(self.as_one[day].visitors for day in silent) >= k:
            return days
        return [day for day in days if day in shown]

    def _rows_of(self, part: PublishedPart, known: Collection[date]) -> Iterator[Row]:
        for atom in part.atoms:
            if not atom.other:
                days = frozenset(known) - self.seen.get(atom.value, frozenset())
                by_day = {day: each for day, each in self.hidden[atom.value].items() if day in days}
                yield Row(atom.value, by_day, days)

    def _groups(self, known: Collection[date], lower: Sequence[Row]) -> list[dict[str, dict[date, Figures]]]:
        """Give what is still hidden on known days; of versions, those of each browser or system by themselves."""
        groups: dict[str | None, dict[str, dict[date, Figures]]] = {}
        released = {(row.value, day) for row in lower for day in row.days}
        for value, by_day in self.hidden.items():
            left = {day: each for day, each in by_day.items() if day in known and (value, day) not in released}
            if left:
                groups.setdefault(self._parent(value), {})[value] = left
        return list(groups.values())

    def _release(
        self,
        hidden: Mapping[str, Mapping[date, Figures]],
        groups: Sequence[Sequence[date]],
        lower: Sequence[Row],
        k: int,
    ) -> list[Row]:
        parent = self._parent(next(iter(hidden)))
        beside = [row for row in lower if self._parent(row.value) == parent]
        # A browser is also what nobody said the version of: that must not be all that stays hidden of it.
        return release_carried(
            hidden,
            self.seen,
            groups,
            k,
            beside,
            keeps_some=parent is not None,
            alike=_alike(self.dimension),
        )

    def _parent(self, value: str) -> str | None:
        return parent_of(value, self.parents)

    def _less_other(
        self,
        parts: Sequence[PublishedPart],
        known: Collection[date],
        told: Collection[date],
        rows: Sequence[Row],
        lower: Sequence[Row],
    ) -> Difference:
        """Give what "Other" of the span is more (or less) than the sum of its days' and parts'.

        People of several values are one each by day, and can no longer be told apart: visitors, and of
        pages visits, are then at least those of the largest value that stays hidden.
        """
        shown = frozenset[date]().union(*self.seen.values())
        before = _sum([self.as_one[day] for day in known if day in shown])
        before = _plus(before, *(atom.figures for part in parts for atom in part.atoms if atom.other))
        added = _sum([self.as_one[day] for day in known if day not in shown and day not in told])
        left = _minus(_plus(before, added), _sum([row.figures for row in rows]))
        gone = {(row.value, day) for row in (*rows, *lower) for day in row.days}
        staying = [
            sum(
                (each for day, each in by_day.items() if day in known and (value, day) not in gone), Figures()
            ).numbers
            for value, by_day in self.hidden.items()
        ]
        least = tuple(map(max, zip(*staying, strict=True)))
        after = tuple(map(max, left, least)) if any(least) else (0,) * len(left)
        return _minus(after, before)


def _alike(dimension: str) -> Integers:
    if is_of_events(dimension):
        return OF_EVENTS
    return OF_PAGES if has_several(dimension) else OF_VISITS


def _read_together(counts: Iterable[Sequence[Any]]) -> Iterator[list[str]]:
    """Yield dimensions to be read at once: of a small site all, of a large one what memory allows.

    ``counts`` are rows (dimension, how many rows there are of it).
    """
    dimensions, rows = list[str](), 0
    for dimension, count in counts:
        if dimensions and rows + count > _MOST_ROWS:
            yield dimensions
            dimensions, rows = [], 0
        dimensions.append(dimension)
        rows += count
    if dimensions:
        yield dimensions


def _read_carried(store: Store, keys: Mapping[str, object], dimensions: Sequence[str]) -> list[_Carried]:
    """Read what the days of a span hide of some dimensions. Raises StoreError."""
    parents = [PARENTS[dimension] for dimension in dimensions if dimension in PARENTS]
    seen = _seen_days(store, keys, sorted({*dimensions, *parents}))
    found = {
        dimension: _Carried(dimension, seen=seen[dimension], parents=tuple(seen[PARENTS.get(dimension, "")]))
        for dimension in dimensions
    }
    for dimension, day, other, value, *figures in store.rows(
        sql("aggregate", "read_carried"), {**keys, "dimensions": dimensions}
    ):
        carried = found[dimension]
        by_day = carried.as_one if other else carried.hidden.setdefault(value, {})
        by_day[date.fromisoformat(day)] = Figures(*figures)
    return list(found.values())


def _seen_days(
    store: Store, keys: Mapping[str, object], dimensions: Sequence[str]
) -> Mapping[str, dict[str, frozenset[date]]]:
    """Give for dimensions on which days each value is seen; for any other dimension there is none."""
    seen = defaultdict[str, dict[str, frozenset[date]]](dict)
    for dimension, value, days in store.rows(sql("aggregate", "seen_days"), {**keys, "dimensions": dimensions}):
        seen[dimension][value] = frozenset(map(date.fromisoformat, days))
    return seen


def _sum(figures: Sequence[Figures]) -> Difference:
    return sum(figures, Figures()).numbers


def _plus(*amounts: Difference) -> Difference:
    return tuple(map(sum, zip(*amounts, strict=True)))


def _minus(one: Difference, other: Difference) -> Difference:
    return tuple(first - second for first, second in zip(one, other, strict=True))
