"""The command line, and the only place that wires the parts together."""

import asyncio
import logging
import os
import secrets
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
import uvloop
from aiohttp import web
from rich.console import Console

from aggregate.cells import DIMENSIONS
from aggregate.jobs import JOBS, Workplace, run_job, scheduled
from aggregate.periods import PERIODS, day_range
from aggregate.reading import check_dimension, read_report
from aggregate.rendering import as_csv, as_json, print_table
from core.clock import Clock, local_day, system_clock
from core.command_line import AsJson, Data, Domain, chosen_settings, opened_store
from core.control import control_socket
from core.deletions import DeletionRecord
from core.errors import FootfallError
from core.logs import withhold_loop_details
from core.memory_folder import forget_memory
from core.migrate import migrate as migrate_store
from core.opening import open_store
from core.settings import Settings
from core.settings_page import settings_page
from core.site_commands import site_commands
from core.sites import SiteRegistry, find_site, list_sites
from core.store import Store
from core.writing import writing_alone
from dashboards.accounts import add_account
from dashboards.app import add_dashboards
from dashboards.board import Dashboards
from dashboards.setup import offer_setup
from dashboards.user_commands import user_commands
from ingest.assembly import cut_of, knowledge, open_countries, running_collector, ship_local_spool
from ingest.collector import MOST_BODY_BYTES, add_collector
from ingest.demo.filling import fill_demo
from ingest.demo.site import DOMAIN as DEMO_DOMAIN
from ingest.demo.site import demo_site
from ingest.import_report import import_as_json, import_as_text, progress_bar
from ingest.imports import store_import
from ingest.keys import ImportKeys
from ingest.log_import import LogImporter

_HELP = "Count visits to web sites the way a shop counts people through its door: never who."
_log = logging.getLogger("footfall")

cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=_HELP)
import_commands = typer.Typer(no_args_is_help=True, help="What happened before Footfall was here.")
cli.add_typer(site_commands, name="site")
cli.add_typer(user_commands, name="user")
cli.add_typer(import_commands, name="import")

_DAY = "%Y-%m-%d"
DEMO_EMAIL = "demo@example.com"


class Format(StrEnum):
    """How a report is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def main() -> None:
    """Run the command line; a known error is one line, exit code 1."""
    try:
        cli()
    except FootfallError as error:
        typer.echo(f"footfall: {error}", err=True)
        sys.exit(1)


@cli.command()
def serve(
    data: Data = None,
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on; 0 takes a free one.")] = None,
) -> None:
    """Run everything in one process: collector, jobs and dashboards."""
    chosen = chosen_settings(data=data, host=host, port=port)

    async def run() -> None:
        async with _serving(chosen, system_clock) as address:
            typer.echo(f"Footfall listens on {address}")
            await _stop_signal()

    uvloop.run(run())


@cli.command()
def demo(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The dashboard's port; the demo site takes a free one.")] = 8000,
) -> None:
    """Try it: a demo site, a week of made-up traffic and its dashboard, in a throw-away folder."""
    with tempfile.TemporaryDirectory(prefix="footfall-demo-") as folder:
        chosen = chosen_settings(data=Path(folder), host=host, port=port, roll_interval=2.0, ship_interval=0.5)
        typer.echo("Making up a week of traffic ...")
        with opened_store(chosen) as store:
            migrate_store(store, system_clock())
            fill_demo(store, chosen, system_clock())
            for job in JOBS:
                run_job(job, _workplace(store, chosen), system_clock())
            password = secrets.token_urlsafe(9)
            add_account(store, DEMO_EMAIL, password, system_clock())
        try:
            uvloop.run(_demo(chosen, password))
        finally:
            forget_memory(chosen.key_folder, chosen.data)


async def _demo(chosen: Settings, password: str) -> None:
    async with (
        _serving(chosen, system_clock) as address,
        _listening(demo_site(address), chosen.host, 0) as shop,
    ):
        typer.echo(f"The demo site:  {shop}/")
        typer.echo(f"Its dashboard:  {address}/sites/{DEMO_DOMAIN}")
        typer.echo(f"Log in as {DEMO_EMAIL} with the password {password}")
        typer.echo("A visit to the demo site is on the dashboard within a few seconds. Ctrl-C ends it.")
        await _stop_signal()


@asynccontextmanager
async def _serving(chosen: Settings, clock: Clock) -> AsyncIterator[str]:
    """Run collector, jobs and dashboards until the end of the block; yield their address."""
    withhold_loop_details(asyncio.get_running_loop())
    store = await asyncio.to_thread(open_store, chosen)
    try:
        for name in await asyncio.to_thread(migrate_store, store, clock()):
            _log.info("migrated the store: %s", name)
        sites, record = SiteRegistry(list_sites(store)), DeletionRecord(store, chosen.data)
        app = web.Application(client_max_size=MOST_BODY_BYTES)
        async with running_collector(chosen, store, sites, record, clock) as collector:
            add_collector(app, collector)
            setup = await asyncio.to_thread(offer_setup, store)
            add_dashboards(app, Dashboards(store, sites, chosen, clock, setup))
            async with (
                control_socket(store, chosen.data, partial(sites.refresh_after, store)),
                scheduled(_workplace(store, chosen), clock),
                _listening(app, chosen.host, chosen.port) as address,
            ):
                if setup.path is not None:
                    typer.echo(f"No account yet. Make the first one here, once: {address}{setup.path}")
                yield address
    finally:
        store.close()


@asynccontextmanager
async def _listening(app: web.Application, host: str, port: int) -> AsyncIterator[str]:
    # No access log: aiohttp's holds addresses and user agents.
    runner = web.AppRunner(app, access_log=None, handle_signals=False)
    await runner.setup()
    try:
        await _listen(runner, host, port)
        name = "localhost" if host in {"127.0.0.1", "0.0.0.0", "::", "::1"} else host  # noqa: S104
        yield f"http://{name}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, host: str, port: int) -> None:
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else "no such address"
        raise FootfallError(f"Cannot listen on {host}:{port} ({reason}); choose another --port.") from None


async def _stop_signal() -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    await stopped.wait()


@cli.command()
def migrate(data: Data = None) -> None:
    """Bring the store's tables up to this version; safe to run at any time."""
    with opened_store(chosen_settings(data=data)) as store:
        ran = migrate_store(store, system_clock())
    typer.echo("\n".join(f"ran {name}" for name in ran) or "The store is up to date.")


