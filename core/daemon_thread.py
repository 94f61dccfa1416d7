"""Work in a thread that nobody waits for when the process ends: for calls that may hang, and have time."""

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import ParamSpec, TypeVar

NICENESS = 10
"""Beacons come first."""

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")


async def in_daemon_thread(
    function: Callable[Arguments, Answer], *args: Arguments.args, **kwargs: Arguments.kwargs
) -> Answer:
    """Call a function in a thread of its own and give its answer, or raise what it raised.

    ``asyncio.to_thread`` would do, but for the end: its threads are joined when the process
    stops, however long a server that is gone lets them hang.
    """
    loop = asyncio.get_running_loop()
    answered: asyncio.Future[Answer] = loop.create_future()

    def settle(outcome: Callable[[], None]) -> None:
        if not answered.done():  # else nobody waits any more
            outcome()

    def work() -> None:
        _give_way()
        try:
            outcome = partial(answered.set_result, function(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 (raised again where it is awaited)
            outcome = partial(answered.set_exception, error)
        with suppress(RuntimeError):  # the loop was closed meanwhile
            loop.call_soon_threadsafe(settle, outcome)

    threading.Thread(target=work, daemon=True).start()
    return await answered


def _give_way() -> None:
    if sys.platform == "linux":  # elsewhere it would hold for the whole process
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
