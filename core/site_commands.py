"""`footfall site`: the sites that are counted."""

from typing import Annotated

import orjson
import typer

from core.clock import system_clock
from core.command_line import AsJson, Data, Domain, chosen_settings, opened_store
from core.sites import add_site, list_sites, remove_site

site_commands = typer.Typer(no_args_is_help=True, help="The sites that are counted.")


@site_commands.command("add")
def site_add(
    domain: Domain,
    timezone: Annotated[str, typer.Option(help="Where its days begin, such as Europe/Berlin.")] = "UTC",
    data: Data = None,
) -> None:
    """Add a site."""
    with opened_store(chosen_settings(begins=True, data=data)) as store:
        site = add_site(store, domain, timezone, system_clock())
    typer.echo(
        f"Added {site.domain} ({site.timezone}). The line for its pages is on the dashboard, under Snippet."
    )


@site_commands.command("list")
def site_list(data: Data = None, *, as_json_lines: AsJson = False) -> None:
    """List the sites."""
    with opened_store(chosen_settings(data=data)) as store:
        sites = list_sites(store)
    if as_json_lines:
        rows = [{"domain": site.domain, "timezone": site.timezone, "created": site.created} for site in sites]
        typer.echo(orjson.dumps(rows).decode())
        return
    for site in sites:
        typer.echo(f"{site.domain}  {site.timezone}  since {site.created:%Y-%m-%d}")
    if not sites:
        typer.echo("No site yet; add one with `footfall site add example.com`.")


@site_commands.command("remove")
def site_remove(domain: Domain, data: Data = None) -> None:
    """Stop counting a site; its reports stay in the store."""
    with opened_store(chosen_settings(data=data)) as store:
        site = remove_site(store, domain, system_clock())
    typer.echo(f"{site.domain} is no longer counted.")
