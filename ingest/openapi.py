"""The collector's OpenAPI document: ``openapi.json``, with the bounds that the parser enforces.

The file is prose and structure, which any OpenAPI tool reads. It holds none of a beacon's
bounds: they are laid into it from ``ingest.parse``, so that no second number can say
something else. It promises what is taken for certain; the parser is more lenient (numbers
as text, addresses that are not percent-encoded).
"""

from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import Any

import orjson

from ingest.parse import (
    FULL_SCROLL,
    MOST_DOMAINS,
    MOST_HOSTNAME_CHARACTERS,
    MOST_NAME_CHARACTERS,
    MOST_PROP_KEY_BYTES,
    MOST_PROP_VALUE_BYTES,
    MOST_PROPS,
    MOST_SCREEN_PIXELS,
    MOST_URL_BYTES,
    THIRTY_DAYS,
)

_HOST = f"[A-Za-z0-9_-][A-Za-z0-9_.-]{{0,{MOST_HOSTNAME_CHARACTERS - 1}}}"
_DOMAIN = "[A-Za-z0-9][A-Za-z0-9_.:-]*"

BOUNDS: dict[str, dict[str, Any]] = {
    "Name": {"maxLength": MOST_NAME_CHARACTERS},
    "Url": {
        "maxLength": MOST_URL_BYTES,
        "pattern": f"^[A-Za-z][A-Za-z0-9+.-]*://{_HOST}(:[0-9]{{1,5}})?([/?#][!-~]*)?$",
    },
    "Domain": {"pattern": f"^{_DOMAIN}(, *{_DOMAIN}){{0,{MOST_DOMAINS - 1}}}$"},
    "Props": {
        "maxProperties": MOST_PROPS,
        "propertyNames": {"maxLength": MOST_PROP_KEY_BYTES},
        "additionalProperties": {"type": ["string", "number", "boolean"], "maxLength": MOST_PROP_VALUE_BYTES},
    },
    "ScrollDepth": {"minimum": 0, "maximum": FULL_SCROLL},
    "Engaged": {"minimum": 0, "maximum": THIRTY_DAYS},
    "ScreenWidth": {"minimum": 0, "maximum": MOST_SCREEN_PIXELS},
}
"""The bounds of a beacon's fields, by the title of the field's schema."""


def openapi_document() -> dict[str, Any]:
    """Give the document that ``GET /openapi.json`` answers with; it stays the same while a process runs."""
    document: dict[str, Any] = orjson.loads((files("ingest") / "openapi.json").read_bytes())
    document["info"]["version"] = version("footfall")
    for title, bounds in BOUNDS.items():
        document["components"]["schemas"][title] |= bounds
    return document


@cache
def openapi_bytes() -> bytes:
    """Give the document as it is sent."""
    return orjson.dumps(openapi_document())
