"""The store away, in every way: events are acknowledged and kept, and arrive once when it is back."""

import socket
import subprocess
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from bench.ports import free_port
from core.errors import StoreError
from core.store import connect_server
from tests.fixtures.asking import SITE, answers, metric, send
from tests.fixtures.clickhouse import ClickHouseServer, clickhouse
from tests.fixtures.serving import FOOTFALL, Serving, data_folder, serving, starting, wait_until

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClickHouseServer]:
    """A ClickHouse server that is stopped and broken by these tests."""
    with clickhouse(tmp_path_factory.mktemp("clickhouse")) as running:
        yield running


@contextmanager
def collecting(server: ClickHouseServer, tmp_path: Path, name: str) -> Iterator[Serving]:
    """Run Footfall beside the server, with a database of its own and one site."""
    with data_folder(tmp_path) as data, serving(data, FOOTFALL_CLICKHOUSE=server.url(name)) as footfall:
        footfall.add_sites(SITE)
        yield footfall


def pages(server: ClickHouseServer, name: str) -> Counter[str]:
    """Give the stored pages and how often each is there; none while the server is away."""
    store = connect_server(server.url(name))
    try:
        return Counter(page for (page,) in store.rows("SELECT page FROM events"))
    except StoreError:
        return Counter()
    finally:
        store.close()


def sent_during(footfall: Serving, trouble: str, count: int = 20) -> list[str]:
    """Send views and give those that were acknowledged: all of them."""
    made = [f"/{trouble}/{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"[:count]]
    assert [send(footfall.url, page) for page in made] == [202] * count
    return made


def run(server: ClickHouseServer, name: str, *statements: str) -> None:
    """Run statements in a database."""
    store = connect_server(server.url(name))
    for statement in statements:
        store.run(statement)
    store.close()


