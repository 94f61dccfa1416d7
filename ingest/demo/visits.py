"""One visit to the demo site: the pages that somebody opens, how long each is read, and what is done on it."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from ingest.beacon import ENGAGEMENT, PAGEVIEW
from ingest.demo.chances import weighted
from ingest.demo.origins import Origin
from ingest.demo.site import DOMAIN

Fields = dict[str, object]
"""A beacon as the tracker states it."""

_SHOP_HOST, _SHOP_PAGES = f"shop.{DOMAIN}", ("/shop", "/checkout")
_MISSING = ("/old-menu", "/blog/rye-bred", "/menu.html")


class Action(NamedTuple):
    """What is done on a page by a share of those who see it: an event, with one of these props."""

    share: float
    name: str
    props: tuple[dict[str, str], ...]


_LINKS = tuple(
    {"url": f"https://{address}"}
    for address in (
        "mills.example.org/rye",
        "mills.example.org/wheat",
        "recipes.example.com/",
        "maps.example.net/shop",
    )
)
_FILES = tuple(
    {"url": f"https://{DOMAIN}/files/{name}"} for name in ("price-list.pdf", "allergens.pdf", "recipes.zip")
)
_PLANS = tuple({"plan": plan} for plan in ("free", "free", "pro", "pro", "team"))
_PAYMENTS = tuple(
    {"payment": payment, "delivery": delivery}
    for payment in ("card", "card", "paypal", "invoice")
    for delivery in ("bicycle", "bicycle", "pick-up")
)
_ACTIONS = {
    "/pricing": Action(0.18, "Signup", _PLANS),
    "/checkout": Action(0.62, "Purchase", _PAYMENTS),
    "/docs": Action(0.16, "File Download", _FILES),
    "/docs/allergens": Action(0.30, "File Download", _FILES),
    "/about": Action(0.14, "Outbound Link: Click", _LINKS),
    "/blog/sourdough-in-a-week": Action(0.12, "Outbound Link: Click", _LINKS),
    "/blog/where-our-flour-comes-from": Action(0.22, "Outbound Link: Click", _LINKS),
}

_OFFERS = weighted(
    (("/pricing", 30), ("/shop", 34), ("/shop/country-loaf", 20), ("/shop/rye", 9), ("/shop/baguette", 7))
)
_READING = weighted(
    (
        ("/blog/sourdough-in-a-week", 34),
        ("/blog/where-our-flour-comes-from", 16),
        ("/blog/why-one-price", 14),
        ("/blog/the-oven", 11),
        ("/blog/bread-without-plastic", 8),
        ("/blog", 8),
        ("/docs", 5),
        ("/about", 4),
    )
)
_ENTRIES = {
    "home": weighted((("/", 74), ("/shop", 10), ("/app", 12), ("/pricing", 4))),
    "any": weighted(
        (("/", 40), ("/blog/sourdough-in-a-week", 16), ("/shop", 12), ("/docs/opening-hours", 10), ("/pricing", 8),
         ("/shop/country-loaf", 6), ("/docs/delivery", 4), ("/jobs", 2), ("/blog/the-oven", 2))
    ),
    "offer": _OFFERS,
    "reading": _READING,
    "launch": weighted((("/blog/why-one-price", 52), ("/", 38), ("/pricing", 10))),
}  # fmt: skip
_TO_SHOP = weighted(
    (
        ("/shop/country-loaf", 30),
        ("/shop/rye", 18),
        ("/shop/baguette", 16),
        ("/shop/brioche", 12),
        ("/checkout", 24),
    )
)
_ANYWHERE = weighted(
    (("/", 18), ("/shop", 22), ("/pricing", 18), ("/blog", 10), ("/docs", 10), ("/about", 8),
     ("/docs/delivery", 6), ("/docs/allergens", 4), ("/contact", 4))
)  # fmt: skip
_NEXT = {
    "/pricing": weighted((("/app", 34), ("/shop", 34), ("/docs", 14), ("/", 10), ("/contact", 8))),
    "/shop": _TO_SHOP,
    "/app": weighted((("/app/reports", 60), ("/app/team", 30), ("/", 10))),
    "/app/reports": weighted((("/app/team", 60), ("/app", 40))),
    "/blog": _READING,
}
_BROKEN_LINKS = 0.02
_GOES_ON, _GOES_ON_LATER, _MOST_PAGES = 0.52, 0.64, 9
_READING_SECONDS, _LOOKING_SECONDS = 95.0, 34.0


def visit_of(
    chance: random.Random, began: datetime, origin: Origin, width: int
) -> Iterator[tuple[datetime, Fields]]:
    """Yield what the tracker sends during a visit, and when; ``width`` is the screen's, in pixels."""
    at, page, tags = began, _ENTRIES[origin.leads_to].pick(chance), f"?{origin.tags}" if origin.tags else ""
    if chance.random() < _BROKEN_LINKS:
        page = chance.choice(_MISSING)
    for number in range(_MOST_PAGES):
        said: Fields = {"d": DOMAIN, "u": f"https://{_host(page)}{page}{tags}", "w": width}
        stay = min(900.0, 4 + chance.expovariate(1 / _seconds(page)))
        yield at, said | {"n": PAGEVIEW, "r": origin.referrer if number == 0 else ""}
        for event in _events(chance, page):
            yield at + timedelta(seconds=stay / 2), said | event
        at += timedelta(seconds=stay)
        yield at, said | {"n": ENGAGEMENT, **_engagement(chance, stay)}
        if chance.random() > (_GOES_ON_LATER if number else _GOES_ON):
            return
        page, tags = _NEXT.get(page, _TO_SHOP if page.startswith("/shop") else _ANYWHERE).pick(chance), ""


def _events(chance: random.Random, page: str) -> Iterator[Fields]:
    if page in _MISSING:
        yield {"n": "404"}
    action = _ACTIONS.get(page)
    if action is not None and chance.random() < action.share:
        yield {"n": action.name, "p": chance.choice(action.props)}


def _engagement(chance: random.Random, stay: float) -> Fields:
    """Give how long a page was in view and how far down; who leaves early has not seen its end."""
    in_view, hurry = stay * (0.6 + 0.38 * chance.random()), min(1.0, stay / 60)
    return {"e": int(1000 * in_view), "sd": int(20 + 80 * hurry * chance.random() ** 0.5)}


def _seconds(page: str) -> float:
    return _READING_SECONDS if page.startswith("/blog/") else _LOOKING_SECONDS


def _host(page: str) -> str:
    return _SHOP_HOST if page.startswith(_SHOP_PAGES) else DOMAIN
