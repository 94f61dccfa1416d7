"""An aiohttp application without a port of its own: a server hands it the requests that are its."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web


@asynccontextmanager
async def running_application(app: web.Application) -> AsyncIterator[web.Server]:
    """Start an application until the end of the block; give what makes and handles its requests."""
    runner = web.AppRunner(app, access_log=None, handle_signals=False)
    await runner.setup()
    try:
        assert runner.server is not None  # noqa: S101 (for mypy: set up, it has one)
        yield runner.server
    finally:
        await runner.cleanup()
