"""The access record: who read which site's reports and when, and who changed sites, people and logins.

Each line is chained to the one before (``core.chains``). Who reads is named by the e-mail address
of the account, or on the command line by the name of the system's user; no address of a machine is in it.

A line is on disk before the report is handed over: no record, no report. Lines are kept for
``access_record_days`` and go by whole months. What the first line left is chained to stands in a
line of its own, the anchor, so that the chain can be verified from there.
"""

import os
import pwd
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from core.chains import Chain, NewLine, broken_links
from core.deletions import Deletion, DeletionRecord, Destroyed
from core.sites import NO_SITE
from core.sql import sql
from core.store import Store

_TABLE = "accesses"
_ITSELF = "footfall"
_ANY_SITE = NO_SITE


class Accessed(StrEnum):
    """What was done."""

    PAGE = "page"
    REPORT = "report"
    EXPORT = "export"
    LOGIN = "login"
    LOGOUT = "logout"
    SITE_ADDED = "site added"
    SITE_CHANGED = "site changed"
    SITE_REMOVED = "site removed"
    SITE_RESTORED = "site restored"
    GOAL_ADDED = "goal added"
    GOAL_REMOVED = "goal removed"
    PERSON_ADDED = "person added"
    PERSON_CHANGED = "password changed"
    PERSON_REMOVED = "person removed"
    PERSON_INVITED = "person invited"
    INVITE_WITHDRAWN = "invitation withdrawn"
    ROLE_CHANGED = "role changed"
    LANGUAGE_CHANGED = "language changed"
    SESSIONS_ENDED = "sessions ended"
    FACTOR_ADDED = "second factor added"
    FACTOR_REMOVED = "second factor removed"
    RECOVERY_USED = "recovery code used"
    RECOVERY_RENEWED = "recovery codes renewed"
    KEY_ADDED = "key added"
    KEY_REVOKED = "key revoked"
    LINK_ADDED = "link added"
    LINK_REVOKED = "link revoked"
    SITE_PUBLISHED = "dashboard made public"
    SITE_CLOSED = "dashboard made private"
    RECIPIENT_ADDED = "report recipient added"
    RECIPIENT_CONFIRMED = "report recipient confirmed"
    RECIPIENT_REMOVED = "report recipient removed"
    MAILED = "report mailed"
    RESET = "reset"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Access:
    """One access. ``site`` is 0 for all sites, or none; ``detail`` names the page, or whom it was about."""

    at: datetime
    who: str
    what: Accessed
    site: int = NO_SITE
    detail: str = ""


@dataclass(frozen=True, slots=True)
class AccessLine:
    """A line as it stands in the record; ``previous`` holds the hashes to which it is chained."""

    sequence: int
    at: datetime
    who: str
    site: int
    what: str
    detail: str
    previous: str
    hash: str

    @property
    def texts(self) -> tuple[str, ...]:
        """What it says, as it was hashed."""
        return _texts(self.at, self.who, self.site, self.what, self.detail)

    @property
    def title(self) -> str:
        """What it is about, for people."""
        return f"{self.what}, {self.at:%Y-%m-%d}"


class AccessRecord:
    """Appends to the record."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._chain = Chain(store, folder, _TABLE)

    def append(self, access: Access) -> None:
        """Write one line. Raises StoreError."""
        who, detail = _one_line(access.who), _one_line(access.detail)
        texts = _texts(access.at, who, access.site, access.what, detail)
        fields = {"at": access.at, "who": who, "site": access.site, "what": access.what, "detail": detail}
        self._chain.append(NewLine(texts, fields))


def system_user() -> str:
    """Name who runs a command: the name of the system's user, or the number where it has none."""
    try:
        return f"{pwd.getpwuid(os.getuid()).pw_name} (command line)"
    except KeyError:  # a container's user without a name
        return f"user {os.getuid()} (command line)"


def read_accesses(store: Store, site: int = _ANY_SITE) -> list[AccessLine]:
    """Give the record, or its lines of one site, in order. Raises StoreError."""
    return [
        AccessLine(sequence, datetime.fromisoformat(at), *rest)
        for sequence, at, *rest in store.rows(sql("core", "read_accesses"), {"site": site})
    ]


def broken_accesses(lines: Iterable[AccessLine]) -> Iterator[str]:
    """Say what is wrong with each line that was changed, or that another line misses; nothing if all is whole."""
    lines = list(lines)
    anchors = dict[str, int]()
    for line in lines:
        if line.what == Accessed.DROPPED:
            anchors |= _anchors(line.detail)
    return broken_links(lines, anchors)


def drop_old_accesses(
    store: Store, record: AccessRecord, deletions: DeletionRecord, keep: timedelta, now: datetime
) -> list[date]:
    """Drop every month whose last line is older than ``keep``; give the months.

    First comes the anchor, then the month, then the line in the deletion record: run again after it was cut
    off, it does what is left to do. Raises StoreError.
    """
    oldest = (now - keep).date()
    found = store.rows(sql("core", "access_months"), {"oldest": oldest})
    months = [date.fromisoformat(month) for (month,) in found]
    if not months:
        return []
    after = (months[-1] + timedelta(days=31)).replace(day=1)
    anchors = store.rows(sql("core", "access_anchors"), {"month": after})
    detail = " ".join(f"{sequence}:{each}" for sequence, each in anchors)
    record.append(Access(now, _ITSELF, Accessed.DROPPED, detail=detail))
    for month in months:
        store.run(f"ALTER TABLE {_TABLE} DROP PARTITION {month:%Y%m}")
        deletions.append(Deletion(now, Destroyed.ACCESSES, NO_SITE, month))
    return months


def _anchors(detail: str) -> dict[str, int]:
    pairs = (each.partition(":") for each in detail.split())
    return {own_hash: int(sequence) for sequence, _, own_hash in pairs}


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _texts(at: datetime, who: str, site: int, what: str, detail: str) -> tuple[str, ...]:
    return at.isoformat(timespec="milliseconds"), who, str(site), what, detail
