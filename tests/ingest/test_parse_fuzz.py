"""Whatever is sent, the parser names what is wrong or gives a beacon that can be stored."""

import json
from collections.abc import Iterable, Mapping
from datetime import timedelta
from time import thread_time
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.domains import canonical_domain
from core.errors import BeaconError
from core.store import Store
from geo.network import Cut, cut_address
from ingest.beacon import PAGEVIEW, Arrival, Beacon, Hit, Signals
from ingest.collector import MOST_BODY_BYTES
from ingest.event import COLUMNS, Event
from ingest.gate import Knowledge, pass_gate
from ingest.parse import (
    FULL_SCROLL,
    MOST_DOMAINS,
    MOST_HOSTNAME_CHARACTERS,
    MOST_NAME_CHARACTERS,
    MOST_PROP_KEY_BYTES,
    MOST_PROP_VALUE_BYTES,
    MOST_PROPS,
    MOST_PROPS_BYTES,
    MOST_REFERRER_CHARACTERS,
    MOST_SCREEN_PIXELS,
    MOST_URL_BYTES,
    THIRTY_DAYS,
    parse_event,
    parse_pixel,
)
from tests.fixtures.collecting import CHROME, NOON, SITE
from tests.fixtures.store import empty

WITH_KNOWLEDGE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
CPU_LIMIT = 1.0  # seconds, for what takes 0.03 at the most

FIELDS = (
    *("name", "n", "url", "u", "domain", "d", "referrer", "r", "props", "p", "meta", "m", "interactive", "i"),
    *("hashMode", "h", "sd", "e", "screen_width", "w", "v", "$"),
)
VALID = {
    "n": PAGEVIEW,
    "u": "https://example.com/a/b?utm_source=news&x=1#top",
    "d": "example.com,shop.example.com",
    "r": "https://www.google.com/search?q=x",
    "p": {"plan": "pro", "seats": 3},
    "sd": 55,
    "e": 12_000,
    "w": 1_440,
}

# What JSON's own readers and Python's functions stumble over, as it stands in a body.
ODD_VALUES = (
    *("1e999", "-1e999", "1e-999", "-0", "-0.0", "1E2", "01", "NaN", "-Infinity", "9" * 5_000, "100.0", "1.5"),
    *("18446744073709551615", "18446744073709551616", "-9223372036854775809", "2592000000", "2592000001"),
    *('"1"', '"01"', '"1e2"', '"\\u0661"', '"-1"', '" 1"', "true", "null", '""', '" "', "{}", "[]", '[""]'),
    *('"\\ud800"', '"\\udc00\\ud800"', '"\\u0000"', '"\\uFEFF"', '"\\u2028"', '{"a":{"b":[1]}}', '"{\\"a\\":1}"'),
    *('"{\\"a\\":1e999}"', '"[1]"', '{"a":1,"a":2}', '{"":"x"}', '{"\\ud800":1}', "[" * 900 + "]" * 900),
)
# Of what addresses, names and secrets are made, and what breaks them.
PIECES = (
    *("@", "%", "%25", "%00", "%ff", "%ED%A0%80", "://", "/", "//", "?", "#", "#!/", "&", "=", ";", ":", "[", "]"),
    *("\\", " ", "\t", "\n", "\x00", "\x7f", "\u202e", "\u2028", "\ufeff", "\ud800", "\udfff", "é", "e\u0301"),
    *("东京", "🍞", "İ", "ß", "\uff20", "℀", "www.", ".", "..", "-", "_", "~", "'", '"', "{", "}", ",", "a"),
    *("https://", "android-app://", "data:", "example.com", "[::1]", "127.0.0.1", "utm_source=", "ref=", "eyJ"),
    *("A0a", "550e8400-e29b-41d4-a716-446655440000", "ada@example.org", "555-123-4567", "Chrome/120.0.0.0"),
)
# What patterns may look at again and again.
REPEATED = (
    *("@", "@.", "%25", "%25%32%35", "a%", "%e9", "1 ", "1 -", "12(", "2024 ", "20240101", "::", "1.1.1.", "0:"),
    *("0f", "0f-", "aA0", "A0a_", "eyJ.", "eyJ-", "//", "/;", "a.", "x=", "://", "&amp;", "~-", "é", "\uff20."),
)

ANY_TEXT = st.text(st.characters(exclude_categories=()))  # lone surrogates too
MADE_UP_TEXT = st.lists(st.sampled_from(PIECES) | ANY_TEXT, max_size=12).map("".join)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | MADE_UP_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(MADE_UP_TEXT, inner, max_size=4),
    max_leaves=8,
)
VALUES = st.sampled_from(ODD_VALUES) | ANY_JSON.map(json.dumps)
STATED_WELL = [(name, json.dumps(value)) for name, value in VALID.items()]
STATED = st.lists(st.tuples(st.sampled_from(FIELDS) | ANY_TEXT, VALUES), max_size=8)
SPLICES = st.lists(
    st.tuples(st.integers(0, 300), st.integers(0, 12), st.binary(max_size=8) | st.sampled_from(PIECES[:30])),
    min_size=1,
    max_size=4,
)
ORIGINS = st.sampled_from(["https://example.com", "http://www.a.example", "app://x", "https://u:p@[::1]", "//x"])
PARTS = st.sampled_from(["", "/", "?", "#", "?utm_source="])
REFERERS = st.tuples(ORIGINS, PARTS, MADE_UP_TEXT).map("".join)

