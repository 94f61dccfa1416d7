"""The country of a network."""

import os
import shutil
from pathlib import Path

import pytest

from core.errors import CountryDatabaseError
from geo.country import CountryDatabase, bundled_database
from geo.network import Cut, Network, cut_address


def _network(text: str) -> Network:
    network = cut_address(text, Cut())
    assert network is not None
    return network


@pytest.fixture(scope="module")
def database() -> CountryDatabase:
    """The DB-IP Lite database that the build brought."""
    return CountryDatabase(bundled_database())


@pytest.mark.parametrize(
    ("address", "country"),
    [("2.160.7.7", "DE"), ("90.0.9.9", "FR"), ("2a01:cb00:1:2::3", "FR"), ("192.0.2.1", ""), ("10.1.2.3", "")],
)
def test_a_network_has_its_country(database: CountryDatabase, address: str, country: str) -> None:
    """Well-known networks are in their countries, documentation and private ones in none."""
    assert database.country(_network(address)) == country


def test_a_replaced_file_is_read_anew(tmp_path: Path) -> None:
    """An operator may put a newer database in place while Footfall runs."""
    path = tmp_path / "country.mmdb"
    shutil.copy(bundled_database(), path)
    database = CountryDatabase(path)
    unchanged = database.refresh()
    os.utime(path, (1, 1))
    assert (unchanged, database.refresh(), database.refresh()) == (False, True, False)


def test_a_broken_replacement_leaves_the_old_one_in_use(tmp_path: Path) -> None:
    """A file that is no database is refused, and look-ups go on."""
    path = tmp_path / "country.mmdb"
    shutil.copy(bundled_database(), path)
    database = CountryDatabase(path)
    path.write_bytes(b"no database")
    with pytest.raises(CountryDatabaseError, match="no country database in MaxMind's format"):
        database.refresh()
    assert database.country(_network("2.160.7.7")) == "DE"


def test_a_missing_database_is_named_with_what_to_do(tmp_path: Path) -> None:
    """The start stops and says which setting to set."""
    with pytest.raises(CountryDatabaseError, match="Set FOOTFALL_COUNTRY_DATABASE"):
        CountryDatabase(tmp_path / "none.mmdb")
