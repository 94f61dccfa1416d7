"""Whole addresses and user agents in a text, and what only looks like one."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.settings import Settings
from ingest.personal_traces import ADDRESS, USER_AGENT, own_addresses, traces_in_log, traces_in_text
from tests.fixtures.collecting import CHROME

OWN = own_addresses(Settings(host="192.168.1.5", trusted_proxies="172.18.0.2", clickhouse="http://10.0.0.9:8123"))


@pytest.mark.parametrize(
    ("line", "traces"),
    [
        ("203.0.113.7 - - [01/May/2026:10:00:00 +0000]", [ADDRESS]),
        ("peer=203.0.113.7:4711, closed", [ADDRESS]),
        ("for 203.0.113.7.", [ADDRESS]),
        ("::ffff:203.0.113.7", [ADDRESS]),
        ("a%20203%2E0%2E113%2E7", [ADDRESS]),
        ("peer 2001:db8:77:88::7: refused", [ADDRESS]),
        ("[2001:DB8:77:0:0:0:0:7]:443", [ADDRESS]),
        ("2001%253Adb8%253A77%253A%253A7", [ADDRESS]),
        ("::ffff:cb00:7107", [ADDRESS]),
        ("fe80::1%eth0", [ADDRESS]),
        ("127.77.88.99", [ADDRESS]),
        (f'"{CHROME}"', [USER_AGENT]),
        ("Mozilla/5.0+(X11;+Linux)", [USER_AGENT]),
        (f"203.0.113.7 {CHROME}", [ADDRESS, USER_AGENT]),
        ('"curl/8.5.0"', [USER_AGENT]),
        ('"Googlebot/2.1 (+http://www.google.com/bot.html)"', [USER_AGENT]),
        ("203.0.113.0 and 203.0.113.0/24", []),
        ("2001:db8:77::/48", []),
        ("::ffff:cb00:7100", []),
        ("Footfall listens on http://127.0.0.1:8000, http://[::1]:8000", []),
        ("http://192.168.1.5:8000, 172.18.0.2, http://10.0.0.9:8123", []),
        ("999.1.2.3, 1.2.3, 1.2.3.4.5, v1.2.3.4, ClickHouse version 24.10.2.80", []),
        ("2026-05-01 10:05:03,120 INFO footfall: [17/May/2026:10:05:03 +0000]", []),
        ("DB::Exception: std::bad_alloc, a:b:c, 00:16:3e:5e:6c:00, ratio 3:4:5", []),
        ("GET /docs/curl/8.5.0 and /download/Firefox/140.0", []),
        ("Chrome 120, Firefox, Mozilla", []),
    ],
)
def test_a_line_of_a_log(line: str, traces: list[str]) -> None:
    """Whole addresses and user agents in every form in which programs write them, and nothing else."""
    assert list(traces_in_log(line.encode(), OWN)) == traces


def test_a_stored_text_may_name_a_program() -> None:
    """A campaign may be called after one; a browser's own user agent is no name."""
    names = b"curl/8.5.0 opera/9.80"
    assert (list(traces_in_text(names, OWN)), list(traces_in_log(names, OWN))) == ([], [USER_AGENT])
    assert list(traces_in_text(f"{CHROME} 203.0.113.7".encode(), OWN)) == [ADDRESS, USER_AGENT]


@given(
    st.ip_addresses(v=4) | st.ip_addresses(network="2000::/3") | st.ip_addresses(network="fc00::/7"),
    st.sampled_from(['"{}"', "for {}, by", "[{}]", "={};", "{}\n"]),
)
def test_any_address_is_found_unless_it_is_cut(address: IPv4Address | IPv6Address, form: str) -> None:
    """Exactly those with something behind their network, whatever stands around them."""
    spare = 8 if isinstance(address, IPv4Address) else 80
    is_whole = bool(int(address) & ((1 << spare) - 1)) and str(address) not in OWN
    assert list(traces_in_log(form.format(address).encode(), OWN)) == [ADDRESS] * is_whole
