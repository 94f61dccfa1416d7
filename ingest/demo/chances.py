"""Choices out of tables with weights, as fast as a million of them need to be."""

import random
from bisect import bisect
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Generic, TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Weighted(Generic[Value]):
    """Values, each as likely as its weight says beside the others'."""

    table: tuple[tuple[Value, float], ...]
    _values: list[Value] = field(init=False, repr=False)
    _sums: list[float] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Add the weights up once."""
        object.__setattr__(self, "_values", [value for value, _weight in self.table])
        object.__setattr__(self, "_sums", list(accumulate(weight for _value, weight in self.table)))

    def pick(self, chance: random.Random) -> Value:
        """Choose one."""
        return self._values[bisect(self._sums, chance.random() * self._sums[-1])]


def weighted(table: Iterable[tuple[Value, float]]) -> Weighted[Value]:
    """Make a table of rows (value, weight)."""
    return Weighted(tuple(table))
