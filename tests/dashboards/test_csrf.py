"""Forms come from our own pages only."""

import pytest

from dashboards.csrf import comes_from_here, csrf_token, is_genuine

HOSTS = {"stats.example.com", "127.0.0.1:8000"}


def test_a_token_belongs_to_one_secret() -> None:
    """A token made from another secret, a shortened or an empty one is not accepted."""
    token = csrf_token("secret")
    assert is_genuine("secret", token)
    for wrong in (csrf_token("other"), token[:-1], token.upper(), "", "é", "\udc80"):
        assert not is_genuine("secret", wrong)


@pytest.mark.parametrize(
    ("headers", "is_here"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "https://stats.example.com"}, False),
        ({"Origin": "https://stats.example.com"}, True),
        ({"Origin": "http://127.0.0.1:8000"}, True),
        ({"Origin": "http://127.0.0.1:8001"}, False),
        ({"Origin": "https://stats.example.com.evil.example"}, False),
        ({"Origin": "null"}, False),
        ({}, True),
    ],
)
def test_a_request_of_another_site_is_known(headers: dict[str, str], *, is_here: bool) -> None:
    """What the browser says of a request's origin decides; a client that says nothing has no cookie to abuse."""
    assert comes_from_here(headers, HOSTS) is is_here
