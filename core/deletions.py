"""The deletion record: what was destroyed and when, each line chained to the one before.

A line's hash is SHA-256 over the previous hash and the line, so that no line can be
changed or taken out without every later hash telling.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from core.sql import sql
from core.store import Store, encode_rows

_COLUMNS = ("sequence", "at", "what", "site", "day", "previous", "hash")


class Destroyed(StrEnum):
    """What a line says was destroyed."""

    KEY = "key"
    RAW_EVENTS = "raw events"


@dataclass(frozen=True, slots=True)
class Deletion:
    """One thing that was destroyed: the key of a site's day, or a day's raw events (site 0)."""

    at: datetime
    what: Destroyed
    site: int
    day: date


class DeletionRecord:
    """Appends to the record; one writer at a time, held by a lock file in the data folder."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._lock = folder / "deletions.lock"

    def append(self, deletion: Deletion) -> None:
        """Write one line. Raises StoreError."""
        with _locked(self._lock):
            last = self._store.rows(sql("core", "last_deletion"))
            sequence, previous = last[0] if last else (0, "")
            line = (sequence + 1, deletion.at, deletion.what, deletion.site, deletion.day, previous)
            self._store.insert("deletions", _COLUMNS, encode_rows([(*line, line_hash(line))]))


def line_hash(line: tuple[int, datetime, str, int, date, str]) -> str:
    """Give the hash of a line: sequence, time, what, site, day and the previous hash."""
    sequence, at, what, site, day, previous = line
    text = f"{previous}\n{sequence}\n{at.isoformat(timespec='milliseconds')}\n{what}\n{site}\n{day.isoformat()}"
    return sha256(text.encode()).hexdigest()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
