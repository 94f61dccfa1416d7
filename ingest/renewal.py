"""Renewal: how a collector that runs learns of a reset, and forgets its keys and what it has spooled.

A reset overwrites the keys on tmpfs and leaves its name in the data folder. Each collector looks for it
and, when it finds a new one, forgets the keys that it knows, waits for the commits that are under way, destroys
its spool, and leaves the reset's name beside it: from then on nothing that an old key made is in it or on its way.
A collector that does not answer so is named by the reset, which then is not complete.
"""

import asyncio
import logging
import time
from pathlib import Path

from core.clock import Clock
from core.daemon_thread import in_daemon_thread
from core.errors import FootfallError, SpoolError
from core.logs import Complaint
from ingest.commits import GroupedCommits
from ingest.shipper import Shipper
from ingest.spool import Spool
from ingest.spools import spool_if_free, spool_paths
from ingest.upkeep import KeyDestruction

LOOK_INTERVAL = 0.25
"""Seconds between two looks for a reset."""
ANSWER_LIMIT = 40.0
"""Seconds in which a collector has to be through with it: one that ships just now waits for ClickHouse first."""

_ORDER = "reset"
_MARK = ".reset"
_PAUSE = 0.05  # seconds

_log = logging.getLogger("footfall.renewal")


class Renewal:
    """Looks for resets, on behalf of one collector."""

    def __init__(
        self,
        data: Path,
        spool: Spool,
        shipper: Shipper,
        commits: GroupedCommits,
        destruction: KeyDestruction,
        clock: Clock,
    ) -> None:
        self._data = data
        self._spool = spool
        self._shipper = shipper
        self._commits = commits
        self._destruction = destruction
        self._clock = clock

    async def keep_looking(self) -> None:
        """Look again and again until cancelled; a failure is told once a minute, and tried again."""
        complaint = Complaint(_log)
        while True:
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001 (it must outlive whatever goes wrong)
                complaint.make(error if isinstance(error, FootfallError) else type(error).__name__, self._clock())
            await asyncio.sleep(LOOK_INTERVAL)

    async def look(self) -> None:
        """Forget keys and destroy the spool if there was a reset. Raises SpoolError."""
        reset = ordered_renewal(self._data)
        if is_renewed(self._spool.path, reset):
            return
        self._destruction.forget_all(self._clock())  # on the event loop: no hit is between its key and its commit
        await self._commits.settle()
        await in_daemon_thread(self._shipper.destroy_spooled)
        _mark(self._spool.path, reset)
        _log.warning("reset: the keys are new, and what was spooled is destroyed")


def order_renewal(data: Path, reset: str) -> None:
    """Tell every collector of a data folder to renew itself."""
    draft = data / f"{_ORDER}.draft"
    draft.write_text(reset, encoding="utf-8")
    draft.replace(data / _ORDER)


def ordered_renewal(data: Path) -> str:
    """Give the name of the last reset, "" if there never was one."""
    return _read(data / _ORDER)


def is_renewed(spool: Path, reset: str) -> bool:
    """Tell whether who holds a spool is through with a reset."""
    return _read(spool.with_suffix(_MARK)) == reset


def destroy_spools(data: Path, reset: str, limit: float = ANSWER_LIMIT) -> int:
    """Destroy every spool: what nobody holds here and now, the others by who holds them; give how many.

    Raises SpoolError for a collector that is not through with it in ``limit`` seconds.
    """
    deadline, paths = time.monotonic() + limit, spool_paths(data)
    for path in paths:
        while not (is_renewed(path, reset) or _destroy_if_free(path, reset)):
            if time.monotonic() > deadline:
                raise SpoolError(
                    f"The collector that holds {path} does not answer: it hangs, or is of an older version. "
                    "End its process, and run `footfall reset` again."
                )
            time.sleep(_PAUSE)
    return len(paths)


def _destroy_if_free(path: Path, reset: str) -> bool:
    with spool_if_free(path) as spool:
        if spool is None:
            return False
        spool.destroy()
        _mark(path, reset)
    return True


def _mark(spool: Path, reset: str) -> None:
    spool.with_suffix(_MARK).write_text(reset, encoding="utf-8")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
