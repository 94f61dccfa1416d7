"""The collector under test: the real `footfall serve`, on a data folder of its own."""

import shutil
import subprocess
import sysconfig
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aggregate.periods import DayRange
from aggregate.reading import read_ledger
from bench.load import SITES
from bench.machine import BenchError
from bench.server import ROOT, Server, own_environment, started
from core.control import SocketStore
from core.memory_folder import forget_memory
from core.settings import Settings
from core.sites import NO_SITE, list_sites

_FOOTFALL = Path(sysconfig.get_path("scripts")) / "footfall"
_SETTINGS = {
    "FOOTFALL_TRUSTED_PROXIES": "127.0.0.1/32",  # so that wrk can speak for many addresses
    "FOOTFALL_RATE_LIMIT": "1000000",  # counted, and never reached
    "FOOTFALL_SITE_RATE_LIMIT": "1000000",
    "FOOTFALL_ROLL_INTERVAL": "86400",  # reports are another matter: bench.roll
}
_COMMAND_LIMIT = 60.0  # seconds
_STORING_LIMIT = 120.0
_POLL_INTERVAL = 0.25
_QUIET = 2.5  # more than two looks of the shipper into the spool


@dataclass(frozen=True, slots=True)
class Collector:
    """A running collector, and the store behind it."""

    server: Server
    data: Path
    store: SocketStore = field(repr=False)

    def stored(self) -> int:
        """Give how many events its store holds."""
        return int(self.store.rows("SELECT count() FROM events")[0][0])

    def wait_until_stored(self, events: int) -> None:
        """Wait until its store holds so many events, or until that is taking too long."""
        deadline = time.monotonic() + _STORING_LIMIT
        while self.stored() < events and time.monotonic() < deadline:
            time.sleep(_POLL_INTERVAL)

    def stored_in_the_end(self) -> int:
        """Give how many events its store holds once no more come."""
        stored = -1
        while (now := self.stored()) != stored:
            stored = now
            time.sleep(_QUIET)
        return stored

    def outcomes(self) -> dict[str, int]:
        """Give what became of all hits, as the ledger tells it."""
        today = datetime.now(UTC).date()
        days = DayRange(today - timedelta(days=1), today + timedelta(days=1))
        outcomes: Counter[str] = Counter()
        for number in (NO_SITE, *(site.number for site in list_sites(self.store))):
            outcomes.update(read_ledger(self.store, number, days))
        return dict(outcomes)


class Workshop:
    """A throw-away folder in which collectors are started, each on a fresh copy of one data folder with sites."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._template = folder / "template"
        try:
            _add_sites(self._template)
        finally:
            forget_memory(_key_folder(), self._template)

    @contextmanager
    def collector(self) -> Iterator[Collector]:
        """Run a collector until the end of the block. Raises BenchError."""
        data = self.folder / "data"
        shutil.copytree(self._template, data, symlinks=True)  # ClickHouse's links are relative
        command = (_FOOTFALL, "serve", "--host", "127.0.0.1", "--port", "0")
        try:
            with started(command, _environment(data), self.folder / "collector.log") as server:
                yield Collector(server, data, SocketStore(data))
        finally:
            forget_memory(_key_folder(), data)
            shutil.rmtree(data)


@contextmanager
def workshop() -> Iterator[Workshop]:
    """Give a workshop under the folder for temporary files (TMPDIR chooses the disk). Raises BenchError."""
    with tempfile.TemporaryDirectory(prefix="footfall-bench-") as folder:
        yield Workshop(Path(folder))


def _add_sites(data: Path) -> None:
    for domain in SITES:
        done = subprocess.run(
            [_FOOTFALL, "site", "add", domain, "--timezone", _zone_far_from_midnight()],
            cwd=ROOT,
            env=_environment(data),
            capture_output=True,
            text=True,
            timeout=_COMMAND_LIMIT,
            check=False,
        )
        if done.returncode != 0:
            raise BenchError(f"footfall site add {domain}: {done.stderr}")


def _environment(data: Path) -> Mapping[str, str]:
    return own_environment(FOOTFALL_DATA=str(data), **_SETTINGS)


def _key_folder() -> Path:
    default: Path = Settings.model_fields["key_folder"].default
    return default


def _zone_far_from_midnight() -> str:
    """Give a time zone in which it is about noon: no day is closed, and no raw event destroyed, in a run."""
    east = 12 - datetime.now(UTC).hour
    return f"Etc/GMT{-east:+d}"  # POSIX counts hours to the west
