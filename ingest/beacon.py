"""What a beacon says and how it arrived: frozen values, made by ``ingest.parse`` alone."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from core.sites import Site
from geo.network import Network
from ingest.receipts import NO_RECEIPT

PAGEVIEW = "pageview"
ENGAGEMENT = "engagement"
NO_PROPS: Mapping[str, str] = MappingProxyType({})

# Named tuples, because each hit makes five of these: a frozen dataclass takes 0.25 microseconds a
# field, a tuple 0.3 in all. Their texts come from outside or tell of a person, so no repr shows them.


class PageUrl(NamedTuple):
    """The page's address, taken apart; nothing is cleaned yet."""

    hostname: str
    path: str
    query: str = ""
    fragment: str = ""

    def __repr__(self) -> str:
        """Show nothing of it."""
        return "PageUrl(...)"


class Beacon(NamedTuple):
    """One event as the page stated it.

    ``domains`` are canonical; ``engaged`` is in milliseconds, ``scroll_depth`` in percent;
    ``screen_width`` in CSS pixels, 0 if not stated.
    """

    name: str
    url: PageUrl
    domains: tuple[str, ...]
    referrer: str = ""
    props: Mapping[str, str] = NO_PROPS
    interactive: bool = True
    hash_mode: bool = False
    scroll_depth: int = 0
    engaged: int = 0
    screen_width: int = 0

    def __repr__(self) -> str:
        """Show nothing of what was stated."""
        return "Beacon(...)"


class Signals(NamedTuple):
    """What the request's headers say of the visitor's will and the browser's purpose."""

    opted_out: bool
    prefetch: bool


NO_SIGNALS = Signals(opted_out=False, prefetch=False)


class Arrival(NamedTuple):
    """When and from whom a beacon came. The user agent and the receipt are in no repr, log or row."""

    received: datetime
    network: Network | None
    user_agent: str
    signals: Signals
    receipt: bytes = NO_RECEIPT

    def __repr__(self) -> str:
        """Show nothing of whom it came from."""
        return f"Arrival({self.received!r}, ...)"


class Hit(NamedTuple):
    """One beacon for one site: what the gate looks at. ``site`` is None for an unknown domain."""

    site: Site | None
    beacon: Beacon
    arrival: Arrival
