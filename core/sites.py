"""Sites: a domain, the time zone in which its days begin, when it was added, how its days are published."""

import secrets
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

from core.domains import check_domain, domain_in_words, read_domain
from core.errors import SiteError
from core.exclusions import NO_EXCLUSIONS, Exclusions
from core.profiles import SETTINGS_THRESHOLD, Profile, check_profile, check_threshold
from core.sql import sql
from core.store import Store, encode_rows
from core.write_down import WriteDown, write_nothing

SITES_TABLE = "sites"
NO_SITE = 0
"""Where the ledger counts what names no known site."""

_MICROSECONDS = 1_000_000
_COLUMNS = (
    *("site", "domain", "timezone", "created", "profile", "threshold", "excluded_pages", "excluded_hostnames"),
    *("removed", "version"),
)


@dataclass(frozen=True, slots=True)
class Site:
    """A site that is counted. ``number`` stands for it in every table.

    ``threshold`` is its own k; 0: that of the settings.
    """

    number: int
    domain: str
    timezone: str
    created: datetime
    zone: ZoneInfo = field(repr=False, compare=False)
    profile: Profile = Profile.BALANCED
    threshold: int = SETTINGS_THRESHOLD
    exclusions: Exclusions = NO_EXCLUSIONS

    @property
    def name(self) -> str:
        """Its domain as people write it; ``domain`` is how it is kept, and how pages' trackers state it."""
        return domain_in_words(self.domain)


def add_site(
    store: Store,
    domain: str,
    timezone: str,
    now: datetime,
    profile: Profile = Profile.BALANCED,
    threshold: int = SETTINGS_THRESHOLD,
    write_down: WriteDown[Site] = write_nothing,
) -> Site:
    """Add a site.

    Raises SiteError for a bad or known domain, an unknown time zone, a profile or k that it cannot have.
    """
    check_profile(profile)
    check_threshold(threshold)
    name = check_domain(domain)
    zone = _zone(timezone)
    known = list_sites(store)
    if any(site.domain == name for site in known):
        raise SiteError("%(domain)s has already been added.", domain=domain_in_words(name))
    site = Site(_free_number(known), name, timezone, now, zone, profile, threshold)
    write_down(site)
    store.insert(SITES_TABLE, _COLUMNS, encode_rows([(*_stored(site), False, _version(now))]))
    return site


def change_site(
    store: Store,
    domain: str,
    now: datetime,
    profile: Profile | None = None,
    threshold: int | None = None,
    exclusions: Exclusions | None = None,
    write_down: WriteDown[Site] = write_nothing,
) -> Site:
    """Choose how the days that are closed from now on are published, and what is not counted; None stays.

    Raises SiteError if there is no such site, or for a profile or k that it cannot have.
    """
    site = find_site(store, domain)
    if profile is not None:
        check_profile(profile)
        site = replace(site, profile=profile)
    if threshold is not None:
        check_threshold(threshold)
        site = replace(site, threshold=threshold)
    if exclusions is not None:
        site = replace(site, exclusions=exclusions)
    write_down(site)
    store.insert(SITES_TABLE, _COLUMNS, encode_rows([(*_stored(site), False, _version(now))]))
    return site


def remove_site(store: Store, domain: str, now: datetime, write_down: WriteDown[Site] = write_nothing) -> Site:
    """Stop counting a site; until they are destroyed its reports stay. Raises SiteError if there is none."""
    site = find_site(store, domain)
    write_down(site)
    store.insert(SITES_TABLE, _COLUMNS, encode_rows([(*_stored(site), True, _version(now))]))
    return site


@dataclass(frozen=True, slots=True)
class RemovedSite:
    """A site that is no longer counted, and when it was removed."""

    site: Site
    removed: datetime


def removed_sites(store: Store) -> list[RemovedSite]:
    """Give the sites that were removed, the last one first. Raises StoreError."""
    return [
        RemovedSite(site_of(*row), datetime.fromtimestamp(version / _MICROSECONDS, UTC))
        for *row, version in store.rows(sql("core", "removed_sites"))
    ]


def restore_site(store: Store, domain: str, now: datetime, write_down: WriteDown[Site] = write_nothing) -> Site:
    """Count a removed site again, with the reports that it had: of several of that domain the last.

    Raises SiteError if none was removed, or the domain is counted as another site meanwhile.
    """
    name = read_domain(domain)
    if any(site.domain == name for site in list_sites(store)):
        raise SiteError(
            "%(domain)s is already being counted. Remove that site first.", domain=domain_in_words(name)
        )
    found = next((each.site for each in removed_sites(store) if each.site.domain == name), None)
    if found is None:
        raise SiteError(
            "There is no removed site %(domain)s to restore. Add it as a new site.", domain=domain_in_words(name)
        )
    write_down(found)
    store.insert(SITES_TABLE, _COLUMNS, encode_rows([(*_stored(found), False, _version(now))]))
    return found


