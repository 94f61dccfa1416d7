"""A copy of the site list on this machine: a collector starts with it while ClickHouse is away."""

import fcntl
import json
import os
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from core.sites import Site, SiteRegistry, site_of
from core.store import Store

_FILE = "sites.json"
_LOCK = "sites.lock"


class CopiedSites(SiteRegistry):
    """A registry that begins with the copy, keeps it, and looks into it for a domain that it does not know.

    The process that adds a site writes the copy before it says so: the others count for it at once.
    """

    def __init__(self, data: Path) -> None:
        self._path = data / _FILE
        self._looked_at = self._changed()
        super().__init__(read_copy(data), partial(keep_copy, data=data))

    def get(self, domain: str) -> Site | None:
        """Give the site of a canonical domain, or None."""
        site = super().get(domain)
        if site is None and (changed := self._changed()) != self._looked_at:
            self._looked_at = changed
            self.replace(read_copy(self._path.parent) or self.all())
            site = super().get(domain)
        return site

    def refresh(self, store: Store) -> None:
        """Read the sites from the store, and write the copy. Raises StoreError.

        One process at a time: one that had read before a site was added would take it out of the copy again.
        """
        with (self._path.parent / _LOCK).open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            super().refresh(store)

    def _changed(self) -> int:
        try:
            return self._path.stat().st_mtime_ns
        except OSError:
            return 0


def keep_copy(sites: Iterable[Site], data: Path) -> None:
    """Write the copy, whole or not at all; one that says the same is left alone."""
    text = json.dumps(
        [
            [
                *(site.number, site.domain, site.timezone, site.created.isoformat(), site.profile, site.threshold),
                *(site.exclusions.pages, site.exclusions.hostnames),
            ]
            for site in sites
        ],
        indent=0,
    )
    path = data / _FILE
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    draft = data / f"{_FILE}.{os.getpid()}"
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def read_copy(data: Path) -> list[Site] | None:
    """Read the copy; None if there is none that can be read."""
    try:
        rows = json.loads((data / _FILE).read_text(encoding="utf-8"))
        return [site_of(*row) for row in rows]  # a row of before there were profiles is shorter
    except (OSError, ValueError, KeyError, TypeError):  # a zone that is gone: KeyError; another shape: TypeError
        return None
