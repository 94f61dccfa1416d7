"""What a client can draw out on a connection, and for how long; on both event loops, over real sockets."""

import asyncio
import logging
import time

import pytest
from aiohttp import web

from core.http_connection import Patience
from core.http_server import http_server, listening_sockets
from tests.fixtures.http_clients import (
    GET,
    POST,
    SHORT,
    SLOW,
    connected,
    on_each_loop,
    serving,
    until,
)

IDLE_FOR_LONG = Patience(headers=0.4, idle=60)


@on_each_loop
async def test_headers_that_drip_are_cut_off() -> None:
    """A byte now and then does not make the wait for a request's headers any longer."""
    async with serving(IDLE_FOR_LONG) as site, connected(site.port) as client:
        started = time.monotonic()
        dripping = asyncio.create_task(client.drip(GET[:-4] + b"\r\nX: " + b"x" * 1_000))
        answer = await client.rest()
        await dripping
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert time.monotonic() - started >= 0.4


@on_each_loop
async def test_headers_of_a_further_request_that_drip_are_cut_off() -> None:
    """An answered request buys no time for the next one."""
    async with serving(IDLE_FOR_LONG) as site, connected(site.port) as client:
        client.send(GET)
        assert await client.status() == 200
        await asyncio.sleep(0.6)  # what is waited for here is that nothing happens
        started = time.monotonic()
        dripping = asyncio.create_task(client.drip(b"GET / HTTP/1.1\r\nX: " + b"x" * 1_000))
        answer = await client.rest()
        await dripping
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert time.monotonic() - started >= 0.4


@on_each_loop
async def test_a_connection_without_a_request_is_closed_without_a_word() -> None:
    """A browser that only connected ahead must not take a 408 for the answer to what it asks later."""
    async with serving(IDLE_FOR_LONG) as site, connected(site.port) as client:
        started = time.monotonic()
        assert await client.rest() == b""
    assert time.monotonic() - started >= 0.4


@on_each_loop
async def test_a_kept_connection_may_be_idle_for_longer() -> None:
    """Between two requests another patience holds than for headers."""
    async with serving(SHORT) as site, connected(site.port) as client:
        client.send(GET)
        assert await client.status() == 200
        started = time.monotonic()
        assert await client.rest() == b""
    assert time.monotonic() - started >= 1.1


@on_each_loop
async def test_headers_without_end_are_refused() -> None:
    """More than 32 KiB of headers are not held in memory."""
    async with serving(Patience()) as site, connected(site.port) as client:
        client.send(GET[:-2] + b"".join(b"X-%d: %s\r\n" % (number, b"x" * 1_000) for number in range(40)))
        assert (await client.rest()).startswith(b"HTTP/1.1 431 ")


@on_each_loop
async def test_headers_that_were_there_at_once_count_as_well() -> None:
    """What comes with the connection is no less a part of a request than what comes later."""
    async with serving(SHORT) as site, connected(site.port, GET[:10]) as short:
        async with connected(
            site.port, GET[:-2] + b"".join(b"X: %s\r\n" % (b"x" * 1_000) for _ in range(40))
        ) as long:
            assert (await long.rest()).startswith(b"HTTP/1.1 431 ")
        assert (await short.rest()).startswith(b"HTTP/1.1 408 ")


MALFORMED = {
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03CANARY": 400,
    b"<script>CANARY</script> / HTTP/1.1\r\n\r\n": 400,
    b"GET / HTTP/1.1\r\nHost: CANARY\r\nHost: CANARY\r\n\r\n": 400,
    b"GET / HTTP/1.1\r\nHost: x\r\nX: CANARY\x00\r\n\r\n": 400,
    b"GET / HTTP/1.1\r\nX: CANARY\r\n\r\n": 400,
    b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nCANARY\r\n": 400,
    b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: CANARY\r\n" * 129 + b"\r\n": 400,
    b"GET /CANARY" + b"x" * 8_190 + b" HTTP/1.1\r\nHost: x\r\n\r\n": 431,
    b"GET / HTTP/1.1\r\nHost: x\r\nCANARY: " + b"x" * 8_191 + b"\r\n\r\n": 431,
}


@pytest.mark.parametrize("sent", MALFORMED)
async def test_what_is_no_http_is_refused_and_not_repeated(sent: bytes, caplog: pytest.LogCaptureFixture) -> None:
    """A malformed request is answered in plain text; neither the answer nor the log quotes it."""
    caplog.set_level(logging.DEBUG)
    async with serving() as site, connected(site.port) as client:
        client.send(sent)
        answer = await client.rest()
    head, _, body = answer.partition(b"\r\n\r\n")
    assert int(head.split(b" ", 2)[1]) == MALFORMED[sent]
    assert b"text/plain" in head
    assert body in {b"Bad Request", b"Request Header Fields Too Large"}
    assert "CANARY" not in caplog.text
    assert "127.0.0.1" not in caplog.text
    assert max(record.levelno for record in caplog.records) == logging.DEBUG


