"""Who may state a visitor's address."""

from ipaddress import ip_network

import pytest

from geo.forwarded import NOBODY, TrustedProxies, client_network
from geo.network import Cut

TRUSTED = TrustedProxies((ip_network("10.0.0.0/8"), ip_network("2001:db8:ffff::/48")))
VISITOR, FORGED = "198.51.100.7", "203.0.113.66"


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "forwarded", "network"),
    [
        pytest.param(VISITOR, [], [], "198.51.100.0/24", id="no proxy: the peer"),
        pytest.param(
            VISITOR, [FORGED], [f"for={FORGED}"], "198.51.100.0/24", id="forged by a peer that is no proxy"
        ),
        pytest.param("10.0.0.1", [VISITOR], [], "198.51.100.0/24", id="one proxy"),
        pytest.param("10.0.0.1", [f"{FORGED}, {VISITOR}"], [], "198.51.100.0/24", id="forged left of the visitor"),
        pytest.param("10.0.0.1", [FORGED, VISITOR], [], "198.51.100.0/24", id="two header lines are one list"),
        pytest.param("10.0.0.1", [f"{VISITOR}, 10.9.9.9"], [], "198.51.100.0/24", id="two proxies in a row"),
        pytest.param("10.0.0.1", ["10.1.1.1, 10.2.2.2"], [], "10.1.1.0/24", id="all trusted: the leftmost"),
        pytest.param("10.0.0.1", [], [], "10.0.0.0/24", id="a proxy that states nothing: the proxy"),
        pytest.param("10.0.0.1", [f"{FORGED}, garbage"], [], None, id="garbage is nobody, not the one left of it"),
        pytest.param("10.0.0.1", [], [f"for={VISITOR};proto=https"], "198.51.100.0/24", id="Forwarded"),
        pytest.param(
            "10.0.0.1",
            [],
            [f'for="{FORGED}", for="[2001:db8:5:6::7]:123";by=10.0.0.1'],
            "2001:db8:5::/48",
            id="Forwarded, quoted IPv6 with a port",
        ),
        pytest.param(
            "10.0.0.1", [VISITOR], [f"for={FORGED}"], "198.51.100.0/24", id="both: X-Forwarded-For holds"
        ),
        pytest.param("2001:db8:ffff::1", [VISITOR], [], "198.51.100.0/24", id="an IPv6 proxy"),
        pytest.param(
            "::ffff:10.0.0.1", [VISITOR], [], "198.51.100.0/24", id="an IPv4 proxy on a dual-stack socket"
        ),
        pytest.param("", [VISITOR], [], None, id="no peer: nobody"),
    ],
)
def test_the_rightmost_address_that_is_no_trusted_proxy_counts(
    peer: str, forwarded_for: list[str], forwarded: list[str], network: str | None
) -> None:
    """Only proxies that the operator trusts may state an address, and only the last one they add counts."""
    found = client_network(peer, forwarded_for, forwarded, TRUSTED, Cut())
    assert (str(found) if found else None) == network


def test_with_no_trusted_proxies_every_header_is_ignored() -> None:
    """An installation without a proxy cannot be told other addresses."""
    assert str(client_network("10.0.0.1", [FORGED], [f"for={FORGED}"], NOBODY, Cut())) == "10.0.0.0/24"
