"""What of a page a script asks for: htmx swaps one region of it, and names which. Pure."""

from aiohttp import web

_VARY = "HX-Request, HX-Target"


def region_asked(request: web.Request) -> str:
    """Give the id of the region that is asked for; "" for the whole page.

    A whole page is also what htmx asks for when it has no copy of one that the reader goes back to.
    """
    headers = request.headers
    if headers.get("HX-Request") != "true" or headers.get("HX-History-Restore-Request") == "true":
        return ""
    return headers.get("HX-Target", "")


def by_region(response: web.Response) -> web.Response:
    """Keep caches from taking a region for the page, and send it compressed: a year's graph is long."""
    response.headers.add("Vary", _VARY)
    if response.body is not None:
        response.enable_compression()
    return response
