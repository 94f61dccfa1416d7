"""The command `footfall forget-keys`."""

import typer

from core.clock import system_clock
from core.command_line import Data, chosen_settings, opened_store
from core.deletions import Deletion, DeletionRecord, Destroyed
from core.errors import KeyStoreError
from core.key_names import keys_in_memory
from ingest.assembly import open_day_keys


def forget_keys(data: Data = None) -> None:
    """Destroy the day's keys that a stopped Footfall left in memory; for when it is not started again."""
    chosen = chosen_settings(data=data)
    with opened_store(chosen) as store:
        now = system_clock()
        gone = list(open_day_keys(chosen).destroy_all())  # all of them, before one is written down
        DeletionRecord(store, chosen.data).append(
            *(Deletion(now, Destroyed.KEY, name.site, name.day) for name in gone)
        )
    known = len(keys_in_memory(chosen) or ())
    if known:
        raise KeyStoreError(
            f"A running Footfall knows {known} of the keys and destroys each when its day is over. Stop it, and "
            "run this again; `footfall reset` destroys them while it runs."
        )
    typer.echo(f"Keys destroyed: {len(gone)}. None is left in memory.")
