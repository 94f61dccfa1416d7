"""Forms come from our own pages only."""

import pytest

from dashboards.csrf import comes_from_here, csrf_token, is_genuine

HOSTS = {"stats.example.com", "127.0.0.1:8000"}


def test_a_token_belongs_to_one_secret() -> None:
    """A token made from another secret, a shortened or an empty one is not accepted."""
    token = csrf_token("secret")
    assert is_genuine("secret", token)
    wrong_tokens = (csrf_token("other"), token[:-1], token[:-2], token + "00", token[64:], "", "é", "\udc80")
    for wrong in wrong_tokens:
        assert not is_genuine("secret", wrong)


def test_no_two_pages_hold_the_same_token() -> None:
    """Each page masks the token anew, so that the lengths of compressed pages tell nothing of it."""
    tokens = [csrf_token("secret") for _ in range(50)]
    assert len({token[:64] for token in tokens}) == len({token[64:] for token in tokens}) == 50
    assert all(is_genuine("secret", token) for token in tokens)


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
