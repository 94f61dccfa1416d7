"""`footfall audit`: a healthy store passes, and each planted violation is found and named."""

import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aggregate.audit import run_audits
from aggregate.jobs import JOBS, Workplace, run_job
from aggregate.rolling import roll_day
from core.deletions import Deletion, DeletionRecord, Destroyed
from core.errors import StoreUnavailableError
from core.key_names import KEY_FOLDER, KeyName
from core.memory_folder import forget_memory, memory_folder
from core.notices import newest_notice, publish_notice
from core.settings import Settings
from core.sites import Site, add_site
from core.store import Parameters, Row, Store, encode_rows
from core.tallies import Statement, Tally, state_tallies
from ingest.event import COLUMNS
from tests.fixtures.raw import event, store_events
from tests.fixtures.serving import FOOTFALL, data_folder

# Long ago: what ClickHouse itself has dated is younger than any test's present.
DAY = datetime(2020, 5, 1, tzinfo=UTC)
NOW = DAY + timedelta(days=1, hours=1)
KEYS_IN_TMPFS = Path("/dev/shm")
NAMES = [
    *(
        "deletion record",
        "access record",
        "destroyed days",
        "raw events",
        "keys",
        "columns",
        "cells",
        "spans",
        "carried numbers",
    ),
    *("ledger", "notice"),
]
ALL_NAMES = [*NAMES, "opt-outs", "texts", "logs"]
FILTERED_CELL = ("site", "day", "roll", "filter", "filter_value", "dimension", "value", "visitors")
SCROLL = ("site", "day", "roll", "value", "visitors", "visits", "depths")
CELL = ("site", "day", "closed", "slot", "roll", "dimension", "value", "visitors")


@pytest.fixture
def workplace(store: Store, tmp_path: Path) -> Iterator[Workplace]:
    """An installation with one site and a data folder of its own."""
    yield Workplace(store, Settings(data=tmp_path), DeletionRecord(store, tmp_path))
    forget_memory(KEYS_IN_TMPFS, tmp_path)


@pytest.fixture
def site(workplace: Workplace) -> Site:
    """A site that had twelve visitors and a bot on the day, which is over."""
    made = add_site(workplace.store, "example.com", "UTC", DAY)
    store_events(workplace.store, [event(made, DAY + timedelta(hours=12), number) for number in range(1, 13)])
    counted = (("received", 13), ("stored", 12), ("bot", 1))
    tallies = [Statement(DAY.date(), Tally(made.number, DAY.date(), *each)) for each in counted]
    state_tallies(workplace.store, "a", tallies)
    return made


def run(workplace: Workplace, *names: str, now: datetime = NOW) -> None:
    """Run jobs."""
    for name in names:
        run_job(next(job for job in JOBS if job.name == name), workplace, now)


def violations(workplace: Workplace, now: datetime = NOW) -> dict[str, list[str]]:
    """Give what the audits find, by the audits that find something."""
    return {each.name: list(each.violations) for each in run_audits(workplace, now) if each.violations}


def test_a_healthy_store_passes_and_says_what_was_checked(workplace: Workplace, site: Site) -> None:
    """A day that was rolled, closed, destroyed and recorded, and one that is open."""
    store = workplace.store
    workplace.deletions.append(Deletion(NOW + timedelta(microseconds=123_999), Destroyed.KEY, 7, DAY.date()))
    run(workplace, "roll", "close", "destroy-raw")
    store_events(store, [event(site, NOW, number) for number in range(1, 20)])
    state_tallies(store, "a", [Statement(NOW.date(), Tally(site.number, NOW.date(), "received", 19))])
    run(workplace, "roll")
    results = {each.name: each for each in run_audits(workplace, NOW)}
    assert list(results) == NAMES
    assert {name: each.violations for name, each in results.items() if each.violations} == {}
    assert results["deletion record"].checked == "2 lines, each chained to the one before by its hash."
    assert results["columns"].checked.endswith(" which may hold counts, dates, names of values.")
    assert results["cells"].checked.endswith(" cells of 2 published days, which need their day's k visitors.")
    assert results["ledger"].checked == (
        "1 days of sites, for which received = stored + dropped; "
        "1 days that are not closed everywhere were left out."
    )


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (
            "DELETE WHERE sequence = 1",
            ["line 2 (key, 2020-05-02) is chained to a line that is not there: {first}"],
        ),
        (
            "DELETE WHERE sequence = 2",
            ["line 3 (key, 2020-05-03) is chained to a line that is not there: {second}"],
        ),
        (
            "UPDATE day = '2020-06-01' WHERE sequence = 2",
            ["line 2 (key, 2020-06-01) was changed: its hash is another"],
        ),
        (
            "UPDATE what = 'nothing' WHERE sequence = 3",
            ["line 3 (nothing, 2020-05-03) was changed: its hash is another"],
        ),
    ],
)
def test_a_changed_deletion_record_is_found(workplace: Workplace, change: str, found: list[str]) -> None:
    """A line that was taken out or rewritten tells."""
    for days in range(3):
        workplace.deletions.append(Deletion(NOW, Destroyed.KEY, 7, (DAY + timedelta(days=days)).date()))
    hashes = [row[0] for row in workplace.store.rows("SELECT hash FROM deletions ORDER BY sequence")]
    before = violations(workplace)
    workplace.store.run(f"ALTER TABLE deletions {change} SETTINGS mutations_sync = 2")
    expected = [text.format(first=hashes[0], second=hashes[1]) for text in found]
    assert (before, violations(workplace)) == ({}, {"deletion record": expected})