# What the gate is to see: nothing that the parser refuses at once.
WHOLE_TEXT = st.lists(st.sampled_from([piece for piece in PIECES if piece.isprintable()]) | st.text()).map("".join)
PRINTABLE_TEXT = WHOLE_TEXT.map(lambda text: "".join(filter(str.isprintable, text)))
MEANT_WELL = st.fixed_dictionaries(
    {
        "n": st.just(PAGEVIEW) | PRINTABLE_TEXT.map(lambda text: f"{text[:119]}!"),
        "u": st.tuples(ORIGINS, PARTS, WHOLE_TEXT).map("".join),
    },
    optional={
        "r": st.tuples(ORIGINS, PARTS, WHOLE_TEXT).map("".join) | WHOLE_TEXT,
        "p": st.dictionaries(WHOLE_TEXT, WHOLE_TEXT | st.floats(-1e9, 1e9) | st.booleans(), max_size=30),
        "h": st.just(1),
        "i": st.booleans(),
        "sd": st.integers(0, FULL_SCROLL),
        "e": st.integers(0, THIRTY_DAYS),
        "w": st.integers(0, MOST_SCREEN_PIXELS),
    },
)
AGENTS = st.just(CHROME) | PRINTABLE_TEXT.map(f"{CHROME} ".__add__) | MADE_UP_TEXT


def body_of(stated: Iterable[tuple[str, str]]) -> bytes:
    """Write fields down one after another, so that a name may come twice."""
    return ("{" + ",".join(f"{json.dumps(name)}:{value}" for name, value in stated) + "}").encode()


def parsed(body: bytes) -> Beacon | None:
    """Parse a body, and look at what came of it; None for one that is refused with a reason."""
    try:
        beacon = parse_event(body)
    except BeaconError as error:
        check_refusal(error)
        return None
    check(beacon)
    return beacon


def check_refusal(error: BeaconError) -> None:
    """Hold a refusal to the contract: by field, in words, and nothing of what was sent."""
    assert error.errors
    assert error.errors.keys() <= {*FIELDS, "request", "engagement"}
    assert all(text.isascii() and len(text) < 100 for texts in error.errors.values() for text in texts)


def check(beacon: Beacon) -> None:
    """Hold a beacon to its bounds."""
    url = beacon.url
    assert 1 <= len(beacon.name) <= MOST_NAME_CHARACTERS
    assert beacon.name.isprintable()
    assert beacon.name == beacon.name.strip()
    assert len(url.hostname) <= MOST_HOSTNAME_CHARACTERS
    assert url.hostname.isprintable()
    assert size(url.path) + size(url.query) + size(url.fragment) <= MOST_URL_BYTES
    assert 1 <= len(beacon.domains) == len(set(beacon.domains)) <= MOST_DOMAINS
    assert all(domain == canonical_domain(domain) for domain in beacon.domains)
    assert size(beacon.referrer) <= 4 * MOST_REFERRER_CHARACTERS
    assert len(beacon.referrer) <= MOST_REFERRER_CHARACTERS
    assert len(beacon.props) <= MOST_PROPS
    assert all(key.strip() and size(key) <= MOST_PROP_KEY_BYTES for key in beacon.props)
    assert all(text.strip() and size(text) <= MOST_PROP_VALUE_BYTES for text in beacon.props.values())
    assert isinstance(beacon.interactive, bool)
    assert isinstance(beacon.hash_mode, bool)
    for number, most in (
        (beacon.scroll_depth, FULL_SCROLL),
        (beacon.engaged, THIRTY_DAYS),
        (beacon.screen_width, MOST_SCREEN_PIXELS),
    ):
        assert type(number) is int
        assert 0 <= number <= most


def size(text: str) -> int:
    """Give a text's size in UTF-8, which a lone surrogate has not."""
    return len(text.encode())


def event_of(beacon: Beacon, knowledge: Knowledge, agent: str = CHROME, number: int = 0) -> Event | None:
    """Pass a beacon through the gate; None if it is dropped."""
    received = NOON + timedelta(microseconds=number)
    signals = Signals(opted_out=False, prefetch=False)
    arrival = Arrival(received, cut_address("2.160.7.7", Cut()), agent, signals)
    outcome = pass_gate(Hit(SITE, beacon, arrival), knowledge)
    return outcome if isinstance(outcome, Event) else None


@given(st.binary() | st.text().map(str.encode) | ANY_JSON.map(lambda value: json.dumps(value).encode()))
@example(b"")
@example(b"\xef\xbb\xbf{}")
@example(b'"' + b"x" * MOST_BODY_BYTES)
@example(json.dumps(VALID).encode("utf-16"))
def test_any_bytes_are_understood_or_refused(body: bytes) -> None:
    """Bytes that are no JSON, or no beacon, are refused with a reason."""
    parsed(body)


