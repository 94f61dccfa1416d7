"""The noticeboard: the privacy notice that a collector shows, and whether it may collect at all.

It may not begin while the store has a column of raw events that the notice does not explain. Should ClickHouse be
away at the start, the notice is made from what this version expects and collecting begins, for no row can reach
such a column before ClickHouse is back; then it is looked at, and collecting ends if it must. A column that is
added later is told of, in the log and in the notice, and collecting goes on: no row of this version fills it, and
a newer Footfall may be about to replace this one. The next start is refused.
"""

import logging
import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from core.errors import NoticeError, StoreError
from core.inventory import EVENTS
from core.live_columns import LiveColumns, expected_columns, live_columns, unexplained_columns
from core.notices import Content, Version, content_hash, newest_notice, publish_notice, read_versions
from core.settings import Settings
from core.sites import Site, list_sites
from core.store import Store
from ingest.notice import notice_content

_log = logging.getLogger("footfall.notice")


@dataclass(frozen=True, slots=True, eq=False)  # told apart as objects: pages are kept for each
class Notice:
    """The notice as it is now, with what it was made from. ``since``: when it was published, None if not yet."""

    content: Content
    hash: str
    sites: tuple[Site, ...]
    live: LiveColumns
    since: datetime | None = None


class Noticeboard:
    """Makes the notice, publishes each new version in the store, and knows the history."""

    def __init__(self, settings: Settings, sites: Iterable[Site] = ()) -> None:
        self.settings = settings
        self.trouble = ""
        """Why nothing may be collected now; "" if it may."""
        self.notice = self._made(tuple(sites), expected_columns())
        self.versions: tuple[Version, ...] | None = None
        """The history, newest first; None until it was read."""
        self._published: str | None = None
        self._has_passed, self._told = False, ""
        self._refreshing = threading.Lock()

    def begin(self, store: Store, now: datetime) -> None:
        """Refresh before anything is collected; a store that is away is no reason to wait.

        Raises NoticeError if the store has a column that the notice does not explain.
        """
        try:
            self.refresh(store, now)
        except StoreError as error:
            _log.warning("The privacy notice is made from what this version expects: %s", error)
        if self.trouble:
            raise NoticeError(self.trouble)

    def refresh(self, store: Store, now: datetime) -> None:
        """Look at the store's columns, make the notice anew and publish it if it is another. Raises StoreError."""
        with self._refreshing:
            live = live_columns(store)
            self._judge(live)
            if not live.get(EVENTS):  # no table yet: `collect` may be there before `serve` has made them
                return
            # The newest version first: whoever published it has seen no more sites than are read after it.
            newest = newest_notice(store)
            made = self._made(tuple(list_sites(store)), live)
            self._publish(store, made, newest, now)
            since = next((each.at for each in self.versions or () if each.hash == made.hash), None)
            if (made.hash, since) != (self.notice.hash, self.notice.since):
                self.notice = replace(made, since=since)

    def _publish(self, store: Store, made: Notice, newest: tuple[Version, str] | None, now: datetime) -> None:
        """Write the notice down at the start and when it changed, and read the history if it did.

        A newest version that differs from ours is of a collector with other settings: were it replaced whenever
        it is seen, the two would do so for ever.
        """
        is_new = made.hash != self._published and (newest is None or newest[0].hash != made.hash)
        if is_new:
            publish_notice(store, made.content, newest, now)
        self._published = made.hash
        known = self.versions[0].sequence if self.versions else None
        if is_new or newest is None or newest[0].sequence != known:
            self.versions = read_versions(store)

    def _judge(self, live: LiveColumns) -> None:
        found = column_trouble(live)
        if found and found != self._told:
            _log.error("%s", found)
        self._told = found
        self._has_passed = self._has_passed or not found
        self.trouble = "" if self._has_passed else found

    def _made(self, sites: tuple[Site, ...], live: LiveColumns) -> Notice:
        content = notice_content(self.settings, sites, live)
        return Notice(content, content_hash(content), sites, live)


def column_trouble(live: LiveColumns) -> str:
    """Say which stored columns of raw events the notice does not explain; "" if there are none."""
    raw = {table: names for table, names in live.items() if table == EVENTS or table.startswith("import_")}
    found = unexplained_columns(raw)
    if not found:
        return ""
    return (
        f"The privacy notice does not explain {', '.join(found)}, so nothing may be collected. "
        "Drop the column, or install a Footfall that knows it."
    )


def refuse_unexplained(store: Store) -> None:
    """Raise NoticeError if the store has a column of raw events that the notice does not explain; StoreError."""
    if trouble := column_trouble(live_columns(store)):
        raise NoticeError(trouble)
