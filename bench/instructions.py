"""How many instructions a server executes: work that a noisy machine makes slower, but not more.

CPU time grows when neighbours take the caches; the number of instructions (outside of the kernel) does
not. perf counts them, where it is installed and the processor lets it.
"""

import shutil
import signal
import subprocess
from typing import Self

_EVENT = "instructions:u"
_ENDING_LIMIT = 30.0  # seconds


class InstructionCount:
    """Counts a process's instructions from now on, those of its new threads too."""

    def __init__(self, process: int) -> None:
        self._perf = subprocess.Popen(
            ["perf", "stat", "-x", ",", "-e", _EVENT, "-p", str(process)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    @classmethod
    def where_possible(cls, process: int, *, asked: bool) -> Self | None:
        """Begin to count, if it is asked for and perf is here."""
        return cls(process) if asked and shutil.which("perf") else None

    def result(self) -> float | None:
        """End counting; None where the processor does not count."""
        self._perf.send_signal(signal.SIGINT)
        try:
            _, told = self._perf.communicate(timeout=_ENDING_LIMIT)
        finally:
            self._perf.kill()
            self._perf.wait()
        return parse_count(told)


def parse_count(told: str) -> float | None:
    """Read perf's line: the count, its unit, the event and more, with commas between."""
    for line in told.splitlines():
        count, *rest = line.split(",")
        if _EVENT in rest and count.isdigit():
            return float(count)
    return None
