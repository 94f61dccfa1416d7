"""The latest reports, kept by what was asked and by the rolls that answered.

The rows of a roll never change, so the same rolls give the same report: what is looked up is only which rolls
readers see now. Nothing is ever old, and there is nothing to forget when a day is published anew.
"""

import threading
from collections.abc import Callable, Hashable
from typing import Generic, Protocol, TypeVar

_MOST_CELLS = 50_000  # about 400 bytes each


class Sized(Protocol):
    """What knows how many cells it holds."""

    @property
    def size(self) -> int:
        """The number of its cells."""


Kept = TypeVar("Kept", bound=Sized)


class KeptReports(Generic[Kept]):
    """Keeps reports up to a number of cells together; those that were not asked for the longest give way.

    Whoever is given a report must not change it: it is the next one's, too.
    """

    def __init__(self, most_cells: int = _MOST_CELLS) -> None:
        self._most_cells = most_cells
        self._lock = threading.Lock()
        self._kept: dict[Hashable, Kept] = {}  # the one that was asked for last is the last

    def of(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """Give a report, made if it is not kept. Raises what ``make`` raises."""
        with self._lock:
            found = self._kept.pop(key, None)
            if found is not None:
                self._kept[key] = found
                return found
        made = make()  # two that ask at once make it twice, which is better than waiting for each other
        with self._lock:
            self._kept[key] = made
            self._give_way()
        return made

    def _give_way(self) -> None:
        cells = sum(report.size for report in self._kept.values())
        for key in list(self._kept):
            if cells <= self._most_cells:
                return
            cells -= self._kept.pop(key).size
