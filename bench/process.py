"""What a process and a core have used, as Linux tells it in /proc."""

import os
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_USER, _SYSTEM = 11, 12  # after the name; proc(5) counts them 14 and 15
_IDLE, _WAITING = 3, 4  # of a core's line: user nice system idle iowait irq softirq steal ...
_GUEST = 8  # guests' time is within the user's already
_KIB_IN_MIB = 1024


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread: its name and the CPU time it has used."""

    name: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Memory:
    """MiB that a process holds in memory: all of it, and what no file on disk stands behind."""

    resident: float
    anonymous: float


def cpu_seconds(process: int) -> float:
    """Give the CPU time of a process: all its threads, ended ones too."""
    return _seconds(Path(f"/proc/{process}/stat"))


def read_threads(process: int) -> dict[int, Thread]:
    """Give the threads of a process that are alive, by number."""
    threads = {}
    for folder in Path(f"/proc/{process}/task").iterdir():
        try:
            threads[int(folder.name)] = Thread((folder / "comm").read_text().strip(), _seconds(folder / "stat"))
        except OSError:  # it has ended since it was listed
            continue
    return threads


def read_memory(process: int) -> Memory:
    """Give the memory of a process."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    values = {name: value.split() for name, _, value in (line.partition(":") for line in lines)}
    return Memory(*(int(values[name][0]) / _KIB_IN_MIB for name in ("VmRSS", "RssAnon")))


def forget_peak_memory(process: int) -> None:
    """Let the peak of a process's memory begin anew: proc(5), clear_refs."""
    Path(f"/proc/{process}/clear_refs").write_text("5")


def peak_memory(process: int) -> float:
    """Give the most MiB that a process has held since its start, or since its peak was forgotten."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    line = next(line for line in lines if line.startswith("VmHWM:"))
    return int(line.split()[1]) / _KIB_IN_MIB


def busy_seconds(core: int) -> float:
    """Give the time that a core has spent on anything, other machines on the same host included."""
    lines = Path("/proc/stat").read_text().splitlines()
    values = next(line.split()[1:] for line in lines if line.startswith(f"cpu{core} "))
    return sum(int(value) for at, value in enumerate(values[:_GUEST]) if at not in {_IDLE, _WAITING}) / _TICKS


def _seconds(stat: Path) -> float:
    after_name = stat.read_text().rpartition(")")[2].split()
    return (int(after_name[_USER]) + int(after_name[_SYSTEM])) / _TICKS
