"""What py-spy sees of a process: its threads' stacks, some hundred times a second, from outside.

C code counts as the line of Python that called it. py-spy takes threads for busy that only wait for
work; those stacks are left out.
"""

import re
import shutil
import signal
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from bench.machine import BenchError

SAMPLES_A_SECOND = 100
OURS = frozenset({"footfall", "core", "geo", "ingest", "aggregate", "dashboards", "bench"})

_LOOP = frozenset({"asyncio", "uvloop"})
_WAITING = frozenset({("_worker", "concurrent/futures/thread.py"), ("Condition.wait", "threading.py")})
_WRITING_LIMIT = 60  # seconds
_THREAD = re.compile(r"thread \((\d+)\)")
_FRAME = re.compile(r"(?P<function>.*) \((?P<file>.*?)(?::\d+)?\)")


@dataclass(frozen=True, slots=True)
class Frame:
    """A function of a file."""

    function: str
    file: str

    @property
    def package(self) -> str:
        """The first part of its path: a package, or a module of Python's own."""
        return self.file.removesuffix(".py").partition("/")[0]

    @property
    def group(self) -> str:
        """Whose it is: our module, a package, or a module of Python's own."""
        if self.package in OURS:
            return self.file.removesuffix(".py").replace("/", ".")
        if self.package in _LOOP:
            return "asyncio, uvloop"
        if self.package.startswith("<"):
            return "code made at run time (dataclasses)"
        return f"python: {self.package}" if self.package in sys.stdlib_module_names else self.package


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack of a thread, outermost function first, and how often it was seen."""

    thread: int
    frames: tuple[Frame, ...]
    samples: int


def find_py_spy() -> str:
    """Find py-spy, beside this Python or on the PATH. Raises BenchError."""
    beside = shutil.which("py-spy", path=sysconfig.get_path("scripts"))
    found = beside or shutil.which("py-spy")
    if found is None:
        raise BenchError("py-spy is not here; install it with: pip install py-spy")
    return found


def record_stacks(process: int, seconds: int, folder: Path) -> list[Stack]:
    """Watch a process for a while. Raises BenchError."""
    path = folder / "stacks.txt"
    command = [find_py_spy(), "record", "--pid", str(process), "--threads", "--format", "raw"]
    watching = subprocess.Popen(
        [*command, "--rate", str(SAMPLES_A_SECOND), "--output", path],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    errors = _watched(watching, seconds)
    if watching.returncode != 0 or not path.exists():
        raise BenchError(f"py-spy cannot watch the server (does it need root?):\n{errors}")
    return parse_stacks(path.read_text())


def parse_stacks(text: str) -> list[Stack]:
    """Read py-spy's raw format: frames with semicolons between, then how often."""
    stacks = [_stack(line) for line in text.splitlines()]
    return [stack for stack in stacks if stack.frames and not _waits(stack.frames[-1])]


def _watched(watching: subprocess.Popen[str], seconds: int) -> str:
    """End py-spy in time; left alone, it takes a number of samples, however long that is."""
    try:
        _, errors = watching.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        watching.send_signal(signal.SIGINT)
        _, errors = watching.communicate(timeout=_WRITING_LIMIT)
    finally:
        watching.kill()
        watching.wait()
    return errors


def _stack(line: str) -> Stack:
    joined, _, samples = line.rpartition(" ")
    thread, *frames = joined.split(";")
    number = _THREAD.match(thread)
    if number is None:
        raise BenchError(f"py-spy's output is not understood: {line[:200]}")
    return Stack(int(number[1]), tuple(_frame(frame) for frame in frames), int(samples))


def _frame(text: str) -> Frame:
    found = _FRAME.fullmatch(text)
    return Frame(text, "?") if found is None else Frame(found["function"], found["file"])


def _waits(frame: Frame) -> bool:
    return (frame.function, frame.file) in _WAITING
