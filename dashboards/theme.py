"""Light or dark: what the switch on the pages was set to, so that a page comes in its theme at once."""

from aiohttp import web

COOKIE = "theme"
AUTO = "auto"
_THEMES = frozenset({AUTO, "light", "dark"})


def theme_of(request: web.Request) -> str:
    """Give the theme that the browser keeps: light, dark, or auto for what its owner prefers everywhere."""
    kept = request.cookies.get(COOKIE, AUTO)
    return kept if kept in _THEMES else AUTO
