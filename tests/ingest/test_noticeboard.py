"""The noticeboard: no collecting past an unexplained column, and every change of the notice is published."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from core.deletions import DeletionRecord
from core.errors import NoticeError, StoreUnavailableError
from core.memory_folder import forget_memory
from core.settings import Settings
from core.sites import SiteRegistry, add_site, change_site
from core.store import Parameters, Row, Store
from ingest.assembly import running_collector
from ingest.gate import Knowledge
from ingest.noticeboard import Noticeboard, refuse_unexplained
from ingest.spool import Spool
from tests.fixtures.collecting import NOON, collecting
from tests.fixtures.hands import Hands

TROUBLE = (
    "The privacy notice does not explain events.address, so nothing may be collected. "
    "Drop the column, or install a Footfall that knows it."
)


@contextmanager
def with_address(store: Store) -> Iterator[None]:
    """Let the raw events have a column that nobody explained, until the end of the block."""
    store.run("ALTER TABLE events ADD COLUMN address String")
    try:
        yield
    finally:
        store.run("ALTER TABLE events DROP COLUMN address")


class Away:
    """A store that cannot be reached."""

    def rows(self, _statement: str, _parameters: Parameters | None = None) -> list[Row]:
        """Answer nothing."""
        raise StoreUnavailableError("ClickHouse did not answer.")


AWAY: Store = Away()  # type: ignore[assignment]


async def test_a_collector_does_not_start_with_a_column_that_is_not_explained(
    store: Store, tmp_path: Path
) -> None:
    """The start ends in one line that names the column; once it is gone the collector starts."""
    settings = Settings(data=tmp_path)
    parts = (settings, store, SiteRegistry([]), DeletionRecord(store, tmp_path), lambda: NOON)
    try:
        with with_address(store):
            with pytest.raises(NoticeError) as refused:
                async with running_collector(*parts):
                    pass
            with pytest.raises(NoticeError):
                refuse_unexplained(store)
        async with running_collector(*parts) as collector:
            assert collector.trouble() == ""
    finally:
        forget_memory(settings.key_folder, tmp_path)
    assert str(refused.value) == TROUBLE


async def test_a_column_is_found_when_clickhouse_comes_back(
    embedded: Store, spool: Spool, knowledge: Knowledge
) -> None:
    """While ClickHouse is away hits are taken; once it is back with such a column they are not."""
    board = Noticeboard(Settings())
    board.begin(AWAY, NOON)
    async with collecting(spool, knowledge, noticeboard=board) as collector:
        before = await collector.send()
        with with_address(embedded):
            board.refresh(embedded, NOON)
            refused = await collector.send()
            async with collector.client.get("/ready") as answer:
                ready = answer.status, await answer.text()
        board.refresh(embedded, NOON)
        after = await collector.send()
        assert len(collector.events()) == 2
    assert (before, refused[0], ready, after) == ((202, "ok"), 503, (503, TROUBLE), (202, "ok"))


def test_a_column_that_is_added_later_is_told_of(embedded: Store, caplog: pytest.LogCaptureFixture) -> None:
    """A running collector goes on, since it fills no such column; its log and its notice tell, once."""
    board = Noticeboard(Settings())
    board.begin(embedded, NOON)
    with with_address(embedded):
        board.refresh(embedded, NOON)
        board.refresh(embedded, NOON)
        assert (board.trouble, board.notice.content["unexplained"]) == ("", ["events.address"])
        with pytest.raises(NoticeError):
            Noticeboard(Settings()).begin(embedded, NOON)
    assert [record.message for record in caplog.records] == [TROUBLE, TROUBLE]


def test_every_change_is_a_version(store: Store) -> None:
    """A site that comes, a profile that changes, a setting that another start brings: each is published once."""
    clock = Hands(NOON)
    board = Noticeboard(Settings())
    board.begin(store, clock())
    board.refresh(store, clock())
    add_site(store, "example.com", "Europe/Kyiv", NOON)
    clock.move(hours=1)
    board.refresh(store, clock())
    change_site(store, "example.com", NOON + timedelta(minutes=1), threshold=30)
    clock.move(hours=1)
    board.refresh(store, clock())
    clock.move(hours=1)
    restarted = Noticeboard(Settings(controller="Example Ltd, Kyiv"))
    restarted.begin(store, clock())
    told = restarted.versions or ()
    assert [(each.sequence, (each.at - NOON) / timedelta(hours=1)) for each in told] == [
        (4, 3),
        (3, 2),
        (2, 1),
        (1, 0),
    ]
    site = {
        "timezone": "Europe/Kyiv",
        "key_destroyed": "each day at 00:00 Europe/Kyiv",
        "profile": "balanced",
        "threshold": 10,
    }
    assert [each.changes for each in told] == [
        ({"op": "replace", "path": "/operator/controller", "from": None, "to": "Example Ltd, Kyiv"},),
        ({"op": "replace", "path": "/sites/example.com/threshold", "from": 10, "to": 30},),
        ({"op": "add", "path": "/sites/example.com", "to": site},),
        (),
    ]
    assert (restarted.notice.hash, restarted.notice.since) == (told[0].hash, clock())


def test_collectors_with_other_settings_do_not_publish_in_turns(embedded: Store) -> None:
    """Two hosts that are set up differently publish one version each, however long both run."""
    boards = [Noticeboard(Settings(keep_ipv4_bits=bits)) for bits in (16, 24)]
    for _ in range(3):
        for board in boards:
            board.refresh(embedded, NOON)
    assert [len(board.versions or ()) for board in boards] == [2, 2]
    assert [board.notice.since for board in boards] == [NOON, NOON]


def test_the_same_notice_with_and_without_the_store(embedded: Store) -> None:
    """Who cannot reach ClickHouse says the same as who can, and that it is not in the history."""
    without, reached = Noticeboard(Settings()), Noticeboard(Settings())
    without.begin(AWAY, NOON)
    reached.begin(embedded, NOON)
    assert (without.notice.hash, without.notice.since, without.versions) == (reached.notice.hash, None, None)


def test_pages_are_made_anew_only_when_the_notice_changes(embedded: Store) -> None:
    """A look that finds nothing new leaves the notice as it is."""
    board = Noticeboard(Settings())
    board.begin(embedded, NOON)
    before = board.notice
    board.refresh(embedded, NOON + timedelta(days=1))
    assert board.notice is before
