"""The command `footfall audit`: whether what was promised is so."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.markup import escape

from aggregate.audit import run_audits, uncheckable
from aggregate.jobs import Workplace
from core.auditing import Inspected, OtherAudit, Result
from core.clock import system_clock
from core.command_line import AsJson, Data, chosen_settings, opened_store
from core.deletions import DeletionRecord
from core.errors import FootfallError
from core.writing import writing_alone

Logs = Annotated[
    list[Path] | None,
    typer.Option(
        "--log",
        help="A log file to search for IP addresses and user agents, gzipped or not; can be given several times. "
        "Use /dev/stdin for the output of another program.",
    ),
]


def audit_command(others: Sequence[OtherAudit]) -> Callable[..., None]:
    """Make the command, which also runs the audits of other parts."""

    def audit(log: Logs = None, data: Data = None, *, as_json: AsJson = False) -> None:
        """Check deletion, thresholds, records, opt-outs, logs and counts; exit code 1 if a promise is broken."""
        chosen = chosen_settings(data=data)
        with opened_store(chosen) as store:
            with writing_alone(chosen.data):
                workplace = Workplace(store, chosen, DeletionRecord(store, chosen.data))
                results = list(run_audits(workplace, system_clock()))
            results += _run(others, Inspected(chosen, store, tuple(log or ())))
        if as_json:
            typer.echo(orjson.dumps([asdict(result) for result in results]))
        else:
            _print(results)
        if any(result.violations for result in results):
            raise typer.Exit(1)

    return audit


def _run(others: Sequence[OtherAudit], inspected: Inspected) -> Iterator[Result]:
    for other in others:
        try:
            yield other(inspected)
        except FootfallError as error:
            yield uncheckable(other.__name__, error)


def _print(results: list[Result]) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for result in results:
        mark = "[red]✗[/]" if result.violations else "[green]✓[/]"
        console.print(mark, escape(f"{result.name}: {result.checked}"))
        for violation in result.violations:
            console.print("    [red]violation:[/]", escape(violation))
