"""The gate: one tuple of named functions between a hit and a finished event.

``drop_*`` may end a hit with a reason out of one enum, ``put_*`` adds to the event. They
are pure: what they know of the world is in ``Knowledge``, and nothing is written. Every
way in (event, pixel, log import) goes through this one gate.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import Protocol

from core.exclusions import is_hostname_in
from core.sites import Site
from geo.network import Network
from ingest.beacon import PAGEVIEW, Hit
from ingest.bots import BotDetector
from ingest.devices import DeviceParser
from ingest.event import Event
from ingest.event_props import EVENTS_WITH_PATH, clean_props
from ingest.keys import DayKeys
from ingest.known_texts import KnownTexts
from ingest.products import Products
from ingest.reasons import DropReason
from ingest.receipts import receipt_mark
from ingest.sources import SourceResolver
from ingest.tokens import visitor_token
from ingest.url_hygiene import NO_UTM, REDACTED, clean_hash, clean_host, clean_path, clean_text, utm_of

_STATED_TEXTS = (
    "name",
    "page",
    "referrer",
    "source",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_content",
    "utm_term",
)
_stated_texts: Callable[[Event], tuple[str, ...]] = attrgetter(*_STATED_TEXTS)
# The least width of a kind of screen, in CSS pixels; the names are Plausible's old ones.
_SCREENS = ((1440, "Desktop"), (992, "Laptop"), (576, "Tablet"), (1, "Mobile"))


class Countries(Protocol):
    """Gives the country of a network, and takes nothing but a network."""

    def country(self, network: Network) -> str:
        """Give the ISO 3166-1 alpha-2 code, or "" if it is unknown."""

    def forget(self) -> None:
        """Forget the networks that were looked up."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What the gate knows. ``excluded_hostnames`` may begin with ``*.`` for all names below."""

    keys: DayKeys
    countries: Countries
    bots: BotDetector
    devices: DeviceParser
    sources: SourceResolver
    excluded_hostnames: tuple[str, ...] = ()
    paths: KnownTexts = field(default_factory=partial(KnownTexts, clean_path))
    hosts: KnownTexts = field(default_factory=partial(KnownTexts, clean_host, prefix="www."))
    products: Products = field(default_factory=Products)


Step = Callable[[Hit, Event, Knowledge], DropReason | None]


def drop_opted_out(hit: Hit, _event: Event, _knowledge: Knowledge) -> DropReason | None:
    """The visitor said no. First, before anything is computed."""
    return DropReason.OPTED_OUT if hit.arrival.signals.opted_out else None


def drop_prefetch(hit: Hit, _event: Event, _knowledge: Knowledge) -> DropReason | None:
    """The browser fetched ahead; nobody has seen the page."""
    return DropReason.PREFETCH if hit.arrival.signals.prefetch else None


def drop_unknown_site(hit: Hit, _event: Event, _knowledge: Knowledge) -> DropReason | None:
    """No site of this domain is here."""
    return DropReason.UNKNOWN_SITE if hit.site is None else None


def drop_bot(hit: Hit, _event: Event, knowledge: Knowledge) -> DropReason | None:
    """A crawler, a script, a headless browser, or a user agent that no browser has."""
    return DropReason.BOT if knowledge.bots.is_bot(hit.arrival.user_agent) else None


def drop_excluded_hostname(hit: Hit, _event: Event, knowledge: Knowledge) -> DropReason | None:
    """The page is on a host that the operator or the site's owner excluded."""
    of_site = hit.site.exclusions.hostnames if hit.site is not None else ()
    if not knowledge.excluded_hostnames and not of_site:
        return None
    hostname = hit.beacon.url.hostname
    is_excluded = any(is_hostname_in(hostname, excluded) for excluded in (*knowledge.excluded_hostnames, *of_site))
    return DropReason.EXCLUDED_HOSTNAME if is_excluded else None


def put_country(hit: Hit, event: Event, knowledge: Knowledge) -> None:
    """The country of the cut address."""
    if hit.arrival.network is not None:
        event.country = knowledge.countries.country(hit.arrival.network)


def put_device(hit: Hit, event: Event, knowledge: Knowledge) -> None:
    """Browser, operating system and kind of device."""
    device = knowledge.devices.parse(hit.arrival.user_agent)
    event.browser, event.browser_version = device.browser, device.browser_version
    event.os, event.os_version = device.os, device.os_version
    event.device = device.device
    width = hit.beacon.screen_width
    if width:
        event.screen = next(name for least, name in _SCREENS if width >= least)


