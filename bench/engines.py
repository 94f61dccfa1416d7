"""The two engines that the store runs on, each in a throw-away folder: chdb in this process, and a server."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from bench.machine import BenchError
from bench.server import own_environment
from core.embedded import EmbeddedStore
from core.migrate import migrate
from core.store import Store, connect_server

_START_LIMIT, _STOP_LIMIT = 60.0, 60.0  # seconds
_ANSWER_LIMIT = 1800.0  # seconds; ten times the traffic on a busy machine
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


def check_available(choice: EngineChoice) -> None:
    """Raise BenchError where an engine that is asked for is not installed: before anything is measured."""
    if "server" in choice.names:
        _find_clickhouse()


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
    port = _free_port()
    command = [_find_clickhouse(), "server", "--", f"--path={folder}", f"--http_port={port}"]
    command += [f"--tcp_port={_free_port()}", "--mysql_port=0", "--postgresql_port=0"]
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
        _stop(process)


def _wait_until_open(port: int, process: subprocess.Popen[bytes], log_path: Path) -> None:
    deadline = time.monotonic() + _START_LIMIT
    while not _is_open(port):
        if process.poll() is not None or time.monotonic() > deadline:
            raise BenchError(f"The ClickHouse server did not start:\n{log_path.read_text()[-2000:]}")
        time.sleep(0.1)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_LIMIT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _is_open(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
