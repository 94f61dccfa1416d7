"""`footfall reset`, killed in the middle of its parts and run again: all is ended, and recorded once."""

import fcntl
import json
import os
import subprocess
import termios
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.accesses import broken_accesses, read_accesses
from core.control import SocketStore
from core.deletions import broken_lines, read_deletions
from core.resets import newest_reset
from core.store import Store
from dashboards.people.logins import begin_login, running_logins
from footfall import RESET_PARTS
from tests.fixtures.asking import SITE, send
from tests.fixtures.serving import FOOTFALL, LIMIT, data_folder, serving, wait_until, zone_far_from_midnight
from tests.test_reset import fill, holding, key_files, tokens

NAMES = [part.name for part in RESET_PARTS]
MINUTE = 60.0  # seconds: a reset that takes longer is ended, and has failed


class SmallPipe:
    """A pipe with room for so many bytes: who writes more waits."""

    def __init__(self, room: int) -> None:
        self._reader, self.writer = os.pipe()
        self._size = fcntl.fcntl(self.writer, fcntl.F_SETPIPE_SZ, 4_096)
        os.write(self.writer, bytes(self._size - room))

    def is_full(self) -> bool:
        """Tell whether there is no room left."""
        waiting = fcntl.ioctl(self._reader, termios.FIONREAD, bytes(4))
        return int.from_bytes(waiting, "little") == self._size

    def close(self) -> None:
        """Close both ends."""
        os.close(self._reader)
        os.close(self.writer)


def kill_during(part: str, environment: Mapping[str, str]) -> None:
    """Run `footfall reset`, and kill it in a part, or before it can tell that the next one begins."""
    told = "".join(f"{name} ...\n" for name in NAMES[: NAMES.index(part) + 1])
    with closing(SmallPipe(len(told))) as pipe:
        command = [FOOTFALL, "reset", "--yes"]
        with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=pipe.writer) as process:
            wait_until(lambda: pipe.is_full() or process.poll() is not None)
            process.kill()
        assert process.returncode == -9


def reset_at_last(environment: Mapping[str, str]) -> subprocess.CompletedProcess[bytes]:
    """Run `footfall reset` to its end."""
    command = [FOOTFALL, "reset", "--yes"]
    return subprocess.run(command, env=environment, capture_output=True, timeout=MINUTE, check=False)


def recorded_once(store: Store) -> tuple[list[str], bool, list[list[int]]]:
    """Give what the deletion record names, whether the reset has ended, and how many resets there were."""
    assert list(broken_lines(read_deletions(store))) + list(broken_accesses(read_accesses(store))) == []
    reset = newest_reset(store)
    recorded = sorted(line.what for line in read_deletions(store))
    return (
        recorded,
        reset is not None and reset.ended is not None,
        store.rows("SELECT uniqExact(reset) FROM resets"),
    )


def test_a_reset_that_is_killed_again_and_again_is_completed(tmp_path: Path) -> None:
    """While Footfall runs: the last run leaves no key, login, token or raw event of before."""
    with data_folder(tmp_path) as data, serving(data) as footfall:
        footfall.add_sites(SITE, timezone=zone_far_from_midnight())
        store = SocketStore(data)
        begin_login(store, "mara@example.com", datetime.now(UTC), timedelta(days=1))
        (old,) = fill(footfall)
        (old_key,) = key_files(data).values()
        for part in ("Keys", "Spools and collectors", "Raw events"):
            kill_during(part, footfall.environment)
        done = reset_at_last(footfall.environment)
        ended = (tokens(store), running_logins(store), recorded_once(store))
        (new,) = fill(footfall)
        wait_until(lambda: not holding(data, old.to_bytes(8, "little")))
        found = [holding(data, needle) for needle in (old_key, str(old).encode())]
        audit = json.loads(footfall.run("audit", "--json"))
    assert (done.returncode, new != old, found) == (0, True, [[], []]), done.stderr
    assert ended == (set(), 0, (["key", "raw events"], True, [[1]]))
    assert {each["name"]: each["violations"] for each in audit if each["violations"]} == {}
    assert b"- 20 raw events of example.com on " in done.stdout


def test_it_is_completed_while_nothing_runs(tmp_path: Path) -> None:
    """What a killed Footfall left in its spool goes as well."""
    with data_folder(tmp_path) as data:
        with serving(data, FOOTFALL_SHIP_INTERVAL="86400", FOOTFALL_SHUTDOWN_TIMEOUT="0.001") as footfall:
            footfall.add_sites(SITE, timezone=zone_far_from_midnight())
            assert send(footfall.url, "/only-in-the-spool") == 202
            os.kill(footfall.process.pid, 9)
            footfall.process.wait(LIMIT)
        kill_during("Spools and collectors", footfall.environment)
        done = reset_at_last(footfall.environment)
        left = (holding(data, b"/only-in-the-spool"), key_files(data))
        with serving(data):
            ended = recorded_once(SocketStore(data))
    assert (done.returncode, left) == (0, ([], {})), done.stderr
    assert ended == (["key", "spooled events"], True, [[1]])
    assert b"- 1 events in the spool 0.sqlite." in done.stdout
