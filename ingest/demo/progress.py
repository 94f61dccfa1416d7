"""What is told on standard error while the demo is filled: a bar on a terminal, else a line for each tenth."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

_SPEED_SECONDS = 300.0
"""Over which the speed is averaged: making the next month can be a pause."""


class FillingProgress:
    """Counts the days that are closed, of so many."""

    def __init__(self, days: int, bar: Progress, console: Console) -> None:
        self._days = days
        self._bar = bar
        self._console = console
        self._task = bar.add_task("", total=days)
        self._began = monotonic()
        self._closed = 0

    def add(self, days: int) -> None:
        """Tell that so many days more are there."""
        self.reach(self._closed + days)

    def reach(self, closed: int) -> None:
        """Tell how many days are there."""
        before, self._closed = self._closed, closed
        self._bar.update(self._task, completed=closed)
        if self._bar.disable and closed < self._days and 10 * closed // self._days > 10 * before // self._days:
            self._console.print(self._standing, soft_wrap=True)

    @property
    def is_whole(self) -> bool:
        """Tell whether all days are there."""
        return self._closed >= self._days

    @property
    def _standing(self) -> str:
        seconds = (monotonic() - self._began) / self._closed * (self._days - self._closed)
        return f"{self._closed} of {self._days} days are there; the others take about {seconds:.0f} s"


@contextmanager
def filling_progress(days: int, first: str, last: str) -> Iterator[FillingProgress]:
    """Give what tells how far it is with so many days, until the end of the block; say nothing if there are none.

    ``first`` is said at the beginning, ``{days}`` in it being "day" or "56 days", and ``last`` once all are there.
    """
    console = Console(stderr=True, highlight=False)
    if days:
        console.print(first.format(days="day" if days == 1 else f"{days} days"), soft_wrap=True)
    columns = (SpinnerColumn(), BarColumn(), MofNCompleteColumn(), TextColumn("days"), TimeRemainingColumn())
    is_hidden = not (days and console.is_terminal)
    with Progress(*columns, console=console, disable=is_hidden, speed_estimate_period=_SPEED_SECONDS) as bar:
        progress = FillingProgress(days, bar, console)
        yield progress
    if days and last and progress.is_whole:
        console.print(last, soft_wrap=True)
