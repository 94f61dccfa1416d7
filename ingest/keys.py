"""The day's keys: 32 random bytes for one site and one day, in memory only, destroyed at local midnight.

A key is derived from nothing. It lies in a 0600 file on tmpfs, so that a restart does not
count everyone twice and processes on one host share it; on any other file system it stays
in the process. There is never a fallback: no key, no token.
"""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

from core.clock import LocalDay, local_day
from core.errors import KeyStoreError
from core.key_names import KeyName
from core.sites import Site

KEY_BYTES = 32


class DayKeys:
    """The keys of the present day of every site.

    ``folder`` is on tmpfs, or None to keep the keys in this process alone.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._secrets: dict[KeyName, bytearray] = {}
        self._made: dict[KeyName, datetime] = {}
        # A shared lock on the file of each key that this process knows: the last one destroys it.
        self._held: dict[KeyName, int] = {}
        self._days: dict[int, tuple[LocalDay, KeyName]] = {}
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def day(self, site: Site, received: datetime) -> date:
        """Give the site's calendar day on which the hit falls."""
        return self._today(site, received)[0].day

    def secret(self, site: Site, received: datetime) -> bytes | bytearray | None:
        """Give the key of the site's day, making it at the day's first hit; None if none is to be had."""
        name = self._today(site, received)[1]
        known = self._secrets.get(name)
        if known is not None:
            return known
        try:
            self._secrets[name] = made = self._shared(name)
        except OSError:
            return None
        self._made[name] = received
        return made

    def destroy_expired(self, now: datetime) -> Iterator[KeyName]:
        """Destroy every key whose day is over, also those that a stopped process left.

        Yield each that is gone for good: one that another process still knows is yielded there.
        """
        for name in sorted(self._names(), key=lambda each: (each.expires, each.site)):
            if name.expires <= now and self._destroy(name):
                yield name

    def destroy_all(self) -> Iterator[KeyName]:
        """Destroy every key that no other process knows, whatever its day; yield each."""
        return self.destroy_expired(datetime.max.replace(tzinfo=UTC))

    def age(self, now: datetime) -> float:
        """Give the age in seconds of the oldest key that this process knows; 0 if it knows none."""
        return max(((now - made).total_seconds() for made in self._made.values()), default=0.0)

    def forget_all(self) -> list[KeyName]:
        """Forget every key after a reset; give those that were in this process alone, and are gone for good."""
        gone = list(self._secrets) if self._folder is None else []
        self.close()
        return gone

    def close(self) -> None:
        """Forget every key; those on tmpfs are there for the next process."""
        for name in list(self._secrets):
            self._forget(name)

    def _today(self, site: Site, received: datetime) -> tuple[LocalDay, KeyName]:
        known = self._days.get(site.number)
        if known is None or not known[0].holds(received):
            day = local_day(received, site.zone)
            known = self._days[site.number] = (day, KeyName(site.number, day.day, day.end))
        return known

    def _shared(self, name: KeyName) -> bytearray:
        """Make the key, or read the one that another process made first."""
        fresh = bytearray(secrets.token_bytes(KEY_BYTES))
        if self._folder is None:
            return fresh
        final = self._folder / name.file
        self._folder.mkdir(mode=0o700, exist_ok=True)
        draft = self._folder / f"{secrets.token_hex(8)}.draft"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(descriptor, fresh)
            try:
                os.link(draft, final)  # fails if the name is taken: the first process wins, whole
            except FileExistsError:
                fresh = _read_key(final)
            self._hold(name, final)
            return fresh
        finally:
            os.close(descriptor)
            draft.unlink()

    def _names(self) -> set[KeyName]:
        names = set(self._secrets)
        if self._folder is not None and self._folder.is_dir():  # a logout may have cleared /dev/shm
            names |= {name for file in self._folder.iterdir() if (name := KeyName.of_file(file.name))}
        return names

    def _hold(self, name: KeyName, file: Path) -> None:
        self._held[name] = os.open(file, os.O_RDONLY)
        fcntl.flock(self._held[name], fcntl.LOCK_SH)

    def _forget(self, name: KeyName) -> None:
        secret = self._secrets.pop(name, None)
        if secret is not None:
            secret[:] = bytes(KEY_BYTES)
        self._made.pop(name, None)
        held = self._held.pop(name, None)
        if held is not None:
            os.close(held)

    def _destroy(self, name: KeyName) -> bool:
        """Forget a key, and overwrite its file if no other process knows it; tell whether it is gone for good."""
        self._forget(name)
        if self._folder is None:
            return True
        file = self._folder / name.file
        try:
            content = file.open("r+b")
        except FileNotFoundError:  # another process was the last one
            return False
        with content:
            try:
                fcntl.flock(content, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:  # another process is
                return False
            content.write(bytes(KEY_BYTES))  # tmpfs writes in place: the pages hold zeros now
            file.unlink()
        return True


def overwrite_keys(folder: Path) -> int:
    """Overwrite and remove every key in a folder, whoever knows it and whatever its day; give how many.

    Only for a reset: the collectors that know one have to forget it then.
    """
    files = [file for file in folder.glob("*") if KeyName.of_file(file.name)]
    for file in files:
        with suppress(FileNotFoundError), file.open("r+b") as content:  # it may expire at this moment
            content.write(bytes(KEY_BYTES))
            content.flush()
            file.unlink()
    return len(files)


def _read_key(file: Path) -> bytearray:
    secret = bytearray(file.read_bytes())
    if len(secret) != KEY_BYTES:
        raise KeyStoreError(f"{file} is no key of {KEY_BYTES} bytes; remove it and start again.")
    return secret


class ImportKeys(DayKeys):
    """Keys for the past days of a log import: in this process, for the import's duration."""

    def __init__(self) -> None:
        super().__init__(folder=None)
