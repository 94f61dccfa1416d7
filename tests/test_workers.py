"""Workers: several collector processes on one port, beside the one that holds the store."""

import os
import re
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from core.control import SocketStore
from tests.fixtures.acknowledgements import UNLIMITED, Client, sending_beacons
from tests.fixtures.asking import SITE, answers, metrics, send
from tests.fixtures.collecting import CHROME
from tests.fixtures.serving import (
    LIMIT,
    Serving,
    data_folder,
    serving,
    starting,
    wait_until,
    zone_far_from_midnight,
)

PASSWORD = "correct horse battery staple"


def workers(footfall: Serving) -> list[int]:
    """Give the process ids of the workers."""
    main = footfall.process.pid
    return [int(number) for number in Path(f"/proc/{main}/task/{main}/children").read_text().split()]


def stored(footfall: Serving) -> Counter[str]:
    """Give the stored pages and how often each is there."""
    return Counter(page for (page,) in SocketStore(footfall.data).rows("SELECT page FROM events"))


@contextmanager
def collecting(tmp_path: Path) -> Iterator[Serving]:
    """Run Footfall with two workers and one site."""
    with data_folder(tmp_path) as data, serving(data, "--workers", "2", **UNLIMITED) as footfall:
        footfall.add_sites(SITE, timezone=zone_far_from_midnight())
        yield footfall


def test_two_workers_share_one_port_and_one_store(tmp_path: Path) -> None:
    """Views, pages and metrics are answered on one port; all views are in the one store, once, and reported."""
    with collecting(tmp_path) as footfall:
        sent = [f"/shared/{letter}" for letter in "abcdefghijklmnopqrst"]
        assert [send(footfall.url, page) for page in sent] == [202] * len(sent)
        assert [answers(f"{footfall.url}{path}") for path in ("/login", "/ready", "/nowhere")] == [200, 200, 404]
        wait_until(lambda: stored(footfall) == Counter(sent))
        wait_until(lambda: footfall.report(SITE)["totals"]["pageviews"] == len(sent))
        wait_until(lambda: _received(footfall.url) == {"0", "1"})
        assert len(workers(footfall)) == 2
        assert {path.name for path in (footfall.data / "spools").glob("*.sqlite")} == {"0.sqlite", "1.sqlite"}


def log_in(footfall: Serving, email: str) -> requests.Session:
    """Log in as a browser does that never was here."""
    browser = requests.Session()
    form = browser.get(f"{footfall.url}/login", timeout=60)
    fields = dict(re.findall(r'name="?(csrf|next)"? value="([^"]*)"', form.text))
    browser.post(f"{footfall.url}/login", {**fields, "email": email, "password": PASSWORD}, timeout=60)
    return browser


def test_a_login_opens_pages_for_nobody_else(tmp_path: Path) -> None:
    """Workers pass on what a browser sends and nothing of anybody else's: strangers are asked to log in."""
    with collecting(tmp_path) as footfall:
        people = ["ann@example.com", "bob@example.com"]
        for email in people:
            footfall.run("user", "add", email, "--role", "owner", "--password", PASSWORD)
        page = f"{footfall.url}/sites/{SITE}"
        browsers = [log_in(footfall, email) for email in people]
        strangers = [requests.get(page, allow_redirects=False, timeout=60).status_code for _ in range(20)]
        seen = [
            [email in browser.get(page, timeout=60).text for email in people]
            for browser in browsers
            for _ in range(5)
        ]
    assert strangers == [303] * 20
    assert seen == [[True, False]] * 5 + [[False, True]] * 5


