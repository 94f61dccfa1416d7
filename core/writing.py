"""One writer of reports at a time: who rolls, who closes, and who moves an import's rows into place."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def writing_alone(data: Path) -> Iterator[None]:
    """Hold the lock of the one who rolls and closes."""
    with (data / "jobs.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
