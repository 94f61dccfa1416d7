"""What a site's owner does not want counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import SiteError
from core.exclusions import NO_EXCLUSIONS, Exclusions, is_hostname_in


@pytest.mark.parametrize(
    ("pattern", "excluded", "counted"),
    [
        ("/admin", ["/admin"], ["/admin/", "/administrator", "/a/admin", "/"]),
        ("/blog/*", ["/blog/", "/blog/first"], ["/blog", "/blog/2026/first"]),
        ("/blog/**", ["/blog/", "/blog/first", "/blog/2026/first"], ["/blog", "/blogs/first"]),
        ("/*/preview", ["/a/preview"], ["/preview", "/a/b/preview"]),
        ("/a.b+(c)", ["/a.b+(c)"], ["/aXb+(c)", "/a.bbc"]),
        ("/звіт/*", ["/звіт/травень"], ["/zvit/травень"]),
    ],
)
def test_a_star_is_a_name_and_two_are_everything(pattern: str, excluded: list[str], counted: list[str]) -> None:
    """A path with * and ** excludes just what it says; every other sign stands for itself."""
    exclusions = Exclusions.read([pattern], [])
    assert [path for path in (*excluded, *counted) if exclusions.excludes_page(path)] == excluded


@pytest.mark.parametrize(
    ("hostname", "excluded", "answer"),
    [
        ("staging.example.com", "staging.example.com", True),
        ("example.com", "staging.example.com", False),
        ("a.b.example.dev", "*.example.dev", True),
        ("example.dev", "*.example.dev", False),
        ("evilexample.dev", "*.example.dev", False),
    ],
)
def test_a_host_name_is_excluded_alone_or_with_all_below(hostname: str, excluded: str, *, answer: bool) -> None:
    """``*.`` stands for the names below, not for the name itself."""
    assert is_hostname_in(hostname, excluded) is answer


def test_what_people_write_is_put_in_order() -> None:
    """Spaces and empty lines do not matter, nothing stands twice, host names are in lower case."""
    read = Exclusions.read([" /a ", "", "/b", "/a"], ["Staging.Example.com.", "  "])
    assert read == Exclusions(("/a", "/b"), ("staging.example.com",))


@pytest.mark.parametrize(
    ("pages", "hostnames", "advice"),
    [
        (["admin"], [], "Write it like /admin/"),
        (["/a?b=1"], [], "leave both out"),
        (["/" + "a" * 500], [], "not a page path"),
        ([], ["https://example.com"], "Write it like staging.example.com"),
        ([], ["*"], "not a host name"),
        ([f"/{number}" for number in range(101)], [], "At most 100"),
    ],
)
def test_what_is_no_exclusion_is_refused_with_advice(pages: list[str], hostnames: list[str], advice: str) -> None:
    """The message says how to write it."""
    with pytest.raises(SiteError, match=advice):
        Exclusions.read(pages, hostnames)


@given(st.lists(st.text(st.characters(codec="utf-8")), max_size=3), st.text(st.characters(codec="utf-8")))
def test_any_text_is_an_exclusion_or_is_refused(pages: list[str], path: str) -> None:
    """Nothing that people paste makes the collector fail; without exclusions every page is counted."""
    try:
        exclusions = Exclusions.read(pages, [])
    except SiteError:
        exclusions = NO_EXCLUSIONS
        assert not exclusions.excludes_page(path)
    assert exclusions.excludes_page(path) in {True, False}
    assert all(exclusions.excludes_page(page) for page in exclusions.pages if "*" not in page)
