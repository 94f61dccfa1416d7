"""A document that is the same for everybody: kept by caches, which ask whether it is still the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from aiohttp import web

_CACHING = {"Cache-Control": "public, no-cache", "X-Content-Type-Options": "nosniff"}
_NOT_MODIFIED = 304
_KEPT = ("Cache-Control", "Content-Language", "Vary", "Access-Control-Allow-Origin")


@dataclass(frozen=True, slots=True)
class Document:
    """The bytes of a document and what tells its content from any other (an entity tag, weakly compared)."""

    body: bytes
    tag: str

    @classmethod
    def of(cls, body: bytes) -> "Document":
        """Make a document that is told by all of its bytes."""
        return cls(body, sha256(body).hexdigest())


def show_document(
    request: web.BaseRequest, document: Document, media_type: str, headers: Mapping[str, str]
) -> web.Response:
    """Give a document, or 304 to who has it (RFC 9110, section 13.1.2)."""
    sent = {**_CACHING, **headers, "ETag": f'W/"{document.tag}"'}
    known = request.if_none_match or ()
    if any(tag.value in {"*", document.tag} for tag in known):
        return web.Response(status=_NOT_MODIFIED, headers={k: v for k, v in sent.items() if k in {*_KEPT, "ETag"}})
    return web.Response(body=document.body, headers=sent | {"Content-Type": media_type})