def test_a_rewritten_line_with_a_fitting_hash_breaks_the_next_one(workplace: Workplace) -> None:
    """Whoever changes a line and its hash has to rewrite every line after it."""
    for days in range(2):
        workplace.deletions.append(Deletion(NOW, Destroyed.KEY, 7, (DAY + timedelta(days=days)).date()))
    second = workplace.store.rows("SELECT * FROM deletions WHERE sequence = 2")
    workplace.store.run("TRUNCATE TABLE deletions")
    workplace.deletions.append(Deletion(NOW, Destroyed.KEY, 8, DAY.date()))
    columns = ("sequence", "at", "what", "site", "day", "previous", "hash")
    workplace.store.insert("deletions", columns, encode_rows(second))
    assert list(violations(workplace)) == ["deletion record"]


def test_lines_written_at_the_same_moment_by_two_hosts_are_whole(workplace: Workplace, tmp_path: Path) -> None:
    """Both follow the same line; the next one is chained to both, so that neither can be taken out."""
    (tmp_path / "elsewhere").mkdir()
    workplace.deletions.append(Deletion(NOW, Destroyed.KEY, 1, DAY.date()))
    late = _Behind(workplace.store)
    workplace.deletions.append(Deletion(NOW, Destroyed.KEY, 2, DAY.date()))
    DeletionRecord(late, tmp_path / "elsewhere").append(Deletion(NOW, Destroyed.KEY, 3, DAY.date()))  # type: ignore[arg-type]
    workplace.deletions.append(Deletion(NOW, Destroyed.KEY, 4, DAY.date()))
    sequences = workplace.store.rows("SELECT sequence, site FROM deletions ORDER BY sequence, site")
    whole = violations(workplace)
    workplace.store.run("ALTER TABLE deletions DELETE WHERE site = 3 SETTINGS mutations_sync = 2")
    assert sequences == [[1, 1], [2, 2], [2, 3], [3, 4]]
    assert (whole, list(violations(workplace))) == ({}, ["deletion record"])


def test_a_destruction_without_a_line_is_found(workplace: Workplace, site: Site) -> None:
    """Raw events that somebody else has destroyed are missed."""
    run(workplace, "close")
    workplace.store.run("ALTER TABLE events DROP PARTITION '2020-05-01'")
    text = "the raw events of 2020-05-01 are gone, and the deletion record has no line"
    assert violations(workplace) == {"destroyed days": [text]}


def test_raw_events_past_their_retention_are_found(workplace: Workplace, site: Site) -> None:
    """48 hours after the day's 00:00 UTC, and an hour for doing it, nothing of it may be there."""
    run(workplace, "close")
    in_time, too_late = (violations(workplace, DAY + timedelta(hours=hours)) for hours in (49, 52))
    text = "those of 2020-05-01 are 4 hours past their retention: see the log of `footfall serve`"
    assert (in_time, too_late) == ({}, {"raw events": [text]})


def test_raw_events_that_the_operator_keeps_are_no_violation(workplace: Workplace, site: Site) -> None:
    """With raw_retention of a week they may stay a week."""
    run(workplace, "close")
    kept = Workplace(
        workplace.store, workplace.settings.model_copy(update={"raw_retention": 7 * 86_400.0}), workplace.deletions
    )
    found = [list(violations(kept, DAY + timedelta(days=days))) for days in (7, 8)]
    assert found == [[], ["raw events"]]


