"""Light or dark, as the switch was set."""

import pytest
from aiohttp.test_utils import make_mocked_request

from dashboards.theme import theme_of


@pytest.mark.parametrize(
    ("cookie", "theme"),
    [("", "auto"), ("theme=dark", "dark"), ("theme=light", "light"), ('theme="><script>', "auto")],
)
def test_a_page_comes_in_the_theme_that_was_chosen(cookie: str, theme: str) -> None:
    """What is no theme is that of the system."""
    headers = {"Cookie": cookie} if cookie else {}
    assert theme_of(make_mocked_request("GET", "/", headers=headers)) == theme
