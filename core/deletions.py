"""The deletion record: what was destroyed and when, each line chained to the one before.

A line's hash is SHA-256 over the previous hash and the line, so that no line can be
changed or taken out without every later hash telling. Collectors of several hosts may write
at the same moment, after the same line: the next line is then chained to all of theirs, its
``previous`` being their hashes with commas between.
"""

import fcntl
from collections.abc import Iterable, Iterator
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
    CARRIED = "carried numbers"


@dataclass(frozen=True, slots=True)
class Deletion:
    """One thing that was destroyed: the key of a site's day, or of all sites (site 0) a day's raw events.

    What a month carried is of all sites, too; its ``day`` is the month's first.
    """

    at: datetime
    what: Destroyed
    site: int
    day: date


@dataclass(frozen=True, slots=True)
class DeletionLine:
    """A line as it stands in the record; ``previous`` holds the hashes to which it is chained."""

    sequence: int
    at: datetime
    what: str
    site: int
    day: date
    previous: str
    hash: str

    @property
    def chained_to(self) -> list[str]:
        """The hashes of the lines before; none for the first."""
        return self.previous.split(",") if self.previous else []


class DeletionRecord:
    """Appends to the record; one writer at a time on a host, held by a lock file in the data folder."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._lock = folder / "deletions.lock"

    def append(self, deletion: Deletion) -> None:
        """Write one line. Raises StoreError."""
        with _locked(self._lock):
            ends = self._store.rows(sql("core", "last_deletions"))
            sequence = max((number for number, _hash in ends), default=0)
            previous = ",".join(line_hash for _number, line_hash in ends)
            line = (sequence + 1, deletion.at, deletion.what, deletion.site, deletion.day, previous)
            self._store.insert("deletions", _COLUMNS, encode_rows([(*line, line_hash(line))]))


def read_deletions(store: Store) -> list[DeletionLine]:
    """Give the whole record, in order. Raises StoreError."""
    return [
        DeletionLine(sequence, datetime.fromisoformat(at), what, site, date.fromisoformat(day), previous, own_hash)
        for sequence, at, what, site, day, previous, own_hash in store.rows(sql("core", "read_deletions"))
    ]


def broken_lines(lines: Iterable[DeletionLine]) -> Iterator[str]:
    """Say what is wrong with each line that was changed, or that another line misses; nothing if all is whole.

    Lines that were taken from the end, and a record that was written anew as a whole, it cannot tell.
    """
    known = dict[str, int]()
    for line in sorted(lines, key=lambda each: each.sequence):
        where = f"line {line.sequence} ({line.what}, {line.day})"
        stated = (line.sequence, line.at, line.what, line.site, line.day, line.previous)
        if line_hash(stated) != line.hash:
            yield f"{where} was changed: its hash is another"
        missing = [each for each in line.chained_to if each not in known]
        if missing:
            yield f"{where} is chained to a line that is not there: {', '.join(missing)}"
        elif line.sequence != max((known[each] for each in line.chained_to), default=0) + 1:
            yield f"{where} is not chained to the line before it"
        known[line.hash] = line.sequence


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
