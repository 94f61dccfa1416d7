"""The time zones that a form offers, by region."""

from functools import cache
from importlib.resources import files

UTC = "UTC"
_REGIONS = (
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)


@cache
def time_zones() -> dict[str, list[str]]:
    """Give the zones that are named after places, by region, in order; UTC stands apart."""
    names = sorted((files("tzdata") / "zones").read_text(encoding="utf-8").split())
    return {region: [name for name in names if name.startswith(f"{region}/")] for region in _REGIONS}


def is_offered(name: str) -> bool:
    """Tell whether a form offers this zone."""
    return name == UTC or name in time_zones().get(name.partition("/")[0], ())
