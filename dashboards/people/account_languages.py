"""The language that an account chose for its pages. All calls block; they raise StoreError."""

from datetime import datetime, timedelta

from core.errors import AccountError
from core.sql import sql
from core.store import Store, encode_rows
from dashboards.language import languages, message
from dashboards.people.tokens import version_of

AUTOMATIC = ""
"""As the browser asks."""
_REMEMBERED = timedelta(minutes=1)


def choose_language(store: Store, email: str, code: str, now: datetime) -> None:
    """Write an account's pages in a language, or AUTOMATIC. Raises AccountError for one that there is not."""
    if code != AUTOMATIC and code not in languages():
        raise AccountError(message("Choose a language from the list."))
    row = (email, code, version_of(now))
    store.insert("account_languages", ("email", "language", "version"), encode_rows([row]))


class ChosenLanguages:
    """Remembers for a minute what accounts chose, so that it is not read for every page."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, datetime]] = {}

    def of(self, store: Store, email: str, now: datetime) -> str:
        """Give an account's language, or AUTOMATIC."""
        language, until = self._known.get(email, (AUTOMATIC, now))
        if now >= until:
            rows = store.rows(sql("dashboards", "account_language"), {"email": email})
            language = str(rows[0][0]) if rows else AUTOMATIC
            self._known[email] = language, now + _REMEMBERED
        return language

    def forget(self, email: str) -> None:
        """Read an account's language anew: it chose another."""
        self._known.pop(email, None)
