"""The style sheet, under an address that changes with its content."""

from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files

from aiohttp import web

_FOREVER = "public, max-age=31536000, immutable"
_SHORT = "no-cache"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of the pages, read once."""

    name: str
    media_type: str
    body: bytes

    @property
    def version(self) -> str:
        """What tells this content from any other."""
        return sha256(self.body).hexdigest()[:16]

    @property
    def url(self) -> str:
        """The address that pages link to."""
        return f"/static/{self.name}?v={self.version}"


STYLE = web.AppKey("style", Asset)


def read_style() -> Asset:
    """Read the style sheet that the build made."""
    body = (files("dashboards") / "static" / "dashboard.css").read_bytes()
    return Asset("dashboard.css", "text/css", body)


async def send_style(request: web.Request) -> web.Response:
    """``GET /static/dashboard.css``: kept by browsers for as long as its version stands."""
    style = request.app[STYLE]
    caching = _FOREVER if request.query.get("v") == style.version else _SHORT
    headers = {"Cache-Control": caching, "X-Content-Type-Options": "nosniff"}
    response = web.Response(body=style.body, content_type=style.media_type, charset="utf-8", headers=headers)
    response.enable_compression()
    return response
