"""Rounding without bias, so that whoever knows all visitors but one learns nothing of that one."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from hashlib import blake2b

import numpy as np

from aggregate.cells import Figures
from aggregate.columns import Numbers
from core.sites import Site
from core.sql import sql
from core.store import Store

BASE = 5
_CHANCE_BYTES = 8  # so that no chance of a base is likelier than another by more than one in 10 to the 16


def rounding_key(store: Store, site: Site, day: date) -> bytes:
    """Give the key that follows from a day's raw events and goes with them. Raises StoreError."""
    return "/".join(store.rows(sql("aggregate", "day_digest"), {"site": site.number, "day": day})[0]).encode()


class Rounding:
    """Rounds numbers to multiples of a base (0: BASE), up or down by a key: the nearer a multiple, the likelier.

    The same number in the same place is rounded alike by the same key, and on the average of all keys
    comes out as it was. ``seconds_base`` is the base of seconds, if that is another.
    """

    def __init__(self, key: bytes, base: int = 0, seconds_base: int = 0) -> None:
        self._key = blake2b(key, digest_size=32).digest()
        base = base or BASE
        bases = replace(Figures(*[base] * 6), seconds=seconds_base or base)
        self._bases = np.array(bases.numbers, np.int64)

    def rounded(self, figures: Figures, *place: str) -> Figures:
        """Give the figures that stand in a place, rounded; the larger of two stays at least as large."""
        (numbers,) = self.rounded_all(np.array([figures.numbers]), [place])
        return Figures(*numbers)

    def rounded_all(self, figures: Numbers, places: Iterable[tuple[str, ...]]) -> list[list[int]]:
        """Round many at once: a row of numbers for each place."""
        chances = np.array([self._chance(place) for place in places], np.uint64)[:, np.newaxis]
        up = (chances % self._bases.astype(np.uint64)).astype(np.int64)
        rounded: list[list[int]] = ((figures + up) // self._bases * self._bases).tolist()
        return rounded

    def _chance(self, place: tuple[str, ...], purpose: bytes = b"") -> int:
        """Give the number, below 2 to the 64, that the key has for a place and a purpose."""
        parts = [part.encode() for part in place]
        name = b"".join([len(part).to_bytes(4, "big") + part for part in parts])
        digest = blake2b(name, key=self._key, digest_size=_CHANCE_BYTES, person=purpose).digest()
        return int.from_bytes(digest, "big")
