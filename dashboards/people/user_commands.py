"""`footfall user`: the people who read reports."""

from collections.abc import Mapping
from typing import Annotated

import typer

from core.accesses import Access, Accessed, AccessRecord, system_user
from core.clock import system_clock
from core.command_line import Data, chosen_settings, opened_store
from core.errors import AccountError
from core.settings import NEW_PASSWORD_VARIABLE, Settings
from core.sites import find_site, list_sites
from core.store import Store
from dashboards.people.accounts import (
    Account,
    add_account,
    change_password,
    change_standing,
    find_account,
    list_accounts,
    remove_account,
)
from dashboards.people.second_factor import find_factor, remove_factor
from dashboards.permissions import INSTALL_ROLES, Role, Standing

user_commands = typer.Typer(no_args_is_help=True, help="The people who read reports.")

NewPassword = Annotated[
    str, typer.Option(envvar=NEW_PASSWORD_VARIABLE, prompt=True, hide_input=True, confirmation_prompt=True)
]


RoleChoice = Annotated[
    Role, typer.Option(help="What the person may do: docs/people.md. Owners and admins are so for all sites.")
]
SiteChoice = Annotated[
    list[str] | None,
    typer.Option("--site", help="A site that a marketer or viewer may see; may be given several times."),
]


@user_commands.command("add")
def user_add(
    email: Annotated[str, typer.Argument(help="The e-mail address to log in with.")],
    password: NewPassword,
    role: RoleChoice | None = None,
    site: SiteChoice = None,
    data: Data = None,
) -> None:
    """Add an account; the password is asked for. The first is an owner's, any other needs --role."""
    chosen = chosen_settings(begins=True, data=data)
    with opened_store(chosen) as store:
        role = role or _first_role(store, email)
        standing = _standing(store, role, site or [])
        account = add_account(
            store,
            email,
            password,
            system_clock(),
            standing,
            write_down=lambda account: _record(store, chosen, Accessed.PERSON_ADDED, account),
        )
    typer.echo(f"Added {account.email}, {role}{_of(site or [])}.")


@user_commands.command("role")
def user_role(
    email: Annotated[str, typer.Argument(help="Whose role.")],
    role: RoleChoice,
    site: SiteChoice = None,
    data: Data = None,
) -> None:
    """Give an account another role; it holds at once."""
    chosen = chosen_settings(data=data)
    with opened_store(chosen) as store:
        standing = _standing(store, role, site or [])
        account = change_standing(
            store,
            email,
            standing,
            system_clock(),
            write_down=lambda account: _record(store, chosen, Accessed.ROLE_CHANGED, account),
        )
    typer.echo(f"{account.email} is now {role}{_of(site or [])}.")


@user_commands.command("password")
def user_password(
    email: Annotated[str, typer.Argument(help="Whose password.")], password: NewPassword, data: Data = None
) -> None:
    """Give an account another password; it is asked for. Its logins end at once."""
    chosen = chosen_settings(data=data)
    with opened_store(chosen) as store:
        account = change_password(
            store,
            email,
            password,
            system_clock(),
            write_down=lambda account: _record(store, chosen, Accessed.PERSON_CHANGED, account),
        )
    typer.echo(f"Changed the password of {account.email}.")


@user_commands.command("list")
def user_list(data: Data = None) -> None:
    """List the accounts, and what each is."""
    with opened_store(chosen_settings(data=data)) as store:
        accounts = list_accounts(store)
        domains = {site.number: site.name for site in list_sites(store)}
    for account in accounts:
        typer.echo(f"{account.email}  since {account.created:%Y-%m-%d}  {_in_words(account.standing, domains)}")
    if not accounts:
        typer.echo("No account yet; `footfall serve` prints a set-up address, `footfall user add` makes one here.")


@user_commands.command("remove")
def user_remove(email: Annotated[str, typer.Argument(help="Whose account.")], data: Data = None) -> None:
    """Remove an account; its logins end at once."""
    chosen = chosen_settings(data=data)
    with opened_store(chosen) as store:
        account = remove_account(
            store,
            email,
            system_clock(),
            write_down=lambda account: _record(store, chosen, Accessed.PERSON_REMOVED, account),
        )
    typer.echo(f"Removed {account.email}.")


@user_commands.command("remove-factor")
def user_remove_factor(
    email: Annotated[str, typer.Argument(help="Who lost the phone and the recovery codes.")], data: Data = None
) -> None:
    """Let somebody log in by password alone again."""
    chosen = chosen_settings(data=data)
    with opened_store(chosen) as store:
        account = find_account(store, email)
        if find_factor(store, account.email) is None:
            raise AccountError(f"{account.email} has no second factor.")
        _record(store, chosen, Accessed.FACTOR_REMOVED, account)
        remove_factor(store, account.email, system_clock())
    typer.echo(f"{account.email} logs in by password alone.")


def _first_role(store: Store, email: str) -> Role:
    """Give the role of who has the first account: nobody could do anything for a first account that is less."""
    if list_accounts(store):
        raise typer.BadParameter(
            f"Say what {email} may do: --role owner or admin, for all sites, or --role marketer or viewer with "
            "--site example.com."
        )
    return Role.OWNER


def _standing(store: Store, role: Role, domains: list[str]) -> Standing:
    """Give the standing that was asked for. Raises SiteError for an unknown site."""
    if role in INSTALL_ROLES:
        if domains:
            raise typer.BadParameter(f"Every {role} is so for all sites: leave --site out.")
        return Standing(role)
    if not domains:
        raise typer.BadParameter(f"Say on which sites the {role} is one: --site example.com.")
    return Standing(by_site={find_site(store, domain).number: role for domain in domains})


def _of(domains: list[str]) -> str:
    return f" of {', '.join(domains)}" if domains else ""


def _in_words(standing: Standing, domains: Mapping[int, str]) -> str:
    if standing.role is not None:
        return standing.role
    roles = sorted(f"{role} of {domains[site]}" for site, role in standing.by_site.items() if site in domains)
    return ", ".join(roles) or "no site yet"


def _record(store: Store, chosen: Settings, what: Accessed, account: Account) -> None:
    access = Access(system_clock(), system_user(), what, detail=account.email)
    AccessRecord(store, chosen.data).append(access)
