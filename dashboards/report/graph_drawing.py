"""The lines of a graph in the units of an SVG that stretches: what is seen where no script draws it. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

WIDTH = 1000
HEIGHT = 100
_TOPS = (4, 6, 8, 10, 16, 20)
_TOPS_IN_SECONDS = (10, 20, 60, 120, 240, 600, 1_200, 2_400, 3_600, 7_200, 14_400)
_MOST_PERCENT = 100

Values = Sequence[float | None]
Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Paths in SVG's words, up to the value ``top``. ``dashed`` is what leads to a step that is not over."""

    top: float
    line: str
    area: str
    dashed: str
    compared: str
    dots: list[Place]


def draw(values: Values, compared: Values | None, *, most: float, unit: str, unfinished: int | None) -> Drawing:
    """Draw values and those that they are compared with; None is a gap.

    ``most`` is the largest value of both, ``unfinished`` the first step that is not over, if there is one.
    """
    top = _top(most, unit)
    end = len(values) if unfinished is None else unfinished
    whole = [value if index < end else None for index, value in enumerate(values)]
    rest = [value if index >= end - 1 else None for index, value in enumerate(values)] if end < len(values) else []
    runs = list(_runs(values, top))
    return Drawing(
        top=top,
        line="".join(_line(run) for run in _runs(whole, top)),
        area="".join(_area(run) for run in runs),
        dashed="".join(_line(run) for run in _runs(rest, top)),
        compared="".join(_line(run) for run in _runs(compared or [], top, len(values))),
        dots=[run[0] for run in runs if len(run) == 1],
    )


def _runs(values: Values, top: float, steps: int = 0) -> Iterator[list[Place]]:
    """Give the places of values, broken where one is missing."""
    run: list[Place] = []
    for index, value in enumerate(values):
        if value is not None:
            run.append(_place(index, steps or len(values), value, top))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _place(index: int, steps: int, value: float, top: float) -> Place:
    x = WIDTH * (index + 0.5) / steps  # above the middle of its label
    return round(x, 1), round(HEIGHT * (1 - min(value, top) / top), 2)


def _line(run: Sequence[Place]) -> str:
    return "" if len(run) == 1 else "M" + "L".join(f"{x} {y}" for x, y in run)


def _area(run: Sequence[Place]) -> str:
    if len(run) == 1:
        return ""
    return f"M{run[0][0]} {HEIGHT}L" + "L".join(f"{x} {y}" for x, y in run) + f"L{run[-1][0]} {HEIGHT}Z"


def _top(most: float, unit: str) -> float:
    """Give the next round number, so that half of it is round as well."""
    if unit == "percent" and most > _MOST_PERCENT / 2:
        return _MOST_PERCENT
    if unit == "seconds" and most <= _TOPS_IN_SECONDS[-1]:
        return next(top for top in _TOPS_IN_SECONDS if most <= top)
    scale = 1
    while True:
        for top in _TOPS:
            if most <= top * scale:
                return top * scale
        scale *= 10
