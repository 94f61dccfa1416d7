"""Rounding without bias."""

from dataclasses import astuple
from statistics import fmean

from hypothesis import given
from hypothesis import strategies as st

from aggregate.cells import Figures
from aggregate.rounding import BASE, Rounding

FIGURES = st.builds(Figures, *[st.integers(0, 10**6)] * 6)


@given(FIGURES, st.binary(min_size=1), st.text())
def test_a_rounded_number_is_a_multiple_of_five_less_than_five_away(
    figures: Figures, key: bytes, place: str
) -> None:
    """Nobody is told more than five exactly, or less."""
    for exact, rounded in zip(astuple(figures), astuple(Rounding(key).rounded(figures, place)), strict=True):
        assert rounded % BASE == 0
        assert abs(rounded - exact) < BASE


@given(FIGURES, st.binary(min_size=1), st.text())
def test_a_place_is_rounded_alike_by_the_same_key(figures: Figures, key: bytes, place: str) -> None:
    """Reading a number again tells nothing new."""
    assert Rounding(key).rounded(figures, place) == Rounding(key).rounded(figures, place)


@given(st.integers(0, 1000), st.integers(0, 1000), st.binary(min_size=1))
def test_there_are_never_fewer_visits_than_visitors(visitors: int, more: int, key: bytes) -> None:
    """The numbers of one row keep their order."""
    rounded = Rounding(key).rounded(Figures(visitors, visitors + more), "country", "DE")
    assert rounded.visits >= rounded.visitors


def test_rounding_has_no_bias() -> None:
    """On the average of many keys a number comes out as it was, whatever its distance to a multiple."""
    for exact in range(20, 26):
        rounded = [Rounding(b"%d" % key).rounded(Figures(exact), "page").visitors for key in range(4_000)]
        assert abs(fmean(rounded) - exact) < 0.2  # five standard errors


def test_places_are_told_apart_by_their_parts() -> None:
    """The place ("ab", "c") is not the place ("a", "bc")."""
    rounding = Rounding(b"key")
    pairs = [(f"{number}a", "b") for number in range(40)], [(f"{number}", "ab") for number in range(40)]
    one, other = ([rounding.rounded(Figures(7), *place) for place in places] for places in pairs)
    assert one != other
