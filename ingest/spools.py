"""The folder of spools: each collector process holds one, and what a dead one left is shipped by another.

A spool belongs to whoever holds the lock beside it, which the system lets go when a process
dies. A process takes the first one that is free.
"""

import fcntl
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import IO

from core.clock import Clock
from core.errors import SpoolError
from core.sql import sql
from core.store import Store
from ingest.meter import Meter
from ingest.shipper import Freight, Shipper
from ingest.spool import NO_LIMIT, Spool

_FOLDER = "spools"
_SUFFIX = ".sqlite"


@contextmanager
def claimed_spool(data: Path, limit: int) -> Iterator[tuple[Spool, str]]:
    """Hold the first free spool of a data folder; give it and its place in words. Raises SpoolError."""
    folder = data / _FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise SpoolError(f"The folder {folder} cannot be made ({error.strerror}); check its rights.") from None
    for number in count():
        path = folder / f"{number}{_SUFFIX}"
        with _lock(path) as is_ours:
            if is_ours:
                spool = Spool(path, limit)
                try:
                    yield spool, place_of(path)
                finally:
                    spool.close()
                return


def spool_folder(data: Path) -> Path:
    """Give the folder in which a data folder's spools are."""
    return data / _FOLDER


def spool_paths(data: Path) -> list[Path]:
    """Give every spool's file in a data folder, held or not."""
    return sorted((data / _FOLDER).glob(f"*{_SUFFIX}"))


def place_of(path: Path) -> str:
    """Give a spool's place in words: the host and the file."""
    return f"{socket.gethostname()}: {path.resolve()}"


def is_held(path: Path) -> bool:
    """Tell whether a process holds a spool."""
    with _lock(path) as is_ours:
        return not is_ours


def ship_abandoned(data: Path, store: Store, freight: Freight, clock: Clock, meter: Meter) -> int:
    """Ship the spools that nobody holds and sign them off; give how many events went.

    Raises StoreError, SpoolError.
    """
    shipped = 0
    for path in spool_paths(data):
        with _lock(path) as is_ours:
            if is_ours:
                shipped += _ship(path, store, freight, clock, meter)
    return shipped


def _ship(path: Path, store: Store, freight: Freight, clock: Clock, meter: Meter) -> int:
    spool = Spool(path, NO_LIMIT)
    try:
        events = spool.waiting().events
        if events or spool.unstated() or not _is_signed_off(store, spool):
            Shipper(spool, store, freight, clock, meter, place_of(path)).sign_off(clock())
        return events
    finally:
        spool.close()


def _is_signed_off(store: Store, spool: Spool) -> bool:
    return store.rows(sql("ingest", "is_signed_off"), {"collector": spool.name}) == [[True]]


@contextmanager
def spool_if_free(path: Path) -> Iterator[Spool | None]:
    """Hold a spool until the end of the block, or give None if another process holds it. Raises SpoolError."""
    with _lock(path) as is_ours:
        if not is_ours:
            yield None
            return
        spool = Spool(path, NO_LIMIT)
        try:
            yield spool
        finally:
            spool.close()


@contextmanager
def _lock(path: Path) -> Iterator[bool]:
    """Hold a spool's lock until the end of the block, and tell whether that could be."""
    file: IO[str]
    with path.with_suffix(".lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
