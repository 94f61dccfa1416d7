"""The products that a user agent names, such as Chrome/120.0: no text of a row may hold one of them."""

import re
from functools import lru_cache

from ingest.bots import MOST_REMEMBERED

_PRODUCT = re.compile(r"[^/]{2,}/\S+")  # RFC 9110 section 10.1.5: product/version


class Products:
    """Reads user agents' products; remembers the latest ones, in memory only."""

    def __init__(self, *, remembered: int = MOST_REMEMBERED) -> None:
        self._remembered = lru_cache(maxsize=remembered)(_products)

    def of(self, user_agent: str) -> tuple[str, ...]:
        """Give a user agent's products with their versions."""
        return self._remembered(user_agent)

    def forget(self) -> None:
        """Forget the user agents that were read."""
        self._remembered.cache_clear()


def _products(user_agent: str) -> tuple[str, ...]:
    return tuple(part for part in user_agent.split() if _PRODUCT.fullmatch(part))
