"""What a browser asks for."""

import pytest

from core.accepted_languages import preferred_languages


@pytest.mark.parametrize(
    ("accepted", "languages"),
    [
        ("", [""]),
        ("de-AT,de;q=0.9,en;q=0.5", ["de", "de", "en"]),
        ("en;q=0.5, uk;q=0.9", ["uk", "en"]),
        ("fr;q=0, de", ["de"]),
        ("de;q=much, en", ["de", "en"]),
    ],
)
def test_the_most_wanted_language_is_first(accepted: str, languages: list[str]) -> None:
    """Languages are in the order of their weights; one of weight 0 is not wanted."""
    assert preferred_languages(accepted) == languages
