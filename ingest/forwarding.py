"""What a worker does not answer by itself, it asks of the process that started it, and passes the answer on."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, UnixConnector, web
from multidict import CIMultiDict

from core.scheme import scheme_of
from geo.forwarded import TrustedProxies, is_trusted
from ingest.answers import unavailable

FRONT = "front.sock"
_TIMEOUT = ClientTimeout(total=60.0)
# RFC 9110 section 7.6.1: for one connection alone. The length is written anew.
_HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}
    | {"content-length", "date", "server", "expect"}
)

Forward = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def forwarding(data: Path, trusted: TrustedProxies) -> AsyncIterator[Forward]:
    """Give a handler that forwards requests through the socket in the data folder, until the end of the block."""
    async with ClientSession(
        connector=UnixConnector(str(data / FRONT)),
        timeout=_TIMEOUT,
        auto_decompress=False,
        # The session speaks for everybody: a cookie that it kept would log in whoever comes next.
        cookie_jar=DummyCookieJar(),
    ) as session:

        async def forward(request: web.BaseRequest) -> web.StreamResponse:
            headers = _passed_on(request.headers)
            headers["X-Forwarded-Proto"] = scheme_of(request, partial(is_trusted, trusted=trusted))
            body = await request.read()
            try:
                async with session.request(
                    request.method,
                    f"http://front{request.raw_path}",
                    headers=headers,
                    data=body,
                    allow_redirects=False,
                ) as answer:
                    content = await answer.read()
                    return web.Response(status=answer.status, body=content, headers=_passed_on(answer.headers))
            except (ClientError, TimeoutError):
                return unavailable(request)

        yield forward


def _passed_on(headers: Mapping[str, str]) -> CIMultiDict[str]:
    kept: CIMultiDict[str] = CIMultiDict()
    for name, value in headers.items():
        if name.lower() not in _HOP_BY_HOP and not name.lower().startswith("x-forwarded-"):
            kept.add(name, value)
    return kept
