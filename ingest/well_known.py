"""What is promised to programs: the site-wide tracking status, support of GPC, and EFF's policy if asked for.

https://www.w3.org/TR/tracking-dnt/ (section 6.4), https://www.w3.org/TR/gpc/ (section 4.1) and
https://www.eff.org/dnt-policy.
"""

from collections.abc import Mapping
from hashlib import sha1

import orjson
from aiohttp import web

from core.errors import SettingError
from core.settings import Settings
from ingest.answers import text

DNT_PATH, GPC_PATH, POLICY_PATH = "/.well-known/dnt/", "/.well-known/gpc.json", "/.well-known/dnt-policy.txt"
POLICY_SHA1 = "a18e8dba6848d3fc241b03b88291cb75a3cfec3b"
"""By which programs know version 1.0 of the policy: EFF lists it in dnt-policies.json."""

# No status-id leads on from here: all beacons are answered with the one "N" that this resource explains.
TRACKING_STATUS = {"tracking": "N", "policy": "/privacy", "config": "/privacy/opt-out"}
GPC_SUPPORT = {"gpc": True, "lastUpdate": "2026-11-26"}
"""``lastUpdate`` changes with what is done about GPC, not with a release."""

_HEADERS = {"Cache-Control": "public, max-age=86400", "X-Content-Type-Options": "nosniff"}


def show_tracking_status() -> web.StreamResponse:
    """Give the tracking status resource."""
    return _json(TRACKING_STATUS, "application/tracking-status+json")


def show_gpc_support() -> web.StreamResponse:
    """Give the GPC support resource."""
    return _json(GPC_SUPPORT, "application/json")


def show_dnt_policy(policy: bytes) -> web.StreamResponse:
    """Give EFF's policy, word for word; 404 where the operator has not made its promise."""
    if not policy:
        return text("This service has not posted EFF's Do Not Track policy.", 404)
    return web.Response(body=policy, content_type="text/plain", charset="utf-8", headers=_HEADERS)


def read_dnt_policy(settings: Settings) -> bytes:
    """Read EFF's policy, b"" if it is not asked for.

    Raises SettingError for any other text, and where the settings break what the text promises: it is posted
    by HTTPS, and of visitors who said no nothing is kept but numbers about 5,000 people at least.
    """
    if settings.dnt_policy is None:
        return b""
    if not settings.public_url.startswith("https://"):
        raise SettingError(
            "FOOTFALL_DNT_POLICY: the policy is posted by HTTPS; set an https:// FOOTFALL_PUBLIC_URL."
        )
    if settings.count_opt_outs:
        raise SettingError(
            "FOOTFALL_DNT_POLICY: the policy allows no count of so few; unset FOOTFALL_COUNT_OPT_OUTS."
        )
    try:
        policy = settings.dnt_policy.read_bytes()
    except OSError as error:
        raise SettingError(
            f"FOOTFALL_DNT_POLICY: {settings.dnt_policy} cannot be read: {error.strerror}."
        ) from None
    if sha1(policy, usedforsecurity=False).hexdigest() != POLICY_SHA1:
        raise SettingError("FOOTFALL_DNT_POLICY: the file is not EFF's dnt-policy-1.0.txt, word for word.")
    return policy


def _json(content: Mapping[str, object], media_type: str) -> web.StreamResponse:
    return web.Response(body=orjson.dumps(content), content_type=media_type, headers=_HEADERS)
