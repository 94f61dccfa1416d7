"""The demo site's pages, served from an origin of their own."""

from importlib.resources import files

from aiohttp import web

DOMAIN = "demo.example"
PAGES = {
    "/": "index",
    "/pricing": "pricing",
    "/docs": "docs",
    "/app": "app",
    "/app/reports": "app",
    "/app/team": "app",
}
_COLLECTOR = "{{collector}}"
_NOT_FOUND = "not_found"

COLLECTOR_URL = web.AppKey("collector_url", str)


def demo_site(collector_url: str) -> web.Application:
    """Give an application that serves the demo pages; their tracker reports to the collector."""
    app = web.Application()
    app[COLLECTOR_URL] = collector_url.rstrip("/")
    app.router.add_get("/{path:.*}", _send_page)
    return app


async def _send_page(request: web.Request) -> web.Response:
    name = PAGES.get(request.path, _NOT_FOUND)
    frame, content = _read("frame"), _read(name)
    text = frame.replace("{{content}}", content).replace(_COLLECTOR, request.app[COLLECTOR_URL])
    return web.Response(
        text=text.replace("{{domain}}", DOMAIN),
        status=404 if name == _NOT_FOUND else 200,
        content_type="text/html",
    )


def _read(name: str) -> str:
    return (files("ingest.demo") / "pages" / f"{name}.html").read_text(encoding="utf-8")
