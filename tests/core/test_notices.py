"""The versions of the privacy notice: what changed is told, and nothing is written twice."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.notices import (
    Change,
    Content,
    Version,
    content_hash,
    differences,
    newest_notice,
    publish_notice,
    read_versions,
)
from core.store import Store

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
LEAVES = (
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3) | st.lists(st.integers(0, 9), max_size=2)
)
CONTENTS = st.dictionaries(
    st.text("ab/~0", max_size=2),
    st.recursive(
        LEAVES, lambda inner: st.dictionaries(st.text("ab/~1", max_size=2), inner, max_size=3), max_leaves=8
    ),
    max_size=3,
)


def applied(content: Content, changes: list[Change]) -> dict[str, Any]:
    """Apply changes as JSON Patch does (RFC 6902), having seen that each begins with what is there."""
    result = deepcopy(dict(content))
    for change in changes:
        *parents, last = [
            part.replace("~1", "/").replace("~0", "~") for part in change["path"].removeprefix("/").split("/")
        ]
        place = result
        for part in parents:
            place = place[part]
        if change["op"] == "add":
            assert last not in place
        else:
            assert place.pop(last) == change["from"]
        if change["op"] != "remove":
            place[last] = change["to"]
    return result


@given(CONTENTS, CONTENTS)
def test_the_changes_lead_from_one_version_to_the_next(before: dict[str, Any], after: dict[str, Any]) -> None:
    """Whatever two versions say, the told changes make one of the other, and equal ones have none."""
    changes = list(differences(before, after))
    assert applied(before, changes) == after
    assert (changes == []) == (content_hash(before) == content_hash(after))


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        (
            {"sites": {"a.example": {"threshold": 10}}},
            {"sites": {"a.example": {"threshold": 20}}},
            [{"op": "replace", "path": "/sites/a.example/threshold", "from": 10, "to": 20}],
        ),
        (
            {"sites": {"a.example": {"threshold": 10}}},
            {"sites": {"b/c": {"threshold": 5}}},
            [
                {"op": "remove", "path": "/sites/a.example", "from": {"threshold": 10}},
                {"op": "add", "path": "/sites/b~1c", "to": {"threshold": 5}},
            ],
        ),
        ({"counted": False}, {"counted": 0}, [{"op": "replace", "path": "/counted", "from": False, "to": 0}]),
    ],
)
def test_a_change_says_what_was_and_what_is(
    before: Mapping[str, Any], after: Mapping[str, Any], changes: list[Change]
) -> None:
    """A setting that changed is one line from old to new; what came or went is one line with all of it."""
    assert list(differences(before, after)) == changes


def test_versions_are_kept_in_order_and_written_once(store: Store) -> None:
    """Two collectors that publish the same version at the same time leave one; each tells what it changed."""
    assert (newest_notice(store), read_versions(store)) == (None, ())
    publish_notice(store, {"k": 10}, None, NOON)
    first = newest_notice(store)
    later = NOON + timedelta(hours=1)
    publish_notice(store, {"k": 20}, first, later)
    publish_notice(store, {"k": 20}, first, later + timedelta(seconds=1))
    again = newest_notice(store)
    publish_notice(store, {"k": 10}, again, later + timedelta(hours=1))
    assert first == (Version(1, NOON, content_hash({"k": 10})), '{"k":10}')
    change = {"op": "replace", "path": "/k"}
    assert read_versions(store) == (
        Version(3, later + timedelta(hours=1), content_hash({"k": 10}), (change | {"from": 20, "to": 10},)),
        Version(2, later, content_hash({"k": 20}), (change | {"from": 10, "to": 20},)),
        Version(1, NOON, content_hash({"k": 10})),
    )
