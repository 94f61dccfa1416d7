"""Who may state a visitor's address: the peer itself, or proxies that the operator trusts.

A proxy appends the address it was called from, so the chain reads from the right: the
first address there that is no trusted proxy is the client's. What stands left of it was
written by the client and is worth nothing.
"""

import re
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network

from geo.network import Cut, Network, cut_address, cut_packed, read_address

# RFC 7239 section 4: forwarded-pairs parted by ";", elements by ",", a value is a token or quoted.
_FORWARDED_FOR = re.compile(r'(?:^|[;,])\s*for\s*=\s*(?:"([^"]*)"|([^;,\s]*))', re.IGNORECASE)


class TrustedProxies:
    """The networks of the proxies that the operator trusts."""

    def __init__(self, networks: Iterable[IPv4Network | IPv6Network] = ()) -> None:
        # Addresses as numbers: asking an IPv4Network takes five times as long, for every hit.
        self._spans = tuple(
            (len(network.network_address.packed), int(network.network_address), int(network.broadcast_address))
            for network in networks
        )

    def have(self, packed: bytes | None) -> bool:
        """Tell whether an address in network order is one of theirs. For ``geo`` alone."""
        if packed is None or not self._spans:
            return False
        length, number = len(packed), int.from_bytes(packed, "big")
        for of_length, first, last in self._spans:  # noqa: SIM110 (any() takes twice as long)
            if length == of_length and first <= number <= last:
                return True
        return False


NOBODY = TrustedProxies()


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
    if not trusted.have(read_address(peer)):
        return cut_address(peer, cut)
    chain = _addresses(forwarded_for) or _forwarded_addresses(forwarded)
    for text in reversed(chain):
        address = read_address(text)
        if not trusted.have(address):
            return cut_packed(address, cut)
    return cut_address(chain[0] if chain else peer, cut)


def is_trusted(peer: str, trusted: TrustedProxies) -> bool:
    """Tell whether a peer is a proxy that the operator trusts."""
    return trusted.have(read_address(peer))


def _addresses(values: Sequence[str]) -> list[str]:
    if len(values) == 1 and values[0] and "," not in values[0]:  # one proxy, as nearly everywhere
        return [values[0].strip()]
    return [part.strip() for value in values for part in value.split(",") if part.strip()]


def _forwarded_addresses(values: Sequence[str]) -> list[str]:
    return [quoted or plain for value in values for quoted, plain in _FORWARDED_FOR.findall(value)]
