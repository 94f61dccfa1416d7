"""Bad clients against a real `footfall serve`: each is refused or cut off, and a good one does not notice.

All of it speaks to raw sockets on the loopback. What only ``core.http_server`` brings about is said by the
tests in tests/core/test_http_connection.py and tests/core/test_http_server.py; here it is the whole.
"""

import json
import socket
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from tests.fixtures.bad_clients import (
    AT_ONCE,
    GOOD_SITE,
    Conversation,
    GoodClient,
    connected,
    converse,
    open_files,
)
from tests.fixtures.bad_requests import (
    BEACON,
    CANARY,
    CHUNKED,
    CLOSE,
    GET,
    GZIP_STEP,
    ODD_BUT_TAKEN,
    POST,
    REFUSED,
    SITE,
    beacon,
    chunk,
    endless,
    posted,
)
from tests.fixtures.serving import data_folder, serving, wait_until


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GoodClient]:
    """A good client of a running server; the limit of beacons a second is another test's matter."""
    with (
        data_folder(tmp_path_factory.mktemp("bad-clients")) as data,
        serving(
            data, FOOTFALL_RATE_LIMIT="0", FOOTFALL_SITE_RATE_LIMIT="0", FOOTFALL_LOG_LEVEL="DEBUG"
        ) as running,
    ):
        running.add_sites(SITE, GOOD_SITE)
        with GoodClient(running) as client:
            yield client


@pytest.mark.parametrize("name", REFUSED | ODD_BUT_TAKEN)
def test_a_bad_request_is_answered_and_the_connection_closed(good: GoodClient, name: str) -> None:
    """Whatever comes gets one plain answer, at once, and harms nobody."""
    sent, statuses = (REFUSED | ODD_BUT_TAKEN)[name]
    with good.unharmed():
        found = converse(good.site, [sent])
    assert len(found.statuses) == 1, found.answer[:500]
    assert found.statuses[0] in statuses, found.answer[:500]
    assert found.seconds < AT_ONCE
    assert b"Traceback" not in found.answer


MADE_AT_ONCE = 10  # so many slow clients of each kind
IDLE = 5_000
WRONG: tuple[Any, ...] = (None, True, -1, 1e300, "", "\x00", "x" * 3_000, [], {}, [[]], {"": {}}, "\U0001f600")


def test_wrong_types_everywhere_crash_nothing(good: GoodClient) -> None:
    """Each field of the contract takes each wrong value, and answers what is wrong or takes it."""
    fields = ("n", "name", "u", "url", "d", "domain", "r", "p", "props", "i", "sd", "e", "h", "w", "v", "$", "zzz")
    cases = [(field, value) for field in fields for value in WRONG]
    with good.unharmed(), ThreadPoolExecutor(8) as clients:
        found = list(clients.map(lambda case: converse(good.site, [beacon(**{case[0]: case[1]})]), cases))
    pairs = zip(cases, found, strict=True)
    odd = {repr(case): each.answer[:100] for case, each in pairs if each.statuses not in ([400], [202])}
    assert not odd


@pytest.mark.parametrize(
    ("head", "part", "statuses"),
    [
        (CHUNKED, chunk(b"x" * 60_000), [413]),
        (POST + b"Content-Length: 10737418240\r\n", b"x" * 60_000, [413]),
        (CHUNKED + b"Content-Encoding: gzip\r\n", chunk(GZIP_STEP), [415]),
    ],
    ids=["chunks", "10 GB that were announced", "a bomb of 10 GB in steps of 60 KB"],
)
def test_a_body_without_end_is_not_read(good: GoodClient, head: bytes, part: bytes, statuses: list[int]) -> None:
    """Whoever does not stop sending is answered, and soon not read from any more."""
    with good.unharmed():
        found = converse(good.site, _starting_with(head + b"\r\n", endless(part)))
    assert found.statuses in (statuses, [])  # the answer is lost where the kernel resets the connection
    assert not found.sent_whole


def _starting_with(head: bytes, parts: Iterable[bytes]) -> Iterator[bytes]:
    yield head
    yield from parts


@dataclass(frozen=True)
class Slow:
    """A client that takes its time: what it sends, how far apart, and what it may be answered."""

    parts: list[bytes]
    pause: float  # seconds
    statuses: tuple[list[int], ...]


def _bytes_of(data: bytes) -> list[bytes]:
    return [bytes([byte]) for byte in data]


SLOW = {
    "headers that drip": Slow(_bytes_of(GET + b"X: " + b"x" * 500), 0.1, ([408],)),
    "headers that stop": Slow([GET], 0, ([408],)),
    "further headers that drip": Slow([GET + b"\r\n", *_bytes_of(b"GET /" + b"x" * 500)], 0.1, ([200, 408],)),
    "a connection without a word": Slow([b""], 0, ([],)),
    "a body that drips": Slow([POST + b"Content-Length: 5000\r\n\r\n", *_bytes_of(b"x" * 500)], 0.1, ([408],)),
    "a body that stops": Slow([POST + b"Content-Length: 5000\r\n\r\n{"], 0, ([408],)),
    "a body that never starts": Slow([POST + b"Content-Length: 10737418240\r\n\r\n"], 0, ([408], [413])),
    "chunks that drip": Slow([CHUNKED + b"\r\n", *[chunk(b"x")] * 500], 0.1, ([408],)),
    "a chunk that goes wrong later": Slow([CHUNKED + b"\r\n", b"5\r\nhello\r\n", b"ZZ\r\n"], 0.3, ([400], [408])),
}


