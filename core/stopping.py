"""When a process is asked to stop, or to start its workers anew."""

import asyncio
import signal
import sys


async def asked_to_stop(*, with_parent: bool = False, at_hangup: bool = False) -> None:
    """Wait for SIGINT or SIGTERM; ``with_parent``: also for the end of whoever holds our standard input.

    ``at_hangup``: also for SIGHUP, of which a process would die at once: the terminal was closed.
    """
    stopped, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, *((signal.SIGHUP,) if at_hangup else ())):
        loop.add_signal_handler(number, stopped.set)
    if with_parent:
        # Nothing is ever written to it: it becomes readable when its other end is gone.
        loop.add_reader(sys.stdin.fileno(), stopped.set)
    await stopped.wait()
    if with_parent:
        loop.remove_reader(sys.stdin.fileno())
