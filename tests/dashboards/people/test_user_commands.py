"""`footfall user`: roles are given, shown and changed on the command line."""

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from core.accesses import read_accesses
from core.errors import AccountError, SiteError
from core.sites import Site
from core.store import Store
from dashboards.people.accounts import find_account
from dashboards.people.second_factor import find_factor, new_secret
from dashboards.people.user_commands import user_commands
from dashboards.permissions import OWNER, Role, Standing
from tests.dashboards.conftest import EMAIL, NOON, PASSWORD
from tests.dashboards.doing import add_factor_of
from tests.fixtures.no_record import TakesNoRecord, assert_no_record_no_change, everything_in

JO = "jo@example.com"
Run = Callable[..., Result]


@pytest.fixture
def run(embedded: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command against the embedded store; a password is in the environment."""
    monkeypatch.setenv("FOOTFALL_DATA", str(tmp_path))
    monkeypatch.setenv("FOOTFALL_NEW_PASSWORD", PASSWORD)
    monkeypatch.setattr("core.command_line.set_up_logging", lambda _level: None)  # it would stay for other tests
    monkeypatch.setattr("dashboards.people.user_commands.opened_store", lambda _settings: nullcontext(embedded))
    return lambda *words: CliRunner().invoke(user_commands, words)


def test_accounts_have_roles(run: Run, embedded: Store, site: Site) -> None:
    """The first is an owner's; a marketer or viewer is one of named sites; the list says what each is."""
    said = [
        run("add", EMAIL),
        run("add", JO, "--role", "marketer", "--site", "example.com"),
        run("role", JO, "--role", "viewer", "--site", "example.com"),
    ]
    assert [each.stdout for each in said] == [
        f"Added {EMAIL}, owner.\n",
        f"Added {JO}, marketer of example.com.\n",
        f"{JO} is now viewer of example.com.\n",
    ]
    assert find_account(embedded, EMAIL).standing == OWNER
    assert find_account(embedded, JO).standing == Standing(by_site={site.number: Role.VIEWER})
    listed = [line.split("  ")[::2] for line in run("list").stdout.splitlines()]
    assert listed == [[JO, "viewer of example.com"], [EMAIL, "owner"]]
    assert [line.what for line in read_accesses(embedded)] == ["person added", "person added", "role changed"]


@pytest.mark.parametrize(
    ("words", "kind", "message"),
    [
        (("role", EMAIL, "--role", "admin"), AccountError, "Make somebody else an owner first"),
        (("remove", EMAIL), AccountError, "Make somebody else an owner first"),
        (("role", JO, "--role", "admin"), AccountError, "There is no account"),
        (("add", JO, "--role", "viewer", "--site", "nothing.example"), SiteError, "There is no site"),
        (("remove-factor", EMAIL), AccountError, "has no second factor"),
    ],
)
def test_what_cannot_be_done_is_explained(
    run: Run, embedded: Store, site: Site, words: tuple[str, ...], kind: type[Exception], message: str
) -> None:
    """And changes nothing, of which there is no line."""
    run("add", EMAIL)
    before = everything_in(embedded)
    error = run(*words).exception
    assert everything_in(embedded) == before
    assert isinstance(error, kind)
    assert message in str(error)


@pytest.mark.parametrize(
    "words", [("--role", "viewer"), ("--role", "admin", "--site", "example.com"), ("--role", "emperor")]
)
def test_a_role_needs_sites_or_none(run: Run, site: Site, words: tuple[str, ...]) -> None:
    """A viewer is one of some site, an admin of all: the other way is wrong usage."""
    assert run("add", JO, *words).exit_code == 2


def test_nobody_becomes_an_owner_by_leaving_the_role_out(run: Run, embedded: Store, site: Site) -> None:
    """Once there is an account, one without --role is wrong usage that says what to write; nothing changes."""
    run("add", EMAIL)
    before = everything_in(embedded)
    refused = run("add", JO)
    assert everything_in(embedded) == before
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert all(word in refused.stderr for word in (JO, "--role owner", "--role marketer", "--site example.com"))
    assert run("add", JO, "--role", "owner").stdout == f"Added {JO}, owner.\n"


def test_who_lost_the_phone_is_let_in_again(run: Run, embedded: Store) -> None:
    """The second factor is gone, and that is written down."""
    run("add", EMAIL)
    add_factor_of(embedded, EMAIL, new_secret(), NOON)
    assert run("remove-factor", EMAIL).stdout == f"{EMAIL} now logs in with only a password.\n"
    assert find_factor(embedded, EMAIL) is None
    assert [line.what for line in read_accesses(embedded)] == ["person added", "second factor removed"]


def test_no_command_changes_what_it_cannot_write_down(
    run: Run, embedded: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each that changes an account stops without its line, and the account stays as it is; with it it is done."""
    run("add", EMAIL)
    add_factor_of(embedded, EMAIL, new_secret(), NOON)
    store = TakesNoRecord(embedded)
    monkeypatch.setattr("dashboards.people.user_commands.opened_store", lambda _settings: nullcontext(store))
    changing = {
        "add": (JO, "--role", "owner"),
        "role": (JO, "--role", "admin"),
        "password": (EMAIL,),
        "remove-factor": (EMAIL,),
        "remove": (JO,),
    }
    assert {command.name for command in user_commands.registered_commands} == {*changing, "list"}
    assert_no_record_no_change(run, store, changing)
    lines = [line.what for line in read_accesses(embedded)][1:]
    assert lines == [
        *("person added", "role changed", "password changed", "second factor removed", "person removed"),
    ]
