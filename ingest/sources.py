"""Where a visit comes from: a tag in the page's address, else the referrer, becomes a named source.

Tags go before referrers, ``utm_source`` before ``source`` before ``ref``. Names and categories
stand in ``sources.toml``; a source that it does not know keeps the name it came with.
"""

import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from ingest.channels import Category, channel_of
from ingest.known_texts import KnownTexts
from ingest.remembered import Remembered
from ingest.url_hygiene import NO_UTM, REDACTED, Utm, clean_host, clean_path, clean_text

MOST_SOURCE_CHARACTERS = 100
MOST_REFERRER_CHARACTERS = 300
MOST_REMEMBERED = 10_000

APP = "app:"
ANY_COUNTRY = ".*"

# What a page may have as a referrer (Referrer Policy, section 8), and what Android states for a
# link tapped in an application (android-app://package); all else was not written by a browser.
_REFERRER = re.compile(r"(https?|android-app)://([^/?#\\]+)([^?#]*)", re.IGNORECASE)
_SECOND_LEVELS = frozenset({"co", "com", "net", "org"})
_COUNTRY_LETTERS = 2


class Source(NamedTuple):
    """Where a visit comes from: the name shown, the referrer as stored, the channel."""

    source: str
    referrer: str
    channel: str


DIRECT = Source("", "", "Direct")


class Known(NamedTuple):
    """A source by the name that is shown, and its category."""

    name: str
    category: Category = Category.OTHER


class SourceResolver:
    """Names sources by the table; remembers the latest hosts and tags, in memory only."""

    def __init__(self, *, remembered: int = MOST_REMEMBERED) -> None:
        self._hosts: dict[str, Known] = {}
        self._stems: dict[str, Known] = {}
        self._apps: dict[str, Known] = {}
        self._tags: dict[str, Known] = {}
        for known, entry in _table():
            if entry.startswith(APP):
                self._apps[entry.removeprefix(APP)] = known
            elif entry.endswith(ANY_COUNTRY):
                self._stems[entry.removesuffix(ANY_COUNTRY)] = known
            elif "." in entry:
                self._hosts[entry] = known
            else:
                self._tags[entry] = known
            self._tags.setdefault(known.name.lower(), known)
        self._hosts_as_stated = KnownTexts(clean_host, prefix="www.", remembered=remembered)
        self._resolved: Remembered[tuple[str, str, str] | None, Source] = Remembered(remembered)
        self._paths = KnownTexts(clean_path, remembered=remembered)
        self._by_host = lru_cache(maxsize=remembered)(self._find_host)
        self._by_tag = lru_cache(maxsize=remembered)(self._find_tag)

    def resolve(self, referrer: str, hostname: str, utm: Utm = NO_UTM, domain: str = "") -> Source:
        """Name a visit's source.

        A referrer on the page's own host, or on the site's domain or below it, is none.
        """
        if not referrer and utm is NO_UTM:
            return DIRECT
        key = (referrer, hostname, domain) if utm is NO_UTM else None
        known = self._resolved.get(key)
        if known is not None:
            return known
        source = self._resolve(referrer, hostname, utm, domain)
        # Remembered if nothing was taken out of it: no more is kept here than a row may hold.
        if key is not None and _bare(referrer) == source.referrer:
            self._resolved.keep(key, source)
        return source

    def _resolve(self, referrer: str, hostname: str, utm: Utm, domain: str) -> Source:
        found = _REFERRER.match(referrer.strip()) if referrer else None
        clean = self._hosts_as_stated.clean
        host = clean(found[2]) if found else ""
        if host and _is_internal(host, clean(hostname), clean(domain)):
            host = ""
        if not host and utm is NO_UTM:
            return DIRECT
        is_app = found is not None and found[1].lower() == "android-app"
        known = self._named(utm.source or utm.ref, host, is_app=is_app)
        channel = channel_of(known.name, known.category, utm.medium, utm.campaign, utm.click_id)
        path = found[3] if found and host and not is_app else ""
        return Source(known.name, self._with_path(host, path), channel)

    def _with_path(self, host: str, path: str) -> str:
        if host in {"", REDACTED} or path in {"", "/"}:
            return host
        room = MOST_REFERRER_CHARACTERS - len(host)
        cleaned = self._paths.clean(path) if len(path) < room else clean_path(path, room)
        return host if cleaned == "/" or len(cleaned) > room else host + cleaned

    def _named(self, tag: str, host: str, *, is_app: bool) -> Known:
        if tag:
            return self._by_tag(tag)
        if is_app:
            return self._apps.get(host, Known(host[:MOST_SOURCE_CHARACTERS]))
        return self._by_host(host)

    def _find_tag(self, tag: str) -> Known:
        text = clean_text(tag, MOST_SOURCE_CHARACTERS, keep_numbers=True)
        known = self._tags.get(text.lower())
        if known is None and "." in text:
            known = self._look_up(clean_host(text.rpartition("://")[2].partition("/")[0]))
        return known or Known(text)

    def _find_host(self, host: str) -> Known:
        return self._look_up(host) or Known(host[:MOST_SOURCE_CHARACTERS])

    def _look_up(self, host: str) -> Known | None:
        """Find a host or the longest domain above it that the table has."""
        labels = host.split(".")
        stem = labels[: -_ending(labels)] if _ending(labels) else []
        for start in range(len(labels)):
            known = self._hosts.get(".".join(labels[start:])) or self._stems.get(".".join(stem[start:]))
            if known is not None:
                return known
        return None


def _table() -> Iterator[tuple[Known, str]]:
    table = tomllib.loads((files("ingest") / "sources.toml").read_text(encoding="utf-8"))
    for category, sources in table.items():
        for name, entries in sources.items():
            for entry in entries:
                yield Known(name, Category(category)), entry


def _ending(labels: list[str]) -> int:
    """Count a host's last labels that stand for a country or .com: google.de 1, google.co.uk 2."""
    if len(labels[-1]) == _COUNTRY_LETTERS:
        return 2 if len(labels) > _COUNTRY_LETTERS and labels[-2] in _SECOND_LEVELS else 1
    return 1 if labels[-1] == "com" else 0


def _is_internal(host: str, page: str, domain: str) -> bool:
    return host in {page, domain} or bool(domain and host.endswith("." + domain))


def _bare(referrer: str) -> str:
    return referrer.removeprefix("https://").removeprefix("www.").removesuffix("/")