def put_source(hit: Hit, event: Event, knowledge: Knowledge) -> None:
    """Where the visitor came from: campaign tags, source, referrer, channel."""
    url = hit.beacon.url
    utm = utm_of(url.query)
    if utm is not NO_UTM:
        event.utm_source, event.utm_medium, event.utm_campaign = utm.source, utm.medium, utm.campaign
        event.utm_content, event.utm_term = utm.content, utm.term
    site_domain = hit.site.domain if hit.site is not None else ""
    found = knowledge.sources.resolve(hit.beacon.referrer, url.hostname, utm, site_domain)
    event.source, event.referrer, event.channel = found.source, found.referrer, found.channel


def put_page(hit: Hit, event: Event, knowledge: Knowledge) -> None:
    """The page, without its query and without what identifies."""
    beacon = hit.beacon
    event.hostname = knowledge.hosts.clean(beacon.url.hostname)
    event.page = knowledge.paths.clean(beacon.url.path)
    if beacon.hash_mode:
        event.page += clean_hash(beacon.url.fragment)


def drop_excluded_page(hit: Hit, event: Event, _knowledge: Knowledge) -> DropReason | None:
    """The page is one that the site's owner excluded, by its path as it is kept."""
    is_excluded = hit.site is not None and hit.site.exclusions.excludes_page(event.page)
    return DropReason.EXCLUDED_PAGE if is_excluded else None


def put_event(hit: Hit, event: Event, _knowledge: Knowledge) -> None:
    """What happened: the event's name, its props, and how far and long the page was looked at."""
    beacon = hit.beacon
    event.name = beacon.name if beacon.name == PAGEVIEW else clean_text(beacon.name)
    event.interactive = beacon.interactive
    event.scroll_depth, event.engaged = beacon.scroll_depth, beacon.engaged
    if beacon.props or event.name in EVENTS_WITH_PATH:
        event.props = clean_props(event.name, beacon.props, event.page)


def put_no_user_agent(hit: Hit, event: Event, knowledge: Knowledge) -> None:
    """No text that the page stated may carry the request's own user agent, or a product of it, into a row."""
    products = knowledge.products.of(hit.arrival.user_agent)
    stated = "\n".join(_stated_texts(event))
    if event.props:
        stated = "\n".join((stated, *event.props, *event.props.values()))
    for product in products:
        if product in stated:
            _redact(event, products)
            return


def _redact(event: Event, products: tuple[str, ...]) -> None:
    def holds(text: str) -> bool:
        return any(product in text for product in products)

    for column, text in zip(_STATED_TEXTS, _stated_texts(event), strict=True):
        if holds(text):
            setattr(event, column, "/" * text.startswith("/") + REDACTED)
    event.props = {key: REDACTED if holds(text) else text for key, text in event.props.items() if not holds(key)}


def put_token(hit: Hit, event: Event, knowledge: Knowledge) -> None:
    """The visitor's token, last; without a key or a network the view is counted with none."""
    if hit.site is None or hit.arrival.network is None:
        return
    secret = knowledge.keys.secret(hit.site, hit.arrival.received)
    if secret is not None:
        event.visitor = visitor_token(secret, hit.arrival.network, hit.arrival.user_agent)


def put_receipt(hit: Hit, event: Event, knowledge: Knowledge) -> None:
    """The mark of the receipt, of a visitor who asked for receipts; without a key there is none."""
    if hit.site is None or not hit.arrival.receipt:
        return
    secret = knowledge.keys.secret(hit.site, hit.arrival.received)
    if secret is not None:
        event.receipt = receipt_mark(secret, hit.arrival.receipt)


GATE: tuple[Step, ...] = (
    drop_opted_out,
    drop_prefetch,
    drop_unknown_site,
    drop_bot,
    drop_excluded_hostname,
    put_country,
    put_device,
    put_source,
    put_page,
    drop_excluded_page,
    put_event,
    put_no_user_agent,
    put_token,
    put_receipt,
)


def pass_gate(hit: Hit, knowledge: Knowledge) -> Event | DropReason:
    """Give the finished event of a hit, or why there is none."""
    event = _begin(hit.site, hit.arrival.received, knowledge.keys)
    for step in GATE:
        reason = step(hit, event, knowledge)
        if reason is not None:
            return reason
    return event


def _begin(site: Site | None, received: datetime, keys: DayKeys) -> Event:
    """Give an event that says only where and when; its day is the site's own."""
    if site is None:
        return Event(0, received.date(), received)
    return Event(site.number, keys.day(site, received), received)
