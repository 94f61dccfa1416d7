"""The one-time set-up address: where the first account is made.

The token lives in this process's memory, is made only when there is no account, and opens
the page until it was used or an account came to be in another way.
"""

import secrets

from core.store import Store
from dashboards.accounts import list_accounts

_TOKEN_BYTES = 24


class SetupToken:
    """Opens the set-up page once; without a token, never."""

    def __init__(self, token: str | None = None) -> None:
        self._token = token

    @property
    def path(self) -> str | None:
        """The path of the set-up page, or None when there is nothing to set up."""
        return None if self._token is None else f"/setup/{self._token}"

    def opens(self, stated: str) -> bool:
        """Tell whether this token opens the page now."""
        if self._token is None:
            return False
        return secrets.compare_digest(self._token.encode(), stated.encode(errors="replace"))

    def take(self) -> str | None:
        """Close the page and give the token, for ``put_back`` should the set-up fail."""
        token, self._token = self._token, None
        return token

    def put_back(self, token: str | None) -> None:
        """Open the page again."""
        self._token = token


def offer_setup(store: Store) -> SetupToken:
    """Make a token if the store has no account. Blocks; raises StoreError."""
    return SetupToken(None if list_accounts(store) else secrets.token_urlsafe(_TOKEN_BYTES))
