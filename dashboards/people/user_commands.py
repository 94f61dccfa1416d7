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
    Role, typer.Option(help="What the person may do; see docs/people.md. Owner and admin apply to all sites.")
]
SiteChoice = Annotated[
    list[str] | None,
    typer.Option("--site", help="A site that a marketer or viewer may see; can be given several times."),
]


@user_commands.command("add")
def user_add(
    email: Annotated[str, typer.Argument(help="The e-mail address to log in with.")],
    password: NewPassword,
    role: RoleChoice | None = None,
    site: SiteChoice = None,
    data: Data = None,
) -> None:
    """Add an account; you are asked for its password. The first is an owner's; any other needs --role."""
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
    email: Annotated[str, typer.Argument(help="The account's e-mail address.")],
    role: RoleChoice,
    site: SiteChoice = None,
    data: Data = None,
) -> None:
    """Change an account's role; this takes effect at once."""
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
    email: Annotated[str, typer.Argument(help="The account's e-mail address.")],
    password: NewPassword,
    data: Data = None,
) -> None:
    """Change an account's password; you are asked for it. Its sessions end at once."""
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
    """List the accounts and their roles."""
    with opened_store(chosen_settings(data=data)) as store:
        accounts = list_accounts(store)
        domains = {site.number: site.name for site in list_sites(store)}
    for account in accounts:
        typer.echo(f"{account.email}  since {account.created:%Y-%m-%d}  {_in_words(account.standing, domains)}")
    if not accounts:
        typer.echo(
            "No accounts yet. `footfall serve` prints a set-up address; `footfall user add` creates one here."
        )


@user_commands.command("remove")
def user_remove(
    email: Annotated[str, typer.Argument(help="The account's e-mail address.")], data: Data = None
) -> None:
    """Remove an account; its sessions end at once."""
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
    email: Annotated[str, typer.Argument(help="Whoever lost both phone and recovery codes.")], data: Data = None
) -> None:
    """Turn off an account's second factor, so that its password is enough to log in."""
    chosen = chosen_settings(data=data)
    with opened_store(chosen) as store:
        account = find_account(store, email)
        if find_factor(store, account.email) is None:
            raise AccountError(f"{account.email} has no second factor.")
        _record(store, chosen, Accessed.FACTOR_REMOVED, account)
        remove_factor(store, account.email, system_clock())
    typer.echo(f"{account.email} now logs in with only a password.")


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
            raise typer.BadParameter(f"The role {role} applies to all sites: leave out --site.")
        return Standing(role)
    if not domains:
        raise typer.BadParameter(f"Say for which sites the {role} role applies: --site example.com.")
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
