"""What every command shares: its options, the settings, and the store opened for it."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from core.clock import system_clock
from core.errors import FootfallError
from core.logs import set_up_logging
from core.migrate import migrate
from core.opening import reach_store
from core.settings import Settings, read_settings, unknown_settings
from core.store import Store

_log = logging.getLogger("footfall")

Data = Annotated[
    Path | None, typer.Option("--data", help="The data folder (default: FOOTFALL_DATA, then footfall-data).")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Host = Annotated[str | None, typer.Option(help="The address to listen on.")]
Port = Annotated[int | None, typer.Option(help="The port to listen on; 0 takes a free one.")]
Count = Annotated[
    int | None, typer.Option("--workers", help="Number of collector processes, one for each core to use.")
]
Domain = Annotated[str, typer.Argument(help="The site's domain, such as example.com.")]


def chosen_settings(*, begins: bool = False, **chosen: Any) -> Settings:
    """Read the settings, set up logging, see to the data folder. Raises SettingError, FootfallError.

    A command that ``begins`` something makes a folder that is not there; any other says so.
    """
    found = read_settings(**chosen)
    set_up_logging(found.log_level)
    for name in unknown_settings(os.environ):
        _log.warning("%s is not a Footfall setting and has no effect; see docs/settings.md.", name)
    if not (begins or found.clickhouse or found.data.exists()):
        raise FootfallError(
            f"There is no Footfall data in {found.data}; start `footfall serve`, or give its folder with --data."
        )
    try:
        found.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise FootfallError(
            f"The data folder {found.data} cannot be created ({error.strerror}); choose another."
        ) from None
    return found


@contextmanager
def opened_store(chosen: Settings) -> Iterator[Store]:
    """Open the store for one command, with its tables brought up to date."""
    store = reach_store(chosen)
    try:
        migrate(store, system_clock())
        yield store
    finally:
        store.close()
