"""The published description of the collector, the parser and a running collector held to it."""

import json
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson
import pytest
import requests
import schemathesis
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from hypothesis import HealthCheck, assume, given, settings

from core.errors import (
    BeaconCompressedError,
    BeaconError,
    BeaconTooLargeError,
    BeaconTooSlowError,
    TooManyBeaconsError,
)
from ingest.answers import refused, unavailable
from ingest.collector import MOST_BODY_BYTES
from ingest.openapi import BOUNDS, openapi_document
from ingest.parse import MOST_PROP_KEY_BYTES, MOST_PROP_VALUE_BYTES, parse_event
from ingest.routes import ROUTES
from tests.fixtures.collecting import CHROME
from tests.fixtures.serving import LIMIT, Serving, data_folder, serving, wait_until

SCHEMATHESIS = Path(sysconfig.get_path("scripts")) / "schemathesis"
SITE, AFTERWARDS = "example.com", "afterwards.example"
MADE_UP = "0"  # the host of the addresses that schemathesis makes up first
UNLIMITED = {
    "FOOTFALL_RATE_LIMIT": "0",
    "FOOTFALL_SITE_RATE_LIMIT": "0",
    "FOOTFALL_TRUSTED_PROXIES": "127.0.0.0/8",
}

# Two checks are left to the tests of the parser: it takes more than the document promises, and JSON Schema
# cannot say all that the document does (lengths in bytes, the JSON in a text).
ATTACK = [
    "--phases=examples,coverage,fuzzing",
    "--max-examples=40",
    "--exclude-checks=negative_data_rejection,positive_data_acceptance",
    "--continue-on-failure",
    "--suppress-health-check=all",
    "--generation-database=none",
    "--no-color",
]

DOCUMENT = openapi_document()
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
DESCRIBED = schemathesis.openapi.from_dict(DOCUMENT)
PROPS, NAMES = {"props", "p", "meta", "m"}, {"name", "n"}
BROWSER = {"User-Agent": CHROME}
BEACON = {"n": "pageview", "u": "https://example.com/"}
EVENT = DOCUMENT["paths"]["/api/event"]["post"]
ANY_REQUEST = make_mocked_request("POST", "/api/event")
UNAVAILABLE = unavailable(ANY_REQUEST)
REFUSED = [
    refused(ANY_REQUEST, error({"request": ["is wrong"]}))
    for error in (BeaconError, BeaconTooSlowError, BeaconTooLargeError, BeaconCompressedError, TooManyBeaconsError)
]
EXAMPLES = [each["value"] for each in EVENT["requestBody"]["content"]["application/json"]["examples"].values()]


def conforms(title: str, value: object) -> bool:
    """Tell whether a value is what one of the document's schemas describes."""
    schema = {"$ref": f"#/components/schemas/{title}", "components": DOCUMENT["components"]}
    return jsonschema_rs.Draft202012Validator(schema).is_valid(value)


def is_taken(beacon: dict[str, Any]) -> bool:
    """Tell whether the parser takes a beacon."""
    try:
        parse_event(orjson.dumps(beacon))
    except BeaconError:
        return False
    return True


@pytest.fixture(scope="module")
def footfall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """Run one process for all that is sent here."""
    with (
        data_folder(tmp_path_factory.mktemp("openapi")) as data,
        serving(data, **UNLIMITED) as process,
    ):
        process.add_sites(SITE, AFTERWARDS, MADE_UP)
        yield process


def test_the_description_is_valid_openapi() -> None:
    """Any tool that reads OpenAPI 3.1 can read it, down to every schema."""
    DESCRIBED.validate()
    assert DOCUMENT["openapi"] == "3.1.0"
    for schema in SCHEMAS.values():
        jsonschema_rs.meta.validate(schema)
        jsonschema_rs.Draft202012Validator(schema | {"components": DOCUMENT["components"]})


def test_every_route_is_described() -> None:
    """The document has the collector's paths and methods, and no other; HEAD is GET without its body."""
    described = {path: {method.upper() for method in operations} for path, operations in DOCUMENT["paths"].items()}
    assert described == {path: methods.keys() - {"HEAD"} for path, methods in ROUTES.items()}


def test_the_largest_body_is_described() -> None:
    """Who reads the document learns how much may be sent."""
    limit = f"{MOST_BODY_BYTES // 1024} KiB"
    assert limit in EVENT["description"]
    assert limit in DOCUMENT["components"]["responses"]["TooLarge"]["description"]


@pytest.mark.parametrize("title", [title for title, schema in SCHEMAS.items() if "examples" in schema])
def test_every_example_is_what_it_is_an_example_of(title: str) -> None:
    """Nobody who copies an example from the document is refused."""
    assert [value for value in SCHEMAS[title]["examples"] if not conforms(title, value)] == []


