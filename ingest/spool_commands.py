"""The commands `footfall check` and `footfall replay`."""

from dataclasses import asdict

import orjson
import typer
from rich.console import Console
from rich.markup import escape

from core.clock import system_clock
from core.command_line import AsJson, Data, chosen_settings
from core.errors import StoreError
from core.opening import reach_store
from core.settings import Settings
from core.store import Store
from ingest.check import Examined, Finding, Verdict, run_checks
from ingest.spool import Spool
from ingest.spools import spool_paths

_MARKS = {Verdict.WELL: "[green]✓[/]", Verdict.NOTE: "[yellow]•[/]", Verdict.WRONG: "[red]✗[/]"}


def check(data: Data = None, *, as_json: AsJson = False) -> None:
    """Check that all is well, and say what to do if it is not; exit code 1 if something is wrong."""
    chosen = chosen_settings(data=data)
    store = _reached(chosen)
    try:
        findings = list(run_checks(Examined(chosen, store, system_clock())))
    finally:
        if store is not None:
            store.close()
    if as_json:
        typer.echo(orjson.dumps([asdict(finding) for finding in findings]))
    else:
        _print(findings)
    if any(finding.verdict is Verdict.WRONG for finding in findings):
        raise typer.Exit(1)


def replay(data: Data = None) -> None:
    """Send the batches that ClickHouse refused, and that were set aside, again."""
    chosen = chosen_settings(data=data)
    batches = 0
    for path in spool_paths(chosen.data):
        spool = Spool(path)
        try:
            batches += spool.replay()
        finally:
            spool.close()
    if not batches:
        typer.echo("Nothing was set aside.")
        return
    found = "1 batch waits" if batches == 1 else f"{batches} batches wait"
    typer.echo(f"{found} to be sent again: at once if `footfall serve` runs, otherwise when it starts.")


def _reached(chosen: Settings) -> Store | None:
    try:
        store = reach_store(chosen)
        store.rows("SELECT 1")
    except StoreError:
        return None
    return store


def _print(findings: list[Finding]) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for finding in findings:
        console.print(_MARKS[finding.verdict], escape(f"{finding.name}: {finding.text}"))
