"""The address by which browsers reach us."""

from unittest.mock import Mock

import pytest
from aiohttp.test_utils import make_mocked_request

from core.settings import Settings
from dashboards.origin import is_secure, own_hosts, public_origin


def _seen(peer: str, proto: str = "", public_url: str = "", host: str = "stats.example.com") -> tuple[str, bool]:
    transport = Mock()
    transport.get_extra_info = lambda name, default=None: (peer, 1) if name == "peername" else default
    headers = {"Host": host} | ({"X-Forwarded-Proto": proto} if proto else {})
    request = make_mocked_request("GET", "/", headers=headers, transport=transport)
    settings = Settings.model_validate({"trusted_proxies": "10.0.0.0/8,fd00::/8", "public_url": public_url})
    return public_origin(request, settings), is_secure(request, settings)


@pytest.mark.parametrize(
    ("peer", "proto", "public_url", "origin", "secure"),
    [
        ("192.0.2.1", "", "", "http://stats.example.com", False),
        ("192.0.2.1", "https", "", "http://stats.example.com", False),
        ("10.1.2.3", "https", "", "https://stats.example.com", True),
        ("10.1.2.3", "HTTPS, http", "", "https://stats.example.com", True),
        ("10.1.2.3", "javascript", "", "http://stats.example.com", False),
        ("::ffff:10.1.2.3", "https", "", "https://stats.example.com", True),
        ("fd00::1%eth0", "https", "", "https://stats.example.com", True),
        ("a socket", "https", "", "http://stats.example.com", False),
        ("192.0.2.1", "", "https://stats.example.com", "https://stats.example.com", True),
        ("192.0.2.1", "", "https://other.example.com", "https://other.example.com", False),
    ],
)
def test_only_a_trusted_proxy_states_the_scheme(
    peer: str, proto: str, public_url: str, origin: str, *, secure: bool
) -> None:
    """The snippet and the cookies follow the scheme that a proxy of the operator's states, or the setting."""
    assert _seen(peer, proto, public_url) == (origin, secure)


def test_forms_may_come_from_the_hosts_that_are_ours() -> None:
    """The host that was asked for, and the one in the settings."""
    request = make_mocked_request("GET", "/", headers={"Host": "127.0.0.1:8000"})
    assert own_hosts(request, Settings(public_url="https://stats.example.com")) == {
        "127.0.0.1:8000",
        "stats.example.com",
    }