@given(STATED)
@example([("n", '"pageview"'), ("u", '"https://example.com/"'), ("n", "[]")])
def test_any_value_in_any_field_is_understood_or_refused(stated: list[tuple[str, str]]) -> None:
    """A field may hold anything, and be there twice."""
    parsed(body_of(stated))
    parsed(body_of([*STATED_WELL, *stated]))


@pytest.mark.parametrize("value", ODD_VALUES)
def test_odd_values_are_understood_or_refused(value: str) -> None:
    """Numbers at the limits of their types, half characters and the like trip up no field."""
    for field in FIELDS:
        parsed(body_of([*STATED_WELL, (field, value)]))


@given(SPLICES)
def test_a_damaged_beacon_is_understood_or_refused(splices: list[tuple[int, int, bytes | str]]) -> None:
    """Bytes lost, added or changed on the way make another beacon, or none."""
    body = json.dumps(VALID).encode()
    for start, removed, added in splices:
        inserted = added if isinstance(added, bytes) else added.encode("utf-8", "surrogatepass")
        body = body[:start] + inserted + body[start + removed :]
    parsed(body)


@pytest.mark.parametrize("depth", [1_000, 1_024, 1_025, 16_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"p":', "}"), ("[", ""), ('{"p":', "")])
def test_any_depth_is_understood_or_refused(opening: str, closing: str, depth: int) -> None:
    """Values within values exhaust no stack."""
    nested = opening * depth + "0" * bool(closing) + closing * depth
    parsed(nested.encode())
    for field in ("x", "n", "p", "i"):
        parsed(body_of([("n", '"pageview"'), ("u", '"https://example.com/"'), (field, nested)]))
        parsed(body_of([("n", '"pageview"'), ("u", '"https://example.com/"'), (field, json.dumps(nested))]))


@given(st.dictionaries(st.sampled_from(FIELDS) | ANY_TEXT, MADE_UP_TEXT), REFERERS)
def test_any_pixel_is_understood_or_refused(query: Mapping[str, str], referer: str) -> None:
    """Parameters and a Referer header may hold anything, bytes that are no UTF-8 included."""
    try:
        check(parse_pixel(query, referer))
    except BeaconError as error:
        check_refusal(error)


@given(stated=MEANT_WELL, agent=AGENTS)
@WITH_KNOWLEDGE
def test_what_is_understood_passes_the_gate(knowledge: Knowledge, stated: dict[str, Any], agent: str) -> None:
    """Every beacon ends as an event that can be printed and written, or as a drop with a reason."""
    beacon = parsed(json.dumps(stated).encode())
    event = event_of(beacon, knowledge, agent) if beacon else None
    if event is None:
        return
    row = dict(zip(COLUMNS, orjson.loads(event.row()), strict=True))
    texts = [value for value in row.values() if isinstance(value, str)]
    assert all(text.isprintable() for text in (*texts, *row["props"], *row["props"].values()))
    assert event.name
    assert event.page.startswith("/")


@given(st.lists(MEANT_WELL, min_size=1, max_size=20))
@settings(WITH_KNOWLEDGE, max_examples=25)
def test_what_passes_the_gate_can_be_stored(
    knowledge: Knowledge, embedded: Store, stated: list[dict[str, Any]]
) -> None:
    """ClickHouse takes every row, and gives it back as it was."""
    beacons = [parsed(json.dumps(each).encode()) for each in stated]
    events = [event_of(beacon, knowledge, number=number) for number, beacon in enumerate(beacons) if beacon]
    rows = [event.row() for event in events if event]
    empty(embedded)
    embedded.insert("events", COLUMNS, b"\n".join(rows))
    found = embedded.rows("SELECT * EXCEPT received FROM events ORDER BY received")
    received = COLUMNS.index("received")
    written = [orjson.loads(row) for row in rows]
    assert found == [[*row[:received], *row[received + 1 :]] for row in written]


@pytest.mark.parametrize("piece", REPEATED)
def test_nothing_that_may_be_sent_takes_long(knowledge: Knowledge, piece: str) -> None:
    """As much of one thing as a beacon may hold is read and cleaned in a moment."""
    part = repeated(piece, 600)
    stated = {
        "n": "x" + repeated(piece, MOST_NAME_CHARACTERS - 1),
        "u": f"https://example.com/{part}?ref={part}#/{part}",
        "r": f"https://x.example/{repeated(piece, MOST_REFERRER_CHARACTERS)}",
        "p": {f"{number}{repeated(piece, 130)}": repeated(piece, 180) for number in range(MOST_PROPS)},
        "h": 1,
    }
    body = orjson.dumps(stated)
    assert sum(len(text.encode()) for prop in stated["p"].items() for text in prop) > 0.9 * MOST_PROPS_BYTES
    began = thread_time()
    beacon = parsed(body)
    event = event_of(beacon, knowledge) if beacon else None
    assert thread_time() - began < CPU_LIMIT
    assert event
    assert event.row()


def repeated(piece: str, most: int) -> str:
    """Give a piece so often as fits into so many bytes."""
    return piece * (most // size(piece))
