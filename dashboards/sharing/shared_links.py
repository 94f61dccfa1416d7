"""Shared links: a site's reports for whoever has the link, to look at and nothing else.

A link may ask for a password. Who gave it gets a cookie that is made from the kept password's hash, so that
nothing more has to be stored, and every such cookie is void once the link is revoked. Without a password,
pages of named origins may show the link in a frame. All calls block; they raise StoreError.
"""

import hmac
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from core.errors import AccountError
from core.sql import sql
from core.store import Store, encode_rows
from core.write_down import WriteDown, write_nothing
from dashboards.language import message
from dashboards.people.last_uses import note_use
from dashboards.people.passwords import check_new_password, hash_password
from dashboards.people.tokens import hash_of, is_token, new_token, version_of

LEAST_LINK_PASSWORD = 8
MOST_NAME = 100
MOST_ORIGINS = 20
PASSED_LASTS = timedelta(days=30)
_COLUMNS = ("link", "site", "name", "password", "origins", "creator", "created", "revoked", "version")
_ORIGIN = re.compile(r"https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?")
_PASSED = re.compile(r"([0-9]{1,12})\.([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class SharedLink:
    """A link. ``link`` is the hash of its token; ``password`` is "" if none is asked; ``used`` is its last day."""

    link: str
    site: int
    name: str
    password: str = field(repr=False)
    origins: tuple[str, ...]
    creator: str
    created: datetime
    used: date

    @property
    def cookie(self) -> str:
        """The name of the cookie of who gave the password."""
        return f"footfall_link_{self.link[:16]}"


def add_link(
    store: Store,
    site: int,
    creator: str,
    now: datetime,
    name: str,
    password: str = "",
    origins: Sequence[str] = (),
    write_down: WriteDown[str] = write_nothing,
) -> str:
    """Make a shared link; give its token, which nothing else can tell later. Raises AccountError, StoreError.

    ``write_down`` is given the name.
    """
    name = name.strip()
    check_link_name(name, links_of(store, site))
    check_link_password(password)
    if password and origins:
        raise AccountError(message("A link can have a password or be embedded, but not both."))
    token = new_token()
    kept = hash_password(password) if password else ""
    row = (hash_of(token), site, name, kept, list(origins), creator, now, False, version_of(now))
    write_down(name)
    store.insert("shared_links", _COLUMNS, encode_rows([row]))
    return token


def check_link_name(name: str, links: Iterable[SharedLink]) -> None:
    """Raise AccountError for what is no name, or that of one of these links: a form sent twice makes one."""
    name = name.strip()
    if not 0 < len(name) <= MOST_NAME or not name.isprintable():
        raise AccountError(message("Enter a name of at most %(most)s characters."), most=MOST_NAME)
    if any(each.name == name for each in links):
        raise AccountError(
            message("There is already a link with this name. Choose another name, or revoke that link.")
        )


def check_link_password(password: str) -> None:
    """Raise AccountError for a password that is too short or too long; without one none is asked."""
    if password:
        check_new_password(password, LEAST_LINK_PASSWORD)


def read_origins(text: str) -> list[str]:
    """Read origins that are separated by spaces, commas or lines. Raises AccountError for a bad one.

    >>> read_origins("https://Example.com/, http://localhost:8080")
    ['https://example.com', 'http://localhost:8080']
    """
    origins = list(dict.fromkeys(each.lower().rstrip("/") for each in re.split(r"[\s,]+", text) if each))
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise AccountError(
                message(
                    "%(written)s is not a website address. Write it like https://www.example.com, without a path."
                ),
                written=origin[:100],
            )
    if len(origins) > MOST_ORIGINS:
        raise AccountError(
            message("A link can name at most %(most)s websites. Create a second link for others."),
            most=MOST_ORIGINS,
        )
    return origins


def links_of(store: Store, site: int) -> list[SharedLink]:
    """Give the links of a site that were not revoked, the newest first."""
    return [_link(*row) for row in store.rows(sql("dashboards", "links_of"), {"site": site})]


def find_link(store: Store, token: str, now: datetime) -> SharedLink | None:
    """Give the link of a token, and note the day; None for one that does not hold."""
    if not is_token(token):
        return None
    for row in store.rows(sql("dashboards", "find_link"), {"link": hash_of(token)}):
        link = _link(*row)
        note_use(store, link.link, link.used, now)
        return link
    return None


def revoke_link(
    store: Store, site: int, link: str, now: datetime, write_down: WriteDown[SharedLink] = write_nothing
) -> SharedLink | None:
    """Revoke a link of a site; give it, or None if the site has no such link."""
    for each in links_of(store, site):
        if each.link == link:
            write_down(each)
            row = (link, site, each.name, "", (), each.creator, each.created, True, version_of(now))
            store.insert("shared_links", _COLUMNS, encode_rows([row]))
            return each
    return None


def passed(link: SharedLink, now: datetime) -> str:
    """Give the cookie of who gave the link's password now."""
    until = str(int((now + PASSED_LASTS).timestamp()))
    return f"{until}.{_seal(link, until)}"


def has_passed(link: SharedLink, cookie: str, now: datetime) -> bool:
    """Tell whether a cookie is one that ``passed`` gave for this link, and not too long ago."""
    found = _PASSED.fullmatch(cookie)
    if found is None or int(found[1]) <= now.timestamp():
        return False
    return hmac.compare_digest(_seal(link, found[1]), found[2])


def _seal(link: SharedLink, until: str) -> str:
    return hmac.digest(link.password.encode(), f"{link.link} {until}".encode(), "sha256").hex()


def _link(
    link: str, site: int, name: str, password: str, origins: list[str], creator: str, created: str, used: str
) -> SharedLink:
    at, day = datetime.fromisoformat(created), date.fromisoformat(used)
    return SharedLink(link, site, name, password, tuple(origins), creator, at, day)
