"""Chained records: tables to which lines are only ever added, each holding the hash of the one before.

A line's hash is SHA-256 over the previous hash and the line, so that no line can be
changed or taken out without every later hash telling. Processes of several hosts may write
at the same moment, after the same line: the next line is then chained to all of theirs, its
``previous`` being their hashes with commas between.
"""

import fcntl
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, Protocol

from core.sql import sql
from core.store import Store, encode_rows


class ChainedLine(Protocol):
    """A line as it stands in its record; ``previous`` holds the hashes to which it is chained."""

    @property
    def sequence(self) -> int:
        """Its number: one more than the highest of the lines to which it is chained."""

    @property
    def previous(self) -> str:
        """The hashes of the lines before, with commas between; "" for the first."""

    @property
    def hash(self) -> str:
        """Its own hash, as it was written."""

    @property
    def texts(self) -> tuple[str, ...]:
        """What it says, as it was hashed."""

    @property
    def title(self) -> str:
        """What it is about, for people."""


class NewLine(NamedTuple):
    """A line to be written: ``texts`` are hashed, ``fields`` are what stands in the columns."""

    texts: Sequence[str]
    fields: Mapping[str, object]


class Chain:
    """Appends to a record; one writer at a time on a host, held by a lock file in the data folder."""

    def __init__(self, store: Store, folder: Path, table: str) -> None:
        self._store = store
        self._table = table
        self._lock = folder / f"{table}.lock"

    def append(self, *lines: NewLine) -> None:
        """Write lines, all or none of them. Raises StoreError."""
        if not lines:
            return
        with _locked(self._lock):
            ends = self._store.rows(sql("core", "last_lines"), {"table": self._table})
            last = max((number for number, _hash in ends), default=0)
            previous = ",".join(each for _number, each in ends)
            rows: list[dict[str, object]] = []
            for sequence, line in enumerate(lines, last + 1):
                own_hash = chained_hash(previous, sequence, line.texts)
                rows.append({"sequence": sequence, **line.fields, "previous": previous, "hash": own_hash})
                previous = own_hash
            self._store.insert(self._table, tuple(rows[0]), encode_rows([tuple(row.values()) for row in rows]))


def chained_hash(previous: str, sequence: int, texts: Iterable[str]) -> str:
    """Give the hash of a line: over the previous hashes, its number and what it says."""
    return sha256("\n".join((previous, str(sequence), *texts)).encode()).hexdigest()


def broken_links(lines: Iterable[ChainedLine], anchors: Mapping[str, int] | None = None) -> Iterator[str]:
    """Say what is wrong with each line that was changed, or that another line misses; nothing if all is whole.

    ``anchors``: the hashes and numbers of lines that were taken out on purpose. Lines that were taken from the
    end, and a record that was written anew as a whole, it cannot tell.
    """
    known = dict(anchors or {})
    for line in sorted(lines, key=lambda each: each.sequence):
        where = f"line {line.sequence} ({line.title})"
        if chained_hash(line.previous, line.sequence, line.texts) != line.hash:
            yield f"{where} was changed: its hash is another"
        chained_to = chained_hashes(line)
        missing = [each for each in chained_to if each not in known]
        if missing:
            yield f"{where} is chained to a line that is not there: {', '.join(missing)}"
        elif line.sequence != max((known[each] for each in chained_to), default=0) + 1:
            yield f"{where} is not chained to the line before it"
        known[line.hash] = line.sequence


def chained_hashes(line: ChainedLine) -> list[str]:
    """Give the hashes of the lines before; none for the first."""
    return line.previous.split(",") if line.previous else []


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
