"""`footfall report` is recorded like a page: who read which site, and whether it was taken away."""

import os
import pwd
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from aggregate.report_command import report
from core.accesses import read_accesses
from core.errors import StoreUnavailableError
from core.sites import add_site
from core.store import Store


def test_a_report_on_the_command_line_is_recorded(
    embedded: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system's user, and by what; one that a program reads is an export. Without a record there is none."""
    site = add_site(embedded, "example.com", "UTC", datetime(2026, 5, 1, tzinfo=UTC))
    monkeypatch.setenv("FOOTFALL_DATA", str(tmp_path))
    monkeypatch.setattr("core.command_line.set_up_logging", lambda _level: None)  # it would stay for other tests
    monkeypatch.setattr("aggregate.report_command.opened_store", lambda _settings: nullcontext(embedded))
    app = typer.Typer()
    app.command()(report)
    for options in ((), ("--by", "country", "--format", "csv"), ("--format", "json")):
        assert CliRunner().invoke(app, ["example.com", *options]).exit_code == 0
    who = f"{pwd.getpwuid(os.getuid()).pw_name} (command line)"
    lines = [(line.who, line.what, line.site, line.detail) for line in read_accesses(embedded)]
    assert lines == [
        (who, "report", site.number, ""),
        (who, "export", site.number, "country"),
        (who, "export", site.number, ""),
    ]
    monkeypatch.setattr("core.chains.Chain.append", _away)
    refused = CliRunner().invoke(app, ["example.com"])
    assert (refused.stdout, type(refused.exception)) == ("", StoreUnavailableError)


def _away(*_line: object) -> None:
    raise StoreUnavailableError("away")
