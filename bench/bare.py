"""The bare handler: the least that an aiohttp server can do with a beacon.

It reads the body, parses the JSON and answers 202. It checks, keeps and counts nothing; what the
collector takes longer than this is the collector's own.
"""

import asyncio

import orjson
import uvloop
from aiohttp import web

_CORS = {"Access-Control-Allow-Origin": "*"}


async def receive_event(request: web.Request) -> web.Response:
    """``POST /api/event``: 202 once the body is parsed."""
    orjson.loads(await request.read())
    return web.Response(status=202, text="ok", headers=_CORS)


async def serve() -> None:
    """Serve on a free port of the loopback address until the process is ended."""
    app = web.Application()
    app.router.add_post("/api/event", receive_event)
    runner = web.AppRunner(app, access_log=None, handle_signals=False)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"The bare handler listens on http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(serve())
