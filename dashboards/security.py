"""What the browser is told to forbid on our own pages. Other routes are not touched."""

from aiohttp import web

_FORBIDDEN_BUT = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)
PAGE_HEADERS = {
    "Content-Security-Policy": "; ".join(_FORBIDDEN_BUT),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",  # reports, and the tokens of forms
}


def put_headers(response: web.StreamResponse) -> None:
    """Add the headers of a page; one that stands already stays (an asset's Cache-Control)."""
    for name, value in PAGE_HEADERS.items():
        response.headers.setdefault(name, value)
