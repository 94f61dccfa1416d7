"""One writer of reports at a time: who rolls, who closes, and who moves an import's rows into place.

Processes of one data folder wait for each other's lock. Those of several hosts, which share
a ClickHouse server, take numbered turns: a turn's row is inserted under a deduplication token made
of its number, and of two rows with one token ClickHouse keeps the first. Whoever holds the newest
turn may publish. A writer that was held up until its turn went to another finds its number too low:
what it writes is never published (see ``aggregate.rolling``).
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from core.errors import StoreError, StoreUnavailableError
from core.sql import sql
from core.store import Store, encode_rows

TURN_LASTS = timedelta(minutes=15)
"""How long others wait for a turn that nobody laid down. A roll takes seconds."""

_WORK = "reports"
_COLUMNS = ("work", "turn", "holder", "until", "version")
_MOST_USED_UP = 100  # numbers that a crash of ClickHouse took along: one each, ever


class Turn(NamedTuple):
    """A turn: its number, the name of the data folder that holds it, and when it ends by itself."""

    number: int
    holder: str
    until: datetime


@contextmanager
def writing_alone(data: Path) -> Iterator[None]:
    """Hold the lock of the one who rolls and closes."""
    with (data / "jobs.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def writing_turn(store: Store, data: Path, now: datetime) -> Iterator[int]:
    """Hold the data folder's lock and the store's turn; give the turn's number.

    Waits for processes of the same data folder. Raises StoreUnavailableError if it is the turn of
    another data folder, StoreError.
    """
    with writing_alone(data):
        turn = take_turn(store, _name(data), now)
        try:
            yield turn.number
        finally:
            with suppress(StoreError):  # it ends by itself
                lay_down(store, turn, now)


def take_turn(store: Store, holder: str, now: datetime) -> Turn:
    """Take the next turn. A holder's own earlier turn is over: whoever had it is gone.

    Raises StoreUnavailableError if it is another's turn, StoreError.
    """
    newest = _newest_turn(store)
    if newest.holder != holder and newest.until > now:
        raise _anothers(newest)
    for number in range(newest.number + 1, newest.number + _MOST_USED_UP):
        taken = Turn(number, holder, now + TURN_LASTS)
        _insert(store, taken, version=2 * number, token=f"turn {number}")
        found = _newest_turn(store)
        if found.number == number and found.holder == holder:
            return found
        if found.number >= number:
            raise _anothers(found)
        # The token was used up, the row never came: ClickHouse crashed between the two.
    raise StoreUnavailableError("ClickHouse gives out no turn; check that it keeps what is inserted into `turns`.")


def lay_down(store: Store, turn: Turn, now: datetime) -> None:
    """End a turn, so that nobody has to wait. Raises StoreError."""
    _insert(store, turn._replace(until=now), version=2 * turn.number + 1)


def _newest_turn(store: Store) -> Turn:
    for number, holder, until in store.rows(sql("core", "newest_turn")):
        return Turn(number, holder, datetime.fromisoformat(until))
    return Turn(0, "", datetime.min.replace(tzinfo=UTC))


def _insert(store: Store, turn: Turn, version: int, token: str = "") -> None:
    row = (_WORK, turn.number, turn.holder, turn.until, version)
    store.insert("turns", _COLUMNS, encode_rows([row]), token)


def _anothers(turn: Turn) -> StoreUnavailableError:
    return StoreUnavailableError(
        "Another process writes reports now; it is done in seconds, or, if it has died, "
        f"taken to be dead at {turn.until:%H:%M} UTC. Try again then."
    )


def _name(data: Path) -> str:
    """Give the data folder's random name, made when it is first asked for."""
    file = data / "writer"
    file.touch(mode=0o600)
    name = file.read_text()
    if not name:
        name = uuid4().hex
        file.write_text(name)
    return name
