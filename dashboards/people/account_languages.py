"""The language that an account chose for its pages. All calls block; they raise StoreError."""

from datetime import datetime

from core.errors import AccountError
from core.sql import sql
from core.store import Store, encode_rows
from core.write_down import WriteDown, write_nothing
from dashboards.language import languages, message
from dashboards.people.tokens import version_of

AUTOMATIC = ""
"""As the browser asks."""


def choose_language(
    store: Store, email: str, code: str, now: datetime, write_down: WriteDown[str] = write_nothing
) -> None:
    """Write an account's pages in a language, or AUTOMATIC. Raises AccountError for one that there is not.

    ``write_down`` is given the language's code.
    """
    if code != AUTOMATIC and code not in languages():
        raise AccountError(message("Choose a language from the list."))
    write_down(code)
    row = (email, code, version_of(now))
    store.insert("account_languages", ("email", "language", "version"), encode_rows([row]))


def chosen_language(store: Store, email: str) -> str:
    """Give the language that an account chose, or AUTOMATIC."""
    rows = store.rows(sql("dashboards", "account_language"), {"email": email})
    return str(rows[0][0]) if rows else AUTOMATIC
