"""The command `footfall reset`: after a breach, nothing is left that could tell of a visitor."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from socket import gethostname
from typing import Annotated

import orjson
import typer

from core.accesses import Access, Accessed, AccessRecord, system_user
from core.breach_draft import breach_draft
from core.clock import system_clock
from core.collectors import list_collectors
from core.command_line import AsJson, Data, chosen_settings, opened_store
from core.errors import FootfallError
from core.resets import Part, Reset, run_reset
from core.settings import Settings
from core.store import Store

_QUESTION = (
    "This destroys every key and every raw event in {}, including those of days that are not final yet, and ends "
    "all logins, API keys and invitations. Published reports stay. Continue?"
)


def reset_command(parts: Sequence[Part]) -> Callable[..., None]:
    """Make the command, which resets these parts in their order."""

    def reset(
        *,
        yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
        draft: Annotated[Path | None, typer.Option(help="Also write the draft notification to this file.")] = None,
        data: Data = None,
        as_json: AsJson = False,
    ) -> None:
        """After a breach: make new keys, destroy raw events, end logins, and draft the notification."""
        chosen = chosen_settings(data=data)
        if not yes:
            typer.confirm(_QUESTION.format(chosen.data), abort=True, err=True)
        with opened_store(chosen) as store:
            AccessRecord(store, chosen.data).append(Access(system_clock(), system_user(), Accessed.RESET))
            done = run_reset(store, chosen, parts, system_clock, _tell)
            others = _others(store, chosen)
        text = breach_draft(done)
        if draft is not None:
            _write(draft, text)
        typer.echo(_as_json(done, text) if as_json else text)
        for place in others:
            typer.echo(f"Another collector is unaffected; run `footfall reset` there too: {place}", err=True)

    return reset


def _tell(name: str) -> None:
    typer.echo(f"{name} ...", err=True)


def _others(store: Store, chosen: Settings) -> list[str]:
    """Give the collectors that have not ended, were heard of lately, and do not belong to this data folder."""
    here, patience = f"{gethostname()}: {chosen.data.resolve()}", timedelta(seconds=chosen.collector_patience)
    return [
        each.place
        for each in list_collectors(store)
        if not (each.stopped or each.is_silent(system_clock(), patience) or each.place.startswith(here))
    ]


def _write(path: Path, text: str) -> None:
    try:
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise FootfallError(f"The reset is done, but {path} cannot be written ({error.strerror}).") from None


def _as_json(reset: Reset, text: str) -> str:
    rows = {
        "reset": reset.name,
        "began": reset.began,
        "ended": reset.ended,
        "sites": reset.sites,
        "held": reset.held,
        "done": [{"at": done.at, "part": done.part, "text": done.text} for done in reset.done],
        "draft": text,
    }
    return orjson.dumps(rows).decode()
