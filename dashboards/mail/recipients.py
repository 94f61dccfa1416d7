"""Who gets the reports of a site by e-mail. All calls block: a coroutine uses a thread.

An address is kept for as long as it is subscribed. A recipient is a partition of its own table, which is
dropped with it; the access record names a recipient by its number alone.
"""

import re
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from core.errors import AccountError, RecipientError
from core.sites import Site
from core.sql import sql
from core.store import Store, encode_rows
from core.write_down import WriteDown, write_nothing
from dashboards.people.accounts import canonical_email
from dashboards.people.tokens import new_token
from dashboards.permissions import NOTHING, Permission, Standing

CONFIRM_WITHIN = timedelta(days=7)
"""An address that nobody has confirmed by then is forgotten."""

MOST_RECIPIENTS = 30
"""How many a site may have: reports are for colleagues, and confirmations must not become a way to send spam."""

_ADDRESS = re.compile(r"[!-?A-~]+@[!-?A-~]+")  # not every mail server takes letters outside ASCII (RFC 6531)
_COLUMNS = (
    *("recipient", "site", "email", "rhythm", "language", "token", "added", "confirmed", "account", "version"),
)


class Rhythm(StrEnum):
    """How often a report comes."""

    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Recipient:
    """An address and what it gets. ``confirmed`` is None until its owner has said yes.

    ``has_account``: the address logs in here and may see the site, and goes when it may no more.
    """

    number: int
    site: int
    email: str = field(repr=False)
    rhythm: Rhythm
    language: str
    token: str = field(repr=False)
    added: datetime
    confirmed: datetime | None
    has_account: bool

    @property
    def label(self) -> str:
        """What stands for the recipient where no address may be: in the access record and in the log."""
        return f"{self.rhythm}ly, recipient {self.number:016x}"


def list_recipients(store: Store, site: Site | None = None) -> list[Recipient]:
    """Give the recipients of a site, or of all, in the order in which they were added. Raises StoreError."""
    numbers = [] if site is None else [site.number]
    rows = store.rows(sql("dashboards", "list_recipients"), {"sites": numbers})
    return [_recipient(*row) for row in rows]


def find_by_token(store: Store, token: str) -> Recipient | None:
    """Give the recipient whose mails' links have this token. Raises StoreError."""
    rows = store.rows(sql("dashboards", "find_recipient"), {"token": token})
    return _recipient(*rows[0]) if rows else None


def check_address(text: str) -> str:
    """Give an address as it is kept. Raises RecipientError for one that cannot get e-mails."""
    try:
        email = canonical_email(text)
    except AccountError as error:
        raise RecipientError(error.template, **error.values) from None
    if not _ADDRESS.fullmatch(email):
        raise RecipientError(
            "Not every mail server accepts this address. Use one with only the letters a to z, digits and symbols."
        )
    return email


def add_recipient(
    store: Store,
    site: Site,
    email: str,
    rhythm: Rhythm,
    language: str,
    now: datetime,
    write_down: WriteDown[Recipient] = write_nothing,
    *,
    has_account: bool,
) -> Recipient:
    """Add an address, not confirmed yet.

    Raises RecipientError if it gets this report already, waits for its confirmation, or is one too many.
    """
    name = check_address(email)
    known = list_recipients(store, site)
    same = next((each for each in known if (each.email, each.rhythm) == (name, rhythm)), None)
    if same is not None:
        if same.confirmed is None:
            raise RecipientError("%(email)s has not confirmed yet.", email=name)
        raise RecipientError("%(email)s already gets this report.", email=name)
    if len(known) >= MOST_RECIPIENTS:
        raise RecipientError(
            "A site can have at most %(most)s recipients. Remove one, or use a mailing list.", most=MOST_RECIPIENTS
        )
    number, token = secrets.randbits(63), new_token()
    added = Recipient(number, site.number, name, rhythm, language, token, now, None, has_account)
    write_down(added)
    _write(store, added, now)
    return added


def confirm_recipient(store: Store, recipient: Recipient, now: datetime) -> Recipient:
    """Let a recipient get reports, from the first week or month that ends after ``now``. Raises StoreError."""
    confirmed = replace(recipient, confirmed=recipient.confirmed or now)
    _write(store, confirmed, now)
    return confirmed


def remove_recipient(store: Store, recipient: Recipient) -> None:
    """Forget an address. Raises StoreError."""
    store.run(f"ALTER TABLE mail_recipients DROP PARTITION {recipient.number:d}")


def may_see(standings: Mapping[str, Standing], email: str, site: int) -> bool:
    """Tell whether an address is that of an account which may see a site's reports."""
    return standings.get(email, NOTHING).may(Permission.SEE, site)


def is_outdated(
    recipient: Recipient, sites: Collection[int], standings: Mapping[str, Standing], now: datetime
) -> bool:
    """Tell whether there is no reason left to keep an address.

    Its site is gone; its account, or that account's right to see the site; or nobody confirmed it in time.
    """
    return (
        recipient.site not in sites
        or (recipient.has_account and not may_see(standings, recipient.email, recipient.site))
        or (recipient.confirmed is None and recipient.added + CONFIRM_WITHIN <= now)
    )


def _recipient(
    number: int,
    site: int,
    email: str,
    rhythm: str,
    language: str,
    token: str,
    added: str,
    confirmed: str | None,
    account: bool,
) -> Recipient:
    since = None if confirmed is None else datetime.fromisoformat(confirmed)
    at = datetime.fromisoformat(added)
    return Recipient(number, site, email, Rhythm(rhythm), language, token, at, since, account)


def _write(store: Store, each: Recipient, now: datetime) -> None:
    row = (each.number, each.site, each.email, each.rhythm, each.language, each.token, each.added, each.confirmed)
    version = int(now.timestamp() * 1_000_000)
    store.insert("mail_recipients", _COLUMNS, encode_rows([(*row, each.has_account, version)]))