async def test_a_client_that_hangs_up_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    """A body that is cut off leaves no line in the log of an operator."""
    caplog.set_level(logging.INFO)
    async with serving() as site:
        async with connected(site.port) as client:
            client.send(POST + b"he")
            await site.until_body_is_lacking()
        await until(lambda: not site.server.connections)
        assert site.ended == ["/echo"]
    assert not caplog.records


async def test_a_handler_that_fails_is_still_logged(caplog: pytest.LogCaptureFixture) -> None:
    """An error of ours is answered 500, and told to the operator."""

    async def fail(_request: web.BaseRequest) -> web.StreamResponse:
        raise ConnectionResetError

    sockets = listening_sockets("127.0.0.1", 0)
    async with http_server(fail, sockets, shutdown_timeout=1), connected(sockets[0].getsockname()[1]) as client:
        client.send(GET)
        assert await client.status() == 500
    assert "Error handling request" in caplog.text


@on_each_loop
async def test_a_client_that_sends_no_more_is_still_answered() -> None:
    """All that was sent before the sending side was closed gets its answer."""
    async with serving() as site, connected(site.port) as client:
        client.send(POST + b"hello" + POST + b"there")
        client.writer.write_eof()
        answers = await client.rest()
    assert (answers.count(b"200 OK"), answers[-5:]) == (2, b"there")
    assert b"Connection: close" in answers


class HeldAnswer(web.Response):
    """An answer whose end waits until it is let go."""

    def __init__(self) -> None:
        super().__init__(text="ok")
        self.began, self.goes = asyncio.Event(), asyncio.Event()

    async def write_eof(self, data: bytes = b"") -> None:
        """Say that the end is due, and wait."""
        self.began.set()
        await self.goes.wait()
        await super().write_eof(data)


@on_each_loop
async def test_a_client_that_ends_while_its_last_answer_is_on_its_way_is_let_go() -> None:
    """It was too late to say in the answer that it is the last one; the connection is closed all the same."""
    sockets = listening_sockets("127.0.0.1", 0)
    held = HeldAnswer()

    async def answer(_request: web.BaseRequest) -> web.Response:
        return held

    async with (
        http_server(answer, sockets, shutdown_timeout=1, patience=IDLE_FOR_LONG) as server,
        connected(sockets[0].getsockname()[1], GET) as client,
    ):
        await held.began.wait()
        client.writer.write_eof()
        await until(lambda: any(each._half_closed for each in server.connections))  # noqa: SLF001 (seen nowhere else)
        held.goes.set()
        answers = await client.rest()
    assert answers.startswith(b"HTTP/1.1 200 OK")
    assert b"Connection: close" not in answers


@on_each_loop
async def test_a_request_that_is_cut_off_is_not_waited_for() -> None:
    """Nobody waits for the rest of a body from a client that has closed its sending side."""
    async with serving(Patience()) as site, connected(site.port) as client:
        client.send(POST + b"he")
        await site.until_body_is_lacking()
        client.writer.write_eof()
        assert await client.rest() == b""
        await until(lambda: site.ended == ["/echo"])
        for begun in (b"", GET[:10], POST + b"hello" + GET[:10]):
            async with connected(site.port, begun, half_close=True) as short:
                assert (b"200 OK" in await short.rest()) == begun.startswith(POST)


@on_each_loop
async def test_an_answer_that_nobody_reads_is_given_up() -> None:
    """A client cannot hold a connection by asking for much and reading nothing."""
    async with serving(SHORT) as site, connected(site.port) as client:
        client.send(b"GET /big HTTP/1.1\r\nHost: x\r\n\r\n")
        await until(lambda: site.ended == ["/big"])
        await until(lambda: not site.server.connections)


@on_each_loop
async def test_a_body_that_never_comes_is_given_up() -> None:
    """A handler with more patience than the server does not hold a connection for ever."""
    async with serving(SHORT) as site, connected(site.port) as client:
        client.send(POST + b"he")
        assert await client.rest() == b""
        assert site.ended == ["/echo"]


@on_each_loop
async def test_what_is_known_of_aiohttp_still_holds() -> None:
    """The private state that a connection reads means what it is taken for; else see HttpConnection."""
    tell_time = asyncio.get_running_loop().time
    began = tell_time()
    async with serving() as site, connected(site.port) as client:
        await until(lambda: len(site.connections()) == 1 and site.connections()[0].waits)
        (connection,) = site.connections()
        since = connection.waits_since
        assert began <= since <= tell_time()
        assert connection._request_count == 0  # noqa: SLF001
        client.send(POST + b"he")
        await site.until_body_is_lacking()
        assert not connection.waits
        assert connection._request_count == 1  # noqa: SLF001
        client.send(b"llo" + SLOW + GET)
        assert await client.status() == 200
        await until(lambda: len(connection._messages) == 1)  # noqa: SLF001
        assert (connection.waits, connection.lacks_body) == (False, False)
        site.let_go.set()
        assert [await client.status(), await client.status()] == [200, 200]
        await until(lambda: connection.waits)
        assert connection.waits_since > since
