"""The embedded store: chdb in this process, one folder on disk, one process at a time."""

import fcntl
import os
import shutil
import tempfile
from pathlib import Path
from typing import IO

from core.errors import StoreError, StoreInUseError
from core.store import CONNECTION_SETTINGS, ClickHouseStore

_EMBEDDED_SETTINGS = {
    # chdb would start a thread a core for each of the pool's connections.
    "max_threads": max(2, os.cpu_count() or 1),
    # Nothing of a query is ever written down: rows hold tokens while the day is open.
    "log_queries": 0,
}


class EmbeddedStore(ClickHouseStore):
    """A chdb store that holds its folder's lock for as long as it is open."""

    def __init__(self, folder: Path, scratch: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = _lock(folder / "lock")
        # clickhouse-connect hands every insert to chdb as a temporary file. What a killed
        # process left there goes now, and the place is chosen by the caller (tmpfs).
        _empty(scratch)
        tempfile.tempdir = str(scratch)

        import clickhouse_connect  # noqa: PLC0415

        super().__init__(
            lambda: clickhouse_connect.get_client(
                interface="chdb",
                path=str(folder / "store"),
                settings=CONNECTION_SETTINGS | _EMBEDDED_SETTINGS,
            )
        )
        self.rows("SELECT 1")  # what is wrong with the folder is told at the start

    def close(self) -> None:
        """Close the connections, then let the next process in."""
        super().close()
        self._lock.close()


def _lock(path: Path) -> IO[str]:
    try:
        file = path.open("a")
    except OSError as error:
        raise StoreError(
            f"The data folder {path.parent} cannot be written ({error.strerror}); check its permissions."
        ) from None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise StoreInUseError(
            f"Another process uses the database in {path.parent}. Stop it, or choose another folder with --data."
        ) from None
    return file


def _empty(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for leftover in folder.iterdir():
        if leftover.is_dir():
            shutil.rmtree(leftover)
        else:
            leftover.unlink()
