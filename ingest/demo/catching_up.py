"""Catching up: bringing what is missing into the store and having it published, telling who waits how far it is.

Recent months come before the pages open, the others while they are read already.
"""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager

from core.daemon_thread import in_daemon_thread
from core.errors import FootfallError
from ingest.demo.filling import DemoFilling, Month
from ingest.demo.makers import Makers, day_makers
from ingest.demo.making import Gap, Making
from ingest.demo.progress import FillingProgress, filling_progress

Publish = Callable[[], Iterator[int]]
"""Makes reports of what is in the store, piece by piece; tells of each piece how many days it closed."""

_AHEAD = 1  # months that are made while one is published
_REST = 0.02  # seconds between two pieces: others have something to publish, too
RECENT = "The visits of the latest {days} are made up and counted, one by one; then the pages open."
"""Said first; for ``filling_progress``."""
_OLDER = "Arriving now, the newest first: the {days} before. A year is filled once all of that is there."
_ALL_THERE = "All days are there."

_log = logging.getLogger("footfall.demo")


def catch_up(filling: DemoFilling, publish: Publish, stopping: threading.Event) -> list[Month]:
    """Fill what the pages must not lack and have it published; give the older months that are missing.

    Ends after a piece of work once ``stopping`` is set. Raises FootfallError.
    """
    first, *later = filling.stages()
    recent, older = first.missing()
    _fill(first, recent, publish, stopping, (RECENT, ""))
    for stage in later:
        for month in stage.missing()[0]:
            stage.fill(month, stopping=stopping)
        _published(publish, None, stopping)
    return older


@asynccontextmanager
async def arriving(
    filling: DemoFilling, older: Sequence[Month], publish: Publish, stopping: threading.Event
) -> AsyncIterator[None]:
    """Fill older months beside all else, until the end of the block."""
    filled = asyncio.create_task(in_daemon_thread(_fill_older, filling, older, publish, stopping))
    try:
        yield
    finally:
        stopping.set()
        await filled  # the store is closed next


def _fill_older(
    filling: DemoFilling, months: Sequence[Month], publish: Publish, stopping: threading.Event
) -> None:
    try:
        _fill(filling, months, publish, stopping, (_OLDER, _ALL_THERE))
    except FootfallError as error:
        _log.error("The older months are not all there: %s The next start goes on with them.", error)


def _fill(
    filling: DemoFilling,
    months: Sequence[Month],
    publish: Publish,
    stopping: threading.Event,
    told: tuple[str, str],
) -> None:
    """Fill months and have each published before the next; ``told`` is what is said first and last."""
    past = [_past_days(filling.making, month) for month in months]
    count = sum(map(len, past))
    with (
        filling_progress(count, *told) as progress,
        day_makers(filling.settings, filling.making, filling.today, count) as makers,
    ):
        for number, month in enumerate(months):
            _begin(makers, past[number : number + 1 + _AHEAD])
            filling.fill(month, makers, stopping)
            if not _published(publish, progress, stopping):
                return
            progress.reach(sum(map(len, past[: number + 1])))  # the job that runs by itself may have closed some


def _past_days(making: Making, month: Month) -> list[Gap]:
    """Give the days that are closed once they are filled; the present one stays open."""
    return [gap for gap in month if not making.is_today(gap.day)]


def _begin(makers: Makers, months: Sequence[Sequence[Gap]]) -> None:
    for month in months:
        for gap in month:
            makers.begin(gap)


def _published(publish: Publish, progress: FillingProgress | None, stopping: threading.Event) -> bool:
    """Publish what is there, unless this is to stop; tell whether all was."""
    pieces = publish()
    while not stopping.wait(_REST):
        closed = next(pieces, None)
        if closed is None:
            return True
        if progress is not None:
            progress.add(closed)
    return False
