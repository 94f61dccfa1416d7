"""What the pages say, in each language, and which language a visitor reads."""

import tomllib
from collections.abc import Collection, Mapping
from functools import cache
from importlib.resources import files

from core.accepted_languages import preferred_languages

FALLBACK = "en"

Texts = Mapping[str, str]
"""One page's texts by key."""
Catalogue = Mapping[str, Texts]
"""One language: its own name under ``language``, and the texts by page."""


@cache
def catalogues() -> Mapping[str, dict[str, dict[str, str]]]:
    """Give all pages' texts by language code, in the order of the codes."""
    folder = files("ingest.pages") / "languages"
    found = {}
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        code, _, kind = file.name.partition(".")
        if kind == "toml":
            tables = tomllib.loads(file.read_text(encoding="utf-8"))
            name = tables.pop("language")
            found[code] = {**tables, "language": {"name": name}}
    return found


def language_of(stated: str, accepted: str, known: Collection[str]) -> str:
    """Give the code of the language to answer in.

    ``stated`` is what the visitor chose on a page, ``accepted`` the header Accept-Language (RFC 9110,
    section 12.5.4). Of a language its first part counts: ``de-AT`` reads German.
    """
    if stated in known:
        return stated
    for language in preferred_languages(accepted):
        if language in known:
            return language
    return FALLBACK
