"""Rounding without bias, so that whoever knows all visitors but one learns nothing of that one."""

from collections.abc import Iterable
from hashlib import blake2b

import numpy as np

from aggregate.cells import Figures
from aggregate.columns import Numbers

BASE = 5
_CHANCE_BYTES = 8  # so that no chance of five is likelier than another by more than 2 in 10 to the 19


class Rounding:
    """Rounds numbers to multiples of BASE, up or down by a key: the nearer a multiple, the likelier.

    The same number in the same place is rounded alike by the same key, and on the average of all keys
    comes out as it was.
    """

    def __init__(self, key: bytes) -> None:
        self._key = blake2b(key, digest_size=32).digest()

    def rounded(self, figures: Figures, *place: str) -> Figures:
        """Give the figures that stand in a place, rounded; the larger of two stays at least as large."""
        (numbers,) = self.rounded_all(np.array([figures.numbers]), [place])
        return Figures(*numbers)

    def rounded_all(self, figures: Numbers, places: Iterable[tuple[str, ...]]) -> list[list[int]]:
        """Round many at once: a row of numbers for each place."""
        chances = np.array([self._chance(place) for place in places], np.int64)
        rounded: list[list[int]] = ((figures + chances[:, np.newaxis]) // BASE * BASE).tolist()
        return rounded

    def _chance(self, place: tuple[str, ...]) -> int:
        parts = [part.encode() for part in place]
        name = b"".join([len(part).to_bytes(4, "big") + part for part in parts])
        digest = blake2b(name, key=self._key, digest_size=_CHANCE_BYTES).digest()
        return int.from_bytes(digest, "big") % BASE