Act = Callable[[ClickHouseServer, str], None]
# How the store goes away, and how it comes back.
TROUBLES: dict[str, tuple[Act, Act]] = {
    "stopped": (lambda server, _name: server.stop(), lambda server, _name: server.start()),
    "killed": (lambda server, _name: server.kill(), lambda server, _name: server.start()),
    "hanging": (lambda server, _name: server.freeze(), lambda server, _name: server.thaw()),
    "without the table": (
        lambda server, name: run(server, name, "RENAME TABLE events TO elsewhere"),
        lambda server, name: run(server, name, "RENAME TABLE elsewhere TO events"),
    ),
    "refusing": (
        lambda server, name: run(server, name, "ALTER TABLE events MODIFY SETTING max_parts_in_total = 1"),
        lambda server, name: run(server, name, "ALTER TABLE events RESET SETTING max_parts_in_total"),
    ),
    "out of disk": (
        lambda server, name: run(
            server, name, f"ALTER TABLE events MODIFY SETTING min_free_disk_bytes_to_perform_insert = {10**18}"
        ),
        lambda server, name: run(
            server, name, "ALTER TABLE events RESET SETTING min_free_disk_bytes_to_perform_insert"
        ),
    ),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_while_the_store_is_away_events_are_kept_and_arrive_once(
    server: ClickHouseServer, tmp_path: Path, trouble: str
) -> None:
    """Stopped, killed, hanging, refusing or full: every view gets its 202, and is stored once afterwards."""
    name = "footfall_" + trouble.replace(" ", "_")
    breaks, mends = TROUBLES[trouble]
    with collecting(server, tmp_path, name) as footfall:
        sent = sent_during(footfall, "before", 3)
        wait_until(lambda: len(pages(server, name)) == 3)
        breaks(server, name)
        try:
            sent += sent_during(footfall, "meanwhile")
            wait_until(lambda: waiting(footfall) > 0)
        finally:
            mends(server, name)
        sent += sent_during(footfall, "afterwards", 3)
        wait_until(lambda: len(pages(server, name)) == len(sent))
        assert pages(server, name) == Counter(sent)


def test_a_footfall_that_starts_without_its_store_collects_for_the_sites_it_knew(
    server: ClickHouseServer, tmp_path: Path
) -> None:
    """ClickHouse is down when Footfall starts: views of known sites are kept, pages say that the store is away."""
    name = "footfall_start"
    with collecting(server, tmp_path, name) as footfall:
        sent = sent_during(footfall, "before", 3)
        wait_until(lambda: len(pages(server, name)) == 3)
    server.stop()
    with serving(footfall.data, FOOTFALL_CLICKHOUSE=server.url(name)) as started:
        sent += sent_during(started, "meanwhile")
        server.start()
        wait_until(lambda: len(pages(server, name)) == len(sent))
        assert pages(server, name) == Counter(sent)
        assert started.run("check").count("✓") >= 5


def test_before_the_first_site_list_nothing_is_called_unknown(tmp_path: Path) -> None:
    """A first start without ClickHouse takes nothing and says so; no view is dropped for an unknown site."""
    port = free_port()
    nowhere = {"FOOTFALL_CLICKHOUSE": "http://127.0.0.1:1/footfall"}
    with data_folder(tmp_path) as data, starting(data, "--port", str(port), **nowhere):
        url = f"http://127.0.0.1:{port}"
        wait_until(lambda: answers(f"{url}/health") == 200)
        assert (send(url, "/"), answers(f"{url}/ready")) == (503, 503)


def waiting(footfall: Serving) -> int:
    """Give how many events wait in the spool."""
    return metric(footfall, "footfall_spool_events")


def set_aside(footfall: Serving) -> int:
    """Give how many batches are set aside."""
    return metric(footfall, "footfall_batches_set_aside")


class AnswerCutter:
    """A relay in front of ClickHouse that passes everything on, but for the answers to so many inserts."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._left = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self, answers: int) -> None:
        """Cut the answers to so many inserts of events."""
        self._left = answers

    @property
    def is_done(self) -> bool:
        """Whether all of those answers were cut."""
        return self._left == 0

    def close(self) -> None:
        """Stop taking connections."""
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                server = socket.create_connection(("127.0.0.1", self._target))
                is_insert = threading.Event()
                for pair in ((client, server, True), (server, client, False)):
                    threading.Thread(target=self._relay, args=(*pair, is_insert), daemon=True).start()

    def _relay(self, source: socket.socket, sink: socket.socket, asks: bool, is_insert: threading.Event) -> None:
        with suppress(OSError), source, sink:
            while data := source.recv(65_536):
                if asks:
                    if b"POST" in data[:4]:
                        is_insert.clear()
                    if b"INSERT" in data and b"events" in data:
                        is_insert.set()
                elif is_insert.is_set() and self._left:
                    self._left -= 1
                    # Closing alone would not end the connection while the other thread reads from it.
                    source.shutdown(socket.SHUT_RDWR)
                    sink.shutdown(socket.SHUT_RDWR)
                    return
                sink.sendall(data)


def test_an_insert_whose_answer_is_lost_on_the_way_counts_once(server: ClickHouseServer, tmp_path: Path) -> None:
    """ClickHouse has the rows and the collector does not know: they are looked up, and not inserted again."""
    name = "footfall_cut"
    cutter = AnswerCutter(server.port)
    url = f"http://127.0.0.1:{cutter.port}/{name}"
    with data_folder(tmp_path) as data, serving(data, FOOTFALL_CLICKHOUSE=url) as footfall:
        footfall.add_sites(SITE)
        cutter.cut(3)
        sent = sent_during(footfall, "cut")
        wait_until(lambda: cutter.is_done and waiting(footfall) == 0)
        sent += sent_during(footfall, "after", 3)
        wait_until(lambda: len(pages(server, name)) == len(sent))
        assert pages(server, name) == Counter(sent)
        wait_until(lambda: footfall.ledger(SITE) == {"received": len(sent), "stored": len(sent)})
    cutter.close()


def test_a_batch_that_clickhouse_refuses_is_set_aside_and_replayed(
    server: ClickHouseServer, tmp_path: Path
) -> None:
    """One bad batch does not hold up the next; it is told of, kept, and stored once its cause is mended."""
    name = "footfall_refused"
    with collecting(server, tmp_path, name) as footfall:
        run(server, name, "ALTER TABLE events ADD CONSTRAINT no_bad CHECK page NOT LIKE '/bad/%'")
        bad = sent_during(footfall, "bad", 3)
        wait_until(
            lambda: set_aside(footfall) > 0 and waiting(footfall) == 0
        )  # no good one joins a bad one's batch
        good = sent_during(footfall, "good", 3)
        wait_until(lambda: len(pages(server, name)) == len(good))
        told = subprocess.run(
            [FOOTFALL, "check"], env=footfall.environment, capture_output=True, text=True, check=False
        )
        run(server, name, "ALTER TABLE events DROP CONSTRAINT no_bad")
        footfall.run("replay")
        wait_until(lambda: len(pages(server, name)) == len(good + bad))
        assert pages(server, name) == Counter(good + bad)
        assert (told.returncode, "run `footfall replay`" in told.stdout) == (1, True)
        wait_until(lambda: footfall.ledger(SITE) == {"received": 6, "stored": 6})
