"""A backup as docs/running.md describes it: copied, lost, restored, and the same reports are there."""

import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from core.store import Store, connect_server
from tests.fixtures.asking import SITE, send
from tests.fixtures.clickhouse import clickhouse
from tests.fixtures.serving import Serving, data_folder, serving, zone_far_from_midnight
from tests.test_reset import key_files

BACKUP = (
    "BACKUP DATABASE footfall EXCEPT TABLES events TO File('reports.zip')",
    "BACKUP TABLE footfall.events TO File('events.zip') SETTINGS structure_only = 1",
)
RESTORE = (
    "RESTORE DATABASE footfall FROM File('reports.zip')",
    "RESTORE TABLE footfall.events FROM File('events.zip')",
)
PAGES = ("/", "/hats", "/hats", "/shoes")


def count(footfall: Serving) -> dict[str, Any]:
    """Count some views, and give their report."""
    footfall.add_sites(SITE, timezone=zone_far_from_midnight())
    assert {send(footfall.url, page) for page in PAGES} == {202}
    footfall.wait_for_hits(SITE, len(PAGES))
    return footfall.report(SITE, "--period", "day")


def run(store: Store, statements: Iterable[str]) -> None:
    """Run statements as an operator does, one after the other."""
    for statement in statements:
        store.run(statement)


def violations(footfall: Serving) -> list[str]:
    """Give what the audit finds."""
    return [each for part in json.loads(footfall.run("audit", "--json")) for each in part["violations"]]


def test_a_folder_that_is_copied_while_footfall_is_stopped_restores_it(tmp_path: Path) -> None:
    """At another place, the first one gone: the same report, a clean audit, no key; and it goes on counting."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with data_folder(tmp_path) as data, data_folder(elsewhere) as copy:
        with serving(data) as footfall:
            before = count(footfall)
        shutil.copytree(data, copy, symlinks=True)  # as `cp -a` does
        shutil.rmtree(data)
        with serving(copy) as restored:
            found = restored.report(SITE, "--period", "day"), key_files(copy), violations(restored)
            assert send(restored.url, "/again") == 202
            restored.wait_for_hits(SITE, len(PAGES) + 1)
    assert before["totals"]["pageviews"] == len(PAGES)
    assert found == (before, {}, [])


@pytest.mark.server
def test_a_servers_backup_restores_all_but_raw_events(tmp_path: Path) -> None:
    """The statements of docs/running.md: reports, sites and people are back, and no raw event is in the backup."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    allowed = f"--backups.allowed_path={tmp_path / 'backups'}"
    with clickhouse(tmp_path, allowed) as server, data_folder(tmp_path) as data, data_folder(elsewhere) as other:
        store = connect_server(server.url("default"))
        with serving(data, FOOTFALL_CLICKHOUSE=server.url()) as footfall:
            before = count(footfall)
            footfall.close_day(SITE, k=5)
            published = footfall.report(SITE, "--period", "day")
            run(store, BACKUP)
        run(store, ("DROP DATABASE footfall SYNC", *RESTORE))
        raw = store.rows("SELECT count() FROM footfall.events")
        with serving(other, FOOTFALL_CLICKHOUSE=server.url()) as restored:
            found = restored.report(SITE, "--period", "day")
        store.close()
    assert before["totals"] == published["totals"]
    assert (raw, found) == ([[0]], published)


def test_the_statements_are_those_of_the_documentation() -> None:
    """Who copies them from docs/running.md has what the test above has tried."""
    text = Path("docs/running.md").read_text(encoding="utf-8")
    assert [statement for statement in (*BACKUP, *RESTORE) if f"{statement};" not in text] == []
