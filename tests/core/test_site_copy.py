"""The copy of the site list with which a collector starts."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest

from core.exclusions import Exclusions
from core.profiles import Profile
from core.site_copy import CopiedSites, keep_copy, read_copy
from core.sites import add_site, find_site
from core.store import Store
from tests.fixtures.raw import site_in
from tests.fixtures.statements import SteppedStore

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def test_a_copy_holds_all_of_a_site(tmp_path: Path) -> None:
    """What is written is read again: profile, threshold and exclusions included."""
    exclusions = Exclusions(("/admin/**",), ("*.example.dev",))
    strict = replace(site_in(number=8), profile=Profile.STRICT, threshold=20, exclusions=exclusions)
    sites = [site_in("Europe/Kyiv"), strict]
    keep_copy(sites, tmp_path)
    assert read_copy(tmp_path) == sites


def test_a_copy_of_before_there_were_profiles_is_read(tmp_path: Path) -> None:
    """A collector that was updated starts with what the last version wrote."""
    site = site_in("Europe/Kyiv")
    rows = [[site.number, site.domain, site.timezone, site.created.isoformat()]]
    (tmp_path / "sites.json").write_text(json.dumps(rows))
    assert read_copy(tmp_path) == [site]


@pytest.mark.parametrize(
    "text", ["", "[", "[[1]]", '[[1, "a", "Mars/Olympus", "2026-05-01"]]', "[[1,2,3,4,5,6,7]]"]
)
def test_a_copy_that_cannot_be_read_is_none(tmp_path: Path, text: str) -> None:
    """What was cut off or is of another shape does not stop the start."""
    (tmp_path / "sites.json").write_text(text)
    assert read_copy(tmp_path) is None


def test_a_site_added_while_another_process_reads_the_sites_stays_in_the_copy(
    store: Store, tmp_path: Path
) -> None:
    """Whoever read the sites before it was added is done with the copy before the site comes into it."""
    slow, quick = CopiedSites(tmp_path), CopiedSites(tmp_path)

    def add() -> None:
        add_site(store, "example.com", "UTC", NOW)
        quick.refresh(store)

    adding = Thread(target=add)

    def add_meanwhile(_number: int) -> None:
        adding.start()
        adding.join(1)  # it is done by then, unless it has to wait

    slow.refresh(SteppedStore(store, after=add_meanwhile))
    adding.join(60)
    assert [site.domain for site in read_copy(tmp_path) or []] == ["example.com"]
    assert slow.get("example.com") == quick.get("example.com") == find_site(store, "example.com")
