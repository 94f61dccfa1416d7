"""Names of countries, from the list that comes with the time zone database (iso3166.tab)."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files


def country_name(code: str) -> str:
    """Give a country's English name, or the code itself if it has none.

    >>> country_name("DE")
    'Germany'
    """
    return _names().get(code, code)


@cache
def _names() -> Mapping[str, str]:
    text = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text(encoding="utf-8")
    lines = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {code: name for code, name, *_rest in lines}
