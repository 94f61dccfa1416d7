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
