"""Line plots as SVG text, readable on light and dark pages: small, and with nothing but the standard library."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT = 360, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 76, 56, 46
_STYLE = """
  text { font: 12px system-ui, sans-serif; fill: #333; } .title { font-size: 14px; font-weight: 600; }
  .grid { stroke: #ddd; } .line { fill: none; stroke-width: 2; }
  .end { text-anchor: end; } .mid { text-anchor: middle; }
  .s0 { stroke: #0b6bcb; } .s1 { stroke: #b4530a; } .s2 { stroke: #1a7f4b; }
  .d0, text.d0 { fill: #0b6bcb; } .d1, text.d1 { fill: #b4530a; } .d2, text.d2 { fill: #1a7f4b; }
  @media (prefers-color-scheme: dark) {
    text { fill: #ddd; } .grid { stroke: #444; }
    .s0 { stroke: #6cb4ff; } .s1 { stroke: #f0a35e; } .s2 { stroke: #5fd39a; }
    .d0, text.d0 { fill: #6cb4ff; } .d1, text.d1 { fill: #f0a35e; } .d2, text.d2 { fill: #5fd39a; }
  }
"""
_STEPS = 4
_LEAST_GAP = 14.0
"""Between the names of two lines, in pixels."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One plot: values of 0 to ``top`` percent, of each line at each of the places along the axis."""

    title: str
    axis: str
    places: Sequence[str]
    lines: Mapping[str, Sequence[float]]
    top: float = 100.0


def plot(panels: Sequence[Panel], description: str) -> str:
    """Draw panels side by side; ``description`` is for those who do not see them. Up to three lines each."""
    width = _WIDTH * len(panels)
    drawn = (
        f'<g transform="translate({number * _WIDTH} 0)">\n' + "\n".join(_panel(panel)) + "\n</g>"
        for number, panel in enumerate(panels)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {_HEIGHT}" width="{width}" '
        f'height="{_HEIGHT}" role="img" aria-label="{escape(description)}">\n<style>{_STYLE}</style>\n'
        + "\n".join(drawn)
        + "\n</svg>\n"
    )


def _panel(panel: Panel) -> Iterator[str]:
    yield f'<text class="title" x="{_LEFT}" y="24">{escape(panel.title)}</text>'
    for step in range(_STEPS + 1):
        value = panel.top * step / _STEPS
        y = _y(value, panel.top)
        yield f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text class="end" x="{_LEFT - 6}" y="{y + 4:.1f}">{value:g} %</text>'
    for number, place in enumerate(panel.places):
        yield f'<text class="mid" x="{_x(number, panel):.1f}" y="{_HEIGHT - 26}">{escape(place)}</text>'
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    yield f'<text class="mid" x="{middle:.1f}" y="{_HEIGHT - 8}">{escape(panel.axis)}</text>'
    labels = _label_heights(panel)
    for colour, (name, values) in enumerate(panel.lines.items()):
        points = [(_x(number, panel), _y(value, panel.top)) for number, value in enumerate(values)]
        yield f'<polyline class="line s{colour}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>'
        yield from (f'<circle class="d{colour}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in points)
        x, y = points[-1][0] + 8, labels[name] + 4
        yield f'<text class="d{colour}" x="{x:.1f}" y="{y:.1f}">{escape(name)}</text>'


def _label_heights(panel: Panel) -> dict[str, float]:
    """Put each line's name beside its end, the lower ones upwards where they would lie on each other."""
    heights: dict[str, float] = {}
    free = float(_HEIGHT)
    for name in sorted(panel.lines, key=lambda name: panel.lines[name][-1]):
        free = heights[name] = min(_y(panel.lines[name][-1], panel.top), free - _LEAST_GAP)
    return heights


def _x(number: int, panel: Panel) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * (number + 0.5) / len(panel.places)


def _y(value: float, top: float) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * min(value, top) / top
