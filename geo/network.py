"""A client's network: all that Footfall ever keeps of an address, for as long as one request.

The address is cut in the statement that reads it. A ``Network`` is made nowhere else, and
what follows (country, token) takes nothing but a ``Network``, so a type checker refuses a
whole address there.
"""

from dataclasses import dataclass
from ipaddress import ip_address
from socket import AF_INET, AF_INET6, inet_pton
from typing import NamedTuple

IPV4_PROMISE = 24
IPV6_PROMISE = 48
_IPV4_BITS, _IPV4_BYTES = 32, 4
_IPV6_BITS, _IPV6_BYTES = 128, 16
_MAPPED = bytes(10) + b"\xff\xff"  # RFC 4291 section 2.5.5.2


@dataclass(frozen=True, slots=True)
class Cut:
    """How many leading bits of an address are kept: at most 24 (IPv4) and 48 (IPv6)."""

    ipv4_bits: int = IPV4_PROMISE
    ipv6_bits: int = IPV6_PROMISE

    def __post_init__(self) -> None:
        """Refuse to keep more than the promise allows."""
        if not (0 <= self.ipv4_bits <= IPV4_PROMISE and 0 <= self.ipv6_bits <= IPV6_PROMISE):
            raise ValueError("at most 24 bits of an IPv4 and 48 bits of an IPv6 address may be kept")


class Network(NamedTuple):
    """The leading bits of an address, the rest zero: 4 or 16 bytes in network order.

    Made by ``cut_address`` and ``cut_packed`` alone.
    """

    packed: bytes
    bits: int

    @property
    def first_address(self) -> str:
        """The network's own address, such as 192.0.2.0: the only one that may be looked up."""
        return str(ip_address(self.packed))

    def __str__(self) -> str:
        """Give the network in CIDR notation, such as 192.0.2.0/24."""
        return f"{self.first_address}/{self.bits}"


def cut_address(text: str, cut: Cut) -> Network | None:
    """Read an address and keep its network; None for a text that is no address.

    An IPv4 address written as IPv6 (``::ffff:192.0.2.1``, RFC 4291 section 2.5.5.2) is
    IPv4. Brackets, a port and a zone index, as proxies write them, are not part of it.
    """
    return cut_packed(read_address(text), cut)


def cut_packed(packed: bytes | None, cut: Cut) -> Network | None:
    """Keep the network of an address in network order; None for None. For ``geo`` alone."""
    if packed is None:
        return None
    if len(packed) == _IPV4_BYTES:
        spare, length, bits = _IPV4_BITS - cut.ipv4_bits, _IPV4_BYTES, cut.ipv4_bits
    else:
        spare, length, bits = _IPV6_BITS - cut.ipv6_bits, _IPV6_BYTES, cut.ipv6_bits
    return Network((int.from_bytes(packed, "big") >> spare << spare).to_bytes(length, "big"), bits)


def read_address(text: str) -> bytes | None:
    """Read an address in any of the forms that proxies write, in network order; None if it is none.

    For ``geo`` alone: the answer is a whole address and must not outlive its statement.
    """
    try:
        return inet_pton(AF_INET, text)  # nearly all are just this: 0.2 microseconds, ip_address takes 3
    except (OSError, ValueError):
        return _read_other(text.strip())


def _read_other(text: str) -> bytes | None:
    host = text
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    host = host.partition("%")[0]
    try:
        packed = inet_pton(AF_INET6 if ":" in host else AF_INET, host)
    except (OSError, ValueError):
        return None
    return packed.removeprefix(_MAPPED) if len(packed) == _IPV6_BYTES else packed
