"""Where we are, as seen from a browser: scheme and host."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from aiohttp import web

from core.settings import Settings


def public_origin(request: web.Request, settings: Settings) -> str:
    """Give the address by which browsers reach us, such as https://stats.example.com."""
    return settings.public_url or f"{scheme_of(request, settings.trusted_proxies)}://{request.host}"


def is_secure(request: web.Request, settings: Settings) -> bool:
    """Tell whether the browser came by HTTPS, so that its cookies may insist on it."""
    if scheme_of(request, settings.trusted_proxies) == "https":
        return True
    public = urlsplit(settings.public_url)
    return public.scheme == "https" and public.netloc == request.host


def own_hosts(request: web.Request, settings: Settings) -> set[str]:
    """Give the hosts from whose pages our forms may come."""
    return {request.host, urlsplit(settings.public_url).netloc} - {""}


def scheme_of(request: web.Request, trusted: Sequence[IPv4Network | IPv6Network]) -> str:
    """Give the scheme that the browser used; a trusted proxy may state it (X-Forwarded-Proto)."""
    stated = request.headers.get("X-Forwarded-Proto", "").partition(",")[0].strip().lower()
    if stated in {"http", "https"} and _is_trusted(request.remote or "", trusted):
        return stated
    return request.scheme


def _is_trusted(peer: str, trusted: Sequence[IPv4Network | IPv6Network]) -> bool:
    try:
        address = ip_address(peer.partition("%")[0])
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return any((mapped or address) in network for network in trusted)
