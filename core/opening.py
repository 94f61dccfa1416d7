"""Opening the store that the settings name."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from core.control import SOCKET, SocketStore, is_answered
from core.embedded import EmbeddedStore
from core.errors import StoreInUseError
from core.memory_folder import memory_folder
from core.settings import Settings
from core.store import Store, connect_server

SHIPPING_TIMEOUT = 30.0
"""Seconds in which ClickHouse has to answer an insert: one that hangs is tried again."""


def open_store(settings: Settings) -> Store:
    """Open the store for a process that holds it. Raises StoreError.

    The embedded store goes to one process at a time: StoreInUseError.
    """
    if settings.clickhouse:
        return connect_server(settings.clickhouse)
    # Rows on their way into chdb lie in a file for a moment: in memory, where that can be.
    in_memory = memory_folder(settings.key_folder, settings.data)
    return EmbeddedStore(settings.data, scratch=(in_memory or settings.data) / "inserts")


def reach_store(settings: Settings) -> Store:
    """Open the store for one command, through the process that holds it if there is one. Raises StoreError.

    Beside a server that process is asked, too: so it knows of a new site no later than the command ends.
    """
    if settings.clickhouse and is_answered(settings.data):
        return SocketStore(settings.data)
    try:
        return open_store(settings)
    except StoreInUseError:
        if not (settings.data / SOCKET).exists():
            raise
        return SocketStore(settings.data)


@contextmanager
def shipping_store(settings: Settings, embedded: Callable[[], Store]) -> Iterator[Store]:
    """Give a collector the store to which it ships, until the end of the block.

    On a server it has connections of its own, which do not wait long; ``embedded`` gives the store
    where there is none.
    """
    if not settings.clickhouse:
        yield embedded()
        return
    store = connect_server(settings.clickhouse, SHIPPING_TIMEOUT)
    try:
        yield store
    finally:
        store.close()
