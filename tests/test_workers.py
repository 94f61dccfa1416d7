"""Workers: several collector processes on one port, beside the one that holds the store."""

import os
import signal
import threading
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import Self

import pytest

from core.control import SocketStore
from tests.fixtures.serving import Serving, data_folder, serving, wait_until
from tests.test_store_away import answers, send

SITE = "example.com"


def workers(footfall: Serving) -> list[int]:
    """Give the process ids of the workers."""
    main = footfall.process.pid
    return [int(number) for number in Path(f"/proc/{main}/task/{main}/children").read_text().split()]


def stored(footfall: Serving) -> Counter[str]:
    """Give the stored pages and how often each is there."""
    return Counter(page for (page,) in SocketStore(footfall.data).rows("SELECT page FROM events"))


class Visitors:
    """Send views without end from several threads, each on connections of its own."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._ending = threading.Event()
        self.acknowledged: list[str] = []
        self.statuses: Counter[int] = Counter()
        self._threads = [threading.Thread(target=self._visit, args=(name,), daemon=True) for name in "abcd"]

    def __enter__(self) -> Self:
        """Begin."""
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_failure: object) -> None:
        """End, once every visitor has its last answer."""
        self._ending.set()
        for thread in self._threads:
            thread.join(30)

    def _visit(self, name: str) -> None:
        for page in _pages(name):
            if self._ending.is_set():
                return
            try:
                status = send(self._url, page)
            except (OSError, HTTPException):  # nobody answered: not acknowledged
                status = 0
            self.statuses[status] += 1
            if status == 202:
                self.acknowledged.append(page)
            self._ending.wait(0.01)


def _pages(name: str) -> Iterator[str]:
    letters = "abcdefghijklmnopqrstuvwxyz"
    for first in letters:
        for second in letters:
            for third in letters:
                yield f"/{name}/{first}{second}/{third}"


@contextmanager
def collecting(tmp_path: Path) -> Iterator[Serving]:
    """Run Footfall with two workers and one site."""
    with data_folder(tmp_path) as data, serving(data, "--workers", "2") as footfall:
        footfall.add_sites(SITE)
        yield footfall


def test_two_workers_share_one_port_and_one_store(tmp_path: Path) -> None:
    """Views, pages and metrics are answered on one port; all views are in the one store, once."""
    with collecting(tmp_path) as footfall:
        sent = [f"/shared/{letter}" for letter in "abcdefghijklmnopqrst"]
        assert [send(footfall.url, page) for page in sent] == [202] * len(sent)
        assert [answers(f"{footfall.url}{path}") for path in ("/login", "/ready", "/nowhere")] == [200, 200, 404]
        wait_until(lambda: stored(footfall) == Counter(sent))
        wait_until(lambda: _received(footfall.url) == {"0", "1"})
        assert len(workers(footfall)) == 2
        assert {path.name for path in (footfall.data / "spools").glob("*.sqlite")} == {"0.sqlite", "1.sqlite"}


def test_a_worker_that_dies_is_replaced_and_its_spool_is_found(tmp_path: Path) -> None:
    """Killed under load, a worker is started again; everything acknowledged is stored once."""
    with collecting(tmp_path) as footfall:
        before = workers(footfall)
        with Visitors(footfall.url) as visitors:
            wait_until(lambda: len(visitors.acknowledged) > 50)
            os.kill(before[0], signal.SIGKILL)
            wait_until(lambda: len(workers(footfall)) == 2 and before[0] not in workers(footfall))
            seen = len(visitors.acknowledged)
            wait_until(lambda: len(visitors.acknowledged) > seen + 50)
        _assert_all_are_stored(footfall, visitors)


def test_a_rolling_restart_loses_nothing_and_answers_no_error(tmp_path: Path) -> None:
    """SIGHUP under load replaces every worker: no view gets a 5xx or no answer, none is lost or doubled."""
    with collecting(tmp_path) as footfall:
        before = set(workers(footfall))
        with Visitors(footfall.url) as visitors:
            wait_until(lambda: len(visitors.acknowledged) > 50)
            footfall.process.send_signal(signal.SIGHUP)
            wait_until(lambda: len(workers(footfall)) == 2 and not before & set(workers(footfall)))
            seen = len(visitors.acknowledged)
            wait_until(lambda: len(visitors.acknowledged) > seen + 50)
        assert set(visitors.statuses) == {202}
        _assert_all_are_stored(footfall, visitors)


@pytest.mark.parametrize("options", [(), ("--workers", "2")], ids=["alone", "workers"])
def test_stopping_under_load_finishes_what_is_in_flight(tmp_path: Path, options: tuple[str, ...]) -> None:
    """After SIGTERM nobody gets a 5xx; what was acknowledged is there after the next start, once."""
    with data_folder(tmp_path) as data:
        with serving(data, *options) as footfall:
            footfall.add_sites(SITE)
            with Visitors(footfall.url) as visitors:
                wait_until(lambda: len(visitors.acknowledged) > 50)
                footfall.process.terminate()
                assert footfall.process.wait(60) == 0
        assert {status for status in visitors.statuses if status >= 400} == set()
        with serving(data) as again:
            _assert_all_are_stored(again, visitors)


def test_workers_end_with_the_process_that_started_them(tmp_path: Path) -> None:
    """If that one is killed, they finish and go: none is left to hold the port."""
    with collecting(tmp_path) as footfall:
        left = workers(footfall)
        footfall.process.kill()
        footfall.process.wait()
        wait_until(lambda: not any(Path(f"/proc/{number}").exists() for number in left))


def _assert_all_are_stored(footfall: Serving, visitors: Visitors) -> None:
    acknowledged = Counter(visitors.acknowledged)
    wait_until(lambda: not acknowledged - stored(footfall))
    assert set(stored(footfall).values()) == {1}


def _received(url: str) -> set[str]:
    with urllib.request.urlopen(f"{url}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    return {line.split('"')[1] for line in lines if line.startswith("footfall_hits_received_total{")}