def test_outdated_files_that_clickhouse_keeps_are_found(workplace: Workplace, site: Site) -> None:
    """What a merge has replaced is raw events, too, as long as it lies on disk."""
    store_events(workplace.store, [event(site, DAY, 99)])
    workplace.store.run("OPTIMIZE TABLE events FINAL")
    much_later = datetime.now(UTC) + timedelta(hours=2)
    text = "ClickHouse still keeps outdated files of 2020-05-01 in events"
    assert (violations(workplace), text in violations(workplace, much_later)["raw events"]) == ({}, True)


def test_a_detached_part_of_raw_events_is_found(workplace: Workplace, site: Site) -> None:
    """It lies in the data folder, and no query sees it."""
    workplace.store.run("ALTER TABLE events DETACH PARTITION '2020-05-01'")
    try:
        [text] = violations(workplace)["raw events"]
        assert text.startswith("events has a detached part, 20200501_")
        workplace.store.run(text.partition(": ")[2])  # what it says to do
        assert violations(workplace) == {}
    finally:
        workplace.store.run(
            "ALTER TABLE events DROP DETACHED PARTITION '2020-05-01' SETTINGS allow_drop_detached = 1"
        )


def test_rows_of_an_import_that_was_cut_off_are_found(workplace: Workplace, site: Site) -> None:
    """Staged rows bear tokens, too; after two days nobody will come for them."""
    table = "import_0123456789abcdef"
    workplace.store.run(f"CREATE TABLE {table} AS events")
    try:
        workplace.store.insert(table, COLUMNS, event(site, DAY, 99).row())
        run(workplace, "close", "destroy-raw")
        text = f"{table} holds rows of an import that was cut off: start `footfall serve`"
        much_later = datetime.now(UTC) + timedelta(hours=50)
        assert violations(workplace) == {}
        assert text in violations(workplace, much_later)["raw events"]
    finally:
        workplace.store.run(f"DROP TABLE {table} SYNC")


def test_a_key_that_outlived_its_day_is_found(workplace: Workplace, tmp_path: Path) -> None:
    """A key of today is none; one of yesterday is."""
    in_memory = memory_folder(KEYS_IN_TMPFS, tmp_path)
    if in_memory is None:
        pytest.skip("no tmpfs here")
    (in_memory / KEY_FOLDER).mkdir()
    midnight = DAY + timedelta(days=1)
    for name in (KeyName(7, DAY.date(), midnight), KeyName(7, NOW.date(), midnight + timedelta(days=1))):
        (in_memory / KEY_FOLDER / name.file).write_bytes(bytes(32))
    text = "that of site 7 for 2020-05-01 has outlived it: start `footfall serve`, which destroys it"
    assert (violations(workplace, midnight), violations(workplace)) == ({}, {"keys": [text]})


@pytest.mark.parametrize("table", ["report_planted", "published_planted", "carried_planted"])
def test_a_column_that_could_hold_a_person_is_found(workplace: Workplace, table: str) -> None:
    """Whatever the table of reports is called: addresses, user agents, tokens and aggregate states."""
    harmful = {
        "a": "IPv4",
        "b": "IPv6",
        "c": "UUID",
        "d": "FixedString(16)",
        "e": "AggregateFunction(uniq, UInt64)",
        "f": "String",
        "g": "LowCardinality(String)",
        "h": "Map(LowCardinality(String), String)",
        "i": "Array(UInt64)",
        "visitor": "UInt64",
        "address": "UInt32",
    }
    harmless = {
        "site": "UInt32",
        "day": "Date",
        "at": "DateTime64(3, 'UTC')",
        "closed": "Bool",
        "hits": "Int64",
        "grain": "Enum8('day' = 1, 'month' = 2)",
        "dimension": "LowCardinality(String)",
        "value": "String",
    }
    columns = ", ".join(f"{name} {kind}" for name, kind in (harmful | harmless).items())
    workplace.store.run(f"CREATE TABLE {table} ({columns}) ENGINE = MergeTree ORDER BY site")
    try:
        expected = [
            f"{table}.{name} {kind} may hold more than a count or the name of a value"
            for name, kind in harmful.items()
        ]
        unexplained = [f"{table}.* is stored, and the notice does not explain it"]
        assert violations(workplace) == {"columns": expected, "notice": unexplained}
    finally:
        workplace.store.run(f"DROP TABLE {table} SYNC")