@pytest.mark.parametrize(
    ("title", "field", "most", "too_much"),
    [
        ("Name", "name", "é" * 120, "é" * 121),
        ("Url", "url", "https://example.com/" + "x" * 1980, "https://example.com/" + "x" * 1981),
        ("Url", "url", "https://" + "x" * 253, "https://" + "x" * 254),
        ("Domain", "domain", ",".join(f"{n}.a" for n in range(20)), ",".join(f"{n}.a" for n in range(21))),
        ("Props", "props", {str(n): n for n in range(30)}, {str(n): n for n in range(31)}),
        ("Props", "props", {"x" * 300: True}, {"x" * 301: True}),
        ("Props", "props", {"x": "x" * 2000}, {"x": "x" * 2001}),
        ("ScrollDepth", "sd", 100, 101),
        ("ScrollDepth", "sd", 0, -1),
        ("Engaged", "e", 2_592_000_000, 2_592_000_001),
        ("Engaged", "e", 0, -1),
        ("ScreenWidth", "screen_width", 100_000, 100_001),
        ("ScreenWidth", "screen_width", 0, -1),
    ],
)
def test_the_described_bounds_are_those_that_are_enforced(
    title: str, field: str, most: object, too_much: object
) -> None:
    """What is described as the most is taken, and what is described as too much is refused."""
    assert title in BOUNDS
    assert (conforms(title, most), conforms(title, too_much)) == (True, False)
    assert (is_taken(BEACON | {field: most}), is_taken(BEACON | {field: too_much})) == (True, False)


@pytest.mark.parametrize("answer", [*REFUSED, UNAVAILABLE], ids=lambda answer: str(answer.status))
def test_every_refusal_is_described(answer: web.Response) -> None:
    """A sender knows the form of every refusal, and when it may come again."""
    assert isinstance(answer.body, bytes)
    described = described_answer(str(answer.status))
    assert conforms("Refusal", orjson.loads(answer.body))
    assert described["content"].keys() == {answer.content_type}
    assert described["headers"].keys() == answer.headers.keys() - {"Content-Type"}


def test_no_other_answer_is_described() -> None:
    """A sender need not prepare for what does not happen."""
    given_ones = {202, 431, *(answer.status for answer in (*REFUSED, UNAVAILABLE))}
    assert set(EVENT["responses"]) == {str(status) for status in given_ones}


def described_answer(status: str) -> dict[str, Any]:
    """Give what the document says of an answer to an event."""
    found: dict[str, Any] = DOCUMENT["components"]["responses"][
        EVENT["responses"][status]["$ref"].rpartition("/")[2]
    ]
    return found


@given(case=DESCRIBED["/api/event"]["POST"].as_strategy())
@settings(max_examples=100, suppress_health_check=list(HealthCheck))
def test_every_beacon_that_is_described_is_taken(case: schemathesis.Case[Any]) -> None:
    """A sender that keeps to the document is never answered 400."""
    made: Any = case.body
    body = {name: as_meant(name, value) for name, value in made.items()}
    parse_event(json.dumps(body).encode())


def as_meant(name: str, value: Any) -> Any:
    """Mend what is made of the schemas: no JSON in a text, characters for bytes, and some that Unicode has not."""
    if name in PROPS and isinstance(value, str):
        return '{"plan": "pro"}'
    if name in PROPS and isinstance(value, dict):
        assume(all(len(key.encode()) <= MOST_PROP_KEY_BYTES for key in value))
        assume(all(len(str(text).encode()) <= MOST_PROP_VALUE_BYTES for text in value.values()))
    if name in NAMES:
        assume(value.isprintable())
    return value


def test_every_example_of_a_body_is_counted(footfall: Serving) -> None:
    """Who copies a whole body from the document is counted."""
    for body in EXAMPLES:
        answer = requests.post(f"{footfall.url}/api/event", json=body, headers=BROWSER, timeout=LIMIT)
        assert (answer.status_code, answer.text) == (202, "ok")
    wait_until(lambda: footfall.ledger(SITE).get("stored") == len(EXAMPLES))


def test_a_request_with_too_long_a_head_is_answered_as_described(footfall: Serving) -> None:
    """An address over 8 KiB is refused before it is a request, and in plain text."""
    answer = requests.get(f"{footfall.url}/pixel.gif", {"u": "x" * 9_000}, timeout=LIMIT)
    assert answer.status_code == 431
    assert answer.headers["Content-Type"].partition(";")[0] in described_answer("431")["content"]


def test_a_running_collector_answers_as_described(footfall: Serving, tmp_path: Path) -> None:
    """Whatever is sent, right or wrong, is answered as the document says, never 5xx, and counting goes on."""
    attack = subprocess.run(
        [SCHEMATHESIS, "run", f"{footfall.url}/openapi.json", *ATTACK],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=4 * LIMIT,
        check=False,
    )
    assert attack.returncode == 0, attack.stdout + attack.stderr
    assert " ERROR " not in footfall.log_path.read_text()
    pixel = {"d": AFTERWARDS, "u": f"https://{AFTERWARDS}/"}
    requests.get(f"{footfall.url}/pixel.gif", pixel, headers=BROWSER, timeout=LIMIT).raise_for_status()
    wait_until(lambda: footfall.ledger(AFTERWARDS).get("stored") == 1)
    metrics = requests.get(f"{footfall.url}/metrics", timeout=LIMIT).text
    assert "footfall_batches_set_aside 0.0" in metrics  # the store has refused nothing
