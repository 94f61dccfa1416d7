"""What a check finds on a page, without fetching one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from dashboards.sites.install_check import Finding, Found, check_page
from dashboards.sites.site_fetch import Fetched

ORIGIN = "https://stats.example.com"
SNIPPET = f'<script defer data-domain="example.com" src="{ORIGIN}/js/script.js"></script>'
WELL = [Found(Finding.WELL)]


def _check(html: str, *policies: str) -> list[Found]:
    return check_page(Fetched(URL("https://example.com/"), html, policies), "example.com", ORIGIN)


@pytest.mark.parametrize(
    ("html", "found"),
    [
        (SNIPPET, WELL),
        (SNIPPET.replace("example.com", "other.example,www.Example.com", 1), WELL),
        (SNIPPET.replace("script.js", "plausible.js"), WELL),
        ("<p>Nothing</p>", [Found(Finding.NO_SCRIPT)]),
        ("<script>inline()</script><script src='/app.js'></script>", [Found(Finding.NO_SCRIPT)]),
        (f"<!-- {SNIPPET} -->", [Found(Finding.NO_SCRIPT)]),
        (SNIPPET.replace("example.com", "exmaple.com", 1), [Found(Finding.OTHER_DOMAIN, "exmaple.com")]),
        (f'<script src="{ORIGIN}/js/script.js"></script>', [Found(Finding.OTHER_DOMAIN, "")]),
        (
            '<script data-domain="example.com" src="/count.js"></script>',
            [Found(Finding.OTHER_ADDRESS, "https://example.com/count.js")],
        ),
    ],
)
def test_the_snippet_is_looked_for(html: str, found: list[Found]) -> None:
    """It is there or not, for this site or another, from here or by way of a proxy."""
    assert _check(html) == found


@pytest.mark.parametrize(
    ("policy", "faults"),
    [
        ("img-src 'self'", []),
        ("default-src *", []),
        ("default-src https:", []),
        ("default-src 'self' stats.example.com", []),
        ("default-src *.example.com", []),
        ("default-src http://stats.example.com", []),
        ("script-src https://stats.example.com/js/; connect-src https://stats.example.com:443", []),
        ("default-src 'self'", [Finding.SCRIPT_BLOCKED, Finding.BEACON_BLOCKED]),
        ("default-src 'none'", [Finding.SCRIPT_BLOCKED, Finding.BEACON_BLOCKED]),
        ("default-src *; script-src", [Finding.SCRIPT_BLOCKED]),
        ("script-src 'self'; connect-src *", [Finding.SCRIPT_BLOCKED]),
        ("script-src stats.example.com; connect-src 'self'", [Finding.BEACON_BLOCKED]),
        ("script-src 'strict-dynamic' stats.example.com", [Finding.SCRIPT_BLOCKED]),
        ("script-src *; script-src-elem 'self'", [Finding.SCRIPT_BLOCKED]),
        ("DEFAULT-SRC https://stats.example.com:8443", [Finding.SCRIPT_BLOCKED, Finding.BEACON_BLOCKED]),
    ],
)
def test_a_policy_that_blocks_is_named(policy: str, faults: list[Finding]) -> None:
    """As browsers read it, in a header as in the page itself."""
    expected = [Found(each, ORIGIN) for each in faults] or WELL
    assert _check(SNIPPET, policy) == expected
    assert _check(f'<meta http-equiv="Content-Security-Policy" content="{policy}">{SNIPPET}') == expected


def test_all_policies_must_allow_it() -> None:
    """A page with two policies obeys both."""
    assert _check(SNIPPET, "default-src *", "script-src 'self'") == [Found(Finding.SCRIPT_BLOCKED, ORIGIN)]


def test_a_nonce_lets_its_script_run() -> None:
    """A script that states a nonce runs where the policy has one."""
    policy = "script-src 'nonce-abc' 'strict-dynamic'; connect-src *"
    assert _check(SNIPPET.replace("<script", "<script nonce", 1), policy) == WELL
    assert _check(SNIPPET, policy) == [Found(Finding.SCRIPT_BLOCKED, ORIGIN)]


@given(st.text(max_size=200), st.text(max_size=60))
def test_any_page_gives_a_finding(html: str, policy: str) -> None:
    """Whatever a site answers, something is said of it, and nothing breaks."""
    assert _check(html, policy)
    assert _check(SNIPPET + html, policy)
    assert check_page(
        Fetched(URL("http://example.com/"), f'<script src="{html}">', (policy,)), "example.com", ORIGIN
    )
