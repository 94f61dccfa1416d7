"""The command `footfall audit`: whether what was promised is so."""

from collections.abc import Callable, Sequence
from dataclasses import asdict

import orjson
import typer
from rich.console import Console
from rich.markup import escape

from aggregate.audit import run_audits
from aggregate.jobs import Workplace
from core.auditing import Result
from core.clock import system_clock
from core.command_line import AsJson, Data, chosen_settings, opened_store
from core.deletions import DeletionRecord
from core.settings import Settings
from core.writing import writing_alone

OtherAudit = Callable[[Settings], Result]
"""An audit of a part that this one cannot know, such as the ways in."""


def audit_command(others: Sequence[OtherAudit]) -> Callable[..., None]:
    """Make the command, which also runs the audits of other parts."""

    def audit(data: Data = None, *, as_json: AsJson = False) -> None:
        """Verify destruction, retention, thresholds, records, opt-outs and the ledger; exit code 1 if violated."""
        chosen = chosen_settings(data=data)
        with opened_store(chosen) as store, writing_alone(chosen.data):
            workplace = Workplace(store, chosen, DeletionRecord(store, chosen.data))
            results = list(run_audits(workplace, system_clock()))
        results += [other(chosen) for other in others]
        if as_json:
            typer.echo(orjson.dumps([asdict(result) for result in results]))
        else:
            _print(results)
        if any(result.violations for result in results):
            raise typer.Exit(1)

    return audit


def _print(results: list[Result]) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for result in results:
        mark = "[red]✗[/]" if result.violations else "[green]✓[/]"
        console.print(mark, escape(f"{result.name}: {result.checked}"))
        for violation in result.violations:
            console.print("    [red]violation:[/]", escape(violation))
