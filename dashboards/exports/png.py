"""An SVG as PNG, by resvg, with the letters that come with Footfall: a server need have none."""

from functools import cache
from importlib.resources import files

import resvg_py

_FONTS = ("Inter_400Regular.ttf", "Inter_600SemiBold.ttf")  # hatch_build.py puts them there
_FAMILY = "Inter"
_FINE = 2


def as_png(drawing: str) -> bytes:
    """Draw an SVG of our own making at twice its size. Blocks for some hundredths of a second."""
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=drawing, zoom=_FINE, font_files=_font_files(), font_family=_FAMILY, skip_system_fonts=True
        )
    )


@cache
def _font_files() -> list[str]:
    return [str(files("dashboards") / "fonts" / name) for name in _FONTS]
