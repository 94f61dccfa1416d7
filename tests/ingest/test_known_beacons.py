"""Short cuts for beacons that came before: the same answers, and nothing remembered that a row could not hold."""

from urllib.parse import urlsplit

import orjson
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BeaconError
from ingest.beacon import Beacon
from ingest.known_beacons import KnownBeacons
from ingest.parse import _plain_url, parse_event
from ingest.url_hygiene import REDACTED, clean_path

ADDRESS = [
    "https://",
    "http://",
    "example.com",
    "www.",
    "EXAMPLE",
    ":8080",
    "/",
    "/a",
    "//",
    "blog",
    "?",
    "&",
    "#",
]
ODD = ["ada@example.org", "%41", "utm_source=x", "#/route", ";", "=", ".", "-", "é", " ", "\t", "[", "]", "\\"]
PIECES = st.sampled_from([*ADDRESS, *ODD, "550e8400e29b41d4a716"])
TEXTS = st.lists(PIECES, max_size=8).map("".join)
BODIES = st.fixed_dictionaries(
    {"n": st.sampled_from(["pageview", "Signup", "engagement"]), "u": TEXTS | st.just("https://example.com/a")},
    optional={"d": st.just("example.com"), "r": TEXTS, "p": st.just({"plan": "pro"}), "h": st.just(1)},
).map(orjson.dumps)


def parsed(parse: object, body: bytes) -> Beacon | dict[str, list[str]]:
    """Give a beacon, or what is wrong with it."""
    try:
        return parse(body)  # type: ignore[operator,no-any-return]
    except BeaconError as error:
        return error.errors


@given(TEXTS)
def test_a_plain_address_is_taken_apart_as_urlsplit_does(text: str) -> None:
    """Wherever the short cut answers at all, it finds the parts that the standard library finds."""
    found = _plain_url(text)
    if found is not None:
        parts = urlsplit(text)
        assert tuple(found) == (
            (parts.hostname or "").removesuffix("."),
            parts.path or "/",
            parts.query,
            parts.fragment,
        )


@given(st.lists(BODIES, max_size=6))
def test_a_known_beacon_is_parsed_like_a_new_one(bodies: list[bytes]) -> None:
    """Asked twice, with others between, each body gives what the parser gives."""
    known = KnownBeacons()
    assert [parsed(known.parse, body) for body in bodies * 2] == [parsed(parse_event, body) for body in bodies * 2]


@given(BODIES)
def test_only_what_a_row_may_hold_is_remembered(body: bytes) -> None:
    """A body is kept only if its page and referrer are clean as they came, without query, fragment or props."""
    known = KnownBeacons()
    parsed(known.parse, body)
    for kept, beacon in known._known.items():  # noqa: SLF001 (what is kept is the point)
        assert kept == body
        assert REDACTED not in beacon.url.path
        assert beacon.url.path == clean_path(beacon.url.path)
        assert (beacon.url.query, beacon.url.fragment, dict(beacon.props)) == ("", "", {})
        assert "?" not in beacon.referrer
        assert "#" not in beacon.referrer
        assert b"@" not in kept


def test_memory_is_bounded() -> None:
    """A million pages do not make a million entries."""
    known = KnownBeacons(remembered=100)
    for number in range(1_000):
        letters = "".join("abcdefghij"[int(digit)] for digit in str(number))
        known.parse(orjson.dumps({"n": "pageview", "u": f"https://example.com/{letters}", "d": "example.com"}))
    assert 0 < len(known._known) <= 100  # noqa: SLF001
