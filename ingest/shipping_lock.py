"""Batches under way and erasures: while one runs, none of the others does, in any process of a data folder.

An erasure must find every row either in a spool, where it can be taken out, or in ClickHouse for certain. So
it waits until no batch is between the two, and batches wait until it is done. Who ships passes a door that an
erasure holds while it waits; else collectors that take turns could keep it waiting for ever.
"""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from core.errors import StoreUnavailableError

_DOOR, _ROOM = "erasing.door", "erasing.room"
_LOOK = 0.02  # seconds between two looks at a lock


@contextmanager
def batch_under_way(folder: Path) -> Iterator[None]:
    """Let no erasure begin until the end of the block; ``folder`` is that of the spools."""
    with (folder / _ROOM).open("a") as room:
        with (folder / _DOOR).open("a") as door:
            fcntl.flock(door, fcntl.LOCK_EX)
            fcntl.flock(room, fcntl.LOCK_SH)
        yield


@contextmanager
def no_batch_under_way(folder: Path, patience: float) -> Iterator[None]:
    """Let no batch leave a spool until the end of the block.

    Raises StoreUnavailableError if one that is under way takes longer than ``patience``, in seconds.
    """
    deadline = time.monotonic() + patience
    with (folder / _DOOR).open("a") as door, (folder / _ROOM).open("a") as room:
        for file in (door, room):
            _wait_for(file, deadline)
        yield


def _wait_for(file: IO[str], deadline: float) -> None:
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise StoreUnavailableError(
                    "A batch is still on its way to ClickHouse; try again later."
                ) from None
            time.sleep(_LOOK)
        else:
            return
