"""Catching up: bringing what is missing into the store and having it published, with a bar for who waits.

Recent months come before the dashboard opens, the others while it is read already.
"""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from core.background import background
from core.daemon_thread import in_daemon_thread
from core.errors import FootfallError
from ingest.demo.filling import DemoFilling, Month
from ingest.demo.visiting import INTERVAL, demo_visitors
from ingest.upkeep import keep_up

Publish = Callable[[], Iterator[bool]]
"""Makes reports of what is in the store, piece by piece; tells of each piece whether it was a day's closing."""

_REST = 0.02  # seconds between two pieces: others have something to publish, too

_log = logging.getLogger("footfall.demo")


def catch_up(
    filling: DemoFilling,
    months: Sequence[Month],
    publish: Publish,
    title: str,
    stopping: threading.Event,
) -> None:
    """Fill months and have each published before the next; end after a piece of that once ``stopping`` is set.

    Raises StoreError, SpoolError.
    """
    if not months:
        return
    # The present day is filled, and stays open.
    days = [sum(not filling.is_today(gap.day) for gap in month) for month in months]
    with _day_bar(title, sum(days)) as show:
        for number, month in enumerate(months):
            filling.fill(month, stopping)
            done = sum(days[:number])
            for is_day in publish():
                done += is_day
                show(done)
                if stopping.wait(_REST):
                    return
            show(sum(days[: number + 1]))  # the job that runs by itself may have closed some


@asynccontextmanager
async def demo_traffic(filling: DemoFilling, months: Sequence[Month], publish: Publish) -> AsyncIterator[None]:
    """Let visitors come, and fill the older months beside it, until the end of the block."""
    stopping = threading.Event()
    with demo_visitors(filling) as visitors:
        older = asyncio.create_task(in_daemon_thread(_catch_up_older, filling, months, publish, stopping))
        try:
            async with background(keep_up("demo", visitors.send_due, filling.clock, INTERVAL)):
                yield
        finally:
            stopping.set()
            await older  # the store is closed next


def _catch_up_older(
    filling: DemoFilling, months: Sequence[Month], publish: Publish, stopping: threading.Event
) -> None:
    try:
        catch_up(filling, months, publish, "Older months", stopping)
    except FootfallError as error:
        _log.error("The older months are not all there: %s The next start goes on with them.", error)


@contextmanager
def _day_bar(title: str, days: int) -> Iterator[Callable[[int], None]]:
    """Show a bar on standard error; give the function that says how many days are done."""
    columns = (
        TextColumn(f"{title}:"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("days"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), disable=not days) as bar:
        task = bar.add_task(title, total=days)
        yield lambda done: bar.update(task, completed=done)