def publish(store: Store, site: Site, visitors: int, k: int, shown: str) -> None:
    """Publish a day with one cell, as a mistaken roll would."""
    roll = (site.number, DAY.date(), shown != "open", 0, 1)
    if shown == "scroll":
        cell = (site.number, DAY.date(), 1, "/secret", visitors, visitors, 60 * visitors)
        store.insert("report_scroll", SCROLL, encode_rows([cell]))
    elif shown == "filtered":
        cell = (site.number, DAY.date(), 1, "country", "DE", "page", "/secret", visitors)
        store.insert("report_filtered", FILTERED_CELL, encode_rows([cell]))
    else:
        store.insert("report_cells", CELL, encode_rows([(*roll, "page", "/secret", visitors)]))
    store.insert("published", (*CELL[:5], "at", "threshold"), encode_rows([(*roll, NOW, k)]))


@pytest.mark.parametrize(
    ("visitors", "k", "shown", "needed"),
    [
        (9, 10, "closed", 10),
        (10, 10, "closed", None),
        (19, 20, "closed", 20),
        (4, 0, "closed", 5),  # of before k was kept
        (5, 0, "closed", None),
        (4, 1, "closed", 5),  # no operator may go below 5
        (5, 12, "open", 12),
        (12, 12, "open", None),
        (5, 12, "filtered", 10),  # and those under a filter to multiples of 5
        (10, 12, "filtered", None),
        (9, 10, "scroll", 10),
        (10, 10, "scroll", None),
    ],
)
def test_a_cell_below_its_days_threshold_is_found(
    workplace: Workplace, visitors: int, k: int, shown: str, needed: int | None
) -> None:
    """The k that counts is the one by which the day was published; the cell's value is not told."""
    site = add_site(workplace.store, "example.com", "UTC", DAY)
    publish(workplace.store, site, visitors, k, shown)
    where = {"filtered": "page under a filter", "scroll": "scroll depth"}.get(shown, "page")
    text = f"example.com 2020-05-01: 1 cells of {where} have fewer than {needed} visitors"
    assert violations(workplace) == ({"cells": [text]} if needed else {})


def test_a_roll_states_the_threshold_by_which_it_was_made(workplace: Workplace, site: Site) -> None:
    """Whoever audits it later knows which k it had to keep, whatever the setting is by then."""
    for k, close in ((7, False), (12, True)):
        roll_day(workplace.store, site, DAY.date(), k, NOW, close=close)
    assert workplace.store.rows("SELECT closed, threshold FROM published FINAL") == [[True, 12]]


@pytest.mark.parametrize(("visitors", "k", "needed"), [(9, 10, 10), (10, 10, None), (4, 1, 5), (19, 20, 20)])
def test_a_value_below_its_spans_threshold_is_found(
    workplace: Workplace, visitors: int, k: int, needed: int | None
) -> None:
    """What a part of a month shows beside its days needs the k that the part was published with."""
    site = add_site(workplace.store, "example.com", "UTC", DAY)
    span = (site.number, DAY.date(), "part", 1)
    columns = ("site", "first", "span", "roll", "dimension", "value", "visitors")
    workplace.store.insert("report_atoms", columns, encode_rows([(*span, "page", "/secret", visitors)]))
    columns = ("site", "first", "span", "roll", "atoms", "at", "threshold")
    workplace.store.insert("published_spans", columns, encode_rows([(*span, 1, NOW, k)]))
    text = f"example.com part of 2020-05-01: 1 values of page have fewer than {needed} visitors"
    assert violations(workplace) == ({"spans": [text]} if needed else {})


def test_what_outlives_the_month_that_carried_it_is_found(workplace: Workplace, site: Site) -> None:
    """Twelve people on a page of their own each are carried until May is over, plus an hour for the job."""
    pages = [event(site, DAY + timedelta(hours=13), number, f"/{number}") for number in range(1, 13)]
    store_events(workplace.store, pages)
    run(workplace, "close")
    june = datetime(2020, 6, 1, tzinfo=UTC)
    soon, late = june + timedelta(minutes=50), june + timedelta(hours=1, minutes=6)
    text = "what 2020-05 carried is still there: see the log of `footfall serve`"
    assert [violations(workplace, now).get("carried numbers") for now in (soon, late)] == [None, [text]]
    run(workplace, "add-up", "destroy-raw", now=late)
    assert "carried numbers" not in violations(workplace, late)


def test_a_ledger_that_does_not_add_up_is_found(workplace: Workplace, site: Site) -> None:
    """Of an open day some may be in a spool; once all sites have closed it, every hit has an outcome."""
    state_tallies(workplace.store, "b", [Statement(DAY.date(), Tally(site.number, DAY.date(), "received", 3))])
    state_tallies(workplace.store, "b", [Statement(DAY.date(), Tally(0, DAY.date(), "unknown site", 2))])
    before = violations(workplace)
    run(workplace, "close")
    texts = [
        "no site 2020-05-01: 0 received, 2 stored or dropped",
        "example.com 2020-05-01: 16 received, 13 stored or dropped",
    ]
    assert (before, violations(workplace)) == ({}, {"ledger": texts})


