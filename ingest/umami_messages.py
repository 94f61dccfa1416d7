"""Umami's messages become beacons, field by field, and pass the same checks as every other beacon.

A message is ``{"type": ..., "payload": {...}}``. Of a payload only what is listed here is read: whoever
sends it could write any address, browser, time or identity into the rest (``ip``, ``userAgent``,
``timestamp``, ``id``), so that is not even looked at.
"""

import re
from collections.abc import Mapping, Sequence
from uuid import UUID

import orjson

from core.errors import BeaconError
from ingest.beacon import ENGAGEMENT, PAGEVIEW, Beacon
from ingest.parse import MOST_NAME_CHARACTERS, beacon_of

MOST_MESSAGES = 200
"""Of one batch; ours. All of them are counted in one turn of the loop, at some 40 microseconds each."""

EVENT = "event"
NOTHING_KEPT = ("identify", "performance")
"""Types that are taken and leave nothing: who somebody is, and how fast a page was for them."""
TYPES = (EVENT, ENGAGEMENT, *NOTHING_KEPT)

_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_SCREEN = re.compile(r"([0-9]{1,5})x[0-9]{1,5}")

Payload = Mapping[str, object]


def parse_message(body: bytes) -> object:
    """Parse a body as JSON. Raises BeaconError."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        raise BeaconError({"request": ["is not valid JSON"]}) from None


def parse_batch(body: bytes) -> Sequence[object]:
    """Parse a body as a list of messages, each still to be looked at. Raises BeaconError."""
    messages = parse_message(body)
    if not isinstance(messages, list):
        raise BeaconError({"request": ["must be a JSON array of messages"]})
    if len(messages) > MOST_MESSAGES:
        raise BeaconError({"request": [f"must be at most {MOST_MESSAGES} messages"]})
    return messages


def beacons_of(message: object) -> Sequence[Beacon]:
    """Give the beacon of a message, or none if its type leaves nothing. Raises BeaconError."""
    if not isinstance(message, dict):
        raise BeaconError({"request": ["must be a JSON object"]})
    kind, payload = message.get("type"), message.get("payload")
    if kind not in TYPES:
        raise BeaconError({"type": [f"must be one of {', '.join(TYPES)}"]})
    if not isinstance(payload, dict):
        raise BeaconError({"payload": ["must be a JSON object"]})
    website = _text(payload, "website")
    if not website:
        raise BeaconError({"website": ["is required; links and pixels of Umami's own are not counted here"]})
    if kind in NOTHING_KEPT:
        return ()
    return (beacon_of(_fields(kind, payload, website)),)


def _fields(kind: str, payload: Payload, website: str) -> dict[str, object]:
    """Give a payload's fields by the names that they have in an event.

    The site is the payload's host name. A website that is no UUID is a site itself: programs, which have
    no host name, can write one there.
    """
    site = "" if _is_uuid(website) else _one_name(payload, "website")
    url = _text(payload, "url")
    hostname = _one_name(payload, "hostname") or ("" if _ABSOLUTE.match(url) else site)
    fields: dict[str, object] = {
        "name": _text(payload, "name")[:MOST_NAME_CHARACTERS] or PAGEVIEW,
        "url": _address(url, hostname),
        "domain": site or hostname or None,
        "referrer": _referrer(_text(payload, "referrer")),
        "screen_width": _width(_text(payload, "screen")),
        "props": payload.get("data"),
    }
    if kind == ENGAGEMENT:
        return fields | {"name": ENGAGEMENT, "e": payload.get("engagement")}
    return fields


def _address(url: str, hostname: str) -> str:
    """Give the page's whole address. Raises BeaconError if nothing says on which host it is."""
    if _ABSOLUTE.match(url):
        return url
    if not hostname:
        raise BeaconError({"hostname": ["is required; without it write the site's domain as the website"]})
    return f"https://{hostname}{url if url.startswith(('/', '?', '#')) else f'/{url}'}"


def _referrer(referrer: str) -> str:
    """Give a referrer; Umami's tracker leaves out the origin where that is the site's own."""
    return referrer if _ABSOLUTE.match(referrer) else ""


def _width(screen: str) -> str:
    found = _SCREEN.fullmatch(screen)
    return found[1] if found else ""


def _text(payload: Payload, name: str) -> str:
    """Give a field that is text; "" if it is missing or null. Raises BeaconError."""
    value = payload.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BeaconError({name: ["must be text"]})
    return value.strip()


def _one_name(payload: Payload, name: str) -> str:
    """Give a host name; commas part sites in an event, and a batch of such lists would multiply."""
    value = _text(payload, name)
    if "," in value:
        raise BeaconError({name: ["must be one name"]})
    return value


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
