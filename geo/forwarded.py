"""Who may state a visitor's address: the peer itself, or proxies that the operator trusts.

A proxy appends the address it was called from, so the chain reads from the right: the
first address there that is no trusted proxy is the client's. What stands left of it was
written by the client and is worth nothing.
"""

import re
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network

from geo.network import Cut, Network, cut_address, read_address

TrustedProxies = Sequence[IPv4Network | IPv6Network]

# RFC 7239 section 4: forwarded-pairs parted by ";", elements by ",", a value is a token or quoted.
_FORWARDED_FOR = re.compile(r'(?:^|[;,])\s*for\s*=\s*(?:"([^"]*)"|([^;,\s]*))', re.IGNORECASE)


def client_network(
    peer: str, forwarded_for: Sequence[str], forwarded: Sequence[str], trusted: TrustedProxies, cut: Cut
) -> Network | None:
    """Give the network that a request came from, or None if nobody stated one.

    ``forwarded_for`` and ``forwarded`` are the values of the request's X-Forwarded-For and
    Forwarded headers (RFC 7239), in order. They count only when the peer is trusted; of the
    two, X-Forwarded-For holds, because a proxy that knows only that one passes on a forged
    Forwarded as it came. When every address in the chain is a trusted proxy's, the leftmost
    is the client's: a request of the operator's own.
    """
    if not trusted or not is_trusted(peer, trusted):
        return cut_address(peer, cut)
    chain = _addresses(forwarded_for) or _forwarded_addresses(forwarded)
    for text in reversed(chain):
        if not is_trusted(text, trusted):
            return cut_address(text, cut)
    return cut_address(chain[0] if chain else peer, cut)


def is_trusted(text: str, trusted: TrustedProxies) -> bool:
    """Tell whether an address is one of the trusted proxies'."""
    address = read_address(text)
    return address is not None and any(address in network for network in trusted)


def _addresses(values: Sequence[str]) -> list[str]:
    return [part.strip() for value in values for part in value.split(",") if part.strip()]


def _forwarded_addresses(values: Sequence[str]) -> list[str]:
    return [quoted or plain for value in values for quoted, plain in _FORWARDED_FOR.findall(value)]
