"""Sites: added, found by any spelling of their domain, removed."""

from datetime import UTC, datetime, timedelta

import pytest

from core.errors import SiteError
from core.profiles import Profile
from core.sites import SiteRegistry, add_site, change_site, find_site, list_sites, remove_site, restore_site
from core.store import Store
from tests.fixtures.statements import SteppedStore

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def test_a_site_is_found_by_any_spelling(store: Store) -> None:
    """www., capitals and a final dot do not make another site."""
    added = add_site(store, "WWW.Example.com.", "Europe/Kyiv", NOW)
    assert added == find_site(store, "example.COM")
    assert (added.domain, added.timezone, added.created) == ("example.com", "Europe/Kyiv", NOW)
    assert list_sites(store) == [added]


@pytest.mark.parametrize(
    ("domain", "timezone", "message"),
    [
        ("example.com", "UTC", "has already been added"),
        ("https://", "UTC", "Write it like example.com"),
        ("exa mple.org", "UTC", "Write it like example.com"),
        ("", "UTC", "Write it like example.com"),
        ("example.org", "Mars/Olympus", "Write it like Europe/Berlin"),
        ("example.org", "right/UTC", "Write it like Europe/Berlin"),
        ("example.org", "../../etc/passwd", "Write it like Europe/Berlin"),
    ],
)
def test_what_cannot_be_a_site_is_refused_with_advice(
    store: Store, domain: str, timezone: str, message: str
) -> None:
    """A bad or known domain and an unknown time zone are refused, and the message says how to write it."""
    add_site(store, "example.com", "UTC", NOW)
    with pytest.raises(SiteError, match=message):
        add_site(store, domain, timezone, NOW)


def test_a_site_is_found_however_its_domain_is_written(store: Store) -> None:
    """A page's address and letters of any alphabet name a site, kept in ASCII and shown as people write it."""
    added = add_site(store, "https://www.Bücher.example/regal?x=1", "UTC", NOW)
    assert (added.domain, added.name) == ("xn--bcher-kva.example", "bücher.example")
    for written in ("bücher.example", "xn--bcher-kva.example", "http://bücher.example/y"):
        assert find_site(store, written) == added
        with pytest.raises(SiteError, match=r"bücher\.example has already been added"):
            add_site(store, written, "UTC", NOW)
    remove_site(store, "BÜCHER.example", NOW + timedelta(seconds=1))
    with pytest.raises(SiteError, match=r"There is no site bücher\.example"):
        find_site(store, "bücher.example")
    assert restore_site(store, "bücher.example", NOW + timedelta(seconds=2)) == added


def test_a_removed_site_is_gone_and_may_come_back(store: Store) -> None:
    """Removing ends the counting; the same domain may be added anew."""
    first = add_site(store, "example.com", "UTC", NOW)
    remove_site(store, "example.com", NOW + timedelta(seconds=1))
    with pytest.raises(SiteError, match=r"There is no site example\.com"):
        find_site(store, "example.com")
    again = add_site(store, "example.com", "UTC", NOW + timedelta(seconds=2))
    assert again.number != first.number


def test_the_registry_knows_what_the_store_knew_when_refreshed(store: Store) -> None:
    """A running process learns of a new site at its next look."""
    registry = SiteRegistry()
    site = add_site(store, "example.com", "UTC", NOW)
    before = registry.get("example.com")
    registry.refresh(store)
    assert (before, registry.get("example.com"), registry.all()) == (None, site, [site])


def test_a_site_has_a_profile_and_a_threshold_that_can_be_changed(store: Store) -> None:
    """What is not named stays; a new site is balanced and has the k of the settings."""
    plain = add_site(store, "example.com", "UTC", NOW)
    strict = add_site(store, "example.org", "UTC", NOW, Profile.STRICT, 100)
    assert [(site.profile, site.threshold) for site in (plain, strict)] == [("balanced", 0), ("strict", 100)]
    change_site(store, "example.com", NOW + timedelta(seconds=1), Profile.STRICT)
    change_site(store, "example.com", NOW + timedelta(seconds=2), threshold=5)
    change_site(store, "example.org", NOW + timedelta(seconds=1), Profile.BALANCED, 0)
    assert [(site.domain, site.profile, site.threshold) for site in list_sites(store)] == [
        ("example.com", "strict", 5),
        ("example.org", "balanced", 0),
    ]


@pytest.mark.parametrize("threshold", [-1, 1, 4, 101])
def test_a_threshold_below_5_or_above_100_is_refused(store: Store, threshold: int) -> None:
    """Whether a site is new or changed: nothing is stored, and the message names the bounds."""
    with pytest.raises(SiteError, match=f"The threshold cannot be {threshold}. Choose a number from 5 to 100"):
        add_site(store, "example.com", "UTC", NOW, threshold=threshold)
    site = add_site(store, "example.com", "UTC", NOW)
    with pytest.raises(SiteError, match="or 0 for the one in the settings"):
        change_site(store, "example.com", NOW + timedelta(seconds=1), threshold=threshold)
    assert list_sites(store) == [site]


def test_the_profile_dp_needs_its_library(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without OpenDP it is refused at once, not when the first day is to be closed."""
    monkeypatch.setattr("core.profiles.find_spec", lambda _name: None)
    with pytest.raises(SiteError, match="The dp profile needs OpenDP"):
        add_site(store, "example.com", "UTC", NOW, Profile.DP)


def test_a_site_added_while_another_thread_reads_the_sites_stays_known(store: Store) -> None:
    """Whoever read the sites before it was added, and is done only afterwards, does not take it back."""
    registry, told = SiteRegistry(), []

    def add_meanwhile(_number: int) -> None:
        told.append(add_site(store, "example.com", "UTC", NOW))
        registry.refresh(store)

    registry.refresh(SteppedStore(store, after=add_meanwhile))
    assert registry.all() == told
