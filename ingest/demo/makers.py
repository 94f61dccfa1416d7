"""Who makes the demo's past days: processes of their own, beside the one that has the store.

The gate is plain Python, and so is much of closing a day: in one process they would wait for each other. The
others are spawned, since ClickHouse in a process lives through no fork. A key is made, used and destroyed in one
of them: the rows come back, and the key's name for the deletion record.
"""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import cache, partial
from multiprocessing import connection, get_context, parent_process, resource_tracker
from typing import Protocol

from core.core_dumps import refuse_core_dumps
from core.errors import FootfallError
from core.settings import Settings
from ingest.assembly import knowledge, open_countries
from ingest.demo.making import Gap, Made, Making
from ingest.gate import Knowledge
from ingest.keys import ImportKeys

_MOST_PROCESSES = 2
"""They make days faster than one process can close them."""
_FEW_DAYS = 4  # are made before a process has started
_TERMINAL = (signal.SIGINT, signal.SIGHUP)
"""What a terminal sends to all processes that it started."""


class Makers(Protocol):
    """Make days that are over."""

    def begin(self, gap: Gap) -> None:
        """Begin with a day that is asked for soon, if there is somebody to do it."""

    def make(self, gap: Gap) -> Made:
        """Give a day. Raises FootfallError."""


class OwnMaker:
    """Makes each day when it is asked for, in this process."""

    def __init__(self, making: Making, known: Knowledge) -> None:
        self._make = partial(making.past_day, known=known)

    def begin(self, gap: Gap) -> None:
        """Wait until it is asked for."""

    def make(self, gap: Gap) -> Made:
        """Give a day."""
        return self._make(gap)


class _Processes:
    def __init__(self, pool: ProcessPoolExecutor, make: Callable[[Gap], Made]) -> None:
        self._pool = pool
        self._make = make
        self._begun: dict[Gap, Future[Made]] = {}

    def begin(self, gap: Gap) -> None:
        """Begin with a day."""
        if gap not in self._begun:
            self._begun[gap] = self._pool.submit(self._make, gap)

    def make(self, gap: Gap) -> Made:
        """Give a day. Raises FootfallError."""
        try:
            self.begin(gap)
            return self._begun.pop(gap).result()
        except BrokenProcessPool:
            raise FootfallError("A process that made up visits was ended; the next start goes on.") from None


@contextmanager
def day_makers(settings: Settings, making: Making, known: Knowledge, days: int) -> Iterator[Makers]:
    """Give who makes so many days, until the end of the block: processes if there are cores and work for them."""
    number = min(_MOST_PROCESSES, _cores() - 1)  # one core is for who has the store and is waited for
    if not number or days <= _FEW_DAYS:
        yield OwnMaker(making, known)
        return
    with processes(settings, making, number) as found:
        yield found


@contextmanager
def processes(settings: Settings, making: Making, number: int) -> Iterator[Makers]:
    """Give makers in so many processes, which end with the block, or when this process is killed."""
    with _without_signals_of_terminal():
        pool = ProcessPoolExecutor(number, mp_context=get_context("spawn"), initializer=_begin_process)
        # Settings as they were read are of a class that only their reader knows.
        plain = Settings.model_construct(**dict(settings))
        try:
            yield _Processes(pool, partial(_past_day, plain, making))
        finally:
            pool.shutdown(cancel_futures=True)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _without_signals_of_terminal() -> Iterator[None]:
    """Let processes that this thread starts not know of Ctrl-C: who started them tells them to end."""
    resource_tracker.ensure_running()  # its start lets signals through, and is due with the first process
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _TERMINAL)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin_process() -> None:
    refuse_core_dumps()  # this process knows keys
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _past_day(settings: Settings, making: Making, gap: Gap) -> Made:
    return making.past_day(gap, _known(settings))


@cache
def _known(settings: Settings) -> Knowledge:
    return knowledge(settings, ImportKeys(), open_countries(settings))
