"""The privacy notice's versions, as they are kept in the store: each with its hash and what it changed.

A change is one operation of JSON Patch (RFC 6902), with what was there before beside what is there after.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson

from core.sql import sql
from core.store import Store, encode_rows

MOST_VERSIONS = 500
"""How many versions the history shows, the newest of them."""

Content = Mapping[str, Any]
"""A notice's content: objects, texts, numbers, truth values and nulls, down to any depth."""
Change = Mapping[str, Any]
"""``op`` (add, remove, replace), ``path`` (a JSON Pointer, RFC 6901), ``from`` and ``to`` where there is one."""

_COLUMNS = ("sequence", "at", "hash", "changes", "content")


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the notice. ``changes`` are against the one before it; the first has none."""

    sequence: int
    at: datetime
    hash: str
    changes: tuple[Change, ...] = ()


def encode_content(content: Content) -> bytes:
    """Write a content in the one form that is hashed: UTF-8 JSON, keys in order, no white space."""
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)


def content_hash(content: Content) -> str:
    """Give the SHA-256 of a content, in hexadecimal."""
    return sha256(encode_content(content)).hexdigest()


def newest_notice(store: Store) -> tuple[Version, str] | None:
    """Give the version that was published last, without its changes, and its content. Raises StoreError."""
    for sequence, at, own_hash, content in store.rows(sql("core", "newest_notice")):
        return Version(sequence, datetime.fromisoformat(at), own_hash), content
    return None


def read_versions(store: Store) -> tuple[Version, ...]:
    """Give the last ``MOST_VERSIONS`` versions, the newest first. Raises StoreError."""
    return tuple(
        Version(sequence, datetime.fromisoformat(at), own_hash, tuple(orjson.loads(changes)))
        for sequence, at, own_hash, changes in store.rows(sql("core", "notice_changes"), {"most": MOST_VERSIONS})
    )


def publish_notice(store: Store, content: Content, before: tuple[Version, str] | None, now: datetime) -> None:
    """Write a version down after the one that was newest; written twice it is there once. Raises StoreError."""
    sequence = before[0].sequence + 1 if before else 1
    changes = list(differences(orjson.loads(before[1]), content)) if before else []
    own_hash = content_hash(content)
    row = (sequence, now, own_hash, orjson.dumps(changes).decode(), encode_content(content).decode())
    store.insert("notices", _COLUMNS, encode_rows([row]), f"notice-{sequence}-{own_hash}")


def differences(before: Content, after: Content, path: str = "") -> Iterator[Change]:
    """Yield what changed from one content to another, in the order of the paths."""
    for key in sorted(before.keys() | after.keys()):
        here = f"{path}/{key.replace('~', '~0').replace('/', '~1')}"
        if key not in before:
            yield {"op": "add", "path": here, "to": after[key]}
        elif key not in after:
            yield {"op": "remove", "path": here, "from": before[key]}
        elif isinstance(before[key], Mapping) and isinstance(after[key], Mapping):
            yield from differences(before[key], after[key], here)
        elif before[key] != after[key] or type(before[key]) is not type(after[key]):
            yield {"op": "replace", "path": here, "from": before[key], "to": after[key]}
