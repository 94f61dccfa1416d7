"""A copy of the site list on this machine: a collector starts with it while ClickHouse is away."""

import json
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from core.sites import Site

_FILE = "sites.json"


def keep_copy(sites: Iterable[Site], data: Path) -> None:
    """Write the copy, whole or not at all; one that says the same is left alone."""
    text = json.dumps(
        [[site.number, site.domain, site.timezone, site.created.isoformat()] for site in sites], indent=0
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
        return [
            Site(number, domain, timezone, datetime.fromisoformat(created), ZoneInfo(timezone))
            for number, domain, timezone, created in rows
        ]
    except (OSError, ValueError, KeyError):  # ZoneInfo: a zone that is gone is a KeyError
        return None
