"""The audits of logs and of texts: what holds nobody passes, and each planted address or user agent is named."""

import errno
import gzip
import json
import os
import subprocess
from pathlib import Path

import pytest

from core.accesses import Access, Accessed, AccessRecord
from core.auditing import Inspected
from core.errors import FootfallError
from core.memory_folder import forget_memory, memory_folder
from core.settings import Settings
from core.store import Store
from ingest.audit_texts import MOST_NAMED, audit_logs, audit_texts
from ingest.spool import Spool
from tests.fixtures.collecting import CHROME, NOON
from tests.fixtures.raw import event, site_in, store_events
from tests.fixtures.serving import FOOTFALL, data_folder, serving

ADDRESS = "203.0.113.77"
KEYS_IN_TMPFS = Settings.model_fields["key_folder"].default


@pytest.fixture
def inspected(store: Store, tmp_path: Path) -> Inspected:
    """An installation with nobody in it; its log is beside the data folder."""
    data = tmp_path / "data"
    data.mkdir()
    return Inspected(Settings(data=data), store, (tmp_path / "footfall.log",))


def test_logs_that_tell_of_nobody_pass(inspected: Inspected, tmp_path: Path) -> None:
    """Their lines are counted, also those of one that is packed."""
    inspected.logs[0].write_text(
        "INFO footfall: 12 events shipped\n203.0.113.0/24 over its limit\n", encoding="utf-8"
    )
    packed = tmp_path / "footfall.log.1.gz"
    packed.write_bytes(gzip.compress(b"INFO footfall: migrated\n"))
    result = audit_logs(Inspected(inspected.settings, inspected.store, (*inspected.logs, packed)))
    assert (result.checked, result.violations) == (
        f"3 lines of {inspected.logs[0]}, {packed}, which may hold no address and no user agent.",
        (),
    )


def test_a_line_that_tells_of_somebody_is_named_and_not_quoted(inspected: Inspected) -> None:
    """File and number, wherever in a line of any length it stands; of very many lines the first ones."""
    log = inspected.logs[0]
    lines = ["nobody", f"from {ADDRESS}", CHROME, "x" * 65_530 + f" {ADDRESS}", f"{ADDRESS} {CHROME}"]
    log.write_text("\n".join(lines + [ADDRESS] * MOST_NAMED), encoding="utf-8")
    violations = audit_logs(inspected).violations
    assert violations[:5] == (
        f"{log}:2: a whole IP address",
        f"{log}:3: a user agent",
        f"{log}:4: a whole IP address",
        f"{log}:5: a whole IP address",
        f"{log}:5: a user agent",
    )
    assert violations[MOST_NAMED:] == (f"{log}: 5 more such lines",)
    assert ADDRESS not in "".join(violations)


def test_a_log_that_cannot_be_searched_is_a_violation(inspected: Inspected, tmp_path: Path) -> None:
    """Nothing can be said of a file that is not there, or is damaged."""
    torn = tmp_path / "torn.gz"
    torn.write_bytes(gzip.compress(b"nobody\n" * 99, mtime=0)[:-9])
    result = audit_logs(Inspected(inspected.settings, inspected.store, (*inspected.logs, torn, tmp_path)))
    assert result.violations == (
        f"{inspected.logs[0]} cannot be read (No such file or directory); check its name and rights.",
        f"{torn} is a damaged .gz file; it was not searched to its end.",
        f"{tmp_path} cannot be read (Is a directory); check its name and rights.",
    )


def test_texts_that_tell_of_nobody_pass(inspected: Inspected) -> None:
    """Events as the gate makes them, a spool, a line in the access record."""
    store_events(inspected.store, [event(site_in(), NOON, number) for number in range(3)])
    AccessRecord(inspected.store, inspected.settings.data).append(Access(NOON, "mara@example.com", Accessed.PAGE))
    assert audit_texts(inspected).violations == ()


