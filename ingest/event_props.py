"""The values that go with an event: texts, and for the trackers' own events addresses and paths.

Names are Plausible's, and so is the rule that an event of a page that states no path has the page's own.
"""

from collections.abc import Mapping

from ingest.url_hygiene import clean_link, clean_path, clean_text

EVENTS_WITH_URL = frozenset({"Outbound Link: Click", "Cloaked Link: Click", "File Download"})
EVENTS_WITH_PATH = frozenset({"404", "Form: Submission"})


def clean_props(event: str, props: Mapping[str, str], page: str) -> dict[str, str]:
    """Clean the values of an event, by its name; ``page`` is the cleaned page on which it happened."""
    cleaned = {clean_text(key): clean_text(value) for key, value in props.items()}
    if event in EVENTS_WITH_URL and "url" in props:
        cleaned["url"] = clean_link(props["url"])
    if event in EVENTS_WITH_PATH:
        cleaned["path"] = clean_path(props["path"]) if "path" in props else page
    return cleaned
