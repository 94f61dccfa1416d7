"""Where we are, as seen from a browser: scheme and host."""

from collections.abc import Sequence
from functools import partial
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from aiohttp import web

from core.scheme import scheme_of
from core.settings import Settings


def public_origin(request: web.Request, settings: Settings) -> str:
    """Give the address by which browsers reach us, such as https://stats.example.com."""
    return settings.public_url or f"{_scheme_of(request, settings)}://{request.host}"


def is_secure(request: web.Request, settings: Settings) -> bool:
    """Tell whether the browser came by HTTPS, so that its cookies may insist on it."""
    if _scheme_of(request, settings) == "https":
        return True
    public = urlsplit(settings.public_url)
    return public.scheme == "https" and public.netloc == request.host


def own_hosts(request: web.Request, settings: Settings) -> set[str]:
    """Give the hosts from whose pages our forms may come."""
    return {request.host, urlsplit(settings.public_url).netloc} - {""}


def _scheme_of(request: web.Request, settings: Settings) -> str:
    return scheme_of(request, partial(_is_trusted, trusted=settings.trusted_proxies))


def _is_trusted(peer: str, trusted: Sequence[IPv4Network | IPv6Network]) -> bool:
    try:
        address = ip_address(peer.partition("%")[0])
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return any((mapped or address) in network for network in trusted)
