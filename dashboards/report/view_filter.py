"""A filter of a site's page, as an address states it: ``is,country,DE``. Pure."""

from dataclasses import dataclass

from aggregate.cells import DIMENSIONS, PROP, has_several, is_filter
from dashboards.report.view_error import Mistake, ViewError

_IS, _IS_NOT = "is", "is_not"
_PARTS = 3


@dataclass(frozen=True, slots=True)
class ViewFilter:
    """Those visits alone whose dimension has this value; with ``is_not``, all the others.

    Of a dimension of which a visit may have several values, reports do not tell the others.
    """

    dimension: str
    value: str
    is_not: bool = False

    def __str__(self) -> str:
        """Write it as an address has it."""
        return ",".join((_IS_NOT if self.is_not else _IS, self.dimension, self.value))


def read_filter(text: str) -> ViewFilter:
    """Read a filter; its value may hold commas. Raises ViewError."""
    parts = text.split(",", _PARTS - 1)
    if len(parts) < _PARTS or parts[0] not in {_IS, _IS_NOT} or not parts[2]:
        raise ViewError(Mistake.FILTER, text)
    operator, dimension, value = parts
    if not is_filter(dimension) or dimension == PROP:
        raise ViewError(Mistake.NOT_FILTERED if dimension in DIMENSIONS else Mistake.DIMENSION, dimension)
    is_not = operator == _IS_NOT
    if is_not and has_several(dimension):
        raise ViewError(Mistake.NOT_TOLD, value)
    return ViewFilter(dimension, value, is_not)
