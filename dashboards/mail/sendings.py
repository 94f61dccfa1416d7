"""Each report once: what became of it is written down around the moment in which it goes out.

An attempt is begun in the store right before the e-mail's lines are sent, when the mail server has taken
sender and recipient, and its outcome is written down right after. Of several processes that begin the same
attempt one holds it: of two rows with one deduplication token ClickHouse keeps the first. Who is killed
between the two rows leaves an attempt without an outcome. Nobody knows whether that e-mail was taken, and it
is not sent again: a report comes once or, then, not at all. All calls block.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from uuid import uuid4

from core.sql import sql
from core.store import Store, encode_rows

BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 60, 180, 360, 720, 1_440))
"""How long after each attempt that failed for now the next one is made; after the last of them none is."""

UNCLEAR_AFTER = timedelta(hours=1)
"""An attempt without an outcome is no longer under way by then."""

_COLUMNS = ("recipient", "first", "attempt", "outcome", "holder", "at")


class Outcome(StrEnum):
    """What became of an attempt."""

    BEGUN = "begun"
    SENT = "sent"
    POSTPONED = "postponed"
    REFUSED = "refused"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Sending:
    """The newest attempt to send a recipient the report of the days from ``first`` on."""

    recipient: int
    first: date
    attempt: int
    outcome: Outcome
    at: datetime

    def is_due_again(self, now: datetime) -> bool:
        """Tell whether the report is to be tried once more."""
        if self.outcome is not Outcome.POSTPONED or self.attempt > len(BACKOFF):
            return False
        return self.at + BACKOFF[self.attempt - 1] <= now

    def is_left_behind(self, now: datetime) -> bool:
        """Tell whether whoever began it is gone."""
        return self.outcome is Outcome.BEGUN and self.at + UNCLEAR_AFTER <= now


Sendings = Mapping[int, list[Sending]]


def list_sendings(store: Store, recipients: Iterable[int]) -> Sendings:
    """Give for each recipient what became of its reports, the newest first. Raises StoreError."""
    rows = store.rows(sql("dashboards", "list_sendings"), {"recipients": list(recipients)})
    found: dict[int, list[Sending]] = {}
    for (recipient, first), attempts in groupby(rows, key=lambda row: (row[0], row[1])):
        _, _, attempt, outcome, _, at = next(attempts)
        newest = Sending(
            recipient, date.fromisoformat(first), attempt, Outcome(outcome), datetime.fromisoformat(at)
        )
        found.setdefault(recipient, []).append(newest)
    return found


def begin(store: Store, recipient: int, first: date, attempt: int, now: datetime) -> bool:
    """Begin an attempt; tell whether it is ours. Raises StoreError."""
    holder = uuid4().hex
    token = f"mail {recipient} {first} {attempt}"
    row = (recipient, first, attempt, Outcome.BEGUN, holder, now)
    store.insert("mail_sendings", _COLUMNS, encode_rows([row]), token)
    rows = store.rows(sql("dashboards", "list_sendings"), {"recipients": [recipient]})
    holders = [each[4] for each in rows if each[1:4] == [str(first), attempt, Outcome.BEGUN]]
    return holders == [holder]


def finish(store: Store, recipient: int, first: date, attempt: int, outcome: Outcome, now: datetime) -> None:
    """Write down what became of an attempt. Raises StoreError."""
    row = (recipient, first, attempt, outcome, "", now)
    store.insert("mail_sendings", _COLUMNS, encode_rows([row]))