def find_site(store: Store, domain: str) -> Site:
    """Give the site of a domain. Raises SiteError if there is none."""
    name = read_domain(domain)
    for site in list_sites(store):
        if site.domain == name:
            return site
    raise SiteError(
        "There is no site %(domain)s; `footfall site list` shows all sites, `footfall site add` adds one.",
        domain=domain_in_words(name),
    )


def list_sites(store: Store, *, with_removed: bool = False) -> list[Site]:
    """Give all sites, ordered by domain; with those that were removed, whose last days are still to be closed."""
    return [site_of(*row) for row in store.rows(sql("core", "list_sites"), {"removed": with_removed})]


def site_of(
    number: int,
    domain: str,
    timezone: str,
    created: str,
    profile: str = Profile.BALANCED,
    threshold: int = SETTINGS_THRESHOLD,
    excluded_pages: Sequence[str] = (),
    excluded_hostnames: Sequence[str] = (),
) -> Site:
    """Make a site of what is kept of it. Raises ValueError, KeyError for a zone that is gone."""
    at, zone = datetime.fromisoformat(created), ZoneInfo(timezone)
    exclusions = Exclusions(tuple(excluded_pages), tuple(excluded_hostnames))
    return Site(number, domain, timezone, at, zone, Profile(profile), threshold, exclusions)


class SiteRegistry:
    """The sites of a running process, looked up by domain for every beacon.

    The store is read on ``refresh`` only: when the process starts, when it adds a site,
    and every few seconds, since another process may add one.
    """

    def __init__(
        self, sites: Iterable[Site] | None = None, refreshed: Callable[[list[Site]], None] = lambda _sites: None
    ) -> None:
        self._lock = threading.Lock()
        self._refreshed = refreshed
        self._by_domain: dict[str, Site] = {}
        self._readings = 0
        self._taken = 0
        self.is_known = False
        """Whether the sites were read at all: until then nobody can say that a site is unknown."""
        if sites is not None:
            self.replace(sites)

    def replace(self, sites: Iterable[Site]) -> None:
        """Take these as all the sites there are."""
        with self._lock:
            self._take(sites)

    def refresh(self, store: Store) -> None:
        """Read the sites from the store. Raises StoreError.

        Threads may do so at once: what was read first never replaces what was read later, or a site
        that was added in between were unknown until the next time, and its views lost.
        """
        with self._lock:
            self._readings += 1
            reading = self._readings
        sites = list_sites(store)
        with self._lock:
            if reading < self._taken:
                return
            self._taken = reading
            self._take(sites)
            self._refreshed(sites)

    def refresh_after(self, store: Store, table: str) -> None:
        """Read the sites anew if it was their table that changed. Raises StoreError."""
        if table == SITES_TABLE:
            self.refresh(store)

    def get(self, domain: str) -> Site | None:
        """Give the site of a canonical domain, or None."""
        return self._by_domain.get(domain)

    def all(self) -> list[Site]:
        """Give all sites, ordered by domain."""
        return sorted(self._by_domain.values(), key=lambda site: site.domain)

    def _take(self, sites: Iterable[Site]) -> None:
        self._by_domain = {site.domain: site for site in sites}
        self.is_known = True


def _zone(name: str) -> ZoneInfo:
    # right/… and posix/… are files of the machine's own, which ClickHouse does not know.
    if name not in available_timezones() or name.startswith(("right/", "posix/")):
        raise SiteError("%(name)s is not a time zone. Write it like Europe/Berlin or UTC.", name=repr(name))
    return ZoneInfo(name)


def _free_number(known: list[Site]) -> int:
    taken = {site.number for site in known} | {NO_SITE}
    while (number := secrets.randbelow(2**32)) in taken:
        pass
    return number


def _stored(site: Site) -> tuple[object, ...]:
    publishing = site.profile.value, site.threshold
    excluded = site.exclusions.pages, site.exclusions.hostnames
    return site.number, site.domain, site.timezone, site.created, *publishing, *excluded


def _version(now: datetime) -> int:
    return int(now.timestamp() * _MICROSECONDS)
