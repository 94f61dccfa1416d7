"""The values that go with an event: texts, and for the trackers' own events addresses and paths.

Names are Plausible's, and so is the rule that an event of a page that states no path has the page's own.
"""

import re
from collections.abc import Callable, Mapping

from ingest.url_hygiene import REDACTED, clean_path, clean_text

EVENTS_WITH_URL = frozenset({"Outbound Link: Click", "Cloaked Link: Click", "File Download"})
EVENTS_WITH_PATH = frozenset({"404", "Form: Submission"})

# What clean_text makes of a whole address.
_CLEAN_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://[^/?#\\\s]+(?:/[^?#]*)?")


def clean_props(event: str, props: Mapping[str, str], page: str) -> dict[str, str]:
    """Clean the values of an event, by its name; ``page`` is the cleaned page on which it happened."""
    cleaned: dict[str, str] = {}
    for stated, value in props.items():
        key = clean_text(stated)
        cleaned[key] = _cleaner(event, key)(value)
    if event in EVENTS_WITH_PATH:
        cleaned.setdefault("path", page)
    return cleaned


def clean_link(value: str) -> str:
    """Give where a link leads as a page is kept: host and path, without query, fragment and user.

    What is neither a whole address (https://…) nor a path of the site's own becomes ``:redacted``.
    """
    if value.startswith("/"):
        return clean_path(value)
    text = clean_text(value)
    return text if _CLEAN_ADDRESS.fullmatch(text) else REDACTED


def _cleaner(event: str, key: str) -> Callable[[str], str]:
    if key == "url" and event in EVENTS_WITH_URL:
        return clean_link
    if key == "path" and event in EVENTS_WITH_PATH:
        return clean_path
    return clean_text
