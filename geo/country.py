"""The country of a network, from a database in MaxMind's format."""

import shutil
import tempfile
import threading
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import maxminddb

from core.errors import CountryDatabaseError
from geo.network import Network

UNKNOWN = ""
MOST_REMEMBERED = 20_000  # networks, in memory only


def bundled_database() -> Path:
    """Give the path of the DB-IP Lite database that comes with Footfall (CC BY 4.0)."""
    return Path(str(files("geo") / "data" / "country.mmdb"))


class CountryDatabase:
    """A country database, read anew when its file changes.

    Knows two shapes of records: DB-IP's (``country_code``) and MaxMind's
    (``country.iso_code``).
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._reader, self._changed = _open(path), _modified(path)
        # A look-up takes 4 microseconds; most views come from few networks.
        self._remembered = lru_cache(maxsize=MOST_REMEMBERED)(self._look_up)

    def country(self, network: Network) -> str:
        """Give the ISO 3166-1 alpha-2 code of the network's first address; "" if unknown."""
        return self._remembered(network)

    def _look_up(self, network: Network) -> str:
        try:
            record = self._reader.get(network.first_address)
        except ValueError:  # IPv6, asked of a database that holds IPv4 alone
            return UNKNOWN
        if not isinstance(record, dict):
            return UNKNOWN
        code = record.get("country_code")
        if code is None:
            country = record.get("country")
            code = country.get("iso_code") if isinstance(country, dict) else None
        return code if isinstance(code, str) else UNKNOWN

    def forget(self) -> None:
        """Forget the networks that were looked up."""
        self._remembered.cache_clear()

    def refresh(self) -> bool:
        """Read the file anew if it changed; tell whether it did.

        Raises CountryDatabaseError for a file that cannot be read; the one at hand stays in use.
        """
        with self._lock:
            changed = _modified(self._path)
            if changed == self._changed:
                return False
            self._reader, self._changed = _open(self._path), changed
            self._remembered.cache_clear()
            return True


def _open(path: Path) -> maxminddb.Reader:
    try:
        return _open_copy(path)
    except FileNotFoundError:
        raise CountryDatabaseError(
            f"There is no country database at {path}. Set FOOTFALL_COUNTRY_DATABASE, or reinstall Footfall."
        ) from None
    except (OSError, maxminddb.InvalidDatabaseError):
        raise CountryDatabaseError(f"{path} is no country database in MaxMind's format (mmdb).") from None


def _open_copy(path: Path) -> maxminddb.Reader:
    """Open a copy that nobody else can write to: replacing the file under us can never tear a look-up.

    The reader in C, twenty times as fast as the one in Python, takes files alone, mapped into memory.
    """
    with tempfile.NamedTemporaryFile(suffix=".mmdb") as copy, path.open("rb") as original:
        shutil.copyfileobj(original, copy)
        copy.flush()
        return maxminddb.open_database(copy.name, maxminddb.MODE_AUTO)  # its pages stay once the name is gone


def _modified(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        raise CountryDatabaseError(f"The country database {path} is gone; put it back.") from None
    return status.st_mtime_ns, status.st_size
