"""A visitor's page: a template, the texts of a language, and what the browser is told to forbid.

Pages run no script and load nothing but their style sheet; nothing about a visitor is in them that the
request did not say itself.
"""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

import jinja2
from aiohttp import web

from ingest.pages.catalogues import catalogues, language_of

STYLE_PATH = "/privacy/style.css"

_FORBIDDEN_BUT = (
    "default-src 'none'",
    "style-src 'self'",
    "img-src data:",  # the icon, which is in the page
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)
PAGE_HEADERS = {
    "Content-Security-Policy": "; ".join(_FORBIDDEN_BUT),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # "no-referrer" would take the Origin from our own forms
    "Cross-Origin-Opener-Policy": "same-origin",
}
_FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class StyleSheet:
    """The one style sheet; its address changes with its content."""

    body: bytes

    @property
    def version(self) -> str:
        """What tells this content from any other."""
        return sha256(self.body).hexdigest()[:16]

    @property
    def url(self) -> str:
        """The address that pages link to."""
        return f"{STYLE_PATH}?v={self.version}"


@cache
def style_sheet() -> StyleSheet:
    """Read the style sheet."""
    return StyleSheet((files("ingest.pages") / "style.css").read_bytes())


def show_style(request: web.BaseRequest) -> web.StreamResponse:
    """Give the style sheet, kept by browsers for as long as its version stands."""
    style = style_sheet()
    caching = _FOREVER if request.query.get("v") == style.version else "no-cache"
    headers = {"Cache-Control": caching, "X-Content-Type-Options": "nosniff"}
    return web.Response(body=style.body, content_type="text/css", charset="utf-8", headers=headers)


def language_for(request: web.BaseRequest) -> str:
    """Give the language to answer a request in: ``?lang=``, else what its browser prefers."""
    return language_of(
        request.query.get("lang", ""), request.headers.get("Accept-Language", ""), catalogues().keys()
    )


def show_page(request: web.BaseRequest, name: str, *, status: int = 200, **values: Any) -> web.Response:
    """Answer with a page in the request's language that browsers do not keep: it may be this one visitor's."""
    language = language_for(request)
    headers = PAGE_HEADERS | {"Content-Language": language, "Cache-Control": "no-store"}
    html = render_page(name, language, **values)
    return web.Response(text=html, content_type="text/html", status=status, headers=headers)


def render_page(name: str, language: str, **values: Any) -> str:
    """Render a template, ``NAME.html``, with the texts of the table NAME in a language.

    The template sees the texts as ``texts``, those of the frame as ``frame``, and ``values``.
    """
    catalogue = catalogues()[language]
    return (
        _templates()
        .get_template(f"{name}.html")
        .render(
            language=language,
            languages={code: each["language"]["name"] for code, each in catalogues().items()},
            frame=catalogue["layout"],
            texts=catalogue[name],
            style_url=style_sheet().url,
            **values,
        )
    )


@cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("ingest.pages"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
