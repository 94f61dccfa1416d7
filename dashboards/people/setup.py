"""The one-time set-up address: where the first account is made.

The token lives in this process's memory, is made only when there is no account, and opens
the page until it was used or an account came to be in another way.
"""

import asyncio
import secrets

import typer

from core.resets import RESETS_TABLE
from core.store import Store
from dashboards.people.accounts import list_accounts

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

    def renew(self) -> str | None:
        """Put another token in the place of the one that opens the page, if there is one; give the new path."""
        if self._token is not None:
            self._token = secrets.token_urlsafe(_TOKEN_BYTES)
        return self.path


def offer_setup(store: Store, setup: SetupToken) -> None:
    """Open the set-up page if the store has no account. Blocks; raises StoreError."""
    if not list_accounts(store):
        setup.put_back(secrets.token_urlsafe(_TOKEN_BYTES))


def renew_after_reset(setup: SetupToken, table: str) -> None:
    """Renew the set-up address, if a reset was written down, and print its path."""
    if table == RESETS_TABLE and (path := setup.renew()) is not None:
        typer.echo(f"The set-up address was renewed; it now ends in {path}")


async def announce_setup(is_prepared: asyncio.Event, setup: SetupToken, address: str) -> None:
    """Print the set-up address, if there is one once the store is prepared."""
    await is_prepared.wait()
    if setup.path is not None:
        typer.echo(f"No account yet. Create the first one here (the address works once): {address}{setup.path}")
