"""Preparing the store at the start, and later if it is away then: a collector need not wait for it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from core.background import background
from core.daemon_thread import in_daemon_thread
from core.errors import StoreError, StoreUnavailableError

INTERVAL = 5.0  # seconds between two tries

_log = logging.getLogger("footfall")


@asynccontextmanager
async def prepared(prepare: Callable[[], None]) -> AsyncIterator[asyncio.Event]:
    """Prepare the store; if it is away, go on and try again and again until it is back or the block ends.

    The event is set once it is prepared. Raises what ``prepare`` raises, but for StoreUnavailableError.
    """
    is_prepared, left = asyncio.Event(), []
    try:
        await in_daemon_thread(prepare)
        is_prepared.set()
    except StoreUnavailableError as error:
        _log.warning("%s Events are kept in the spool until it does.", error)
        left.append(_prepare_later(prepare, is_prepared))
    async with background(*left):
        yield is_prepared


async def _prepare_later(prepare: Callable[[], None], is_prepared: asyncio.Event) -> None:
    while True:
        await asyncio.sleep(INTERVAL)
        try:
            await in_daemon_thread(prepare)
        except StoreUnavailableError:
            continue
        except StoreError as error:
            _log.error("%s", error)
        else:
            _log.warning("ClickHouse answers.")
            is_prepared.set()
            return
