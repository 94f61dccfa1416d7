"""What a site's owner does not want counted: pages, and host names."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from core.errors import SiteError

MOST_EXCLUSIONS = 100
_MOST_CHARACTERS = 500
_HOSTNAME = re.compile(r"(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")
_WILDCARD = re.compile(r"(\*\*|\*)")


@dataclass(frozen=True)
class Exclusions:
    """Paths of pages and host names that are not counted.

    In a path ``*`` stands for anything but a slash and ``**`` for anything, as in Plausible's exclusions;
    ``*.example.dev`` stands for every name under it.
    """

    pages: tuple[str, ...] = ()
    hostnames: tuple[str, ...] = ()

    @classmethod
    def read(cls, pages: Iterable[str], hostnames: Iterable[str]) -> Self:
        """Read what people write, one a line; empty lines are nothing. Raises SiteError for what is none."""
        read = cls(_kept(map(_page, _lines(pages))), _kept(map(_hostname, _lines(hostnames))))
        if max(len(read.pages), len(read.hostnames)) > MOST_EXCLUSIONS:
            raise SiteError(
                "At most %(most)s pages and %(most)s host names can be excluded.", most=MOST_EXCLUSIONS
            )
        return read

    def excludes_page(self, path: str) -> bool:
        """Tell whether a page is not counted, by its path as it is kept."""
        return bool(self.pages) and self._pages.fullmatch(path) is not None

    @cached_property
    def _pages(self) -> re.Pattern[str]:
        return re.compile("|".join(map(_pattern, self.pages)))


NO_EXCLUSIONS = Exclusions()


def is_hostname_in(hostname: str, excluded: str) -> bool:
    """Tell whether a host name is the excluded one, or under it where that begins with ``*.``."""
    return hostname == excluded or (excluded.startswith("*.") and hostname.endswith(excluded[1:]))


def _lines(texts: Iterable[str]) -> Iterable[str]:
    return (line for line in (text.strip() for text in texts) if line)


def _kept(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))  # each once, in the order in which they were written


def _page(text: str) -> str:
    if not text.startswith("/") or len(text) > _MOST_CHARACTERS or not text.isprintable():
        raise SiteError(
            "%(text)s is not a page path. Write it like /admin/** or /preview.", text=text[:_MOST_CHARACTERS]
        )
    if "?" in text:
        raise SiteError(
            "%(text)s has a question mark. Paths are kept without it and what follows, so leave both out.",
            text=text,
        )
    return text


def _hostname(text: str) -> str:
    name = text.lower().removesuffix(".")
    if len(name) > _MOST_CHARACTERS or not _HOSTNAME.fullmatch(name):
        raise SiteError(
            "%(text)s is not a host name. Write it like staging.example.com.", text=text[:_MOST_CHARACTERS]
        )
    return name


def _pattern(page: str) -> str:
    wildcards = {"**": ".*", "*": "[^/]*"}
    return "".join(wildcards.get(part) or re.escape(part) for part in _WILDCARD.split(page))
