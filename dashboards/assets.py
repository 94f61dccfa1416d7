"""Style sheets, scripts and the map: compressed when built, read once, each at an address of its content."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from types import MappingProxyType
from typing import Self

from aiohttp import web

_FOREVER = "public, max-age=31536000, immutable"
_SHORT = "no-cache"
_MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".json": "application/json", ".txt": "text/plain"}
_CODINGS = {"br": ".br", "gzip": ".gz"}  # as HTTP names them, the smallest first


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of the pages. ``encoded`` has its compressed forms by HTTP's names, the smallest first."""

    name: str
    media_type: str
    body: bytes
    encoded: Mapping[str, bytes]

    @property
    def version(self) -> str:
        """What tells this content from any other."""
        return sha256(self.body).hexdigest()[:16]

    @property
    def url(self) -> str:
        """The address that pages link to."""
        return f"/static/{self.name}?v={self.version}"

    def best_for(self, accepted: str) -> tuple[str, bytes]:
        """Give the coding and the body to send to a browser with this ``Accept-Encoding``; "" is no coding."""
        wanted = set(_accepted_codings(accepted))
        for coding, body in self.encoded.items():
            if coding in wanted:
                return coding, body
        return "", self.body


@dataclass(frozen=True, slots=True)
class Assets:
    """All files that pages link to."""

    by_name: Mapping[str, Asset]

    @classmethod
    def read(cls) -> Self:
        """Read what the build made."""
        folder = files("dashboards") / "static"
        bodies = {entry.name: entry.read_bytes() for entry in folder.iterdir()}
        return cls(MappingProxyType(dict(_assets_of(bodies))))

    def url(self, name: str) -> str:
        """Give the address of a file by its name. Raises KeyError for a file that the build does not make."""
        return self.by_name[name].url


ASSETS = web.AppKey("assets", Assets)


async def send_asset(request: web.Request) -> web.Response:
    """``GET /static/{name}``: kept by browsers for as long as its version stands."""
    asset = request.app[ASSETS].by_name.get(request.match_info["name"])
    if asset is None:
        raise web.HTTPNotFound
    coding, body = asset.best_for(request.headers.get("Accept-Encoding", ""))
    headers = {
        "Cache-Control": _FOREVER if request.query.get("v") == asset.version else _SHORT,
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
    }
    if coding:
        headers["Content-Encoding"] = coding
    return web.Response(body=body, content_type=asset.media_type, charset="utf-8", headers=headers)


def _assets_of(bodies: Mapping[str, bytes]) -> Iterator[tuple[str, Asset]]:
    for name, body in bodies.items():
        media_type = _MEDIA_TYPES.get(name[name.rfind(".") :])
        if media_type:
            encoded = {coding: bodies[name + suffix] for coding, suffix in _CODINGS.items()}
            yield name, Asset(name, media_type, body, MappingProxyType(encoded))


def _accepted_codings(accepted: str) -> Iterator[str]:
    """Give the codings that a browser takes; one of weight 0 is refused."""
    for part in accepted.lower().split(","):
        coding, _, weight = part.partition(";")
        if weight.strip().removeprefix("q=").strip("0.") or not weight:
            yield coding.strip()
