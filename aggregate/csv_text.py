"""CSV (RFC 4180) whose texts were written by strangers: a spreadsheet that opens it runs none of them. Pure."""

import re
from collections.abc import Iterable, Sequence

_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 (full-width ones count)
"""With these a cell begins that a spreadsheet may run (OWASP, CSV injection)."""
_SEPARATES = re.compile(r'[,;\t"\r\n]')


def csv_of(columns: Sequence[str | None], rows: Iterable[Sequence[object]], line_end: str = "\r\n") -> str:
    """Write a heading and rows, texts of strangers first in each; none of them is a formula to a spreadsheet."""
    lines = [columns, *([_safe(value) for value in row] for row in rows)]
    return "".join(",".join(map(_field, line)) + line_end for line in lines)


def _safe(value: object) -> object:
    """Keep a spreadsheet from taking a visitor's text for a formula (CWE-1236); numbers stay numbers.

    An apostrophe goes before what looks like a formula, and before apostrophes that are followed by one: so
    whoever takes one away again has the text as it was.
    """
    is_formula = isinstance(value, str) and value.lstrip("'").startswith(_BEGINS_FORMULA)
    return f"'{value}" if is_formula else value


def _field(value: object) -> str:
    """Write a field, in quotes if it holds what separates fields, here or elsewhere.

    Python's own writer leaves ; and tab as they are. A German spreadsheet separates by ;, so that what follows one
    would be a cell of its own, and could be a formula.
    """
    text = "" if value is None else str(value)
    return '"{}"'.format(text.replace('"', '""')) if _SEPARATES.search(text) else text
