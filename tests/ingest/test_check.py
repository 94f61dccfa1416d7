"""`footfall check`: each thing that can be wrong is found, named, and said what to do about."""

from datetime import timedelta
from pathlib import Path

import pytest

from core.errors import StoreUnavailableError
from core.key_names import KeyName
from core.migrate import migrations
from core.settings import Settings
from core.store import Store
from core.tallies import Tally
from ingest.check import NEEDED, Examined, Finding, Verdict, run_checks
from ingest.spool import Entry
from ingest.spools import claimed_spool
from ingest.watermark import Watermark
from tests.fixtures.collecting import NOON

KEYS_IN_TMPFS = Path("/dev/shm")
ROW = Entry(NOON, (Tally(7, NOON.date(), "received"), Tally(7, NOON.date(), "stored")), b"[7]")


def findings(store: Store | None, data: Path, **settings: object) -> list[Finding]:
    """Run all checks an hour after noon, but for whether a process runs."""
    chosen = Settings(data=data, **settings)  # type: ignore[arg-type]
    found = run_checks(Examined(chosen, store, NOON + timedelta(hours=1)))
    return [finding for finding in found if finding.name != "process"]


def wrong(found: list[Finding]) -> list[str]:
    """Give the names of the checks that found something wrong."""
    return [finding.name for finding in found if finding.verdict is Verdict.WRONG]


def test_a_healthy_installation_has_nothing_wrong(embedded: Store, tmp_path: Path) -> None:
    """An empty spool, a collector that speaks, keys of today: every check says well."""
    with claimed_spool(tmp_path, 10_000) as (spool, place):
        at = NOON + timedelta(minutes=59)
        Watermark(embedded, spool.name, place).state(at, at)
        found = list(run_checks(Examined(Settings(data=tmp_path), embedded, NOON + timedelta(hours=1))))
    assert wrong(found) == []
    assert [finding.name for finding in found] == [
        *("process", "store", "spool", "collector", "keys", "notice", "notice", "disk"),
    ]


def test_a_data_folder_on_which_nothing_runs_is_wrong(embedded: Store, tmp_path: Path) -> None:
    """Whoever looks after a crash is not told that all is well."""
    with claimed_spool(tmp_path, 10_000):
        pass
    found = run_checks(Examined(Settings(data=tmp_path), embedded, NOON))
    first = next(found)
    assert (first.name, first.verdict) == ("process", Verdict.WRONG)
    assert first.text.endswith("start `footfall serve`.")


def test_a_store_that_is_away_is_named(tmp_path: Path) -> None:
    """Without a store the other checks still run; a password in its address is not shown."""
    found = findings(None, tmp_path, clickhouse="http://somebody:secret@clickhouse:8123/footfall")
    assert wrong(found) == ["store"]
    assert found[0].text.startswith("clickhouse:8123/footfall cannot be reached")


def test_a_store_of_another_version_is_named(embedded: Store, tmp_path: Path) -> None:
    """A migration that was not run is named with the command that runs it."""
    others = [[each.number] for each in migrations() if each.name != "tallies"]
    store = _Answers(embedded, "SELECT number FROM migrations", others)
    assert "not migrated: tallies; run `footfall migrate`." in [each.text for each in findings(store, tmp_path)]


def test_events_that_wait_for_long_are_wrong(embedded: Store, tmp_path: Path) -> None:
    """A spool whose oldest event is an hour old is not being shipped."""
    with claimed_spool(tmp_path, 10_000) as (spool, _place):
        spool.append([ROW])
        found = findings(embedded, tmp_path)
    assert wrong(found) == ["spool"]
    assert "holds 1 events" in found[1].text
    assert "the oldest for 60 minutes" in found[1].text


def test_batches_set_aside_are_wrong(embedded: Store, tmp_path: Path) -> None:
    """A refused batch is named with its reason and the command that ships it again."""
    with claimed_spool(tmp_path, 10_000) as (spool, _place):
        spool.append([ROW])
        batch = spool.seal(10)
        assert batch is not None
        spool.set_aside(batch, "ClickHouse refused the rows.")
        found = findings(embedded, tmp_path)
    assert wrong(found) == ["set aside"]
    assert found[2].text.endswith("ClickHouse refused the rows. Fix the cause, then run `footfall replay`.")


