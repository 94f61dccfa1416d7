"""Domains: read in whatever way people or trackers write them, kept in one, shown as people write them.

They are kept in ASCII, as browsers and trackers state them: ``xn--bcher-kva.example`` is ``bücher.example``.
"""

import re

from yarl import URL

from core.errors import SiteError

MOST_CHARACTERS = 253
"""Of a domain (RFC 1035, section 2.3.4); none that is longer is encoded."""

_DOMAIN = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*(:\d{1,5})?"
)
_AROUND_NAME = re.compile(r"^(?:www\.|\s)+|[.\s]+$")
_ENCODED = "xn--"


def canonical_domain(text: str) -> str:
    """Give a domain as it is kept: ASCII, lower case, no ``www.``, no trailing dot.

    >>> canonical_domain("www.Bücher.example.")
    'xn--bcher-kva.example'
    """
    name = text.lower()
    if not name.isascii():
        name = _encoded(_AROUND_NAME.sub("", name))
    if name[:1].isalnum() and name[-1:].isalnum() and not name.startswith("www."):  # as a tracker states it
        return name
    return _AROUND_NAME.sub("", name)


def read_domain(text: str) -> str:
    """Give the domain, as it is kept, in what people paste: a domain, or the whole address of a page.

    >>> read_domain("https://www.example.com/pricing")
    'example.com'
    """
    pasted = text.strip()
    try:
        url = URL(pasted if "://" in pasted else f"https://{pasted}")
        host, port = url.raw_host, url.explicit_port
    except ValueError:
        return canonical_domain(text)
    if not host or url.raw_user is not None:
        return canonical_domain(text)
    return canonical_domain(host if port is None or url.is_default_port() else f"{host}:{port}")


def check_domain(text: str) -> str:
    """Read a domain for a site that is to be. Raises SiteError for what is none."""
    name = read_domain(text)
    if not _DOMAIN.fullmatch(name):
        raise SiteError("“%(domain)s” is not a domain name. Write it like example.com.", domain=text)
    return name


def domain_in_words(domain: str) -> str:
    """Give a domain as people write it.

    >>> domain_in_words("xn--bcher-kva.example:3000")
    'bücher.example:3000'
    """
    if _ENCODED not in domain:
        return domain
    name, colon, port = domain.partition(":")
    try:
        written = URL.build(scheme="https", host=name).host or name
    except ValueError:  # of some other encoding
        return domain
    return written + colon + port if canonical_domain(written) == name else domain


def _encoded(name: str) -> str:
    if len(name) > MOST_CHARACTERS:
        return name
    host, colon, port = name.partition(":")
    try:
        return (URL.build(scheme="https", host=host).raw_host or host) + colon + port
    except ValueError:  # no domain, which whoever looks for it finds out
        return name
