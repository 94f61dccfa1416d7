"""`footfall check`: is all well, and if not, what to do. Each check is a function; CHECKS is all of them."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import ByteSize

from core.collectors import list_collectors
from core.control import is_answered
from core.errors import FootfallError, StoreError
from core.inventory import EVENTS
from core.key_names import keys_in_memory, outlived
from core.live_columns import live_columns, unexplained_columns
from core.migrate import migrations
from core.settings import PREFIX, Settings
from core.store import Store
from ingest.spool import Spool
from ingest.spools import is_held, place_of, spool_paths

NEEDED = ("controller", "controller_contact", "purposes", "legal_basis")
"""What the law asks every notice for (GDPR, Article 13) and only the operator knows."""
_OLD = timedelta(minutes=5)
"""A hit that waits longer than this says that shipping does not work."""


class Verdict(StrEnum):
    """How a check came out."""

    WELL = "well"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found, in one line that says what to do."""

    name: str
    verdict: Verdict
    text: str


@dataclass(frozen=True, slots=True)
class Examined:
    """What the checks look at; ``store`` is None if it could not be reached."""

    settings: Settings
    store: Store | None
    now: datetime


Check = Callable[[Examined], Iterator[Finding]]


def check_store(examined: Examined) -> Iterator[Finding]:
    """ClickHouse answers, and its tables are this version's."""
    if examined.store is None:
        where = examined.settings.clickhouse.rpartition("@")[2] or "the embedded store"
        text = f"{where} cannot be reached; events are kept in the spool until it can."
        yield Finding("store", Verdict.WRONG, text)
        return
    done = {number for (number,) in examined.store.rows("SELECT number FROM migrations FINAL WHERE done")}
    missing = [migration.name for migration in migrations() if migration.number not in done]
    if missing:
        text = f"not migrated: {', '.join(missing)}; run `footfall migrate`."
        yield Finding("store", Verdict.WRONG, text)
    else:
        yield Finding("store", Verdict.WELL, "answers, and its tables are this version's.")


def check_running(examined: Examined) -> Iterator[Finding]:
    """A process collects on this data folder."""
    data = examined.settings.data
    if is_answered(data) or any(is_held(path) for path in spool_paths(data)):
        yield Finding("process", Verdict.WELL, f"Footfall runs on {data.resolve()}.")
    else:
        text = f"nothing runs on {data.resolve()}: start `footfall serve`."
        yield Finding("process", Verdict.WRONG, text)


def check_spools(examined: Examined) -> Iterator[Finding]:
    """What waits to be shipped, and what was set aside."""
    paths = spool_paths(examined.settings.data)
    if not paths:
        yield Finding("spool", Verdict.NOTE, "none yet: no collector has run here.")
    for path in paths:
        spool = Spool(path)
        try:
            yield _waiting(spool, place_of(path), examined)
            yield from _set_aside(spool, place_of(path))
        finally:
            spool.close()


def _waiting(spool: Spool, place: str, examined: Examined) -> Finding:
    waiting = spool.waiting()
    if waiting.oldest is None:
        return Finding("spool", Verdict.WELL, f"{place} is empty.")
    age = examined.now - waiting.oldest
    share = 100 * waiting.bytes / examined.settings.spool_limit
    text = (
        f"{place} holds {waiting.events:,} events ({_size(waiting.bytes)}, {share:.0f} % of spool_limit), "
        f"the oldest for {_duration(age)}"
    )
    if age < _OLD:
        return Finding("spool", Verdict.WELL, f"{text}.")
    return Finding(
        "spool", Verdict.WRONG, f"{text}: nothing is being shipped. See the log, and check that ClickHouse runs."
    )


def _set_aside(spool: Spool, place: str) -> Iterator[Finding]:
    for batch in spool.batches_set_aside():
        text = f"{place}: {batch.events:,} events of {batch.oldest:%Y-%m-%d %H:%M} UTC. {batch.reason}"
        yield Finding("set aside", Verdict.WRONG, f"{text} Fix the cause, then run `footfall replay`.")


def check_collectors(examined: Examined) -> Iterator[Finding]:
    """Every collector speaks, and its watermark moves."""
    if examined.store is None:
        return
    patience = timedelta(seconds=examined.settings.collector_patience)
    for each in list_collectors(examined.store):
        if each.stopped:
            continue
        silence, lag = examined.now - each.stated, examined.now - each.watermark
        if silence < _OLD:
            text = f"{each.place} works; everything received up to {_duration(lag)} ago is stored."
            yield Finding("collector", Verdict.WELL if lag < _OLD else Verdict.NOTE, text)
            continue
        held = "Days no longer wait for it." if silence > patience else "Until then no day becomes final."
        text = f"{each.place} was last heard of {_duration(silence)} ago; it may hold events. Start it. {held}"
        yield Finding("collector", Verdict.WRONG, text)


def check_keys(examined: Examined) -> Iterator[Finding]:
    """The day's keys are in memory, and none is older than its day."""
    names = keys_in_memory(examined.settings)
    if names is None:
        text = (
            f"{examined.settings.key_folder} is not a tmpfs: keys are in the process, and a restart counts again."
        )
        yield Finding("keys", Verdict.NOTE, text)
        return
    expired = outlived(names, examined.now)
    if expired:
        text = f"{len(expired)} are older than their day: start `footfall serve`, which destroys them."
        yield Finding("keys", Verdict.WRONG, text)
    else:
        yield Finding("keys", Verdict.WELL, f"{len(names)} in memory, none older than its day.")


def check_notice(examined: Examined) -> Iterator[Finding]:
    """The privacy notice explains every stored column, and says who is responsible."""
    if examined.store is not None:
        live = live_columns(examined.store)
        unexplained = unexplained_columns(live)
        if unexplained:
            text = f"the privacy notice does not explain {', '.join(unexplained)}: drop it, or update Footfall."
            yield Finding("notice", Verdict.WRONG, text)
        else:
            yield Finding("notice", Verdict.WELL, f"explains all {len(live.get(EVENTS, ()))} columns of {EVENTS}.")
    unstated = [name for name in NEEDED if not getattr(examined.settings, name)]
    if unstated:
        names = ", ".join(f"{PREFIX}{name.upper()}" for name in unstated)
        yield Finding("notice", Verdict.NOTE, f"the operator has not stated everything it needs: set {names}.")


def check_disk(examined: Examined) -> Iterator[Finding]:
    """There is room for a full spool."""
    free, limit = shutil.disk_usage(examined.settings.data).free, examined.settings.spool_limit
    if free < limit:
        text = f"{_size(free)} are free, spool_limit is {_size(limit)}: make room, or lower FOOTFALL_SPOOL_LIMIT."
        yield Finding("disk", Verdict.NOTE, text)
    else:
        yield Finding("disk", Verdict.WELL, f"{_size(free)} are free.")


CHECKS: tuple[Check, ...] = (
    check_running,
    check_store,
    check_spools,
    check_collectors,
    check_keys,
    check_notice,
    check_disk,
)


def run_checks(examined: Examined) -> Iterator[Finding]:
    """Run every check; one that fails by itself is a finding, too."""
    for check in CHECKS:
        try:
            yield from check(examined)
        except StoreError as error:
            yield Finding("store", Verdict.WRONG, str(error))
        except FootfallError as error:
            yield Finding(check.__name__.removeprefix("check_"), Verdict.WRONG, str(error))


def _size(count: int) -> str:
    return ByteSize(count).human_readable(separator=" ")


def _duration(span: timedelta) -> str:
    seconds = max(0, round(span.total_seconds()))
    for unit, length in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"
