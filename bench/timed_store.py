"""A store that notes how long each statement took."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from core.store import Parameters, Row, Store

_WORDS = 6


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that was run, by its file's name or its first words.

    ``ended`` is in seconds since the store was made; ``rows`` were answered or inserted (None: not known).
    """

    name: str
    seconds: float
    ended: float
    rows: int | None


class TimedStore:
    """Passes all on to a store, and notes it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._names = _names_by_title()
        self._begun = time.perf_counter()
        self.statements: list[Statement] = []

    @property
    def seconds(self) -> float:
        """The time of all statements so far; of those that ran at the same time, each one's."""
        return sum(statement.seconds for statement in self.statements)

    def rows(self, statement: str, parameters: Parameters | None = None) -> list[Row]:
        """Answer a SELECT. Raises StoreError."""
        begun = time.perf_counter()
        found = self._store.rows(statement, parameters)
        self._note(self._name(statement), begun, len(found))
        return found

    def columns(self, statement: str, parameters: Parameters | None = None) -> bytes:
        """Answer a SELECT as an Arrow stream. Raises StoreError."""
        begun = time.perf_counter()
        found = self._store.columns(statement, parameters)
        self._note(self._name(statement), begun, None)
        return found

    def run(self, statement: str, parameters: Parameters | None = None) -> None:
        """Run a statement that answers nothing. Raises StoreError."""
        begun = time.perf_counter()
        self._store.run(statement, parameters)
        self._note(self._name(statement), begun, None)

    def insert(self, table: str, columns: Sequence[str], rows: bytes, token: str = "") -> None:
        """Insert rows. Raises StoreError."""
        begun = time.perf_counter()
        self._store.insert(table, columns, rows, token)
        self._note(f"insert into {table}", begun, rows.count(b"\n") + 1 if rows else 0)

    def close(self) -> None:
        """Do nothing: the store belongs to who made it."""

    def _name(self, statement: str) -> str:
        return self._names.get(statement.split("\n", 1)[0]) or _first_words(statement)

    def _note(self, name: str, begun: float, rows: int | None) -> None:
        now = time.perf_counter()
        self.statements.append(Statement(name, now - begun, now - self._begun, rows))


def by_name(rounds: Sequence[Sequence[Statement]]) -> dict[str, list[Statement]]:
    """Give the statements of each name, added up in each round, in the first round's order."""
    found: dict[str, list[Statement]] = {}
    for statements in rounds:
        for name, one in _added_up(statements).items():
            found.setdefault(name, []).append(one)
    return found


def _added_up(statements: Sequence[Statement]) -> dict[str, Statement]:
    found: dict[str, Statement] = {}
    for one in statements:
        before = found.get(one.name, Statement(one.name, 0, 0, 0))
        rows = None if one.rows is None or before.rows is None else before.rows + one.rows
        found[one.name] = Statement(one.name, before.seconds + one.seconds, one.ended, rows)
    return found


def _names_by_title() -> dict[str, str]:
    """Give the statements' names by their first lines, which are comments; what follows may be put together."""
    names = dict[str, str]()
    for file in (files("aggregate") / "queries").iterdir():
        title = file.read_text(encoding="utf-8").split("\n", 1)[0]
        if title.startswith("--"):
            names[title] = file.name.removesuffix(".sql")
    return names


def _first_words(statement: str) -> str:
    code = (line for line in statement.splitlines() if not line.lstrip().startswith("--"))
    return " ".join(" ".join(code).split()[:_WORDS])
