"""The profile `strict`: thresholds that nobody knows, and numbers that are rounded to tens. Pure.

A row that is seen from exactly k visitors on tells whoever knows all visitors but one whether that one
was there. So each row's threshold is drawn from k to 2k, and every number that is published is rounded
without bias, both by the key of the day, which goes with the raw events (decision 0016).
"""

from collections.abc import Iterable, Mapping, Sequence

from aggregate.cells import OTHER, Cell, Figures
from aggregate.columns import Numbers
from aggregate.release import Rule
from aggregate.rounding import Rounding

STRICT_BASE = 10
STRICT_SECONDS_BASE = 600
"""Seconds are rounded to ten minutes: a single visit lasts seconds by the hundred."""

_TOTALS = ""
"""The dimension under which totals have their place; no dimension is called so."""
_THRESHOLD = b"threshold"


class StrictRounding(Rounding):
    """Rounds a day's totals and cells to tens, and draws the threshold of each cell from ``k`` to 2k."""

    def __init__(self, key: bytes, k: int) -> None:
        super().__init__(key, STRICT_BASE, STRICT_SECONDS_BASE)
        self._k = k

    def threshold(self, *place: str) -> int:
        """Give how many visitors the cell in a place needs to be seen."""
        return self._k + self._chance(place, _THRESHOLD) % (self._k + 1)

    def rule(self, dimension: str) -> Rule:
        """Give the rule of a dimension: drawn thresholds, also of "Other", and rows in the order that is seen.

        By their exact sizes, which of two rows is hidden beside others would tell which has a visitor more.
        """
        return Rule(
            threshold=lambda value: self.threshold(*_place(dimension, value)),
            size=lambda cell: self._rounded(dimension, cell).figures.visitors,
        )

    def totals(self, rows: Iterable[Sequence[int]]) -> list[tuple[int, ...]]:
        """Round totals: each row is an hour and its six figures."""
        rounded = ((hour, self.rounded(Figures(*figures), _TOTALS, str(hour))) for hour, *figures in rows)
        return [(hour, *figures.numbers) for hour, figures in rounded]

    def cells(self, released: Mapping[str, Iterable[Cell]]) -> dict[str, list[Cell]]:
        """Round the cells of each dimension that may be seen; one that comes to nobody is left out."""
        return {
            dimension: [
                cell for cell in (self._rounded(dimension, each) for each in cells) if cell.figures.visitors
            ]
            for dimension, cells in released.items()
        }

    def _rounded(self, dimension: str, cell: Cell) -> Cell:
        return Cell(cell.value, self.rounded(cell.figures, *_place(dimension, cell.value)))


class StrictFilterRounding(StrictRounding):
    """Rounds cells under a filter; to nobody, where they have fewer visitors than the threshold of their place."""

    def rounded_all(self, figures: Numbers, places: Iterable[tuple[str, ...]]) -> list[list[int]]:
        """Round many at once; a row of too few visitors comes to nothing at all."""
        known = list(places)
        rounded = super().rounded_all(figures, known)
        return [
            numbers if visitors >= self.threshold(*place) else [0] * len(numbers)
            for numbers, visitors, place in zip(rounded, figures[:, 0].tolist(), known, strict=True)
        ]


def _place(dimension: str, value: str | None) -> tuple[str, ...]:
    return (dimension,) if value is OTHER else (dimension, value)
