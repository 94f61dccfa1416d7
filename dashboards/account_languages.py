"""The language that an account chose for its pages. Blocks; raises StoreError."""

from datetime import datetime

from core.errors import AccountError
from core.store import Store, encode_rows
from dashboards.language import languages, message
from dashboards.tokens import version_of

AUTOMATIC = ""
"""As the browser asks."""


def choose_language(store: Store, email: str, code: str, now: datetime) -> None:
    """Write an account's pages in a language, or AUTOMATIC. Raises AccountError for one that there is not."""
    if code != AUTOMATIC and code not in languages():
        raise AccountError(message("Choose a language from the list."))
    row = (email, code, version_of(now))
    store.insert("account_languages", ("email", "language", "version"), encode_rows([row]))
