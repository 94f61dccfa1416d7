"""SQL files, each named after the function that runs them."""

import re
from functools import cache
from importlib.resources import files

_INCLUDE = re.compile(r"<<(\w+)>>")


@cache
def sql(package: str, name: str, parts: tuple[str, ...] = ()) -> str:
    """Read ``<package>/queries/<name>.sql``.

    ``<<visit_events>>`` in it stands for the query of ``visit_events.sql`` in the same folder, in
    brackets: ClickHouse 24.10 cannot nest parameterized views, which would be the other way.
    ``<<parts>>`` stands for the rows of all queries that ``parts`` names.

    >>> sql("core", "list_sites").startswith("SELECT")
    True
    """
    text = (files(package) / "queries" / f"{name}.sql").read_text(encoding="utf-8").strip()
    return _INCLUDE.sub(lambda found: f"(\n{_included(package, found[1], parts)}\n)", text)


def _included(package: str, name: str, parts: tuple[str, ...]) -> str:
    names = parts if name == "parts" else (name,)
    return "\n\nUNION ALL\n\n".join(sql(package, each) for each in names)
