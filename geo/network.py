"""A client's network: all that Footfall ever keeps of an address, for as long as one request.

The address is cut in the statement that reads it. A ``Network`` is made nowhere else, and
what follows (country, token) takes nothing but a ``Network``, so a type checker refuses a
whole address there.
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

IPV4_PROMISE = 24
IPV6_PROMISE = 48


@dataclass(frozen=True, slots=True)
class Cut:
    """How many leading bits of an address are kept: at most 24 (IPv4) and 48 (IPv6)."""

    ipv4_bits: int = IPV4_PROMISE
    ipv6_bits: int = IPV6_PROMISE

    def __post_init__(self) -> None:
        """Refuse to keep more than the promise allows."""
        if not (0 <= self.ipv4_bits <= IPV4_PROMISE and 0 <= self.ipv6_bits <= IPV6_PROMISE):
            raise ValueError("at most 24 bits of an IPv4 and 48 bits of an IPv6 address may be kept")


@dataclass(frozen=True, slots=True)
class Network:
    """The leading bits of an address, the rest zero: 4 or 16 bytes in network order.

    Made by ``cut_address`` alone.
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
    address = read_address(text)
    if address is None:
        return None
    bits = cut.ipv4_bits if address.version == 4 else cut.ipv6_bits  # noqa: PLR2004 (IP versions)
    spare = address.max_prefixlen - bits
    return Network((int(address) >> spare << spare).to_bytes(len(address.packed), "big"), bits)


def read_address(text: str) -> IPv4Address | IPv6Address | None:
    """Read an address in any of the forms that proxies write; None if it is none.

    For ``geo`` alone: the answer is a whole address and must not outlive its statement.
    """
    host = text.strip()
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
