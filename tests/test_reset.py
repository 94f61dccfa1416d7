"""`footfall reset` after a breach, while Footfall runs with workers and while it does not."""

import json
import os
import subprocess
from pathlib import Path

from core.accesses import broken_accesses, read_accesses
from core.control import SocketStore
from core.deletions import broken_lines, read_deletions
from core.key_names import KEY_FOLDER
from core.memory_folder import memory_folder
from core.settings import Settings
from core.store import Store
from tests.fixtures.asking import SITE, send
from tests.fixtures.living_files import living_files
from tests.fixtures.serving import (
    FOOTFALL,
    LIMIT,
    Serving,
    data_folder,
    serving,
    wait_until,
    zone_far_from_midnight,
)

KEYS_IN_TMPFS = Settings.model_fields["key_folder"].default


def key_files(data: Path) -> dict[str, bytes]:
    """Give the keys that lie in memory, by the names of their files."""
    folder = memory_folder(KEYS_IN_TMPFS, data)
    assert folder is not None
    return {file.name: file.read_bytes() for file in (folder / KEY_FOLDER).glob("*.key")}


def tokens(store: Store) -> set[int]:
    """Give the tokens that are stored."""
    return {token for (token,) in store.rows("SELECT DISTINCT visitor FROM events")}


def holding(data: Path, needle: bytes) -> list[Path]:
    """Give the files of the data folder and its folder in memory that hold some bytes."""
    folder = memory_folder(KEYS_IN_TMPFS, data)
    assert folder is not None
    return [file for file, content in living_files(data, folder) if needle in content]


def fill(footfall: Serving) -> set[int]:
    """Send views that reach both workers; give the one token that they all have."""
    store = SocketStore(footfall.data)
    before = tokens(store)
    for number in range(20):
        assert send(footfall.url, f"/{number}") == 202
    wait_until(lambda: store.rows("SELECT uniqExact(page) FROM events") == [[20]])
    return tokens(store) - before


def test_a_reset_leaves_nothing_of_before_while_workers_go_on(tmp_path: Path) -> None:
    """The same visitor has another token in every worker; the old key and token are in no byte; it is recorded."""
    draft = tmp_path / "draft.md"
    with data_folder(tmp_path) as data, serving(data, "--workers", "2") as footfall:
        set_up = footfall.set_up_url
        footfall.add_sites(SITE, timezone=zone_far_from_midnight())
        (old,) = fill(footfall)
        (old_key,) = key_files(data).values()
        told = json.loads(footfall.run("reset", "--yes", "--json", "--draft", str(draft)))
        store = SocketStore(data)
        left = store.rows("SELECT count() FROM events")
        (new,) = fill(footfall)
        (new_key,) = key_files(data).values()
        wait_until(lambda: not holding(data, old.to_bytes(8, "little")))
        found = [holding(data, needle) for needle in (old_key, str(old).encode())]
        audit = json.loads(footfall.run("audit", "--json"))
        recorded = [line.what for line in read_deletions(store)]
        accesses = [line.what for line in read_accesses(store)]
        assert list(broken_lines(read_deletions(store))) + list(broken_accesses(read_accesses(store))) == []
        wait_until(lambda: "The set-up address was renewed" in footfall.log_path.read_text())
        assert set_up.rpartition("/")[2] not in footfall.log_path.read_text().rpartition("renewed")[2]
    assert (left, new != old, new_key != old_key, found) == ([[0]], True, True, [[], []])
    assert {each["name"]: each["violations"] for each in audit if each["violations"]} == {}
    assert recorded == ["key", "raw events"]
    assert accesses == ["site added", "reset"]
    assert [part["part"] for part in told["done"]] == [
        *("Keys", "Logins", "Spools and collectors", "Imports", "Raw events", "Carried numbers"),
    ]
    assert draft.read_text() == told["draft"]
    assert draft.stat().st_mode & 0o777 == 0o600
    assert f"- 20 raw events of {SITE} on " in told["draft"]


def test_a_reset_works_while_nothing_runs(tmp_path: Path) -> None:
    """What a stopped Footfall left in its spool goes as well, and nobody is asked for longer than a yes."""
    with data_folder(tmp_path) as data:
        with serving(data, FOOTFALL_SHIP_INTERVAL="86400", FOOTFALL_SHUTDOWN_TIMEOUT="0.001") as footfall:
            footfall.add_sites(SITE, timezone=zone_far_from_midnight())
            assert send(footfall.url, "/only-in-the-spool") == 202
            os.kill(footfall.process.pid, 9)
            footfall.process.wait(LIMIT)
        assert holding(data, b"/only-in-the-spool") != []
        command = [FOOTFALL, "reset", "--data", data]
        environment = dict(footfall.environment)
        unasked = subprocess.run(command, env=environment, input=b"n\n", capture_output=True, check=False)
        still = holding(data, b"/only-in-the-spool")
        asked = subprocess.run(command, env=environment, input=b"y\n", capture_output=True, check=False)
        assert (unasked.returncode, bool(still), asked.returncode) == (1, True, 0), asked.stderr
        assert holding(data, b"/only-in-the-spool") == []
        assert key_files(data) == {}
        assert b"- 1 events in the spool 0.sqlite." in asked.stdout
