"""What a reset destroys of the collector's: keys, spools, imports that are not stored yet."""

from pathlib import Path

from core.deletions import Destroyed
from core.errors import SpoolError
from core.key_names import KEY_FOLDER, keys_in_memory
from core.memory_folder import memory_folder
from core.resets import Breached, Doomed, Held, Part
from core.sites import NO_SITE
from core.sql import sql
from ingest.keys import overwrite_keys
from ingest.renewal import destroy_spools, order_renewal
from ingest.spool import Spool
from ingest.spools import spool_paths


def survey_keys(breached: Breached) -> Held:
    """Name the keys that are alive on this machine."""
    names = keys_in_memory(breached.settings)
    if names is None:
        return Held(
            ("Keys that are in the collectors' processes alone (there is no tmpfs): how many, they know.",)
        )
    return Held(
        tuple(f"The key of {breached.name_of(name.site)} for {name.day}." for name in names),
        tuple(Doomed(Destroyed.KEY, name.site, name.day) for name in names),
    )


def destroy_keys(breached: Breached) -> str:
    """Overwrite every key on tmpfs, then tell the collectors to forget those that they know."""
    in_memory = memory_folder(breached.settings.key_folder, breached.settings.data)
    overwritten = overwrite_keys(in_memory / KEY_FOLDER) if in_memory is not None else 0
    order_renewal(breached.settings.data, breached.reset)
    return f"{overwritten} keys were overwritten; the next view of each site makes a new one."


def survey_spools(breached: Breached) -> Held:
    """Count the events that wait in spools or were set aside."""
    counts = [(path, _spooled(path)) for path in spool_paths(breached.settings.data)]
    lines = tuple(f"{events} events in the spool {path.name}." for path, events in counts if events)
    doomed = (Doomed(Destroyed.SPOOLED, NO_SITE, breached.now.date()),) if lines else ()
    return Held(lines, doomed)


def destroy_all_spools(breached: Breached) -> str:
    """Destroy what is spooled, and wait until every collector has forgotten its keys."""
    spools = destroy_spools(breached.settings.data, breached.reset)
    return f"{spools} spools were emptied and overwritten; no collector has an old key in its memory."


def survey_imports(breached: Breached) -> Held:
    """Count the rows of imports that are under way, or were cut off."""
    found = []
    for (table,) in breached.store.rows(sql("ingest", "staging_tables")):
        ((rows,),) = breached.store.rows(sql("ingest", "count_staged"), {"table": table})
        found.append(f"{rows} rows of a log import that is not stored yet.")
    doomed = (Doomed(Destroyed.STAGED, NO_SITE, breached.now.date()),) if found else ()
    return Held(tuple(found), doomed)


def destroy_imports(breached: Breached) -> str:
    """Drop every staging table; an import that runs fails at its next insert, and can be begun again."""
    tables = breached.store.rows(sql("ingest", "staging_tables"))
    for (table,) in tables:
        breached.store.run(f"DROP TABLE IF EXISTS {table} SYNC")
    # Nothing of a visitor's is in this table: the file can be imported anew.
    breached.store.run("ALTER TABLE imports DELETE WHERE state = 'staged' SETTINGS mutations_sync = 2")
    return f"{len(tables)} imports that were not stored yet were dropped."


def _spooled(path: Path) -> int:
    try:
        spool = Spool(path)
    except SpoolError:
        return 0
    try:
        return spool.waiting().events + sum(each.events for each in spool.batches_set_aside())
    finally:
        spool.close()


KEYS = Part("Keys", survey_keys, destroy_keys)
SPOOLS = Part("Spools and collectors", survey_spools, destroy_all_spools)
IMPORTS = Part("Imports", survey_imports, destroy_imports)
