"""What the pages say, in each language, and which language a visitor reads."""

import tomllib
from collections.abc import Collection, Mapping
from functools import cache
from importlib.resources import files

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
    for language in _by_preference(accepted):
        if language in known:
            return language
    return FALLBACK


def _by_preference(accepted: str) -> list[str]:
    weighed = []
    for part in accepted.split(","):
        language, _, weight = part.partition(";")
        weighed.append((_weight(weight), language.strip().lower().partition("-")[0]))
    wanted = [pair for pair in weighed if pair[0] > 0]
    return [language for _, language in sorted(wanted, key=lambda pair: -pair[0])]  # of equal ones the first


def _weight(text: str) -> float:
    """Give a weight from 0 to 1; what is none, like a missing one, is 1."""
    name, _, value = text.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 1.0
