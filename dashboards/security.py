"""What the browser is told to forbid on our own pages. Other routes are not touched."""

from collections.abc import Sequence

from aiohttp import web

_FORBIDDEN_BUT = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "form-action 'self'",
    "base-uri 'none'",
)
PAGE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",  # reports, and the tokens of forms
}
_ONLY_HTTPS = "max-age=31536000"  # seconds: a year. Other hosts below ours are none of our business


def put_headers(response: web.StreamResponse, *, secure: bool = False, framed_by: Sequence[str] = ()) -> None:
    """Add the headers of a page, once; one that stands already stays (an asset's Cache-Control).

    ``secure``: the browser came by HTTPS, and shall from now on. ``framed_by`` are the origins whose
    pages may show this one in a frame, such as https://example.com; without any nobody may.
    """
    if "Content-Security-Policy" in response.headers:
        return
    ancestors = " ".join(framed_by) or "'none'"
    policy = "; ".join((*_FORBIDDEN_BUT, f"frame-ancestors {ancestors}"))
    headers = PAGE_HEADERS | {"Content-Security-Policy": policy}
    if not framed_by:
        headers["X-Frame-Options"] = "DENY"  # knows no list of origins
    if secure:
        headers["Strict-Transport-Security"] = _ONLY_HTTPS
    for name, value in headers.items():
        response.headers.setdefault(name, value)
