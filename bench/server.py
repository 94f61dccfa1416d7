"""A server under test: a process of its own, with all its threads on one core."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.machine import BenchError, two_cores

ROOT = Path(__file__).parents[1]
BARE = (sys.executable, "-m", "bench.bare")

_ADDRESS = re.compile(r"listens on http://[^:]+:(\d+)$", re.MULTILINE)
_START_LIMIT, _STOP_LIMIT = 60.0, 120.0  # seconds; at its end the collector ships what it still holds


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    port: int
    process: int
    log_path: Path

    @property
    def url(self) -> str:
        """Where it takes beacons."""
        return f"http://127.0.0.1:{self.port}/api/event"


def own_environment(**more: str) -> Mapping[str, str]:
    """Give the environment of a server: this checkout's code, and no settings but those stated."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("FOOTFALL_")}
    return inherited | {"PYTHONPATH": str(ROOT)} | more


@contextmanager
def started(command: Sequence[str | Path], environment: Mapping[str, str], log_path: Path) -> Iterator[Server]:
    """Run a server that prints its address, until the end of the block. Raises BenchError."""
    core, _load = two_cores()
    with log_path.open("wb") as log:
        process = subprocess.Popen(
            ["taskset", "-c", str(core), *command], cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        yield Server(_port_once_printed(process, log_path), process.pid, log_path)
    finally:
        stop(process, _STOP_LIMIT)


@contextmanager
def bare_server(folder: Path) -> Iterator[Server]:
    """Run the bare handler until the end of the block."""
    with started(BARE, own_environment(), folder / "bare.log") as server:
        yield server


def _port_once_printed(process: subprocess.Popen[bytes], log_path: Path) -> int:
    deadline = time.monotonic() + _START_LIMIT
    while (found := _ADDRESS.search(log_path.read_text())) is None:
        if process.poll() is not None or time.monotonic() > deadline:
            raise BenchError(f"A server did not start:\n{log_path.read_text()}")
        time.sleep(0.05)
    return int(found[1])


def stop(process: subprocess.Popen[bytes], limit: float) -> None:
    """End a server in order; kill it if that takes longer than so many seconds."""
    process.terminate()
    try:
        process.wait(limit)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
