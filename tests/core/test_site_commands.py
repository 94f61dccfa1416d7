"""`footfall site`: what is chosen is shown, for people and for programs."""

import os
import pwd
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner, Result

from core.access_commands import access_commands
from core.accesses import read_accesses
from core.errors import SiteError
from core.site_commands import site_commands
from core.store import Store
from tests.fixtures.no_record import TakesNoRecord, assert_no_record_no_change, everything_in

Run = Callable[..., Result]


@pytest.fixture
def run(embedded: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command against the embedded store, in a folder whose settings have k = 12."""
    monkeypatch.setenv("FOOTFALL_DATA", str(tmp_path))
    monkeypatch.setenv("FOOTFALL_THRESHOLD", "12")
    monkeypatch.setattr("core.command_line.set_up_logging", lambda _level: None)  # it would stay for other tests
    monkeypatch.setattr("core.site_commands.opened_store", lambda _settings: nullcontext(embedded))
    return lambda *words: CliRunner().invoke(site_commands, words)


def test_profile_and_threshold_are_set_changed_and_listed(run: Run) -> None:
    """The k that holds is shown, wherever it comes from."""
    run("add", "a.example")
    run("add", "b.example", "--profile", "strict", "--threshold", "20")
    changed = run("change", "a.example", "--profile", "strict")
    text = run("list").stdout.splitlines()
    listed = [
        (row["domain"], row["profile"], row["threshold"]) for row in orjson.loads(run("list", "--json").stdout)
    ]
    assert changed.stdout == "a.example: strict, threshold 12. Published days stay as they are.\n"
    assert [line.partition("  since ")[2][12:] for line in text] == [
        "strict, threshold 12",
        "strict, threshold 20",
    ]
    assert listed == [("a.example", "strict", 12), ("b.example", "strict", 20)]


def test_a_domain_is_read_as_the_pages_read_it(run: Run) -> None:
    """A page's address does, and other letters; people see it as they write it, programs as it is kept."""
    said = [
        run("add", written).stdout.partition(" (")[0] for written in ("http://foo.example/x", "bücher.example")
    ]
    changed = run("change", "bücher.example", "--threshold", "20").stdout
    programs = [row["domain"] for row in orjson.loads(run("list", "--json").stdout)]
    people = [line.partition("  ")[0] for line in run("list").stdout.splitlines()]
    assert said == ["Added foo.example", "Added bücher.example"]
    assert changed.startswith("bücher.example: balanced, threshold 20.")
    assert programs == ["foo.example", "xn--bcher-kva.example"]
    assert people == ["foo.example", "bücher.example"]


def test_what_cannot_be_chosen_is_refused(run: Run) -> None:
    """An unknown profile and a change of nothing are wrong usage; a k out of bounds is named."""
    run("add", "a.example")
    usage = [run("add", "b.example", "--profile", "loose"), run("change", "a.example")]
    bounds = run("change", "a.example", "--threshold", "101")
    assert [each.exit_code for each in usage] == [2, 2]
    assert isinstance(bounds.exception, SiteError)
    assert "Choose a number from 5 to 100" in str(bounds.exception)


def test_who_changed_a_site_is_listed(run: Run, embedded: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each change is in the access record with the name of the system's user, for people and for programs."""
    monkeypatch.setattr("core.access_commands.opened_store", lambda _settings: nullcontext(embedded))
    run("add", "a.example")
    run("change", "a.example", "--threshold", "20")
    run("add", "b.example")
    run("remove", "b.example")
    user = pwd.getpwuid(os.getuid()).pw_name
    text = CliRunner().invoke(access_commands, ["list", "--site", "a.example"]).stdout.splitlines()
    rows = orjson.loads(CliRunner().invoke(access_commands, ["list", "--json"]).stdout)
    assert [line.partition("  ")[2] for line in text] == [
        f"{user} (command line)  site added  a.example",
        f"{user} (command line)  site changed  a.example  balanced, threshold 20",
    ]
    assert [(row["what"], row["site"]) for row in rows[2:]] == [
        ("site added", "b.example"),
        ("site removed", "b.example"),
    ]


def test_exclusions_are_stated_kept_and_taken_back(run: Run) -> None:
    """What is stated replaces what there was; an empty one is none; a wrong one is refused with advice."""
    run("add", "a.example")
    both = run("change", "a.example", "--exclude-page", "/admin/**", "--exclude-hostname", "*.example.dev")
    page = run("change", "a.example", "--exclude-page", "/preview")
    none = run("change", "a.example", "--exclude-page", "", "--exclude-hostname", "")
    wrong = run("change", "a.example", "--exclude-page", "admin")
    assert [line.strip() for line in both.stdout.splitlines()[1:]] == [
        "not counted: /admin/**",
        "not counted: *.example.dev",
    ]
    assert [line.strip() for line in page.stdout.splitlines()[1:]] == [
        "not counted: /preview",
        "not counted: *.example.dev",
    ]
    assert none.stdout.splitlines()[1:] == []
    assert "Write it like /admin/**" in str(wrong.exception)


def test_a_removed_site_is_restored(run: Run) -> None:
    """The command that removes says how to take it back, and for how long; the other one does."""
    run("add", "a.example", "--timezone", "Europe/Kyiv")
    removed, restored = run("remove", "a.example"), run("restore", "a.example")
    assert "`footfall site restore a.example` undoes this for 30 days" in removed.stdout
    assert restored.stdout == "a.example is counted again.\n"
    assert [row["timezone"] for row in orjson.loads(run("list", "--json").stdout)] == ["Europe/Kyiv"]


def test_no_command_changes_what_it_cannot_write_down(
    run: Run, embedded: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each that changes a site stops without its line, and the site stays as it is; with it the change is made."""
    run("add", "a.example")
    store = TakesNoRecord(embedded)
    monkeypatch.setattr("core.site_commands.opened_store", lambda _settings: nullcontext(store))
    changing = {
        "add": ("b.example",),
        "change": ("a.example", "--threshold", "20"),
        "remove": ("a.example",),
        "restore": ("a.example",),
    }
    assert {command.name for command in site_commands.registered_commands} == {*changing, "list"}
    assert_no_record_no_change(run, store, changing)
    lines = [line.what for line in read_accesses(embedded)]
    assert lines == ["site added", "site added", "site changed", "site removed", "site restored"]


def test_a_command_that_is_refused_leaves_no_line(run: Run, embedded: Store) -> None:
    """A site that is there already, one that is not, a k out of bounds: the record tells of changes alone."""
    run("add", "a.example")
    before = everything_in(embedded)
    for words in (
        ("add", "a.example"),
        ("add", "b.example", "--threshold", "2"),
        ("change", "a.example", "--threshold", "101"),
        ("remove", "b.example"),
        ("restore", "a.example"),
    ):
        assert isinstance(run(*words).exception, SiteError), words
    assert everything_in(embedded) == before