def test_an_audit_that_cannot_be_done_is_a_violation(workplace: Workplace) -> None:
    """A store that fails in the middle is not taken for a healthy one, and the other audits are done."""
    failing = Workplace(_Fails(workplace.store, "FROM report_cells"), workplace.settings, workplace.deletions)  # type: ignore[arg-type]
    assert violations(failing) == {"cells": ["could not be checked: gone"]}
    assert [each.name for each in run_audits(failing, NOW)] == NAMES


def test_the_command_says_what_it_checked_and_exits_with_1_on_a_violation(tmp_path: Path) -> None:
    """For people a line for each audit, for programs JSON."""
    with data_folder(tmp_path) as data:
        subprocess.run([FOOTFALL, "migrate", "--data", data], capture_output=True, check=True, timeout=60)
        well = _audit(data)
        in_memory = memory_folder(KEYS_IN_TMPFS, data)
        if in_memory is None:
            pytest.skip("no tmpfs here")
        (in_memory / KEY_FOLDER).mkdir()
        (in_memory / KEY_FOLDER / KeyName(7, DAY.date(), NOW).file).write_bytes(bytes(32))
        wrong, as_json = _audit(data), _audit(data, "--json")
    assert (well.returncode, wrong.returncode, as_json.returncode) == (0, 1, 1)
    assert [line.partition(":")[0] for line in well.stdout.splitlines()] == [f"✓ {name}" for name in ALL_NAMES]
    assert "✗ keys: 1 in this machine's memory" in wrong.stdout
    found = {each["name"]: (each["checked"] != "", len(each["violations"])) for each in json.loads(as_json.stdout)}
    assert found == {name: (True, int(name == "keys")) for name in ALL_NAMES}


def _audit(data: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [FOOTFALL, "audit", "--data", data, *options], capture_output=True, text=True, check=False, timeout=60
    )


class _Fails:
    """A store that does not answer one query."""

    def __init__(self, store: Store, part: str) -> None:
        self._store = store
        self._part = part

    def rows(self, statement: str, parameters: Parameters | None = None) -> list[Row]:
        """Answer a SELECT."""
        if self._part in statement:
            raise StoreUnavailableError("gone")
        return self._store.rows(statement, parameters)


class _Behind:
    """A store that answers as it did when this was made: what another host reads before it writes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._ends = store.rows("SELECT sequence, hash FROM deletions")

    def rows(self, _statement: str, _parameters: Parameters | None = None) -> list[Row]:
        """Answer with the last lines of then."""
        return self._ends

    def insert(self, table: str, columns: tuple[str, ...], rows: bytes, token: str = "") -> None:
        """Insert rows."""
        self._store.insert(table, columns, rows, token)


def notice_of(*columns: str) -> dict[str, object]:
    """Give what the audit reads of a notice."""
    return {"stored": {"events": {"columns": {name: {"meaning": "…"} for name in columns}}}}


def test_a_notice_that_is_not_what_is_stored_is_found(workplace: Workplace) -> None:
    """A column or a table that it does not explain, one that is not stored, and a version that was changed."""
    store, before = workplace.store, violations(workplace)
    publish_notice(store, notice_of(*COLUMNS), None, NOW)
    published = violations(workplace)
    publish_notice(store, notice_of(*COLUMNS[1:], "gone"), newest_notice(store), NOW)
    store.run("ALTER TABLE notices UPDATE content = content || ' ' WHERE sequence = 2 SETTINGS mutations_sync = 2")
    store.run("ALTER TABLE events ADD COLUMN address String")
    store.run("CREATE TABLE sessions (who String) ENGINE = MergeTree ORDER BY who")
    store.run("ALTER TABLE report_scroll RENAME COLUMN depths TO reached")
    try:
        found = violations(workplace)["notice"]
    finally:
        store.run("ALTER TABLE report_scroll RENAME COLUMN reached TO depths")
        store.run("DROP TABLE sessions SYNC")
        store.run("ALTER TABLE events DROP COLUMN address")
    assert (before, published) == ({}, {})
    assert found == [
        "events.address is stored, and the notice does not explain it",
        "report_scroll.reached is stored, and the notice does not explain it",
        "sessions.* is stored, and the notice does not explain it",
        "the notice tells of report_scroll.depths, which is not stored",
        "version 2 was changed: its hash is another",
        "version 2, the newest, does not have the columns of events",
    ]
