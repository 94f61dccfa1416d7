"""`kill -9` at any instant: every event that got its 202 is in ClickHouse exactly once after the restart."""

import logging
import os
import secrets
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from bench.ports import free_port
from core.control import SocketStore
from core.store import connect_server
from tests.fixtures.acknowledgements import UNLIMITED, Client, sending_beacons
from tests.fixtures.serving import Serving, data_folder, serving, starting, wait_until, zone_far_from_midnight

SITE = "example.com"
SMALL_STEPS = {"FOOTFALL_SHIP_INTERVAL": "0.05", "FOOTFALL_BATCH_ROWS": "50"}  # something is always on its way

FIRST_STARTS = 4
ROUNDS = 6  # of three kills: at a random instant, while it starts again, right at a write
ROUNDS_WITH_WORKERS = 2  # besides: a start of three processes takes as long as three
LONGEST_FIRST_START = 4.0  # seconds
LONGEST_RUN = 1.5

_log = logging.getLogger(__name__)

Victim = Callable[[int, Random], int]


def the_process(serve: int, _chance: Random) -> int:
    """Choose the process that was started, which is the whole of Footfall."""
    return serve


def any_process(serve: int, chance: Random) -> int:
    """Choose the process that was started, or one of its workers."""
    children = Path(f"/proc/{serve}/task/{serve}/children").read_text(encoding="utf-8").split()
    return chance.choice([serve, *map(int, children)])


# Options of `serve`, who is killed, and how often.
VICTIMS = [
    pytest.param((), the_process, ROUNDS, id="one process"),
    pytest.param(("--workers", "2"), any_process, ROUNDS_WITH_WORKERS, id="with workers"),
]


@dataclass(frozen=True)
class Collector:
    """A collector of many lives: one data folder, one port, one engine."""

    data: Path
    clickhouse: str
    port: int
    options: tuple[str, ...]
    victim: Victim
    chance: Random

    def serving(self) -> AbstractContextManager[Serving]:
        """Start it and wait until it is ready."""
        return serving(self.data, *self._arguments, **self._environment)

    def starting(self) -> AbstractContextManager[Serving]:
        """Start it."""
        return starting(self.data, *self._arguments, **self._environment)

    def kill_within(self, seconds: float, serve: Serving) -> None:
        """Kill -9 at a random instant."""
        try:
            serve.process.wait(self.chance.uniform(0.05, seconds))
        except subprocess.TimeoutExpired:
            self._kill(serve)
        else:
            pytest.fail(f"footfall serve has ended by itself:\n{serve.log_path.read_text()}")

    def kill_at_a_write(self, serve: Serving) -> None:
        """Kill -9 right after a write to a log by which the next start goes."""
        written = self.chance.choice(sorted(self._files_of_record()))
        before, deadline = _state(written), time.monotonic() + LONGEST_RUN
        while _state(written) == before and time.monotonic() < deadline:
            pass  # a rest, however short, would miss the instant
        self._kill(serve)

    def stored_pages(self) -> Counter[str]:
        """Count the rows of each page that ClickHouse has."""
        store = connect_server(self.clickhouse) if self.clickhouse else SocketStore(self.data)
        rows = store.rows("SELECT page, count() FROM events GROUP BY page")
        store.close()
        return Counter(dict(rows))

    def _files_of_record(self) -> Iterator[Path]:
        """Yield the log of the spool's commits, and ClickHouse's of the tokens that it has seen."""
        yield from self.data.glob("*.sqlite-wal")
        yield from self.data.glob("*/*.sqlite-wal")
        yield from self.data.glob("store/store/*/*/deduplication_logs/*")

    def _kill(self, serve: Serving) -> None:
        victim = self.victim(serve.process.pid, self.chance)
        os.kill(victim, signal.SIGKILL)
        if victim == serve.process.pid:
            assert serve.process.wait() == -signal.SIGKILL, serve.log_path.read_text()

    @property
    def _arguments(self) -> tuple[str, ...]:
        return "--port", str(self.port), *self.options

    @property
    def _environment(self) -> dict[str, str]:
        return SMALL_STEPS | UNLIMITED | {"FOOTFALL_CLICKHOUSE": self.clickhouse}


def _state(file: Path) -> tuple[int, int]:
    """Give a file's size and the time of its last change; a log that a process has just ended with has neither."""
    try:
        found = file.stat()
    except FileNotFoundError:
        return 0, 0
    return found.st_size, found.st_mtime_ns


@pytest.fixture(params=["embedded", pytest.param("server", marks=pytest.mark.server)])
def clickhouse(request: pytest.FixtureRequest) -> str:
    """The address of a database of this test's own on a server, or "" for the embedded engine."""
    if request.param == "embedded":
        return ""
    server: str = request.getfixturevalue("clickhouse_server")
    return f"{server.rpartition('/')[0]}/kill_{secrets.token_hex(4)}"


def wait_for_an_answer(client: Client) -> None:
    """Wait until one more event is acknowledged."""
    before = len(client.acknowledged)
    wait_until(lambda: len(client.acknowledged) > before)


@pytest.mark.parametrize(("options", "victim", "rounds"), VICTIMS)
def test_every_acknowledged_event_is_stored_exactly_once(
    tmp_path: Path, clickhouse: str, options: tuple[str, ...], victim: Victim, rounds: int
) -> None:
    """However often and whenever the collector is killed, each 202 is one row, and the ledger adds up."""
    seed = int(os.environ.get("KILL_SEED") or secrets.randbelow(2**32))
    _log.warning("KILL_SEED=%d chooses these instants again", seed)
    chance = Random(seed)  # noqa: S311 (instants, no secrets)
    with data_folder(tmp_path) as data:
        collector = Collector(data, clickhouse, free_port(), options, victim, chance)
        for _ in range(FIRST_STARTS):
            with collector.starting() as serve:
                collector.kill_within(LONGEST_FIRST_START, serve)
        with collector.serving() as serve:
            serve.add_sites(SITE, timezone=zone_far_from_midnight())

        with sending_beacons(f"http://127.0.0.1:{collector.port}", SITE) as client:
            for _ in range(rounds):
                began = time.monotonic()
                with collector.serving() as serve:
                    wait_for_an_answer(client)
                    start_takes = time.monotonic() - began
                    collector.kill_within(LONGEST_RUN, serve)
                with collector.starting() as serve:
                    collector.kill_within(start_takes, serve)
                with collector.serving() as serve:
                    wait_for_an_answer(client)
                    collector.kill_at_a_write(serve)
            with collector.serving():
                wait_for_an_answer(client)
                client.stop()
        # It was stopped properly, and so has shipped all; what another killed process left is shipped here.
        with collector.serving() as serve:
            serve.run("roll")
            stored, ledger = collector.stored_pages(), serve.ledger(SITE)

    _log.warning("%d sent, %d acknowledged, %d stored", *map(len, (client.sent, client.acknowledged, stored)))
    lost = client.acknowledged - stored.keys()
    doubled = {page: rows for page, rows in stored.items() if rows > 1}
    never_sent = stored.keys() - client.sent
    adding_up = {"received": len(stored), "stored": len(stored)}
    assert (lost, doubled, never_sent, client.refused, ledger) == (set(), {}, set(), Counter(), adding_up)
