"""The demo site's pages, served from an origin of their own."""

from html import escape
from importlib.resources import files

from aiohttp import web

DOMAIN = "demo.example"
PAGES = {
    "/": "index",
    "/pricing": "pricing",
    "/docs": "docs",
    "/checkout": "checkout",
    "/app": "app",
    "/app/reports": "app",
    "/app/team": "app",
}
TITLES = {
    "/shop": "The shelf",
    "/shop/country-loaf": "Country loaf",
    "/shop/rye": "Rye",
    "/shop/baguette": "Baguette",
    "/shop/brioche": "Brioche",
    "/blog": "Blog",
    "/blog/sourdough-in-a-week": "Sourdough in a week",
    "/blog/where-our-flour-comes-from": "Where our flour comes from",
    "/blog/why-one-price": "Why everything has one price",
    "/blog/the-oven": "The oven",
    "/blog/bread-without-plastic": "Bread without plastic",
    "/docs/delivery": "Delivery by bicycle",
    "/docs/allergens": "Allergens",
    "/docs/opening-hours": "Opening hours",
    "/about": "About the shop",
    "/contact": "Write to us",
    "/jobs": "Jobs",
}
"""The pages that have nothing on them but a title, and the way on."""

_NAMES = {"/": "Home", "/docs": "Docs", "/checkout": "Checkout"}
"""What links to the other pages are called."""

_COLLECTOR = "{{collector}}"
_NOT_FOUND, _TITLED = "not_found", "titled"

COLLECTOR_URL = web.AppKey("collector_url", str)


def demo_site(collector_url: str) -> web.Application:
    """Give an application that serves the demo pages; their tracker reports to the collector."""
    app = web.Application()
    app[COLLECTOR_URL] = collector_url.rstrip("/")
    app.router.add_get("/{path:.*}", _send_page)
    return app


async def _send_page(request: web.Request) -> web.Response:
    title = TITLES.get(request.path, "")
    name = _TITLED if title else PAGES.get(request.path, _NOT_FOUND)
    content = _read(name).replace("{{title}}", escape(title)).replace("{{links}}", _links(request.path))
    text = _read("frame").replace("{{content}}", content)
    return web.Response(
        text=text.replace(_COLLECTOR, request.app[COLLECTOR_URL]).replace("{{domain}}", DOMAIN),
        status=404 if name == _NOT_FOUND else 200,
        content_type="text/html",
    )


def _links(path: str) -> str:
    """Write the way on: to the pages below, else to the one above, and with bread to the checkout."""
    above = path.rpartition("/")[0]
    pages = [each for each in TITLES if each.startswith(f"{path}/")] or [above or "/"]
    pages += ["/checkout"] if above == "/shop" else []
    return "\n".join(f'<li><a href="{page}">{escape((TITLES | _NAMES)[page])}</a></li>' for page in pages)


def _read(name: str) -> str:
    return (files("ingest.demo") / "pages" / f"{name}.html").read_text(encoding="utf-8")
