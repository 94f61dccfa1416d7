"""Noise: that it is what it says, and that small groups do not come through."""

import math
import sys
from collections import Counter
from collections.abc import Sequence

import pytest

from aggregate.noise import KnownValues, Noise, UnknownValues
from core.errors import MissingExtraError

DRAWS = 40_000
NAMES = tuple(map(str, range(DRAWS)))
FALSE_ALARM = 1e-10


def least_likely_at_most(number: int, scale: float) -> float:
    """Give the chance that discrete Laplace noise is at most a number."""
    step = math.exp(-1 / scale)
    if number < 0:
        return step**-number / (1 + step)
    return 1 - step ** (number + 1) / (1 + step)


def distance(noises: Sequence[int], scale: float) -> float:
    """Give the largest difference between how often noise was at most a number, and how often it should be."""
    counted = Counter(noises)
    so_far, largest = 0, 0.0
    for number in range(min(noises), max(noises) + 1):
        so_far += counted[number]
        largest = max(largest, abs(so_far / len(noises) - least_likely_at_most(number, scale)))
    return largest


def noises_of(noise: Noise, count: int) -> list[int]:
    """Draw noise for as many equal counts as there are names."""
    drawn = noise.draw(dict.fromkeys(NAMES, count))
    assert len(drawn) == DRAWS
    return [number - count for number in drawn.values()]


@pytest.mark.parametrize(
    ("noise", "scale"),
    [
        (KnownValues(NAMES, 0.4, 1, everything=True), 2.5),
        (KnownValues(NAMES, 0.04, 10, everything=True), 250.0),
        (UnknownValues(0.4, 1e-7, 5), 12.5),
    ],
    ids=["one visitor in one value", "one visitor with ten views", "one visitor in five pages"],
)
def test_noise_is_discrete_laplace_of_the_scale_that_the_budget_asks_for(noise: Noise, scale: float) -> None:
    """Over many draws its distribution is the promised one, and neither a narrower nor a wider one."""
    noises = noises_of(noise, 1_000_000)
    # Dvoretzky, Kiefer, Wolfowitz, Massart: passed by chance with a probability of at most FALSE_ALARM.
    bound = math.sqrt(math.log(2 / FALSE_ALARM) / (2 * DRAWS))
    assert distance(noises, scale) <= bound
    assert distance(noises, scale / 1.25) > bound
    assert distance(noises, scale * 1.25) > bound


@pytest.mark.parametrize(
    ("noise", "cost", "least"),
    [
        (KnownValues(("",), 0.04, 10, everything=True), (0.04, 0), 0),
        (KnownValues(("a", "b", "c", "d"), 0.05, 1), (0.05, 0), 106),
        (UnknownValues(0.4, 1e-7, 5), (0.4, 9.546e-8), 214),
        (UnknownValues(0.15, 1e-7, 1), (0.15, 9.023e-8), 104),
    ],
    ids=["a total", "devices", "pages", "sources"],
)
def test_noise_costs_what_was_asked_for_and_not_more(noise: Noise, cost: tuple[float, float], least: int) -> None:
    """OpenDP's own account of a visitor's influence is the share of the budget; the thresholds follow from it."""
    assert (noise.epsilon, noise.delta) == (pytest.approx(cost[0], rel=1e-12), pytest.approx(cost[1], rel=1e-3))
    assert noise.least == least


def test_a_value_that_few_bring_is_never_released() -> None:
    """A page of one visitor comes through with a chance of at most delta; one that thousands saw is there."""
    noise = UnknownValues(0.4, 1e-13, 5)
    few = {f"/private/{number}": 1 for number in range(1_000)}
    drawn = noise.draw({**few, "/": 5_000})
    assert drawn.keys() == {"/"}
    assert abs(drawn["/"] - 5_000) < 12.5 * math.log(1 / FALSE_ALARM)


def test_values_are_told_apart_whatever_characters_they_have() -> None:
    """Two pages that differ after a zero byte are two, and both come back as they were."""
    pages = {"/a\0b": 100_000, "/a\0c": 200_000, "/\N{SNOWMAN}": 300_000, "": 400_000}
    drawn = UnknownValues(0.4, 1e-7, 5).draw(pages)
    assert {page: round(number, -5) for page, number in drawn.items()} == pages


def test_a_number_is_never_negative() -> None:
    """A metric of nobody is 0 or more, however far below the noise went."""
    drawn = KnownValues(NAMES, 0.03, 1, everything=True).draw({})
    assert min(drawn.values()) == 0
    assert drawn.keys() == set(NAMES)


def test_what_does_not_stand_out_from_the_noise_is_not_shown() -> None:
    """Where nobody was there is no row; a value that nobody put on the list has none either."""
    noise = KnownValues(("DE", "FR"), 40, 1)
    assert noise.draw({"DE": 1_000, "unheard of": 1_000}) == {"DE": pytest.approx(1_000, abs=3)}


def test_without_the_extra_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks for differential privacy on an install without OpenDP is told what to run."""
    monkeypatch.setitem(sys.modules, "opendp.prelude", None)
    for make in (lambda: KnownValues(("a",), 1, 1), lambda: UnknownValues(1, 1e-7, 1)):
        with pytest.raises(MissingExtraError, match=r"pip install 'footfall\[dp\]'"):
            make()
