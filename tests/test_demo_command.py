"""`footfall demo` as a newcomer runs it, in a process of its own."""

import os
import re
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.memory_folder import is_tmpfs
from ingest.demo.catching_up import RECENT
from ingest.demo.progress import filling_progress
from tests.fixtures.serving import FOOTFALL, LIMIT, wait_until

_PAST_DAYS = 9  # are closed in three pieces, and are enough to be made by other processes


class Demo:
    """A running `footfall demo`: what it says, and how it is ended."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self._process = process
        self._log = log

    @property
    def said(self) -> str:
        """All that it has said."""
        return self._log.read_text()

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Wait until it says something."""
        wait_until(lambda: re.search(pattern, self.said) is not None or self._process.poll() is not None)
        found = re.search(pattern, self.said)
        assert found is not None, self.said
        return found

    def press_ctrl_c(self) -> int:
        """Do what a terminal does: tell it and all that it started. Give its exit code."""
        os.killpg(self._process.pid, signal.SIGINT)
        return self._process.wait(LIMIT)

    def is_there(self) -> bool:
        """Tell whether anything of it runs."""
        try:
            os.killpg(self._process.pid, 0)
        except ProcessLookupError:
            return False
        return True


@contextmanager
def running_demo(folder: Path) -> Iterator[Demo]:
    """Run `footfall demo` in a folder, its keys in another, until the end of the block."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FOOTFALL_")}
    log_path = folder / "demo.log"
    with log_path.open("wb") as log:
        process = subprocess.Popen(
            [FOOTFALL, "demo", "--port", "0", "--days", str(_PAST_DAYS), "--data", folder / "data"],
            env=environment | {"FOOTFALL_KEY_FOLDER": str(folder / "memory")},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield Demo(process, log_path)
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder with one for what must stay in memory."""
    (tmp_path / "memory").mkdir()
    return tmp_path


def test_a_used_port_is_told_before_a_day_is_made(folder: Path) -> None:
    """One line that names the port, exit code 1, and nothing was made up."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [FOOTFALL, "demo", "--port", str(port), "--data", folder / "data"],
            env=os.environ | {"FOOTFALL_KEY_FOLDER": str(folder / "memory")},
            capture_output=True,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(rf"footfall: .*\b{port}\b.*\n", done.stderr)
    assert list((folder / "data").iterdir()) == []


@pytest.mark.parametrize(("days", "told"), [(1, "the latest day are"), (2, "the latest 2 days are")])
def test_a_demo_counts_in_english(days: int, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One day is a day, more are days."""
    with filling_progress(days, RECENT, "All days are there."):
        pass
    assert told in capsys.readouterr().err


def test_a_demo_that_is_ended_while_it_fills_goes_on_and_opens_filled(folder: Path) -> None:
    """Ctrl-C ends it and all that it started; the next start keeps the days that are there, and opens with all."""
    with running_demo(folder) as demo:
        demo.wait_for(rf"The visits of the latest {_PAST_DAYS} days")
        there = int(demo.wait_for(rf"(\d+) of {_PAST_DAYS} days are there; the others take about \d+ s")[1])
        assert demo.press_ctrl_c() == 0
        assert "http://" not in demo.said
        assert "Traceback" not in demo.said
        wait_until(lambda: not demo.is_there())
    assert not is_tmpfs(folder) or list((folder / "memory").iterdir()) == []

    with running_demo(folder) as demo:
        left = int(demo.wait_for(r"The visits of the latest (?:(\d+) days|day) are")[1] or 1)
        assert 0 < left <= _PAST_DAYS - there
        site = demo.wait_for(r"The demo site:  (\S+)")[1]
        demo.wait_for(r"Its dashboard:  http\S+/sites/demo\.example\S*\nLog in as \S+ with the password \S+\n")
        with urllib.request.urlopen(site, timeout=10) as page:
            assert page.status == 200
        assert demo.press_ctrl_c() == 0
        assert "Traceback" not in demo.said
        wait_until(lambda: not demo.is_there())
    assert not is_tmpfs(folder) or list((folder / "memory").iterdir()) == []
