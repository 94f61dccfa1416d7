"""Fetching a site's home page, and nothing else: no other host, no private network, no more than a page.

Whoever may check a site names its domain, so that this must not become a way into the network that Footfall
runs in. Names are resolved once, each address is looked at, and the connection goes to that very address.
"""

import socket
from dataclasses import dataclass
from enum import Enum, auto
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

from aiohttp import ClientError, ClientResponse, ClientSession, ClientSSLError, ClientTimeout, TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from core.domains import canonical_domain

MOST_BYTES = 1024 * 1024  # of a page
_MOST_REDIRECTS = 5
_PATIENCE = ClientTimeout(total=10)  # seconds
_HEADERS = {
    "User-Agent": "Mozilla/5.0 (compatible; Footfall installation check)",
    "Accept": "text/html",
    "Accept-Encoding": "identity",  # so that no few bytes become many
}
_POLICY = "Content-Security-Policy"
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_HTTPS, _HTTP = "https", "http"
_NAT64 = IPv6Network("64:ff9b::/96")


class Obstacle(Enum):
    """Why a page could not be read."""

    NO_NAME = auto()
    PRIVATE = auto()
    NO_ANSWER = auto()
    CERTIFICATE = auto()
    ELSEWHERE = auto()
    STATUS = auto()
    NO_PAGE = auto()


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page as it came: the address at which it was, its text, the policies of its headers."""

    url: URL
    text: str
    policies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotFetched:
    """What was in the way, and what there is to say of it: a host, a status, a kind of file."""

    obstacle: Obstacle
    detail: str = ""


class _PrivateError(OSError):
    """A name that leads into a private network."""


class _PublicResolver(AbstractResolver):
    """Resolves names to public addresses. Raises OSError for a name that leads to any other."""

    def __init__(self, inner: AbstractResolver) -> None:
        self._inner = inner

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Give the addresses of a name."""
        found = await self._inner.resolve(host, port, family)
        if not all(is_public(each["host"]) for each in found):
            raise _PrivateError(host)
        return found

    async def close(self) -> None:
        """Let go of the resolver behind this one."""
        await self._inner.close()


async def fetch_home_page(
    domain: str, *, allow_private: bool = False, resolver: AbstractResolver | None = None
) -> Fetched | NotFetched:
    """Fetch the page at ``/`` of a registered domain, by HTTPS and, where that does not answer, by HTTP.

    ``allow_private`` is for development: then private addresses and the domain's own port are fetched, too.
    """
    if not allow_private and not _is_public_name(domain):
        return NotFetched(Obstacle.PRIVATE, domain)
    names = resolver or ThreadedResolver()
    connector = TCPConnector(resolver=names if allow_private else _PublicResolver(names), force_close=True)
    async with ClientSession(connector=connector, timeout=_PATIENCE, trust_env=False) as session:
        obstacles = []
        for scheme in (_HTTPS, _HTTP):
            found = await _follow(session, URL(f"{scheme}://{domain}/"), domain, allow_private=allow_private)
            if isinstance(found, Fetched) or found.obstacle not in {Obstacle.NO_ANSWER, Obstacle.CERTIFICATE}:
                return found
            obstacles.append(found)
        # A certificate that is not accepted says more than a port that is closed.
        return next((each for each in obstacles if each.obstacle is Obstacle.CERTIFICATE), obstacles[0])


def is_public(address: str) -> bool:
    """Tell whether an address is one of the public internet."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if not found.is_global or found.is_multicast:
        return False
    return isinstance(found, IPv4Address) or not _leads_to_ipv4(found)


def _leads_to_ipv4(address: IPv6Address) -> bool:
    """Tell whether an address stands for one of IPv4, which may be private whatever it looks like."""
    return bool(address.ipv4_mapped or address.sixtofour or address.teredo) or address in _NAT64


def _is_public_name(host: str) -> bool:
    """Tell whether a host may be asked for: no port of its own, and if it is an address, a public one."""
    if ":" in host:
        return False
    try:
        ip_address(host)
    except ValueError:
        return True
    return is_public(host)


async def _follow(session: ClientSession, url: URL, domain: str, *, allow_private: bool) -> Fetched | NotFetched:
    """Fetch a page, wherever on the same domain it is."""
    for _redirect in range(_MOST_REDIRECTS + 1):
        try:
            async with session.get(url, headers=_HEADERS, allow_redirects=False) as response:
                if response.status not in _REDIRECTS:
                    return await _read(response)
                url = url.join(URL(response.headers.get("Location", "")))
        except ClientSSLError:
            return NotFetched(Obstacle.CERTIFICATE, url.host or "")
        except (TimeoutError, ClientError, OSError, ValueError) as error:
            return NotFetched(_obstacle(error), url.host or "")
        if not _is_own(url, domain, allow_private=allow_private):
            return NotFetched(Obstacle.ELSEWHERE, url.host or "")
    return NotFetched(Obstacle.ELSEWHERE, url.host or "")


def _is_own(url: URL, domain: str, *, allow_private: bool) -> bool:
    """Tell whether an address is one of the domain, on the port of its scheme; www. is the same site."""
    if url.scheme not in {_HTTPS, _HTTP} or url.host is None or url.user or url.password:
        return False
    if allow_private:
        return canonical_domain(url.host) == canonical_domain(domain).partition(":")[0]
    return url.is_default_port() and canonical_domain(url.host) == canonical_domain(domain)


async def _read(response: ClientResponse) -> Fetched | NotFetched:
    if not response.ok:
        return NotFetched(Obstacle.STATUS, str(response.status))
    if response.content_type not in {"text/html", "application/xhtml+xml"}:
        return NotFetched(Obstacle.NO_PAGE, response.content_type)
    body = b""
    async for chunk in response.content.iter_chunked(MOST_BYTES // 16):
        body += chunk
        if len(body) >= MOST_BYTES:
            break
    text = body[:MOST_BYTES].decode(errors="replace")
    policies = ",".join(response.headers.getall(_POLICY, []))  # one header may hold several as well (CSP3, 2.2.2)
    return Fetched(response.url, text, tuple(filter(None, map(str.strip, policies.split(",")))))


def _obstacle(error: BaseException | None) -> Obstacle:
    """Give what an error comes of; aiohttp wraps that of the resolver."""
    while error is not None:
        if isinstance(error, _PrivateError):
            return Obstacle.PRIVATE
        if isinstance(error, socket.gaierror):
            return Obstacle.NO_NAME
        error = error.__cause__ or getattr(error, "os_error", None)
    return Obstacle.NO_ANSWER
