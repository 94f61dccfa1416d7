"""The names of the day's keys: whose each is, and until when it may be used. Never what is in them."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from core.memory_folder import memory_folder
from core.settings import Settings

KEY_FOLDER = "keys"
"""Where in the memory folder the keys are."""

_SUFFIX = ".key"
_GRACE = timedelta(minutes=1)  # collectors look every five seconds; a busy machine takes longer


class KeyName(NamedTuple):
    """Whose key it is and until when it may be used (UTC)."""

    site: int
    day: date
    expires: datetime

    @property
    def file(self) -> str:
        """The name of the key's file: site, day and the second at which it expires."""
        return f"{self.site}_{self.day.isoformat()}_{int(self.expires.timestamp())}{_SUFFIX}"

    @classmethod
    def of_file(cls, name: str) -> "KeyName | None":
        """Read a file's name; None for a file that holds no key."""
        try:
            site, day, expires = name.removesuffix(_SUFFIX).split("_")
            return cls(int(site), date.fromisoformat(day), datetime.fromtimestamp(int(expires), UTC))
        except ValueError:
            return None


def keys_in_memory(settings: Settings) -> list[KeyName] | None:
    """Name the keys in this machine's memory folder; None if there is no tmpfs: processes keep their own.

    Raises KeyStoreError.
    """
    folder = memory_folder(settings.key_folder, settings.data)
    if folder is None:
        return None
    files = (folder / KEY_FOLDER).glob(f"*{_SUFFIX}")
    return sorted(name for file in files if (name := KeyName.of_file(file.name)))


def outlived(names: Iterable[KeyName], now: datetime) -> list[KeyName]:
    """Give the keys that are older than their day, by more than it takes to destroy them."""
    return [name for name in names if name.expires + _GRACE < now]
