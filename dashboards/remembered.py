"""What pages remember for a minute: small answers of the store that each of them needs and that seldom change."""

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

_LASTS = timedelta(minutes=1)
_MOST = 1_000

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Remembered(Generic[Key, Value]):
    """Answers by key, each for a minute, and so many of them: the oldest give way.

    A change is to ``forget`` its key; another process sees it a minute late. A statement takes two to six
    milliseconds of a page's time.
    """

    def __init__(self) -> None:
        self._known: dict[Key, tuple[Value, datetime]] = {}
        self._changes = 0

    def of(self, key: Key, now: datetime, read: Callable[[], Value]) -> Value:
        """Give an answer, read anew if it is not known or older than a minute. Raises what ``read`` raises."""
        known = self._known.get(key)
        if known is not None and now < known[1]:
            return known[0]
        changes = self._changes
        value = read()
        # What is not there yet may come at any moment; what changes meanwhile may have been read as it was.
        if value is not None and changes == self._changes:
            self._keep(key, value, now + _LASTS)
        return value

    def _keep(self, key: Key, value: Value, until: datetime) -> None:
        self._known.pop(key, None)  # the dictionary is in the order in which its answers were read
        self._known[key] = value, until
        for oldest in list(self._known)[: max(0, len(self._known) - _MOST)]:
            self._known.pop(oldest, None)

    def forget(self, key: Key) -> None:
        """Read an answer anew: it has changed."""
        self._changes += 1
        self._known.pop(key, None)
