"""The two engines that the store runs on, each in a throw-away folder: chdb in this process, and a server."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import typer

from bench.ending import end_in_order
from bench.machine import BenchError, stay_on_two_cores
from bench.ports import free_port, is_open
from bench.server import own_environment, stop
from core.embedded import EmbeddedStore
from core.errors import FootfallError
from core.migrate import migrate
from core.store import Store, connect_server

_START_LIMIT, _STOP_LIMIT = 60.0, 60.0  # seconds
_ANSWER_LIMIT = 1800.0  # seconds; ten times the traffic on a busy machine
Report = TypeVar("Report")

_MADE = datetime(2026, 1, 1, tzinfo=UTC)


class EngineChoice(StrEnum):
    """Which engine is measured."""

    EMBEDDED = "embedded"
    SERVER = "server"
    BOTH = "both"

    @property
    def names(self) -> tuple[str, ...]:
        """The engines, one by one; the embedded one last, for what it leaves in this process's memory."""
        return ("server", "embedded") if self is EngineChoice.BOTH else (self.value,)


@dataclass(frozen=True, slots=True)
class Engine:
    """A migrated, empty store, and the processes whose memory it works in."""

    name: str
    version: str
    store: Store = field(repr=False)
    processes: tuple[int, ...]


@contextmanager
def opened(name: str, folder: Path) -> Iterator[Engine]:
    """Open a store on one of the engines until the end of the block. Raises BenchError, StoreError."""
    if name == "server":
        with _server(folder / name) as (store, process):
            yield _migrated(name, store, (os.getpid(), process))
        return
    place = folder / name
    store = EmbeddedStore(place, scratch=place / "inserts")
    try:
        yield _migrated(name, store, (os.getpid(),))
    finally:
        store.close()


def measured_on(choice: EngineChoice, measure: Callable[[Path], Report]) -> Report:
    """Measure on two cores, in a throw-away folder; an error is told in one line, and ends with exit code 2.

    An engine that is asked for and not installed is told before anything is measured.
    """
    end_in_order()
    try:
        if "server" in choice.names:
            _find_clickhouse()
        stay_on_two_cores()
        with tempfile.TemporaryDirectory(prefix="footfall-bench-") as folder:
            return measure(Path(folder))
    except (BenchError, FootfallError) as error:
        typer.echo(f"bench: {error}", err=True)
        sys.exit(2)


def _migrated(name: str, store: Store, processes: tuple[int, ...]) -> Engine:
    migrate(store, _MADE)
    return Engine(name, str(store.rows("SELECT version()")[0][0]), store, processes)


def _find_clickhouse() -> str:
    binary = shutil.which("clickhouse")
    if binary is None:
        raise BenchError("No clickhouse on the PATH; install ClickHouse, or measure with --engine embedded.")
    return binary


@contextmanager
def _server(folder: Path) -> Iterator[tuple[Store, int]]:
    folder.mkdir()
    port = free_port()
    command = [_find_clickhouse(), "server", "--", f"--path={folder}", f"--http_port={port}"]
    command += [f"--tcp_port={free_port()}", "--mysql_port=0", "--postgresql_port=0"]
    command += ["--interserver_http_port=0", "--listen_host=127.0.0.1"]
    log_path = folder / "output.txt"
    # Without a second process that watches the first: it is the first whose memory is read.
    environment = own_environment(CLICKHOUSE_WATCHDOG_ENABLE="0")
    with log_path.open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        _wait_until_open(port, process, log_path)
        store = connect_server(f"http://127.0.0.1:{port}/footfall", _ANSWER_LIMIT)
        try:
            yield store, process.pid
        finally:
            store.close()
    finally:
        stop(process, _STOP_LIMIT)


def _wait_until_open(port: int, process: subprocess.Popen[bytes], log_path: Path) -> None:
    deadline = time.monotonic() + _START_LIMIT
    while not is_open(port):
        if process.poll() is not None or time.monotonic() > deadline:
            raise BenchError(f"The ClickHouse server did not start:\n{log_path.read_text()[-2000:]}")
        time.sleep(0.1)
