"""A spool at its limit and on a full disk: nothing half-written, and it goes on by itself."""

import logging
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.errors import SpoolError, SpoolFullError
from core.tallies import Tally
from ingest.gate import Knowledge
from ingest.spool import Entry, Spool
from tests.fixtures.collecting import CHROME, NOON, collecting

DAY = NOON.date()
STORED = (Tally(7, DAY, "received"), Tally(7, DAY, "stored"))


def entries(count: int, size: int = 1_000) -> list[Entry]:
    """Give entries with rows of so many bytes."""
    return [Entry(NOON, STORED, b"x" * size) for _ in range(count)]


def empty(spool: Spool) -> None:
    """Ship what is there, as it were."""
    while (batch := spool.seal(1_000)) is not None:
        spool.discard(batch, batch.tallies, NOON)


def test_at_its_limit_a_spool_takes_nothing_until_there_is_room(tmp_path: Path) -> None:
    """The commit that would go over the limit is refused whole; what was there stays, and shipping makes room."""
    spool = Spool(tmp_path / "spool", limit=10_000)
    spool.append(entries(8))
    with pytest.raises(SpoolFullError, match="spool_limit"):
        spool.append(entries(3))
    before = spool.waiting().events
    empty(spool)
    spool.append(entries(8))
    assert (before, spool.waiting().events) == (8, 8)


def test_the_limit_holds_across_a_restart(tmp_path: Path) -> None:
    """A spool that was full when its process ended is full when it is opened again."""
    Spool(tmp_path / "spool", limit=10_000).append(entries(9))
    with pytest.raises(SpoolFullError):
        Spool(tmp_path / "spool", limit=10_000).append(entries(2))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("no right to mount a disk here: the spool's own limit is tested, a full disk is not")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def test_on_a_full_disk_a_commit_is_refused_whole(small_disk: Path) -> None:
    """A commit that finds no room leaves nothing; once there is room the spool takes events, and has every one."""
    spool = Spool(small_disk / "spool")
    taken = 0
    refusal = ""
    while not refusal:
        try:
            spool.append(entries(20))
        except SpoolError as error:
            refusal = str(error)
        else:
            taken += 20
    assert "check the disk" in refusal
    waiting = spool.waiting().events
    subprocess.run(["mount", "-o", "remount,size=4m", small_disk], check=True)
    spool.append(entries(20))
    assert (waiting, spool.waiting().events) == (taken, taken + 20)
    empty(spool)
    assert spool.waiting().events == 0
    spool.close()


async def test_a_full_spool_is_503_with_one_line_a_minute(
    tmp_path: Path, knowledge: Knowledge, caplog: pytest.LogCaptureFixture
) -> None:
    """Clients are told when to come again, the operator once a minute, and it recovers by itself."""
    spool = Spool(tmp_path / "spool", limit=1_200)
    async with collecting(spool, knowledge) as collector:
        with caplog.at_level(logging.ERROR, "footfall.collector"):
            answers = [(await collector.send())[0] for _ in range(20)]
            lines = len(caplog.records)
            collector.clock.now += timedelta(minutes=2)
            await collector.send()
            more = caplog.records[-1].getMessage()
        async with collector.client.get("/ready") as ready:
            not_ready = ready.status
        # A view that is stored: a dropped one leaves so little that it may still find room.
        larger = b'{"n":"pageview","u":"https://example.com/a-longer-page-than-all-before"}'
        refusal = await collector.client.post("/api/event", data=larger, headers={"User-Agent": CHROME})
        empty(spool)
        recovered = (await collector.send())[0]
        async with collector.client.get("/ready") as ready:
            is_ready = ready.status
    taken = answers.index(503)
    assert answers == [202] * taken + [503] * (20 - taken)
    assert taken > 0
    assert (lines, "more since the last time" in more) == (1, True)
    assert (refusal.status, refusal.headers["Retry-After"], not_ready) == (503, "5", 503)
    assert (recovered, is_ready) == (202, 200)
    spool.close()


async def test_after_ten_seconds_without_traffic_a_collector_in_trouble_says_it_is_ready(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    """A load balancer that stopped sending at the 503 may try again: only a beacon can show that it is over."""
    spool = Spool(tmp_path / "spool", limit=100)
    seen = []
    async with collecting(spool, knowledge) as collector:
        seen.append((await collector.send())[0])
        for seconds in (0, 9, 1):
            collector.clock.move(seconds=seconds)
            async with collector.client.get("/ready") as ready:
                seen.append(ready.status)
    assert seen == [503, 503, 503, 200]
    spool.close()
