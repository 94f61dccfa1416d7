"""The command line, and the only place that wires the parts together."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event
from typing import Annotated, Any

import typer
import uvloop
from aiohttp import web

from aggregate.audit_command import audit_command
from aggregate.jobs import JOBS, Workplace, close_next_days, run_job, scheduled
from aggregate.report_command import report
from aggregate.resetting import CARRIED, RAW
from core.access_commands import access_commands
from core.background import background
from core.clock import Clock, system_clock
from core.command_line import AsJson, Count, Data, Host, Port, chosen_settings, opened_store
from core.control import control_socket
from core.core_dumps import refuse_core_dumps
from core.daemon_thread import in_daemon_thread
from core.deletions import DeletionRecord
from core.errors import FootfallError, SettingError, StoreRefusedError
from core.grants import ROLES, database_of, grant_statements
from core.http_application import running_application
from core.http_server import Handler, RequestFactory, address_of, check_port, http_server, listening_sockets
from core.logs import withhold_loop_details
from core.memory_folder import forget_memory
from core.migrate import in_words
from core.migrate import migrate as migrate_store
from core.opening import open_store, shipping_store
from core.preparing import prepared
from core.reset_command import reset_command
from core.settings import Settings, read_settings
from core.settings_page import settings_page
from core.site_commands import site_commands
from core.site_copy import CopiedSites
from core.sites import SiteRegistry, find_site
from core.stopping import asked_to_stop
from core.store import Store
from core.writing import writing_turn
from dashboards.app import add_dashboards
from dashboards.board import Dashboards
from dashboards.mail.command import mail_commands
from dashboards.mail.job import MAIL_JOB
from dashboards.people.demo_account import DEMO_EMAIL, demo_password
from dashboards.people.setup import SetupToken, announce_setup, offer_setup, renew_after_reset
from dashboards.people.user_commands import user_commands
from dashboards.resetting import LOGINS
from dashboards.sites.demo_goals import add_demo_goals
from ingest.assembly import (
    cut_of,
    keeping_imports,
    keeping_spools,
    knowledge,
    open_countries,
    running_collector,
    ship_local_spools,
)
from ingest.audit_texts import audit_logs, audit_texts
from ingest.audit_ways_in import audit_ways_in
from ingest.collector import MOST_BODY_BYTES
from ingest.demo.catching_up import arriving, catch_up
from ingest.demo.filling import DemoFilling, demo_site_in
from ingest.demo.site import DOMAIN as DEMO_DOMAIN
from ingest.demo.site import demo_site
from ingest.demo.traffic import STAGING
from ingest.demo.visiting import coming_visitors
from ingest.import_report import import_as_json, import_as_text, progress_bar
from ingest.imports import store_import
from ingest.key_commands import forget_keys
from ingest.keys import DayKeys, ImportKeys
from ingest.log_file import check_file
from ingest.log_import import LogImporter
from ingest.noticeboard import refuse_unexplained
from ingest.resetting import IMPORTS, KEYS, SPOOLS
from ingest.routes import front, not_found, request_factory
from ingest.spool_commands import check, replay
from ingest.upkeep import keep_up
from ingest.workers import running_workers

_HELP = "Count visits to websites the way a shop counts people through its door: how many, never who."
_log = logging.getLogger("footfall")

cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=_HELP)
import_commands = typer.Typer(no_args_is_help=True, help="Import visits from before Footfall.")
cli.add_typer(site_commands, name="site")
cli.add_typer(user_commands, name="user")
cli.add_typer(import_commands, name="import")
cli.add_typer(mail_commands, name="mail")

cli.add_typer(access_commands, name="access")

# Keys go first and those who are logged in next; rows once nothing can bring new ones that an old key made.
RESET_PARTS = (KEYS, LOGINS, SPOOLS, IMPORTS, RAW, CARRIED)
RESET = reset_command(RESET_PARTS)

for command in (
    report,
    check,
    replay,
    audit_command((audit_ways_in, audit_texts, audit_logs)),
    RESET,
    forget_keys,
):
    cli.command()(command)

DEMO_FOLDER = Path("footfall-demo")
_DEMO_JOBS = ("roll", "close", "add-up", "destroy-raw")
_DAYS_AT_ONCE = 4
"""Closed in one turn while the demo is filled: whoever ends it waits for them, two seconds."""


def main() -> None:
    """Run the command line; a known error is one line, exit code 1."""
    try:
        cli()
    except FootfallError as error:
        typer.echo(f"footfall: {error}", err=True)
        sys.exit(1)


@cli.command()
def serve(data: Data = None, host: Host = None, port: Port = None, workers: Count = None) -> None:
    """Run everything: collector, jobs and dashboards."""
    chosen = chosen_settings(begins=True, data=data, host=host, port=port, workers=workers)

    async def run() -> None:
        async with _serving(chosen, system_clock) as address:
            typer.echo(f"Footfall listens on {address}")
            await asked_to_stop(at_hangup=chosen.workers == 1)

    uvloop.run(run())


@cli.command()
def collect(data: Data = None, host: Host = None, port: Port = None, workers: Count = None) -> None:
    """Run only the collector, with a ClickHouse server; `serve`, or `jobs` and `dashboards`, do the rest."""
    chosen = _beside_server("collect", data=data, host=host, port=port, workers=workers)

    async def run() -> None:
        withhold_loop_details(asyncio.get_running_loop())
        with closing(open_store(chosen)) as store:
            async with (
                _collecting(chosen, store, CopiedSites(chosen.data), system_clock) as address,
                keeping_spools(chosen, store, system_clock),
            ):
                typer.echo(f"Footfall listens on {address}")
                await asked_to_stop(at_hangup=chosen.workers == 1)

    uvloop.run(run())


@cli.command()
def jobs(data: Data = None) -> None:
    """Run only the jobs, with a ClickHouse server: create and update the tables, make reports, send e-mails."""
    chosen = _beside_server("jobs", data=data)

    async def run() -> None:
        withhold_loop_details(asyncio.get_running_loop())
        with closing(open_store(chosen)) as store:
            async with (
                prepared(partial(_migrate, store, system_clock)),
                scheduled(_workplace(store, chosen), system_clock, (*JOBS, MAIL_JOB)),
                keeping_imports(chosen, store, system_clock),
            ):
                typer.echo("Footfall runs its jobs")
                await asked_to_stop(at_hangup=True)

    uvloop.run(run())


@cli.command()
def dashboards(data: Data = None, host: Host = None, port: Port = None) -> None:
    """Run only the dashboards, with a ClickHouse server; `footfall jobs` makes their reports."""
    chosen = _beside_server("dashboards", data=data, host=host, port=port)

    async def run() -> None:
        withhold_loop_details(asyncio.get_running_loop())
        sites, setup = CopiedSites(chosen.data), SetupToken()
        app = web.Application(client_max_size=MOST_BODY_BYTES)
        with closing(open_store(chosen)) as store:
            add_dashboards(app, Dashboards(store, sites, chosen, system_clock, setup))
            async with (
                prepared(partial(_offer_readers, store, sites, setup)) as is_prepared,
                running_application(app) as pages,
                _listening(chosen, pages.request_handler, pages.request_factory) as address,
                background(
                    announce_setup(is_prepared, setup, address),
                    keep_up("sites", lambda _now: sites.refresh(store), system_clock),
                ),
            ):
                typer.echo(f"Footfall listens on {address}")
                await asked_to_stop(at_hangup=True)

    uvloop.run(run())


def _beside_server(command: str, **options: Any) -> Settings:
    chosen = chosen_settings(begins=True, **options)
    if not chosen.clickhouse:
        raise SettingError(
            f"FOOTFALL_CLICKHOUSE: `{command}` needs a ClickHouse server; without one, use `serve`."
        )
    return chosen


@cli.command()
def grants() -> None:
    """Print SQL for ClickHouse roles that let each process do its own work and nothing more."""
    chosen = read_settings()
    for role in ROLES:
        typer.echo(f"-- {role.name}: {role.purpose}")
    for statement in grant_statements(database_of(chosen.clickhouse)):
        typer.echo(f"{statement};")


@cli.command()
def demo(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The dashboard's port; the demo site takes a free one.")] = 8000,
    data: Annotated[
        Path, typer.Option("--data", help="The demo's own folder; delete it to start afresh.")
    ] = DEMO_FOLDER,
    days: Annotated[
        int | None, typer.Option(min=0, help="Days of past traffic, for a quick look; otherwise thirteen months.")
    ] = None,
) -> None:
    """Try it: a demo site, thirteen months of made-up traffic and its dashboard."""
    chosen = chosen_settings(
        begins=True,
        data=data,
        host=host,
        port=port,
        clickhouse="",
        excluded_hostnames=(STAGING,),
        roll_interval=2.0,
        ship_interval=0.5,
        log_level="WARNING",  # the bar is there to be read
    )
    check_port(host, port)  # it is listened on once the days are there, minutes later
    refuse_core_dumps()  # this process knows the present day's key
    with closing(open_store(chosen)) as store:
        try:
            migrate_store(store, system_clock())
            site = demo_site_in(store, system_clock())
            known = knowledge(chosen, DayKeys(None), open_countries(chosen))
            filling = DemoFilling(store, chosen, site, known, system_clock(), system_clock, days)
            uvloop.run(_demo(filling))
        finally:
            forget_memory(chosen.key_folder, chosen.data)


async def _demo(filling: DemoFilling) -> None:
    """Fill what is missing of the latest weeks, then serve, the older months arriving meanwhile."""
    asked, stopping, publish = (
        asyncio.create_task(asked_to_stop(at_hangup=True)),
        Event(),
        partial(_publish, filling),
    )
    asked.add_done_callback(lambda _asked: stopping.set())
    older = await asyncio.to_thread(catch_up, filling, publish, stopping)
    if asked.done():
        return
    password = demo_password(filling.store, filling.settings.data, system_clock())
    add_demo_goals(filling.store, filling.site, system_clock())
    async with (
        _demo_pages(filling, password),
        coming_visitors(filling),
        arriving(filling, older, publish, stopping),
    ):
        await asked


def _publish(filling: DemoFilling) -> Iterator[int]:
    """Run the jobs, closing some days at a time; yield after each piece of work how many days it closed."""
    workplace = _workplace(filling.store, filling.settings)
    for job in (job for job in JOBS if job.name in _DEMO_JOBS):
        while job.name == "close" and (closed := close_next_days(workplace, filling.clock(), _DAYS_AT_ONCE)):
            yield closed
        run_job(job, workplace, filling.clock())
        yield 0


@asynccontextmanager
async def _demo_pages(filling: DemoFilling, password: str) -> AsyncIterator[None]:
    """Serve the demo site and its dashboard until the end of the block; say where they are."""
    chosen, stand_ins = filling.settings, dict[str, str]()
    async with (
        _serving(chosen, system_clock, filling.store, stand_ins) as address,
        running_application(demo_site(address)) as site,
        _listening(chosen.model_copy(update={"port": 0}), site.request_handler, site.request_factory) as shop,
    ):
        stand_ins[DEMO_DOMAIN] = shop
        typer.echo(f"The demo site:  {shop}/")
        typer.echo(f"Its dashboard:  {address}/sites/{DEMO_DOMAIN}?period=30d")
        typer.echo(f"Log in as {DEMO_EMAIL} with the password {password}")
        typer.echo("Visit the demo site, then reload the dashboard a few seconds later. Press Ctrl-C to stop.")
        yield


@asynccontextmanager
async def _serving(
    chosen: Settings, clock: Clock, opened: Store | None = None, stand_ins: dict[str, str] | None = None
) -> AsyncIterator[str]:
    """Run collector, jobs and dashboards until the end of the block; yield their address.

    At the end the store is closed, also one that was ``opened`` before. ``stand_ins`` are the dashboards'.
    """
    withhold_loop_details(asyncio.get_running_loop())
    store = opened if opened is not None else (await in_daemon_thread(open_store, chosen))
    sites, setup = CopiedSites(chosen.data), SetupToken()
    app = web.Application(client_max_size=MOST_BODY_BYTES)
    add_dashboards(app, Dashboards(store, sites, chosen, clock, setup, {} if stand_ins is None else stand_ins))
    try:
        async with (
            control_socket(store, chosen.data, partial(_learn, store, sites, setup)),
            prepared(partial(_prepare, store, sites, setup, clock)) as is_prepared,
            running_application(app) as behind,
            _collecting(chosen, store, sites, clock, behind) as address,
            scheduled(_workplace(store, chosen), clock, (*JOBS, MAIL_JOB)),
            keeping_spools(chosen, store, clock),
            keeping_imports(chosen, store, clock),
            background(announce_setup(is_prepared, setup, address)),
        ):
            yield address
    finally:
        await asyncio.to_thread(store.close)


@asynccontextmanager
async def _collecting(
    chosen: Settings, store: Store, sites: SiteRegistry, clock: Clock, behind: web.Server | None = None
) -> AsyncIterator[str]:
    """Collect until the end of the block, here or in workers; yield the address."""
    if chosen.workers > 1:
        async with running_workers(chosen, behind) as port:
            yield address_of(chosen.host, port)
        return
    with shipping_store(chosen, lambda: store) as own:
        async with running_collector(chosen, own, sites, DeletionRecord(own, chosen.data), clock) as collector:
            handler = front(collector, behind.request_handler if behind else not_found)
            factory = behind.request_factory if behind else request_factory
            async with _listening(chosen, handler, factory) as address:
                yield address


def _learn(store: Store, sites: SiteRegistry, setup: SetupToken, table: str) -> None:
    """Take in what another process has just inserted."""
    sites.refresh_after(store, table)
    renew_after_reset(setup, table)


def _prepare(store: Store, sites: SiteRegistry, setup: SetupToken, clock: Clock) -> None:
    _migrate(store, clock)
    _offer(store, sites, setup)


def _migrate(store: Store, clock: Clock) -> None:
    for line in in_words(migrate_store(store, clock())):
        _log.info("%s", line)


def _offer(store: Store, sites: SiteRegistry, setup: SetupToken) -> None:
    sites.refresh(store)
    offer_setup(store, setup)


def _offer_readers(store: Store, sites: SiteRegistry, setup: SetupToken) -> None:
    try:
        _offer(store, sites, setup)
    except StoreRefusedError as error:
        raise FootfallError(
            f"The tables cannot be read: {error} Start `footfall jobs` first, which makes them; "
            "docs/clickhouse-users.md has the rights."
        ) from None


@asynccontextmanager
async def _listening(
    chosen: Settings, handler: Handler, request_factory: RequestFactory | None = None
) -> AsyncIterator[str]:
    sockets = listening_sockets(chosen.host, chosen.port)
    port = sockets[0].getsockname()[1]
    async with http_server(
        handler, sockets, request_factory=request_factory, shutdown_timeout=chosen.shutdown_timeout
    ):
        yield address_of(chosen.host, port)


@cli.command()
def migrate(data: Data = None) -> None:
    """Update the database tables to this version; safe to run at any time."""
    with opened_store(chosen_settings(begins=True, data=data)) as store:
        ran = migrate_store(store, system_clock())
    typer.echo("\n".join(f"ran {name}" for name in ran) or "The tables are up to date.")


@cli.command()
def settings() -> None:
    """Print every setting with its help, as in docs/settings.md."""
    typer.echo(settings_page(), nl=False)


@cli.command()
def roll(data: Data = None) -> None:
    """Update the reports of days that are not final yet, now."""
    _run_job_once("roll", data)


@cli.command()
def close(data: Data = None) -> None:
    """Make the days that are over final: publish their reports, add them up, destroy their raw events."""
    for name in ("close", "add-up", "destroy-raw"):
        _run_job_once(name, data)


@import_commands.command("log")
def import_log(
    file: Annotated[Path, typer.Argument(help="An access log in combined format, gzipped or not.")],
    site: Annotated[str, typer.Option(help="The domain of the site that the log belongs to.")],
    data: Data = None,
    *,
    as_json_lines: AsJson = False,
) -> None:
    """Count the pageviews in an access log. Importing the same file again counts nothing twice."""
    chosen, now = chosen_settings(data=data), system_clock()
    check_file(file)
    with opened_store(chosen) as store:
        refuse_unexplained(store)
        counted = find_site(store, site)
        workplace = _workplace(store, chosen)
        known = knowledge(chosen, ImportKeys(), open_countries(chosen))
        importer = LogImporter(
            store, known, workplace.deletions, chosen.data, cut_of(chosen), chosen.count_opt_outs
        )
        with progress_bar("Reading") as progress:
            staged = importer.stage_log(file, counted, now, progress)
        ship_local_spools(chosen, store, system_clock)
        # No other job may close a day between its first row and its last.
        with writing_turn(store, chosen.data, system_clock()) as turn:
            stored = store_import(store, staged, now)
            for job in JOBS:
                job.run(replace(workplace, turn=turn), now)
    typer.echo(import_as_json(stored) if as_json_lines else import_as_text(stored, staged.state))


def _run_job_once(name: str, data: Path | None) -> None:
    chosen = chosen_settings(data=data)
    with opened_store(chosen) as store:
        ship_local_spools(chosen, store, system_clock)  # a day that is closed must have all that was acknowledged
        job = next(job for job in JOBS if job.name == name)
        done = run_job(job, _workplace(store, chosen), system_clock())
    typer.echo(done or "Nothing to do.")


def _workplace(store: Store, chosen: Settings) -> Workplace:
    return Workplace(store, chosen, DeletionRecord(store, chosen.data))


if __name__ == "__main__":
    main()
