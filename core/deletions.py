"""The deletion record: what was destroyed and when, each line chained to the one before (``core.chains``)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from core.chains import Chain, NewLine, broken_links, chained_hash
from core.sql import sql
from core.store import Store

_TABLE = "deletions"


class Destroyed(StrEnum):
    """What a line says was destroyed."""

    KEY = "key"
    RAW_EVENTS = "raw events"
    CARRIED = "carried numbers"
    SPOOLED = "spooled events"
    STAGED = "staged imports"
    ACCESSES = "access record"
    SITE = "removed site"


@dataclass(frozen=True, slots=True)
class Deletion:
    """One thing that was destroyed: the key of a site's day, or of all sites (site 0) a day's raw events.

    What a month carried is of all sites, too, as is a month of the access record; their ``day`` is the
    month's first. Of what a spool or an import held, and of a removed site, ``day`` is that of the
    destruction, in UTC.
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
    def texts(self) -> tuple[str, ...]:
        """What it says, as it was hashed."""
        return _texts(self.at, self.what, self.site, self.day)

    @property
    def title(self) -> str:
        """What it is about, for people."""
        return f"{self.what}, {self.day}"


class DeletionRecord:
    """Appends to the record."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._chain = Chain(store, folder, _TABLE)

    def append(self, *deletions: Deletion) -> None:
        """Write a line for each, all or none of them. Raises StoreError."""
        self._chain.append(*map(_new_line, deletions))


def read_deletions(store: Store) -> list[DeletionLine]:
    """Give the whole record, in order. Raises StoreError."""
    return [
        DeletionLine(sequence, datetime.fromisoformat(at), what, site, date.fromisoformat(day), previous, own_hash)
        for sequence, at, what, site, day, previous, own_hash in store.rows(sql("core", "read_deletions"))
    ]


def broken_lines(lines: Iterable[DeletionLine]) -> Iterator[str]:
    """Say what is wrong with each line that was changed, or that another line misses; nothing if all is whole."""
    return broken_links(lines)


def line_hash(line: tuple[int, datetime, str, int, date, str]) -> str:
    """Give the hash of a line: sequence, time, what, site, day and the previous hash."""
    sequence, at, what, site, day, previous = line
    return chained_hash(previous, sequence, _texts(at, what, site, day))


def _new_line(deletion: Deletion) -> NewLine:
    at, what, site, day = deletion.at, deletion.what, deletion.site, deletion.day
    return NewLine(_texts(at, what, site, day), {"at": at, "what": what, "site": site, "day": day})


def _texts(at: datetime, what: str, site: int, day: date) -> tuple[str, ...]:
    return at.isoformat(timespec="milliseconds"), what, str(site), day.isoformat()
