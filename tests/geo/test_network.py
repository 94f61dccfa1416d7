"""Addresses are cut in the statement that reads them."""

from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.network import Cut, Network, cut_address

CUT = Cut()
IPV4 = st.ip_addresses(v=4)
IPV6 = st.ip_addresses(v=6).filter(lambda address: address.ipv4_mapped is None)  # type: ignore[union-attr]


@given(IPV4, st.integers(0, 24))
def test_of_an_ipv4_address_only_the_leading_bits_are_left(address: IPv4Address, bits: int) -> None:
    """Whatever the address, what is kept is its network of at most 24 bits."""
    network = cut_address(str(address), Cut(ipv4_bits=bits))
    expected = ip_network(f"{address}/{bits}", strict=False)
    assert network == Network(expected.network_address.packed, bits)
    assert str(network) == str(expected)


@given(IPV6, st.integers(0, 48))
def test_of_an_ipv6_address_only_the_leading_bits_are_left(address: IPv6Address, bits: int) -> None:
    """Whatever the address, what is kept is its network of at most 48 bits."""
    expected = ip_network(f"{address}/{bits}", strict=False)
    assert cut_address(str(address), Cut(ipv6_bits=bits)) == Network(expected.network_address.packed, bits)


@given(IPV4)
def test_an_ipv4_address_written_as_ipv6_is_ipv4(address: IPv4Address) -> None:
    """A dual-stack socket's ::ffff:192.0.2.1 is the same visitor as 192.0.2.1."""
    assert cut_address(f"::ffff:{address}", CUT) == cut_address(str(address), CUT)


@pytest.mark.parametrize(
    ("written", "network"),
    [
        ("192.0.2.77:51234", "192.0.2.0/24"),
        ("[2001:db8:1:2::9]:443", "2001:db8:1::/48"),
        ("[2001:db8:1:2::9]", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("  192.0.2.77 ", "192.0.2.0/24"),
    ],
)
def test_the_ways_in_which_proxies_write_addresses_are_understood(written: str, network: str) -> None:
    """Ports, brackets and zone indexes are no part of an address."""
    assert str(cut_address(written, CUT)) == network


@pytest.mark.parametrize(
    "text", ["", "unknown", "_hidden", "192.0.2", "192.0.2.300", "example.com", "[", "::1::2"]
)
def test_what_is_no_address_has_no_network(text: str) -> None:
    """A text that is no address is nobody's network."""
    assert cut_address(text, CUT) is None


@pytest.mark.parametrize("cut", [{"ipv4_bits": 25}, {"ipv6_bits": 49}, {"ipv4_bits": -1}])
def test_more_than_the_promise_cannot_be_kept(cut: dict[str, int]) -> None:
    """Nobody can ask for more than 24 and 48 bits."""
    with pytest.raises(ValueError, match="at most 24 bits"):
        Cut(**cut)
