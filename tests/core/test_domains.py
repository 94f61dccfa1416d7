"""Domains as they are pasted, kept and shown."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import domains
from core.domains import canonical_domain, check_domain, domain_in_words, read_domain
from core.errors import SiteError


def test_the_examples_are_so() -> None:
    """What the functions' descriptions show is what they do."""
    assert doctest.testmod(domains).failed == 0


@pytest.mark.parametrize(
    ("pasted", "domain", "name"),
    [
        ("shop.example", "shop.example", "shop.example"),
        (" WWW.Shop.Example. ", "shop.example", "shop.example"),
        ("http://foo.example/x", "foo.example", "foo.example"),
        ("https://foo.example:443/x#y", "foo.example", "foo.example"),
        ("http://foo.example:8080/x", "foo.example:8080", "foo.example:8080"),
        ("localhost:3000", "localhost:3000", "localhost:3000"),
        ("bücher.example", "xn--bcher-kva.example", "bücher.example"),
        ("Bücher.Example:3000", "xn--bcher-kva.example:3000", "bücher.example:3000"),
        ("https://www.bücher.example/ä", "xn--bcher-kva.example", "bücher.example"),
        ("XN--BCHER-KVA.example", "xn--bcher-kva.example", "bücher.example"),
        ("faß.example", "xn--fa-hia.example", "faß.example"),
        ("\N{CYRILLIC SMALL LETTER YI}жа.укр", "xn--80al2h.xn--j1amh", "\N{CYRILLIC SMALL LETTER YI}жа.укр"),
        ("xn--a.example", "xn--a.example", "xn--a.example"),
    ],
)
def test_a_domain_is_read_in_any_way_and_kept_in_one(pasted: str, domain: str, name: str) -> None:
    """An address or a domain, in any letters: kept as browsers state it, shown as people write it."""
    assert (check_domain(pasted), domain_in_words(domain)) == (domain, name)
    assert check_domain(name) == domain


@pytest.mark.parametrize(
    "text", ["", "https://", "exa mple", "bü cher.example", "http://[::1]/", "mara@example.com"]
)
def test_what_is_no_domain_is_refused(text: str) -> None:
    """And the message has it as it was written."""
    with pytest.raises(SiteError) as raised:
        check_domain(text)
    assert f"“{text}” is not a domain name" in str(raised.value)


@given(st.text(max_size=80))
def test_no_text_is_read_in_two_ways(text: str) -> None:
    """Whatever it is, reading a domain again changes nothing, and what is shown leads back to what is kept."""
    kept = canonical_domain(text)
    assert canonical_domain(kept) == kept
    assert canonical_domain(domain_in_words(kept)) == kept
    assert canonical_domain(read_domain(text)) == read_domain(text)
