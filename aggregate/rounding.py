"""Rounding without bias, so that whoever knows all visitors but one learns nothing of that one."""

from dataclasses import astuple
from hashlib import blake2b

from aggregate.cells import Figures

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
        parts = [part.encode() for part in place]
        name = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
        digest = blake2b(name, key=self._key, digest_size=_CHANCE_BYTES).digest()
        chance = int.from_bytes(digest, "big") % BASE
        return Figures(*((number + chance) // BASE * BASE for number in astuple(figures)))
