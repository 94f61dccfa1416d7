"""A token's rows, and taking them out of what a spool keeps."""

from datetime import date
from typing import NamedTuple

import orjson

from core.tallies import RECEIVED, STORED
from ingest.event import COLUMNS

_SITE, _DAY, _VISITOR = (COLUMNS.index(name) for name in ("site", "day", "visitor"))


class OneVisitor(NamedTuple):
    """Who counts as one visitor of a site's day: all rows of a token."""

    site: int
    day: date
    token: int

    @property
    def mark(self) -> bytes:
        """Give what each of the rows has in it, as the spool writes it; another may have it, too."""
        return b"%d" % self.token

    def __repr__(self) -> str:
        """Show nothing of whom it is."""
        return "OneVisitor(...)"


class Commit(NamedTuple):
    """What a commit in the spool holds: so many rows, one JSON array a line, and its tallies as JSON."""

    events: int
    rows: bytes
    tallies: bytes


def without(commit: Commit, visitor: OneVisitor) -> Commit:
    """Give a commit without a visitor's rows, as though they had never come: neither received nor stored."""
    lines = commit.rows.splitlines()
    kept = [line for line in lines if not _is_of(orjson.loads(line), visitor)]
    gone = len(lines) - len(kept)
    lowered = (visitor.site, visitor.day.isoformat())
    tallies = [
        (site, day, outcome, hits - gone * ((site, day) == lowered and outcome in {RECEIVED, STORED}))
        for site, day, outcome, hits in orjson.loads(commit.tallies)
    ]
    return Commit(len(kept), b"\n".join(kept), orjson.dumps([each for each in tallies if each[3]]))


def _is_of(row: list[object], visitor: OneVisitor) -> bool:
    return (row[_SITE], row[_DAY], row[_VISITOR]) == (visitor.site, visitor.day.isoformat(), visitor.token)
