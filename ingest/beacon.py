"""What a beacon says and how it arrived: frozen values, made by ``ingest.parse`` alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from core.sites import Site
from geo.network import Network

PAGEVIEW = "pageview"
ENGAGEMENT = "engagement"


@dataclass(frozen=True, slots=True)
class PageUrl:
    """The page's address, taken apart; nothing is cleaned yet, so nothing of it is shown in a repr."""

    hostname: str
    path: str = field(repr=False)
    query: str = field(default="", repr=False)
    fragment: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Beacon:
    """One event as the page stated it.

    ``domains`` are canonical; ``engaged`` is in milliseconds, ``scroll_depth`` in percent;
    ``screen_width`` in CSS pixels, 0 if not stated.
    """

    name: str
    url: PageUrl
    domains: tuple[str, ...]
    referrer: str = field(default="", repr=False)
    props: Mapping[str, str] = field(default_factory=dict, repr=False)
    interactive: bool = True
    hash_mode: bool = False
    scroll_depth: int = 0
    engaged: int = 0
    screen_width: int = 0


@dataclass(frozen=True, slots=True)
class Signals:
    """What the request's headers say of the visitor's will and the browser's purpose."""

    opted_out: bool
    prefetch: bool


@dataclass(frozen=True, slots=True)
class Arrival:
    """When and from whom a beacon came. The user agent is in no repr, log or row."""

    received: datetime
    network: Network | None = field(repr=False)
    user_agent: str = field(repr=False)
    signals: Signals


@dataclass(frozen=True, slots=True)
class Hit:
    """One beacon for one site: what the gate looks at. ``site`` is None for an unknown domain."""

    site: Site | None
    beacon: Beacon
    arrival: Arrival
