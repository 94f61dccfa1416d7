"""The machine that a measurement ran on: its two cores, and how fast its disk takes what is to last."""

import os
import platform
import statistics
import tempfile
import time
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from core.memory_folder import is_tmpfs

_WRITES = 100
_PAGE = b"\x01" * 4096


class BenchError(Exception):
    """A measurement that cannot be made; one line that says why."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What a reader of the numbers wants to know of where they come from."""

    cores: int
    system: str
    versions: dict[str, str]
    sync_milliseconds: float
    in_memory: bool


def describe_machine(folder: Path) -> Machine:
    """Describe this machine, with the disk under the folder of the collector's data."""
    names = ("aiohttp", "uvloop", "orjson", "chdb")
    return Machine(
        cores=os.cpu_count() or 0,
        system=f"{platform.system()} {platform.release()}",
        versions={"python": platform.python_version()} | {name: version(name) for name in names},
        sync_milliseconds=_sync_milliseconds(folder),
        in_memory=is_tmpfs(folder),
    )


@cache
def two_cores() -> tuple[int, int]:
    """Give the server's core and the load generator's: the first and the last, no siblings where there are more.

    Raises BenchError.
    """
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) == 1:
        raise BenchError("Only one core here: server and load generator need one each.")
    return cores[0], cores[-1]


def leave_server_core() -> None:
    """Keep this process, and all that it starts, off the server's core. Raises BenchError."""
    _server, load = two_cores()
    os.sched_setaffinity(0, {load})


def stay_on_two_cores() -> None:
    """Keep this process, and all that it starts, on two cores. Raises BenchError."""
    os.sched_setaffinity(0, {*two_cores()})


def _sync_milliseconds(folder: Path) -> float:
    """Give the median time of a small write that is on disk when it returns."""
    taken = []
    with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
        for _ in range(_WRITES):
            begun = time.perf_counter()
            file.write(_PAGE)
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - begun)
    return statistics.median(taken) * 1000
