"""Grouped commits: while one commit runs, the next gathers.

Every entry waits for its commit; one fsync serves all that arrived during the last one.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from ingest.spool import Entry, Spool


class Commits(Protocol):
    """Where finished entries go; the answer may be given when ``write`` returns."""

    async def write(self, *entries: Entry) -> None:
        """Return once the entries are on disk. Raises SpoolError."""


class GroupedCommits:
    """Writes entries to a spool from one thread of its own, group by group."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="spool")
        self._gathered: list[Entry] = []
        self._next: asyncio.Future[None] | None = None
        self._running: asyncio.Task[None] | None = None

    async def write(self, *entries: Entry) -> None:
        """Return once the entries are on disk. Raises SpoolError for every entry of a failed commit."""
        loop = asyncio.get_running_loop()
        if self._next is None:
            self._next = loop.create_future()
        self._gathered.extend(entries)
        committed = self._next
        if self._running is None or self._running.done():
            self._running = loop.create_task(self._commit_all())
        # Shielded: a client that hangs up must not cancel the commit of its neighbours.
        await asyncio.shield(committed)

    async def close(self) -> None:
        """Wait for what is being committed, then end the thread."""
        if self._running is not None:
            await self._running
        self._thread.shutdown()

    async def _commit_all(self) -> None:
        loop = asyncio.get_running_loop()
        while (committed := self._next) is not None:
            entries, self._gathered, self._next = self._gathered, [], None
            try:
                await loop.run_in_executor(self._thread, self._spool.append, entries)
            except Exception as error:  # noqa: BLE001 (whatever went wrong, each waiting client is told)
                committed.set_exception(error)
                committed.exception()  # seen, even if every client has gone
            else:
                committed.set_result(None)
