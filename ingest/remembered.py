"""A memory with a bound: what was found once, and is asked for again."""

from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

MOST_REMEMBERED = 10_000


class Remembered(dict[Key, Value]):
    """A dictionary that holds so many at most; when it is full it begins anew. Never on disk."""

    def __init__(self, most: int = MOST_REMEMBERED) -> None:
        super().__init__()
        self._most = most

    def keep(self, key: Key, value: Value) -> None:
        """Remember one more."""
        if len(self) >= self._most:
            self.clear()
        self[key] = value
