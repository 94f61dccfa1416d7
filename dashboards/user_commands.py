"""`footfall user`: the people who read reports."""

from typing import Annotated

import typer

from core.accesses import Access, Accessed, AccessRecord, system_user
from core.clock import system_clock
from core.command_line import Data, chosen_settings, opened_store
from core.settings import NEW_PASSWORD_VARIABLE, Settings
from core.store import Store
from dashboards.accounts import add_account, change_password, list_accounts, remove_account

user_commands = typer.Typer(no_args_is_help=True, help="The people who read reports.")

NewPassword = Annotated[
    str, typer.Option(envvar=NEW_PASSWORD_VARIABLE, prompt=True, hide_input=True, confirmation_prompt=True)
]


@user_commands.command("add")
def user_add(
    email: Annotated[str, typer.Argument(help="The e-mail address to log in with.")],
    password: NewPassword,
    data: Data = None,
) -> None:
    """Add an account; the password is asked for."""
    chosen = chosen_settings(begins=True, data=data)
    with opened_store(chosen) as store:
        account = add_account(store, email, password, system_clock())
        _record(store, chosen, Accessed.PERSON_ADDED, account.email)
    typer.echo(f"Added {account.email}.")


@user_commands.command("password")
def user_password(
    email: Annotated[str, typer.Argument(help="Whose password.")], password: NewPassword, data: Data = None
) -> None:
    """Give an account another password; it is asked for. Its logins end at once."""
    chosen = chosen_settings(data=data)
    with opened_store(chosen) as store:
        account = change_password(store, email, password, system_clock())
        _record(store, chosen, Accessed.PERSON_CHANGED, account.email)
    typer.echo(f"Changed the password of {account.email}.")


@user_commands.command("list")
def user_list(data: Data = None) -> None:
    """List the accounts."""
    with opened_store(chosen_settings(data=data)) as store:
        accounts = list_accounts(store)
    for account in accounts:
        typer.echo(f"{account.email}  since {account.created:%Y-%m-%d}")
    if not accounts:
        typer.echo("No account yet; `footfall serve` prints a set-up address, `footfall user add` makes one here.")


@user_commands.command("remove")
def user_remove(email: Annotated[str, typer.Argument(help="Whose account.")], data: Data = None) -> None:
    """Remove an account; its logins end at once."""
    chosen = chosen_settings(data=data)
    with opened_store(chosen) as store:
        account = remove_account(store, email, system_clock())
        _record(store, chosen, Accessed.PERSON_REMOVED, account.email)
    typer.echo(f"Removed {account.email}.")


def _record(store: Store, chosen: Settings, what: Accessed, email: str) -> None:
    access = Access(system_clock(), system_user(), what, detail=email)
    AccessRecord(store, chosen.data).append(access)
