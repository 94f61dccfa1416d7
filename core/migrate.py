"""Migrations: numbered SQL files, run in order, each recorded.

Every statement may run twice (IF NOT EXISTS), so a migration that was cut off is simply
run again; a released file is never edited, and its recorded hash notices if it was.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from importlib.resources import files

from core.errors import MigrationError
from core.store import Store, encode_rows

_RECORD = """CREATE TABLE IF NOT EXISTS migrations
(number UInt32, name String, hash String, done Bool, at DateTime64(3, 'UTC'))
ENGINE = ReplacingMergeTree(done) ORDER BY number"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered file."""

    number: int
    name: str
    text: str

    @property
    def hash(self) -> str:
        """SHA-256 of the file, in hexadecimal."""
        return sha256(self.text.encode()).hexdigest()

    @property
    def statements(self) -> list[str]:
        """The file's statements; each ends with a semicolon at the end of a line."""
        return [part.strip() for part in self.text.split(";\n") if part.strip()]


def migrations() -> Iterator[Migration]:
    """Yield all migrations in order."""
    folder = files("core") / "migrations"
    for entry in sorted(folder.iterdir(), key=lambda file: file.name):
        number, _, name = entry.name.removesuffix(".sql").partition("_")
        if entry.name.endswith(".sql"):
            yield Migration(int(number), name, entry.read_text(encoding="utf-8"))


def migrate(store: Store, now: datetime) -> list[str]:
    """Bring the store's tables up to this version; give the names of what was run.

    Safe to run twice and at any version. Raises MigrationError if a recorded file was
    edited, or if the store was made by a newer Footfall; StoreError.
    """
    store.run(_RECORD)
    recorded = {
        number: (file_hash, done)
        for number, file_hash, done in store.rows("SELECT number, hash, done FROM migrations FINAL")
    }
    known = list(migrations())
    _check(recorded, known)
    ran = []
    for migration in known:
        if recorded.get(migration.number, ("", False))[1]:
            continue
        _write(store, migration, now, done=False)
        for statement in migration.statements:
            store.run(statement)
        _write(store, migration, now, done=True)
        ran.append(f"{migration.number:04d}_{migration.name}")
    return ran


def in_words(ran: list[str]) -> list[str]:
    """Say what was run: one line for a store that was new, else one for each migration."""
    if len(ran) == len(list(migrations())):
        return ["made the store's tables"]
    return [f"migrated the store: {name}" for name in ran]


def _check(recorded: dict[int, tuple[str, bool]], known: list[Migration]) -> None:
    hashes = {migration.number: migration.hash for migration in known}
    for number, (file_hash, _done) in recorded.items():
        if number not in hashes:
            raise MigrationError(
                f"The store was made by a newer Footfall (migration {number}). Install that version or newer."
            )
        if hashes[number] != file_hash:
            raise MigrationError(
                f"Migration {number} is not the one that this store was made with. Reinstall Footfall unchanged."
            )


def _write(store: Store, migration: Migration, now: datetime, *, done: bool) -> None:
    row = (migration.number, migration.name, migration.hash, done, now)
    store.insert("migrations", ("number", "name", "hash", "done", "at"), encode_rows([row]))
