"""What a collector does beside receiving: keys destroyed in time, sites and countries fresh."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from core.clock import Clock
from core.daemon_thread import in_daemon_thread
from core.deletions import Deletion, DeletionRecord, Destroyed
from core.errors import FootfallError
from core.logs import Complaint
from ingest.keys import DayKeys

LOOK_INTERVAL = 5.0
"""Seconds between two looks at keys, sites and the country database."""

_log = logging.getLogger("footfall.upkeep")


class KeyDestruction:
    """Destroys expired keys and writes each down; what cannot be written is kept to be written later."""

    def __init__(self, keys: DayKeys, record: DeletionRecord) -> None:
        self._keys = keys
        self._record = record
        self._unwritten: list[Deletion] = []

    def forget_all(self, now: datetime) -> None:
        """Forget every key after a reset; those in this process alone are written down at the next run."""
        self._unwritten += [Deletion(now, Destroyed.KEY, name.site, name.day) for name in self._keys.forget_all()]

    def run(self, now: datetime) -> None:
        """Destroy what is expired, whether the store answers or not. Raises StoreError after that."""
        self._unwritten += [
            Deletion(now, Destroyed.KEY, name.site, name.day) for name in self._keys.destroy_expired(now)
        ]
        while self._unwritten:
            self._record.append(self._unwritten[0])
            del self._unwritten[0]


async def keep_up(
    name: str, act: Callable[[datetime], object], clock: Clock, interval: float = LOOK_INTERVAL
) -> None:
    """Do something every few seconds until cancelled; a failure is told once a minute, and tried again."""
    complaint = Complaint(_log)
    while True:
        try:
            await in_daemon_thread(act, clock())
        except Exception as error:  # noqa: BLE001 (upkeep must outlive whatever goes wrong)
            reason = error if isinstance(error, FootfallError) else type(error).__name__
            complaint.make(f"{name}: {reason}", clock())
        await asyncio.sleep(interval)
