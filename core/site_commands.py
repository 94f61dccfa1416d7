"""`footfall site`: the sites that are counted."""

from typing import Annotated

import orjson
import typer

from core.accesses import Access, Accessed, AccessRecord, system_user
from core.clock import system_clock
from core.command_line import AsJson, Data, Domain, chosen_settings, opened_store
from core.exclusions import Exclusions
from core.profiles import SETTINGS_THRESHOLD, Profile
from core.settings import Settings
from core.sites import Site, add_site, change_site, find_site, list_sites, remove_site, restore_site
from core.store import Store

site_commands = typer.Typer(no_args_is_help=True, help="The sites that are counted.")

_PROFILE_HELP = "How its days are published; see docs/profiles.md."
_PAGES_HELP = (
    "A path not to count, such as /admin/** (* is anything but a slash, ** anything). Replaces all earlier ones; "
    "'' excludes none."
)
_HOSTNAMES_HELP = "A host name not to count, such as *.example.dev. Replaces all earlier ones; '' excludes none."
_THRESHOLD_HELP = "Visitors that a row of its reports needs, 5 to 100; 0 uses FOOTFALL_THRESHOLD."


@site_commands.command("add")
def site_add(
    domain: Domain,
    timezone: Annotated[
        str, typer.Option(help="Its days begin at midnight there, such as Europe/Berlin.")
    ] = "UTC",
    profile: Annotated[Profile, typer.Option(help=_PROFILE_HELP)] = Profile.BALANCED,
    threshold: Annotated[int, typer.Option(help=_THRESHOLD_HELP)] = SETTINGS_THRESHOLD,
    data: Data = None,
) -> None:
    """Add a site."""
    chosen = chosen_settings(begins=True, data=data)
    with opened_store(chosen) as store:
        site = add_site(
            store,
            domain,
            timezone,
            system_clock(),
            profile,
            threshold,
            lambda site: _record(store, chosen, Accessed.SITE_ADDED, site),
        )
    typer.echo(f"Added {site.name} ({site.timezone}). The line for its pages is on the dashboard, under Snippet.")


@site_commands.command("restore")
def site_restore(domain: Domain, data: Data = None) -> None:
    """Restore a removed site and its reports, and count it again."""
    chosen = chosen_settings(data=data)
    with opened_store(chosen) as store:
        site = restore_site(
            store, domain, system_clock(), lambda site: _record(store, chosen, Accessed.SITE_RESTORED, site)
        )
    typer.echo(f"{site.name} is counted again.")


@site_commands.command("change")
def site_change(
    domain: Domain,
    profile: Annotated[Profile | None, typer.Option(help=_PROFILE_HELP)] = None,
    threshold: Annotated[int | None, typer.Option(help=_THRESHOLD_HELP)] = None,
    exclude_page: Annotated[list[str] | None, typer.Option(help=_PAGES_HELP)] = None,
    exclude_hostname: Annotated[list[str] | None, typer.Option(help=_HOSTNAMES_HELP)] = None,
    data: Data = None,
) -> None:
    """Change what is not counted, and how the days that are not final yet are published."""
    if (profile, threshold, exclude_page, exclude_hostname) == (None, None, None, None):
        raise typer.BadParameter(
            "Say what to change: --profile, --threshold, --exclude-page or --exclude-hostname."
        )
    chosen = chosen_settings(data=data)
    with opened_store(chosen) as store:
        exclusions = _exclusions(find_site(store, domain).exclusions, exclude_page, exclude_hostname)
        site = change_site(
            store,
            domain,
            system_clock(),
            profile,
            threshold,
            exclusions,
            lambda site: _record(store, chosen, Accessed.SITE_CHANGED, site, _publishing(site, chosen)),
        )
    typer.echo(f"{site.name}: {_publishing(site, chosen)}. Published days stay as they are.")
    for excluded in (*site.exclusions.pages, *site.exclusions.hostnames):
        typer.echo(f"  not counted: {excluded}")


@site_commands.command("list")
def site_list(data: Data = None, *, as_json_lines: AsJson = False) -> None:
    """List the sites."""
    chosen = chosen_settings(data=data)
    with opened_store(chosen) as store:
        sites = list_sites(store)
    if as_json_lines:
        rows = [
            {
                "domain": site.domain,
                "timezone": site.timezone,
                "created": site.created,
                "profile": site.profile,
                "threshold": site.threshold or chosen.threshold,
            }
            for site in sites
        ]
        typer.echo(orjson.dumps(rows).decode())
        return
    for site in sites:
        typer.echo(f"{site.name}  {site.timezone}  since {site.created:%Y-%m-%d}  {_publishing(site, chosen)}")
    if not sites:
        typer.echo("No sites yet. Add one with `footfall site add example.com`.")


@site_commands.command("remove")
def site_remove(domain: Domain, data: Data = None) -> None:
    """Stop counting a site. It can be restored for removed_site_days; then its reports are destroyed."""
    chosen = chosen_settings(data=data)
    with opened_store(chosen) as store:
        site = remove_site(
            store, domain, system_clock(), lambda site: _record(store, chosen, Accessed.SITE_REMOVED, site)
        )
    typer.echo(
        f"{site.name} is no longer counted. `footfall site restore {site.name}` undoes this for "
        f"{chosen.removed_site_days} days; then its reports are destroyed."
    )


def _exclusions(now: Exclusions, pages: list[str] | None, hostnames: list[str] | None) -> Exclusions:
    """Give the exclusions with those that are stated in the place of what there was; "" alone is none."""
    return Exclusions.read(
        now.pages if pages is None else pages, now.hostnames if hostnames is None else hostnames
    )


def _record(store: Store, chosen: Settings, what: Accessed, site: Site, detail: str = "") -> None:
    access = Access(system_clock(), system_user(), what, site.number, detail)
    AccessRecord(store, chosen.data).append(access)


def _publishing(site: Site, chosen: Settings) -> str:
    return f"{site.profile}, threshold {site.threshold or chosen.threshold}"