def test_workers_do_not_share_a_port_with_another_footfall(tmp_path: Path) -> None:
    """Half of its beacons would be theirs: they are not started, and the message says what to do."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with collecting(tmp_path) as footfall, data_folder(elsewhere) as other:
        port = footfall.url.rpartition(":")[2]
        options = ("--workers", "2", "--port", port)
        with starting(other, *options, FOOTFALL_SHUTDOWN_TIMEOUT="0.5") as second:
            assert second.process.wait(LIMIT) == 1
            told = second.log_path.read_text().splitlines()
    assert (
        told[-1] == f"footfall: Cannot listen on 127.0.0.1:{port} (Address already in use); choose another --port."
    )


def test_a_worker_that_dies_is_replaced_and_its_spool_is_found(tmp_path: Path) -> None:
    """Killed under load, a worker is started again; everything acknowledged is stored once."""
    with collecting(tmp_path) as footfall:
        before = workers(footfall)
        with sending_beacons(footfall.url, SITE, keep_alive=False) as client:
            wait_until(lambda: len(client.acknowledged) > 50)
            os.kill(before[0], signal.SIGKILL)
            wait_until(lambda: len(workers(footfall)) == 2 and before[0] not in workers(footfall))
            seen = len(client.acknowledged)
            wait_until(lambda: len(client.acknowledged) > seen + 50)
        _assert_all_are_stored(footfall, client)


def test_a_rolling_restart_loses_nothing_and_answers_no_error(tmp_path: Path) -> None:
    """SIGHUP under load replaces every worker: no view gets a 5xx or no answer, none is lost or doubled."""
    with collecting(tmp_path) as footfall:
        before = set(workers(footfall))
        with sending_beacons(footfall.url, SITE, keep_alive=False) as client:
            wait_until(lambda: len(client.acknowledged) > 50)
            footfall.process.send_signal(signal.SIGHUP)
            wait_until(lambda: len(workers(footfall)) == 2 and not before & set(workers(footfall)))
            seen = len(client.acknowledged)
            wait_until(lambda: len(client.acknowledged) > seen + 50)
        assert (client.refused, client.unanswered) == (Counter(), 0)
        _assert_all_are_stored(footfall, client)


@pytest.mark.parametrize("options", [(), ("--workers", "2")], ids=["alone", "workers"])
def test_stopping_under_load_finishes_what_is_in_flight(tmp_path: Path, options: tuple[str, ...]) -> None:
    """After SIGTERM nobody gets a 5xx; what was acknowledged is there after the next start, once."""
    with data_folder(tmp_path) as data:
        with serving(data, *options, **UNLIMITED) as footfall:
            footfall.add_sites(SITE)
            with sending_beacons(footfall.url, SITE, keep_alive=False) as client:
                wait_until(lambda: len(client.acknowledged) > 50)
                footfall.process.terminate()
                assert footfall.process.wait(LIMIT) == 0
        assert client.refused == Counter()
        with serving(data) as again:
            _assert_all_are_stored(again, client)


def test_a_closed_terminal_stops_one_that_has_no_workers(tmp_path: Path) -> None:
    """SIGHUP would end it in the middle of everything; it stops in order instead."""
    with data_folder(tmp_path) as data, serving(data) as footfall:
        footfall.process.send_signal(signal.SIGHUP)
        assert footfall.process.wait(LIMIT) == 0


def test_workers_end_with_the_process_that_started_them(tmp_path: Path) -> None:
    """If that one is killed, they finish and go: none is left to hold the port."""
    with collecting(tmp_path) as footfall:
        left = workers(footfall)
        footfall.process.kill()
        footfall.process.wait()
        wait_until(lambda: not any(Path(f"/proc/{number}").exists() for number in left))


def _assert_all_are_stored(footfall: Serving, client: Client) -> None:
    acknowledged = Counter(client.acknowledged)
    wait_until(lambda: not acknowledged - stored(footfall))
    assert set(stored(footfall).values()) == {1}


def _received(url: str) -> set[str]:
    return {line.split('"')[1] for line in metrics(url) if line.startswith("footfall_hits_received_total{")}


def test_whichever_worker_is_asked_the_rows_of_all_are_erased(tmp_path: Path) -> None:
    """Both hold rows of one visitor, shipped and spooled: none is left, and none comes back; later ones count."""
    with collecting(tmp_path) as footfall:
        sent = [f"/mine/{letter}" for letter in "abcdefghijklmnopqrst"]
        for page in sent:
            send(footfall.url, page)
        answer = requests.delete(
            f"{footfall.url}/privacy/me", params={"site": SITE}, headers={"User-Agent": CHROME}, timeout=LIMIT
        )
        left = {
            path.name for path in (footfall.data / "spools").glob("*.sqlite*") if b"/mine/" in path.read_bytes()
        }
        assert send(footfall.url, "/later") == 202
        wait_until(lambda: stored(footfall) == Counter(["/later"]))
        wait_until(lambda: footfall.ledger(SITE) == {"received": 1, "stored": 1})
        assert (answer.json()["ending"], left) == ("erased", set())
