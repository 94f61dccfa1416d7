"""`footfall access`: who read reports, and who changed sites, people and logins."""

from typing import Annotated

import orjson
import typer

from core.accesses import read_accesses
from core.command_line import AsJson, Data, chosen_settings, opened_store
from core.sites import NO_SITE, find_site, list_sites

access_commands = typer.Typer(no_args_is_help=True, help="Who read reports, and when.")

_NO_SITE_IN_WORDS = "-"


@access_commands.callback()
def access() -> None:
    """Who read reports, and when."""


@access_commands.command("list")
def access_list(
    site: Annotated[str | None, typer.Option(help="Only this site's lines.")] = None,
    data: Data = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List the access record, oldest first."""
    with opened_store(chosen_settings(data=data)) as store:
        number = find_site(store, site).number if site is not None else NO_SITE
        lines = read_accesses(store, number)
        names = {each.number: each.name for each in list_sites(store, with_removed=True)}
    if as_json:
        rows = [
            {
                "at": line.at,
                "who": line.who,
                "what": line.what,
                "site": names.get(line.site),
                "detail": line.detail,
                "sequence": line.sequence,
                "hash": line.hash,
            }
            for line in lines
        ]
        typer.echo(orjson.dumps(rows).decode())
        return
    for line in lines:
        where = names.get(line.site, _NO_SITE_IN_WORDS)
        typer.echo(f"{line.at:%Y-%m-%d %H:%M:%S}  {line.who}  {line.what}  {where}  {line.detail}".rstrip())
    if not lines:
        typer.echo("Nobody has read a report yet.")
