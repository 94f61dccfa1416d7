"""On which day a session, a key or a shared link was last used.

The day is all there is: no time, no address, no browser. It is noted once a day, so that reading stays reading.
"""

from datetime import date, datetime

from core.store import Store, encode_rows


def note_use(store: Store, used: str, noted: date, now: datetime) -> None:
    """Note that what has this hash is used now, unless its (UTC) day is noted already. Raises StoreError."""
    today = now.date()
    if noted < today:
        store.insert("last_uses", ("used", "day"), encode_rows([(used, today)]))


class NotedUses:
    """Remembers which uses this process has noted today, so that nothing is read or written for the next ones."""

    def __init__(self) -> None:
        self._day = date.min
        self._noted = set[str]()

    def note(self, store: Store, used: str, now: datetime) -> None:
        """Note that what has this hash is used now. Raises StoreError."""
        if now.date() != self._day:
            self._day, self._noted = now.date(), set()
        if used not in self._noted:
            note_use(store, used, date.min, now)
            self._noted.add(used)
