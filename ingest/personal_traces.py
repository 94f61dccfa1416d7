"""What in a text would be somebody's: a whole IP address, or a user agent. Audits of logs and texts look for it.

Whole is an address that has more than its network: of IPv4 the last part, of IPv6 anything behind the first 48
bits. The loopback addresses are no visitor's, nor are those that the operator's own settings name.
"""

import re
from collections.abc import Iterator
from ipaddress import IPv6Address, ip_address
from urllib.parse import unquote_to_bytes, urlsplit

from core.settings import Settings
from geo.network import IPV6_PROMISE

ADDRESS = "a whole IP address"
USER_AGENT = "a user agent"

# Four numbers are an address unless something says that they are a program's version.
_IPV4 = re.compile(rb"(?<![\d.])(?<!\bv)(?<!ersion )\d{1,3}(?:\.\d{1,3}){3}(?![.\d]*\d)")
# Addresses that are handed out begin with four digits (2000::/3, fc00::/7, fe80::/10); names in code do not.
_IPV6 = re.compile(rb"(?<![\w:.])(?:::[Ff]{4}|[0-9A-Fa-f]{4}):[0-9A-Fa-f:]{2,34}(?!\w)")
_MOST_PART = 255
_BEHIND_NETWORK = (1 << (128 - IPV6_PROMISE)) - 1

# As every browser begins its own ("+" stands for spaces in some logs), and programs that fetch pages.
_BROWSER = re.compile(rb"Mozilla/\d+\.\d+[ +(]", re.IGNORECASE)
_PROGRAM = re.compile(
    rb"(?<![\w/.-])(?:[\w-]{0,40}(?:bot|crawler|spider)|curl|wget|opera|dalvik|okhttp|python-requests|go-http-client|"
    rb"java|libwww-perl|postmanruntime|headlesschrome|chrome|firefox|safari|applewebkit)/\d+\.\d",
    re.IGNORECASE,
)
_VERSION = re.compile(rb"/\d+\.\d")  # what every program's name ends with, and few lines have
_MOST_DECODINGS = 5


Own = frozenset[str]
"""Addresses that are the operator's own, which a log or a text may name."""


def own_addresses(settings: Settings) -> Own:
    """Give the addresses of this service: loopback, and those that the settings name."""
    stated = [settings.host, urlsplit(settings.clickhouse).hostname, urlsplit(settings.public_url).hostname]
    proxies = [str(proxy.network_address) for proxy in settings.trusted_proxies if proxy.num_addresses == 1]
    return frozenset(filter(None, ("127.0.0.1", "::1", *stated, *proxies)))


def traces_in_log(line: bytes, own: Own) -> Iterator[str]:
    """Name what is somebody's in a line of a log: each of ADDRESS and USER_AGENT once at most."""
    plain = _decoded(line)
    if _holds_address(plain, own):
        yield ADDRESS
    if _BROWSER.search(plain) or (_VERSION.search(plain) and _PROGRAM.search(plain)):
        yield USER_AGENT


def traces_in_text(text: bytes, own: Own) -> Iterator[str]:
    """The same for a stored text, in which the name of a program alone may be a page's: /docs/curl/8.5."""
    plain = _decoded(text)
    if _holds_address(plain, own):
        yield ADDRESS
    if _BROWSER.search(plain):
        yield USER_AGENT


def _holds_address(text: bytes, own: Own) -> bool:
    return (text.count(b".") > 2 and any(_is_whole_ipv4(found, own) for found in _IPV4.findall(text))) or (  # noqa: PLR2004
        text.count(b":") > 1 and any(_is_whole_ipv6(found, own) for found in _IPV6.findall(text))
    )


def _is_whole_ipv4(found: bytes, own: Own) -> bool:
    parts = [int(part) for part in found.split(b".")]
    return max(parts) <= _MOST_PART and parts[-1] > 0 and ".".join(map(str, parts)) not in own


def _is_whole_ipv6(found: bytes, own: Own) -> bool:
    text = found.decode()
    if text.endswith(":") and not text.endswith("::"):  # "2001:db8::7: refused"
        text = text[:-1]
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if not isinstance(address, IPv6Address):
        return False
    if address.ipv4_mapped is not None:
        return _is_whole_ipv4(str(address.ipv4_mapped).encode(), own)
    return bool(int(address) & _BEHIND_NETWORK) and str(address) not in own


def _decoded(text: bytes) -> bytes:
    for _ in range(_MOST_DECODINGS):
        if b"%" not in text:
            break
        decoded = unquote_to_bytes(text)
        if decoded == text:
            break
        text = decoded
    return text