def test_a_collector_that_fell_silent_is_named(embedded: Store, tmp_path: Path) -> None:
    """It is named by host and spool, with whether days still wait for it; one that signed off is not."""
    Watermark(embedded, "a", "alpha: spools/0.sqlite").state(NOON, NOON)
    Watermark(embedded, "b", "beta: spools/0.sqlite").state(NOON, NOON - timedelta(days=1))
    Watermark(embedded, "c", "gamma: spools/0.sqlite").state(NOON, NOON, stopped=True)
    texts = [finding.text for finding in findings(embedded, tmp_path) if finding.name == "collector"]
    assert [(text.split(":")[0], "Days no longer wait for it" in text) for text in texts] == [
        ("alpha", False),
        ("beta", True),
    ]


def test_a_key_that_outlived_its_day_is_wrong(embedded: Store, tmp_path: Path) -> None:
    """A key that a stopped process left past midnight is found."""
    from core.memory_folder import forget_memory, memory_folder  # noqa: PLC0415

    in_memory = memory_folder(KEYS_IN_TMPFS, tmp_path)
    if in_memory is None:
        pytest.skip("no tmpfs here")
    try:
        (in_memory / "keys").mkdir()
        name = KeyName(7, NOON.date(), NOON)
        (in_memory / "keys" / name.file).write_bytes(bytes(32))
        assert wrong(findings(embedded, tmp_path)) == ["keys"]
    finally:
        forget_memory(KEYS_IN_TMPFS, tmp_path)


def test_too_little_room_on_the_disk_is_noted(embedded: Store, tmp_path: Path) -> None:
    """A disk with less room than the spool may take is said before it is needed."""
    found = findings(embedded, tmp_path, spool_limit=10**18)
    assert [finding.verdict for finding in found if finding.name == "disk"] == [Verdict.NOTE]


def test_a_check_that_fails_is_a_finding(embedded: Store, tmp_path: Path) -> None:
    """A store that goes away in the middle does not end the checks."""
    found = findings(_Answers(embedded, "SELECT place", StoreUnavailableError("gone")), tmp_path)
    assert (wrong(found), found[-1].name) == (["store"], "disk")


def test_a_notice_that_does_not_explain_a_column_is_wrong(embedded: Store, tmp_path: Path) -> None:
    """The column is named before a start is refused for it."""
    embedded.run("ALTER TABLE events ADD COLUMN address String")
    try:
        found = findings(embedded, tmp_path)
    finally:
        embedded.run("ALTER TABLE events DROP COLUMN address")
    assert wrong(found) == ["notice"]
    assert "does not explain events.address: drop it" in next(each.text for each in found if each.name == "notice")


def test_what_the_operator_has_not_stated_is_noted(embedded: Store, tmp_path: Path) -> None:
    """An operator is told which settings the law wants a notice to have, until they are there."""
    stated = dict.fromkeys(NEEDED, "stated")
    some = findings(embedded, tmp_path, controller="Example Ltd", purposes="counting")
    every = findings(embedded, tmp_path, **stated)
    told = [each.text for each in some if (each.name, each.verdict) == ("notice", Verdict.NOTE)]
    assert [text.partition(": ")[2] for text in told] == [
        "set FOOTFALL_CONTROLLER_CONTACT, FOOTFALL_LEGAL_BASIS.",
    ]
    assert [each.verdict for each in every if each.name == "notice"] == [Verdict.WELL]


class _Answers:
    """A store with one answer of its own."""

    def __init__(self, store: Store, statement: str, answer: list[list[object]] | Exception) -> None:
        self._store = store
        self._statement = statement
        self._answer = answer

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def rows(self, statement: str, parameters: object = None) -> list[list[object]]:
        """Answer a SELECT."""
        if not statement.startswith(self._statement):
            return self._store.rows(statement, parameters)  # type: ignore[arg-type]
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer
