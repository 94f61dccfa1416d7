"""What a visitor's request asks for: a form or a program, and answers to programs."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

import orjson
from aiohttp import web

from ingest.collector import read_body

_FORM = "application/x-www-form-urlencoded"
# No CORS header: the pages of other sites can send such a request, and cannot read what it answers.
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def is_form(request: web.BaseRequest) -> bool:
    """Tell whether a request comes from a form on a page."""
    return request.content_type == _FORM


def wants_json(request: web.BaseRequest) -> bool:
    """Tell whether a program asks, by the path or by the header Accept."""
    accepted = request.headers.get("Accept", "")
    return request.path.endswith(".json") or ("application/json" in accepted and "text/html" not in accepted)


async def read_form(request: web.BaseRequest) -> dict[str, str]:
    """Read what a form says; of a field that is there twice, the last. Raises BeaconError."""
    body = await read_body(request)
    return dict(parse_qsl(body.decode("utf-8", "replace")))


def show_json(
    document: Mapping[str, object], status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    """Answer a program."""
    body = orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z)
    return web.Response(
        body=body, status=status, content_type="application/json", headers=_HEADERS | dict(headers or {})
    )