@pytest.fixture(scope="module")
def slow_conversations(good: GoodClient) -> dict[str, list[Conversation]]:
    """What all the slow clients were answered; they came at the same time."""
    with good.unharmed(), ThreadPoolExecutor(MADE_AT_ONCE * len(SLOW)) as clients:
        begun = {
            name: [clients.submit(converse, good.site, slow.parts, slow.pause) for _ in range(MADE_AT_ONCE)]
            for name, slow in SLOW.items()
        }
        return {name: [each.result() for each in conversations] for name, conversations in begun.items()}


@pytest.mark.parametrize("name", SLOW)
def test_a_slow_client_is_cut_off(slow_conversations: dict[str, list[Conversation]], name: str) -> None:
    """Ten seconds are given for headers, and as many for a body: enough for a phone on a train."""
    for found in slow_conversations[name]:
        assert found.statuses in SLOW[name].statuses
        assert 9 < found.seconds < 30


def test_a_thousand_requests_in_one_send_are_answered_in_order(good: GoodClient) -> None:
    """Whoever does not wait for answers gets them all, in the order of what was asked."""
    paths = ["health" if number % 3 else f"js/script.js?{number}" for number in range(1_000)]
    sent = b"".join(f"GET /{path} HTTP/1.1\r\nHost: x\r\n\r\n".encode() for path in paths)
    with good.unharmed():
        found = converse(good.site, [sent], half_close=True)
    assert found.statuses == [200] * 1_000
    types = [b"text/plain" if path == "health" else b"text/javascript" for path in paths]
    answers = found.answer.split(b"HTTP/1.1 ")[1:]
    assert all(kind in answer for kind, answer in zip(types, answers, strict=True))


def test_a_thousand_beacons_whose_answers_nobody_reads_harm_nobody(good: GoodClient) -> None:
    """Answers that are not read are not piled up in memory without end."""
    request = POST + b"Content-Length: 2\r\n\r\n{}"
    with good.unharmed(), ExitStack() as clients:
        for _ in range(20):
            client = clients.enter_context(connected(good.site))
            client.settimeout(0.5)
            try:
                client.sendall(request * 1_000)
            except TimeoutError:
                continue  # the server has stopped reading


@pytest.mark.parametrize(
    ("sent", "statuses"),
    [
        (posted(json.dumps(BEACON).encode()).replace(CLOSE, b"\r\n"), [202]),
        (GET + b"\r\n" + GET + b"\r\n", [200, 200]),
        (b"", []),
        (GET, []),
        (POST + b"Content-Length: 500\r\n\r\n{", []),
        (CHUNKED + b"\r\n5\r\nhel", []),
    ],
    ids=["a whole beacon", "two requests", "nothing", "half of the headers", "half of a body", "half of a chunk"],
)
def test_a_client_that_sends_no_more_gets_what_it_has_asked_for(
    good: GoodClient, sent: bytes, statuses: list[int]
) -> None:
    """A closed sending side ends a request that is not whole, and takes no answer from one that is."""
    with good.unharmed():
        found = converse(good.site, [sent], half_close=True)
    assert found.statuses == statuses
    assert found.seconds < AT_ONCE


def test_clients_that_hang_up_harm_nobody(good: GoodClient) -> None:
    """A connection may end anywhere, by a reset too."""
    whole = posted(json.dumps(BEACON).encode())
    with good.unharmed():
        for length in range(0, len(whole), 7):
            with connected(good.site) as client:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, bytes([1, 0, 0, 0, 0, 0, 0, 0]))  # a reset
                client.sendall(whole[:length])


def test_thousands_of_idle_connections_keep_nobody_out(good: GoodClient) -> None:
    """Whoever holds thousands of connections, asking nothing or having asked once, only has them."""
    number = open_files(IDLE + 200) - 200  # fewer where the machine allows few; there the oldest are closed
    with good.unharmed(), ExitStack() as clients:
        for index in range(number):
            client = clients.enter_context(connected(good.site))
            if index % 2:
                client.sendall(GET + b"\r\n")


def test_each_beacon_that_was_acknowledged_is_stored(good: GoodClient) -> None:
    """Every 202 that the good client got, among all the others, is in the store, once."""
    with good.unharmed():
        before = good.taken
    wait_until(lambda: good.site.ledger(GOOD_SITE)["stored"] >= before)
    assert good.site.ledger(GOOD_SITE)["stored"] <= good.taken + 1  # one may be under way


def test_none_of_it_is_in_the_log(good: GoodClient) -> None:
    """The log, at its most talkative, names no client, quotes no request, and holds no error."""
    log = good.site.log_path.read_text(encoding="utf-8")
    assert [line for line in log.splitlines() if " ERROR " in line or CANARY in line or "127.0.0.1" in line] == []
    assert "Traceback" not in log
    assert "a request was not understood" in log
