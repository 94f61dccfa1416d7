"""The opt-out for a site's own privacy policy: the script that the build made, with the texts put in."""

from functools import cache
from importlib.resources import files

import orjson

from ingest.pages.catalogues import catalogues

TEXTS = b"FOOTFALL_TEXTS"
"""The name that stands in the script for the texts by language code."""


@cache
def opt_out_script() -> bytes:
    """Give ``/privacy/opt-out.js``, the same bytes for everybody."""
    texts = orjson.dumps({code: each["snippet"] for code, each in catalogues().items()})
    return (files("ingest") / "static" / "opt-out.js").read_bytes().replace(TEXTS, texts)