def test_a_text_that_tells_of_somebody_is_named_and_not_quoted(inspected: Inspected) -> None:
    """In a column, a property, the access record, the text of a mutation, a spool, a temporary file."""
    store, data = inspected.store, inspected.settings.data
    planted = event(site_in(), NOON, 1, f"/seen/{ADDRESS}", props={"agent": CHROME})
    store_events(store, [planted, planted])
    AccessRecord(store, data).append(Access(NOON, "mara@example.com", Accessed.PAGE, detail=f"from {ADDRESS}"))
    store.run("CREATE TABLE probe (value String) ENGINE = MergeTree ORDER BY value")
    store.run(f"ALTER TABLE probe DELETE WHERE value = '{ADDRESS}' SETTINGS mutations_sync = 2")
    spool = Spool(data / "spools" / "0.sqlite")
    spool.close()
    with (data / "spools" / "0.sqlite").open("ab") as rows:
        rows.write(f"…{CHROME}".encode())
    in_memory = memory_folder(KEYS_IN_TMPFS, data)
    assert in_memory is not None
    (in_memory / "inserts").mkdir()
    (in_memory / "inserts" / "rows").write_text("x" * 65_530 + ADDRESS, encoding="utf-8")
    try:
        violations = audit_texts(inspected).violations
    finally:
        store.run("DROP TABLE probe SYNC")
        forget_memory(KEYS_IN_TMPFS, data)
    assert violations == (
        "accesses.detail holds a whole IP address in 1 rows",
        "events.page holds a whole IP address in 2 rows",
        "events.props holds a user agent in 2 rows",
        "a mutation of probe holds a whole IP address",
        f"{data / 'spools' / '0.sqlite'}: a user agent",
        f"{in_memory / 'inserts' / 'rows'}: a whole IP address",
    )


def test_a_folder_that_the_store_removes_meanwhile_is_passed_over(
    inspected: Inspected, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is beside it is searched all the same."""
    data = inspected.settings.data
    (data / "leaving").mkdir()
    (data / "staying").mkdir()
    (data / "staying" / "rows").write_text(ADDRESS, encoding="utf-8")
    list_folder = os.scandir

    def list_late(folder: str) -> object:
        if Path(folder) == data / "leaving":
            (data / "leaving").rmdir()
        return list_folder(folder)

    monkeypatch.setattr(os, "scandir", list_late)
    assert audit_texts(inspected).violations == (f"{data / 'staying' / 'rows'}: a whole IP address",)
    assert not (data / "leaving").exists()


def test_a_folder_that_may_not_be_listed_stops_the_audit(
    inspected: Inspected, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who runs it as another user is told to run it as Footfall's, instead of that all is well."""
    closed = inspected.settings.data / "closed"
    closed.mkdir()
    list_folder = os.scandir

    def list_own(folder: str) -> object:  # these tests run as root, whom no rights stop
        if Path(folder) == closed:
            raise PermissionError(errno.EACCES, "Permission denied", folder)
        return list_folder(folder)

    monkeypatch.setattr(os, "scandir", list_own)
    with pytest.raises(FootfallError) as refusal:
        audit_texts(inspected)
    assert str(refusal.value) == (
        f"{closed} cannot be read (Permission denied); run the audit as the user of Footfall."
    )


def test_the_command_searches_its_own_log_and_those_that_are_named(tmp_path: Path) -> None:
    """It finds the log of the process that runs, takes others from files and pipes, and exits with 1."""
    with data_folder(tmp_path) as data, serving(data) as footfall:

        def audit(*options: str, given: str = "") -> tuple[int, dict[str, list[str]]]:
            done = subprocess.run(
                [FOOTFALL, "audit", "--json", *options],
                env=footfall.environment,
                input=given,
                capture_output=True,
                text=True,
                check=False,
            )
            results = json.loads(done.stdout)
            return done.returncode, {each["name"]: each["violations"] for each in results if each["violations"]}

        well = audit("--log", "/dev/stdin", given="nobody\n")
        piped = audit("--log", "/dev/stdin", given=f"nobody\n{ADDRESS}\n")
        own = footfall.log_path
        number = len(own.read_text(encoding="utf-8").splitlines()) + 1
        with own.open("a", encoding="utf-8") as log:
            log.write(f"Error handling request from {ADDRESS}\n")
        logged = audit()
    assert (well, piped, logged) == (
        (0, {}),
        (1, {"logs": ["/dev/stdin:2: a whole IP address"]}),
        (1, {"logs": [f"{own}:{number}: a whole IP address"]}),
    )
