"""What is promised to programs: the site-wide tracking status, and support of Global Privacy Control.

https://www.w3.org/TR/tracking-dnt/ (section 6.4) and https://www.w3.org/TR/gpc/ (section 4.1).
"""

from collections.abc import Mapping

import orjson
from aiohttp import web

DNT_PATH, GPC_PATH = "/.well-known/dnt/", "/.well-known/gpc.json"

# No status-id leads on from here: all beacons are answered with the one "N" that this resource explains.
TRACKING_STATUS = {"tracking": "N", "config": "/privacy/opt-out"}
GPC_SUPPORT = {"gpc": True, "lastUpdate": "2026-11-26"}
"""``lastUpdate`` changes with what is done about GPC, not with a release."""

_HEADERS = {"Cache-Control": "public, max-age=86400", "X-Content-Type-Options": "nosniff"}


def show_tracking_status() -> web.StreamResponse:
    """Give the tracking status resource."""
    return _json(TRACKING_STATUS, "application/tracking-status+json")


def show_gpc_support() -> web.StreamResponse:
    """Give the GPC support resource."""
    return _json(GPC_SUPPORT, "application/json")


def _json(content: Mapping[str, object], media_type: str) -> web.StreamResponse:
    return web.Response(body=orjson.dumps(content), content_type=media_type, headers=_HEADERS)
