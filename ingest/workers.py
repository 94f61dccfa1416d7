"""The supervisor of the workers: starts them, starts them again when they die, and anew one by one on SIGHUP."""

import asyncio
import logging
import os
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from aiohttp import web

from core.errors import FootfallError, PortTakenError
from core.http_server import http_server, reserve_port
from core.private_socket import private_socket
from core.settings import PREFIX, Settings
from ingest.answers import text
from ingest.forwarding import FRONT
from ingest.merged_metrics import merge_expositions
from ingest.metrics import CONTENT_TYPE
from ingest.routes import not_found
from ingest.worker import READY

FIRST_PAUSE = 0.5  # seconds before a dead worker is started again; doubled while they die young
LONGEST_PAUSE = 30.0
_OLD = 60.0  # seconds: a worker that lived as long did not die of its start

_log = logging.getLogger("footfall.workers")


class Workers:
    """So many worker processes on one port."""

    def __init__(self, settings: Settings, port: int) -> None:
        self._settings = settings
        self._environment = os.environ | {
            f"{PREFIX}DATA": str(settings.data),
            f"{PREFIX}HOST": settings.host,
            f"{PREFIX}PORT": str(port),
        }
        self._processes: dict[int, Process] = {}
        self._restarting = asyncio.Lock()

    async def start(self) -> None:
        """Start all of them and wait until each is ready. Raises FootfallError if one is not."""
        numbers = range(self._settings.workers)
        for number, process in zip(numbers, await asyncio.gather(*map(self._start, numbers)), strict=True):
            if process is None:
                raise FootfallError("A collector could not be started; the reason stands above.")
            self._processes[number] = process

    async def keep_running(self, number: int) -> None:
        """Start a worker again whenever it ends, until cancelled."""
        pause, loop = FIRST_PAUSE, asyncio.get_running_loop()
        while True:
            process, began = self._processes[number], loop.time()
            code = await process.wait()
            if self._processes[number] is not process:  # it was replaced
                continue
            pause = FIRST_PAUSE if loop.time() - began > _OLD else pause
            _log.error("collector %d ended (code %s); it is started again in %.1f s", number, code, pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            self._processes[number] = await self._start(number) or process

    async def restart(self) -> None:
        """Replace them one by one: each stops only when its successor answers."""
        async with self._restarting:
            for number in range(self._settings.workers):
                successor = await self._start(number)
                if successor is None:
                    _log.error("the successor of collector %d did not start; the old ones go on", number)
                    return
                old, self._processes[number] = self._processes[number], successor
                await self._end(old)
        _log.info("all collectors were started anew")

    async def stop(self) -> None:
        """End all of them, each in its own time."""
        await asyncio.gather(*(self._end(process) for process in self._processes.values()))

    async def _start(self, number: int) -> Process | None:
        """Start a worker and wait until it answers; None if it ended before."""
        command = (sys.executable, "-m", "ingest.worker", str(number))
        process = await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=PIPE, env=self._environment, start_new_session=True
        )
        assert process.stdout is not None  # noqa: S101 (for mypy: it is a pipe)
        if await process.stdout.readline() == READY:
            return process
        await process.wait()
        return None

    async def _end(self, process: Process) -> None:
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), _longest_end(self._settings))
        except TimeoutError:
            _log.error("a collector did not stop in time and was killed; what it held is in its spool")
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


@asynccontextmanager
async def running_workers(settings: Settings, behind: web.Server | None = None) -> AsyncIterator[int]:
    """Run the workers until the end of the block; give their port.

    ``behind`` is of the application that answers what is none of theirs. Raises FootfallError.
    """
    reserved = await _reserved_port(settings)
    port: int = reserved.getsockname()[1]
    workers = Workers(settings, port)
    async with _front(settings, behind):
        keeping = []
        try:
            await workers.start()
            keeping = [asyncio.create_task(workers.keep_running(number)) for number in range(settings.workers)]
            asyncio.get_running_loop().add_signal_handler(
                signal.SIGHUP, lambda: keeping.append(asyncio.create_task(workers.restart()))
            )
            yield port
        finally:
            for task in keeping:
                task.cancel()
            await asyncio.gather(*keeping, return_exceptions=True)
            await workers.stop()
            reserved.close()


async def _reserved_port(settings: Settings) -> socket.socket:
    """Reserve the port; after a crash, once the workers of before have ended: they may still be shipping."""
    deadline = asyncio.get_running_loop().time() + _longest_end(settings)
    while True:
        try:
            return reserve_port(settings.host, settings.port)
        except PortTakenError as error:
            if asyncio.get_running_loop().time() > deadline:
                raise
            _log.warning("%s It is tried again for a while.", error)
        await asyncio.sleep(1.0)


def _longest_end(settings: Settings) -> float:
    return 2 * settings.shutdown_timeout + 5  # seconds: to answer, to ship, and a little for itself


@asynccontextmanager
async def _front(settings: Settings, behind: web.Server | None) -> AsyncIterator[None]:
    """Answer the workers on the socket in the data folder: their metrics, and what is behind them."""
    by_worker: dict[str, str] = {}

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        parts = Path(request.path).parts
        if request.method == "PUT" and parts[1:2] == ("workers",):
            by_worker[parts[2]] = await request.text()
            return text("ok")
        if request.path == "/metrics":
            return web.Response(body=merge_expositions(by_worker), headers={"Content-Type": CONTENT_TYPE})
        if behind is None:
            return await not_found(request)
        return await behind.request_handler(request.clone(scheme=request.headers.get("X-Forwarded-Proto", "http")))

    path = settings.data / FRONT
    factory = behind.request_factory if behind is not None else None
    sockets = [private_socket(path)]
    async with http_server(handle, sockets, request_factory=factory, shutdown_timeout=settings.shutdown_timeout):
        yield
    path.unlink(missing_ok=True)
