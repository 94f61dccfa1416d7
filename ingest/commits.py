"""Grouped commits: while one commit runs, and until a few milliseconds after it began, the next gathers.

Every entry waits for its commit; one fsync serves all that arrived meanwhile. Who comes after a pause
is written at once.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from ingest.spool import Entry, Spool

COMMIT_INTERVAL = 0.004
"""Seconds from the beginning of a commit to that of the next. A commit costs 0.4 ms of CPU time however little
it writes: at 2,200 beacons a second, one after the other took a quarter of the core, and p99 was 27 ms, not 12."""

TROUBLE_HOLDS = timedelta(seconds=10)
"""For so long a failed commit speaks against the next one: whoever is sent nothing meanwhile, as a load balancer
does with a collector in trouble, has no other way to show that it is over."""

Observe = Callable[[float, int, Mapping[str, int]], None]
"""Is told of each commit: its seconds, how many entries it wrote, and how many hits ended how."""


class Commits(Protocol):
    """Where finished entries go; the answer may be given when ``write`` returns."""

    def trouble(self, now: datetime) -> str:
        """Say why the last commit failed; "" if it did not, or if that was ``TROUBLE_HOLDS`` ago."""

    async def write(self, entries: Iterable[Entry]) -> None:
        """Return once the entries are on disk. Raises SpoolError."""

    def note(self, entry: Entry) -> None:
        """Write an entry with the next commit; nobody was told that it is safe."""


@dataclass(slots=True)
class _Group:
    """Entries that go to disk together, and who waits for that."""

    entries: list[Entry] = field(default_factory=list)
    waiting: list[asyncio.Future[None]] = field(default_factory=list)


class GroupedCommits:
    """Writes entries to a spool from one thread of its own, group by group."""

    def __init__(
        self, spool: Spool, observe: Observe = lambda *_commit: None, *, interval: float = COMMIT_INTERVAL
    ) -> None:
        self._spool = spool
        self._observe = observe
        self._loop = asyncio.get_running_loop()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="spool")
        self._gathering = _Group()
        self._committing: _Group | None = None
        self._scheduled = False
        self._interval = interval
        self._began = -interval  # the loop's time at which the last commit began
        self._failure: tuple[str, datetime] | None = None
        self._idle = asyncio.Event()
        self._idle.set()

    async def write(self, entries: Iterable[Entry]) -> None:
        """Return once the entries are on disk. Raises SpoolError for every entry of a failed commit."""
        # A future of its own: a client that hangs up must not cancel the commit of its neighbours.
        committed = self._loop.create_future()
        self._gathering.entries.extend(entries)
        self._gathering.waiting.append(committed)
        self._schedule()
        await committed

    def note(self, entry: Entry) -> None:
        """Write an entry with the next commit; nobody was told that it is safe."""
        self._gathering.entries.append(entry)
        self._schedule()

    def trouble(self, now: datetime) -> str:
        """Say why the last commit failed; "" if it did not, or if that was ``TROUBLE_HOLDS`` ago."""
        if self._failure is None:
            return ""
        reason, failed = self._failure
        return reason if now - failed < TROUBLE_HOLDS else ""

    def oldest_unwritten(self) -> datetime | None:
        """Give when the oldest entry was received that is not on disk yet; None if all are."""
        groups = (self._committing, self._gathering)
        return min((entry.received for group in groups if group for entry in group.entries), default=None)

    async def settle(self) -> None:
        """Return once all that was gathered before is committed, or has failed to be."""
        groups = [group for group in (self._committing, self._gathering) if group is not None and group.entries]
        settled = [self._loop.create_future() for _ in groups]
        for group, future in zip(groups, settled, strict=True):
            group.waiting.append(future)
        await asyncio.gather(*settled, return_exceptions=True)

    async def close(self) -> None:
        """Wait until all that was gathered is committed, then end the thread."""
        await self._idle.wait()
        self._thread.shutdown()

    def _schedule(self) -> None:
        self._idle.clear()
        if not self._scheduled and self._committing is None:
            self._scheduled = True
            # At the end of this turn of the loop, or later: all requests that it finds ready share the commit.
            self._loop.call_at(self._began + self._interval, self._start)

    def _start(self) -> None:
        self._scheduled = False
        self._began = self._loop.time()
        self._committing, self._gathering = self._gathering, _Group()
        self._thread.submit(self._commit, self._committing)

    def _commit(self, group: _Group) -> None:
        """Write a group; in the thread."""
        failure: Exception | None = None
        began = time.perf_counter()
        try:
            outcomes = self._spool.append(group.entries)
        except Exception as error:  # noqa: BLE001 (whatever went wrong, each waiting client is told)
            failure = error
        else:
            self._observe(time.perf_counter() - began, len(group.entries), outcomes)
        self._loop.call_soon_threadsafe(self._finish, group, failure)

    def _finish(self, group: _Group, failure: Exception | None) -> None:
        self._committing = None
        self._failure = (str(failure), group.entries[-1].received) if failure else None
        if self._gathering.entries:
            self._schedule()
        else:
            self._idle.set()
        for waiting in group.waiting:
            if waiting.done():  # its client has gone
                continue
            if failure is None:
                waiting.set_result(None)
            else:
                waiting.set_exception(failure)
