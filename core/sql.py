"""SQL files, each named after the function that runs them."""

import re
from functools import cache
from importlib.resources import files

_INCLUDE = re.compile(r"<<(\w+)>>")


@cache
def sql(package: str, name: str) -> str:
    """Read ``<package>/queries/<name>.sql``.

    ``<<visit_events>>`` in it stands for the query of ``visit_events.sql`` in the same folder, in
    brackets: ClickHouse 24.10 cannot nest parameterized views, which would be the other way.

    >>> sql("core", "list_sites").startswith("SELECT")
    True
    """
    text = (files(package) / "queries" / f"{name}.sql").read_text(encoding="utf-8").strip()
    return _INCLUDE.sub(lambda found: f"(\n{sql(package, found[1])}\n)", text)
