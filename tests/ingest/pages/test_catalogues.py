"""The pages' languages: all of them whole, and the one that the visitor reads."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.pages.catalogues import FALLBACK, catalogues, language_of

_NUMBER = re.compile(r"{(\w+)}")
KNOWN = ("de", "en", "uk")


def test_every_language_says_everything() -> None:
    """No language lacks a text that another has, and none is empty."""
    keys = {
        code: {(page, key) for page, texts in catalogue.items() for key in texts}
        for code, catalogue in catalogues().items()
    }
    assert keys == dict.fromkeys(KNOWN, keys[FALLBACK])
    for catalogue in catalogues().values():
        assert all(text.strip() for texts in catalogue.values() for text in texts.values())


def test_every_language_has_the_same_numbers_in_its_texts() -> None:
    """No translation loses a number of the running settings, or asks for one that is not there."""
    wanted = {
        code: {
            (page, key): set(_NUMBER.findall(text)) for page, texts in each.items() for key, text in texts.items()
        }
        for code, each in catalogues().items()
    }
    assert wanted == dict.fromkeys(KNOWN, wanted[FALLBACK])


@pytest.mark.parametrize(
    ("stated", "accepted", "language"),
    [
        ("", "", "en"),
        ("", "uk", "uk"),
        ("", "de-AT,de;q=0.9,en;q=0.8", "de"),
        ("", "fr, en;q=0.2, uk;q=0.7", "uk"),
        ("", "en;q=0, de;q=0.1", "de"),
        ("", "de;q=0.5, uk;q=0.5", "de"),
        ("", "DE-at", "de"),
        ("", "fr", "en"),
        ("", "*", "en"),
        ("", "uk;q=high", "uk"),
        ("de", "uk", "de"),
        ("fr", "uk", "uk"),
        ("../de", "uk", "uk"),
    ],
)
def test_a_page_speaks_the_visitors_language(stated: str, accepted: str, language: str) -> None:
    """What the visitor chose holds, else what the browser prefers most of what there is, else English."""
    assert language_of(stated, accepted, KNOWN) == language


@given(st.text(), st.text(st.sampled_from("adekuq=;,.*-019 \x00é")))
def test_any_header_leads_to_a_language(stated: str, accepted: str) -> None:
    """Whatever a browser sends, there is a page to read."""
    assert language_of(stated, accepted, KNOWN) in KNOWN
