"""Where the collector is, as seen from a browser."""

from functools import partial
from urllib.parse import urlsplit

from aiohttp import web

from core.domains import canonical_domain
from core.scheme import scheme_of
from geo.forwarded import is_trusted
from ingest.collector import Collector


def is_secure(collector: Collector, request: web.BaseRequest) -> bool:
    """Tell whether the browser came by HTTPS; a proxy says so if it is trusted, and so does public_url."""
    if scheme_of(request, partial(is_trusted, trusted=collector.trusted_proxies)) == "https":
        return True
    public = urlsplit(collector.public_url)
    return public.scheme == "https" and public.netloc == request.host


def comes_from_here(collector: Collector, request: web.BaseRequest) -> bool:
    """Tell whether the browser says that a form was sent from one of our own pages.

    Host and port are compared, for behind a proxy the scheme may be unknown. Browsers state the Origin of
    every form: a request without one does not come from a page.
    """
    try:
        stated = urlsplit(request.headers.get("Origin", "")).netloc
    except ValueError:
        return False
    return stated in {request.host, urlsplit(collector.public_url).netloc} - {""}


def comes_from_a_site(collector: Collector, request: web.BaseRequest) -> bool:
    """Tell whether the browser says that a page of a site that is counted here asks: at its domain or below it."""
    try:
        origin = urlsplit(request.headers.get("Origin", ""))
        host = canonical_domain(origin.hostname or "")
    except ValueError:
        return False
    labels = host.split(".")
    names = {canonical_domain(origin.netloc), *(".".join(labels[first:]) for first in range(len(labels)))}
    return any(collector.sites.get(name) is not None for name in names)
