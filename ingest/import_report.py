"""What an import tells the person who started it: progress, and the ledger at its end."""

from collections.abc import Iterator
from contextlib import contextmanager

import orjson
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from core.tallies import RECEIVED, STORED
from ingest.imports import ImportRecord, ImportState
from ingest.log_file import Progress as ReportProgress
from ingest.reasons import DropReason


@contextmanager
def progress_bar(title: str) -> Iterator[ReportProgress]:
    """Show a bar on standard error while a file is read; give the function that moves it."""
    columns = (TextColumn(title), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(title, total=None)
        yield lambda read, total: bar.update(task, completed=read, total=total)


def import_as_text(record: ImportRecord, found: ImportState) -> str:
    """Give the ledger of an import for a person; ``found`` is how far it was before this run."""
    outcomes = record.outcomes
    lines = [f"{outcomes.get(RECEIVED, 0)} lines: {outcomes.get(STORED, 0)} stored"]
    dropped = [reason for reason in DropReason if reason in outcomes]
    lines += [f"  {outcomes[reason]} dropped: {reason.value}. {reason.meaning}" for reason in dropped]
    if record.not_understood:
        numbers = ", ".join(map(str, record.not_understood))
        more = " and more" if outcomes.get(DropReason.NOT_UNDERSTOOD, 0) > len(record.not_understood) else ""
        lines.append(f"  Not understood: line {numbers}{more}")
    if record.days:
        lines.append(f"Days: {record.days[0]} to {record.days[-1]}; those that are over are published.")
    if found is ImportState.STORED:
        lines.insert(0, "This file was imported for this site before: nothing was counted again. It had")
    return "\n".join(lines)


def import_as_json(record: ImportRecord) -> str:
    """Give the ledger of an import for a program."""
    document = {"outcomes": record.outcomes, "not_understood": record.not_understood, "days": record.days}
    return orjson.dumps(document, option=orjson.OPT_INDENT_2).decode()
