"""Noise by which a count says almost the same whether one visitor was there or not.

The noise is OpenDP's (the extra ``dp``), drawn from the operating system: discrete Laplace, whose
tails fall by a factor of e every ``scale``. What it costs, OpenDP says, too: ``epsilon`` and ``delta``
of a noise are its privacy map's answer for a visitor who contributes as much as they may.
"""

import math
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Protocol

from core.errors import MissingExtraError

_FALSE_ROWS = 0.01
_HIGHEST_THRESHOLD = 10**9


class Noise(Protocol):
    """Draws noise for counts; has drawn nothing until it is asked to."""

    epsilon: float
    delta: float
    least: int
    """The smallest number that is released; 0 if every one is."""

    def draw(self, counts: Mapping[str, int]) -> dict[str, int]:
        """Give the values that may be released, with noisy counts that are not negative."""


class KnownValues:
    """Noise for a set of values that is known beforehand, whoever came: each gets some, also where nobody was.

    A visitor may change the counts by ``contribution`` in all. With ``everything`` all values are
    released; else those alone that stand out from the noise: of those where nobody was, one is
    released on one day in a hundred. That is for the reader's sake, and costs no privacy.
    Raises MissingExtraError.
    """

    def __init__(
        self, values: Sequence[str], epsilon: float, contribution: int, *, everything: bool = False
    ) -> None:
        dp = _opendp()
        scale = contribution / epsilon
        space = dp.vector_domain(dp.atom_domain(T="i64")), dp.l1_distance(T="i64")
        self._measurement = dp.m.make_laplace(*space, scale=scale)
        self._values = values
        self.epsilon = float(self._measurement.map(contribution))
        self.delta = 0.0
        self.least = 0 if everything else math.ceil(scale * math.log(len(values) / (2 * _FALSE_ROWS)))

    def draw(self, counts: Mapping[str, int]) -> dict[str, int]:
        """Give those values of the set that stand out; a count of a value outside it is left out."""
        noisy = self._measurement([counts.get(value, 0) for value in self._values])
        return {
            value: max(0, number)
            for value, number in zip(self._values, noisy, strict=True)
            if number >= self.least or self.least == 0
        }


class UnknownValues:
    """Noise for values that are known only because somebody was there, such as pages.

    That a value is there at all tells of its visitors; so it is released from a threshold on, which a
    visitor alone passes with a chance of at most ``delta``, in all of the ``most_values`` values in which
    they count 1 each. Raises MissingExtraError.
    """

    def __init__(self, epsilon: float, delta: float, most_values: int) -> None:
        dp = _opendp()
        # Numbers for keys: OpenDP hands texts to C, where a zero byte ends them.
        space = (
            dp.map_domain(dp.atom_domain(T="i64"), dp.atom_domain(T="i64")),
            dp.l01inf_distance(dp.absolute_distance(T="i64")),
        )
        one_visitor = (most_values, most_values, 1)  # values, their sum, the largest
        scale = most_values / epsilon
        self.least = dp.binary_search(
            lambda threshold: (
                dp.m.make_laplace_threshold(*space, scale=scale, threshold=threshold).map(one_visitor)[1] <= delta
            ),
            bounds=(1, _HIGHEST_THRESHOLD),
        )
        self._measurement = dp.m.make_laplace_threshold(*space, scale=scale, threshold=self.least)
        self.epsilon, self.delta = self._measurement.map(one_visitor)

    def draw(self, counts: Mapping[str, int]) -> dict[str, int]:
        """Give the values whose noisy count reaches the threshold."""
        values = list(counts)
        noisy = self._measurement({number: counts[value] for number, value in enumerate(values)})
        return {values[number]: count for number, count in noisy.items()}


def _opendp() -> ModuleType:
    try:
        import opendp.prelude as dp  # noqa: PLC0415
    except ImportError:
        raise MissingExtraError(
            "Reports with differential privacy need OpenDP: run pip install 'footfall[dp]'."
        ) from None
    dp.enable_features("contrib")  # all of OpenDP asks for it: not every proof was reviewed by others yet
    return dp