@cli.command()
def settings() -> None:
    """Print every setting with its help, as docs/settings.md holds it."""
    typer.echo(settings_page(), nl=False)


@cli.command()
def report(
    domain: Domain,
    period: Annotated[str, typer.Option(help=f"One of {', '.join(PERIODS)}.")] = "day",
    on: Annotated[
        datetime | None, typer.Option("--date", formats=[_DAY], help="The day, or the last one.")
    ] = None,
    first: Annotated[datetime | None, typer.Option("--from", formats=[_DAY], help="With custom.")] = None,
    last: Annotated[datetime | None, typer.Option("--to", formats=[_DAY], help="With custom.")] = None,
    by: Annotated[str | None, typer.Option(help=f"One of {', '.join(DIMENSIONS)}.")] = None,
    form: Annotated[Format, typer.Option("--format", help="How to print it.")] = Format.TABLE,
    data: Data = None,
) -> None:
    """Print a report of a site."""
    chosen = chosen_settings(data=data)
    if by is not None:
        check_dimension(by)
    with opened_store(chosen) as store:
        site = find_site(store, domain)
        today = local_day(system_clock(), site.zone).day
        days = day_range(period, today, _date(on), _date(first), _date(last))
        found = read_report(store, site, days, (by,) if by else ())
    if form is Format.JSON:
        typer.echo(as_json(site.domain, found, by))
    elif form is Format.CSV:
        typer.echo(as_csv(found, by), nl=False)
    else:
        print_table(Console(), site.domain, found, by, chosen.threshold)


@cli.command()
def roll(data: Data = None) -> None:
    """Roll the open days that have new events, now."""
    _run_job_once("roll", data)


@cli.command()
def close(data: Data = None) -> None:
    """Close and publish the days that are over, and destroy what was raw."""
    _run_job_once("close", data)
    _run_job_once("destroy-raw", data)


@import_commands.command("log")
def import_log(
    file: Annotated[Path, typer.Argument(help="An access log in combined format, packed with gzip or not.")],
    site: Annotated[str, typer.Option(help="The domain of the site whose log it is.")],
    data: Data = None,
    *,
    as_json_lines: AsJson = False,
) -> None:
    """Count the page views of an access log; the same file twice counts once."""
    chosen, now = chosen_settings(data=data), system_clock()
    with opened_store(chosen) as store:
        counted = find_site(store, site)
        workplace = _workplace(store, chosen)
        known = knowledge(chosen, ImportKeys(), open_countries(chosen))
        importer = LogImporter(store, known, workplace.deletions, chosen.data, cut_of(chosen))
        with progress_bar("Reading") as progress:
            staged = importer.stage_log(file, counted, now, progress)
        ship_local_spool(chosen, store)
        # No other job may close a day between its first row and its last.
        with writing_alone(chosen.data):
            stored = store_import(store, staged, now)
            for job in JOBS:
                job.run(workplace, now)
    typer.echo(import_as_json(stored) if as_json_lines else import_as_text(stored, staged.state))


def _run_job_once(name: str, data: Path | None) -> None:
    chosen = chosen_settings(data=data)
    with opened_store(chosen) as store:
        ship_local_spool(chosen, store)  # a day that is closed must have all that was acknowledged
        job = next(job for job in JOBS if job.name == name)
        done = run_job(job, _workplace(store, chosen), system_clock())
    typer.echo(done or "Nothing to do.")


def _workplace(store: Store, chosen: Settings) -> Workplace:
    return Workplace(store, chosen, DeletionRecord(store, chosen.data))


def _date(value: datetime | None) -> date | None:
    return value.date() if value is not None else None


if __name__ == "__main__":
    main()
