"""Invitations: a link by which somebody makes their own account, once, within seven days.

The store has the link's hash, who is invited and what they will be. All calls block; they raise StoreError.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.sql import sql
from core.store import Store, encode_rows
from dashboards.people.roles import standing_of, stored_standing
from dashboards.people.tokens import hash_of, is_token, new_token, version_of
from dashboards.permissions import Standing

INVITE_LASTS = timedelta(days=7)
_COLUMNS = ("invite", "email", "role", "by_site", "inviter", "created", "expires", "ended", "version")


@dataclass(frozen=True, slots=True)
class Invite:
    """An invitation. ``invite`` is the hash of what is in its link."""

    invite: str
    email: str
    standing: Standing
    inviter: str
    created: datetime
    expires: datetime


def add_invite(store: Store, email: str, standing: Standing, inviter: str, now: datetime) -> str:
    """Invite somebody; give the token for the link. An invitation that the address had before is withdrawn."""
    end_invites(store, (each for each in open_invites(store, now) if each.email == email), now)
    token = new_token()
    _write(store, [Invite(hash_of(token), email, standing, inviter, now, now + INVITE_LASTS)], now, ended=False)
    return token


def open_invites(store: Store, now: datetime) -> list[Invite]:
    """Give the invitations that still hold, by address."""
    return [
        Invite(
            invite,
            email,
            standing_of(role, by_site),
            inviter,
            datetime.fromisoformat(created),
            datetime.fromisoformat(expires),
        )
        for invite, email, role, by_site, inviter, created, expires in store.rows(
            sql("dashboards", "open_invites"), {"now": int(now.timestamp() * 1_000)}
        )
    ]


def find_invite(store: Store, token: str, now: datetime) -> Invite | None:
    """Give the invitation of a link; None for one that does not hold."""
    if not is_token(token):
        return None
    return next((each for each in open_invites(store, now) if each.invite == hash_of(token)), None)


def end_invites(store: Store, invites: Iterable[Invite], now: datetime) -> None:
    """End invitations: they were accepted, or are withdrawn."""
    _write(store, invites, now, ended=True)


def withdraw_invites_by(store: Store, inviter: str, now: datetime) -> None:
    """Withdraw what somebody sent who may invite no longer: nobody comes in by it."""
    end_invites(store, (each for each in open_invites(store, now) if each.inviter == inviter), now)


def _write(store: Store, invites: Iterable[Invite], now: datetime, *, ended: bool) -> None:
    rows = [
        (
            each.invite,
            each.email,
            *stored_standing(each.standing),
            each.inviter,
            each.created,
            each.expires,
            ended,
            version_of(now),
        )
        for each in invites
    ]
    store.insert("invites", _COLUMNS, encode_rows(rows))
