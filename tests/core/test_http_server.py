"""The HTTP server: too many clients, its stop, and its sockets; on both event loops."""

import asyncio
import resource
import socket
import time

import pytest
from aiohttp import web

from core import http_server as module
from core.errors import FootfallError, PortTakenError
from core.http_connection import Patience
from core.http_server import http_server, listening_sockets, reserve_port
from tests.fixtures.http_clients import (
    GET,
    POST,
    SLOW,
    Client,
    connected,
    connecting,
    on_each_loop,
    serving,
    until,
)


@on_each_loop
async def test_a_connection_is_kept_for_further_requests() -> None:
    """One connection may ask again and again."""
    async with serving() as site, connected(site.port) as client:
        for _ in range(3):
            client.send(POST + b"hello")
            assert await client.status() == 200


@on_each_loop
async def test_a_thousand_requests_in_one_send_are_answered_in_order() -> None:
    """Whoever does not wait for answers gets them all, one after the other."""
    async with serving() as site, connected(site.port) as client:
        client.send(b"".join(POST + b"%05d" % number for number in range(1_000)))
        client.writer.write_eof()
        answers = await client.rest()
    bodies = [answer[-5:] for answer in answers.split(b"HTTP/1.1 200 OK")[1:]]
    assert bodies == [b"%05d" % number for number in range(1_000)]


@on_each_loop
async def test_the_longest_idle_connection_makes_room_for_a_new_one() -> None:
    """Whoever holds all connections without asking keeps nobody out."""
    async with serving(Patience(connections=3)) as site, connecting(site.port, 3) as (first, second, busy):
        for client in (second, first):  # the second is idle for longer than the first
            client.send(GET)
            assert await client.status() == 200
            await asyncio.sleep(0.01)  # uvloop's clock counts milliseconds
        busy.send(SLOW)
        await site.until_asked(3)
        async with connected(site.port) as good:
            good.send(GET)
            assert await good.status() == 200
            assert await second.rest() == b""
            first.send(GET)
            assert await first.status() == 200
        site.let_go.set()
        assert await busy.status() == 200


@on_each_loop
async def test_slow_bodies_keep_nobody_out() -> None:
    """Where no connection is idle, the one that has owed a body for longest is closed."""
    async with serving(Patience(connections=2)) as site, connected(site.port) as oldest:
        oldest.send(POST)
        await site.until_asked(1)
        async with connected(site.port) as busy:
            busy.send(SLOW)
            await site.until_asked(2)
            async with connected(site.port) as good:
                good.send(GET)
                assert await oldest.rest() == b""
                assert await good.status() == 200
            site.let_go.set()
            assert await busy.status() == 200


@on_each_loop
async def test_no_request_that_is_being_answered_is_given_up_for_a_new_connection() -> None:
    """Where all are at work, the new one is refused."""
    async with serving(Patience(connections=1)) as site, connected(site.port) as busy:
        busy.send(SLOW)
        await site.until_asked(1)
        async with connected(site.port) as refused:
            assert await refused.rest() == b""
        site.let_go.set()
        assert await busy.status() == 200


@on_each_loop
async def test_a_crowd_is_let_in_as_far_as_there_is_room() -> None:
    """Hundreds that connect at once leave as many open as may be, the newest."""
    async with serving(Patience(connections=64)) as site, connecting(site.port, 300) as crowd:
        await until(lambda: len(site.connections()) in range(60, 65))
        crowd[-1].send(GET)
        assert await crowd[-1].status() == 200


@on_each_loop
async def test_what_is_being_answered_is_finished_at_a_stop() -> None:
    """A stop answers what has begun, and says that this was the last answer; idle connections it closes."""
    async with serving() as site, connecting(site.port, 2) as (busy, idle):
        idle.send(GET)
        assert await idle.status() == 200
        busy.send(SLOW + GET)
        await site.until_asked(2)
        site.stops.set()
        assert await idle.rest() == b""  # or else the answer below were cancelled by then
        site.let_go.set()
        answer = await busy.rest()
    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert b"Connection: close" in answer
    assert answer.count(b"HTTP/1.1") == 1


@on_each_loop
async def test_a_request_that_has_only_begun_is_answered_at_a_stop() -> None:
    """Headers and bodies that are on their way when the stop comes are still read."""
    async with serving() as site, connecting(site.port, 2) as (headers, body):
        headers.send(GET[:10])
        body.send(POST + b"he")
        await site.until_body_is_lacking()
        site.stops.set()
        await until(lambda: site.sockets[0].fileno() == -1)
        headers.send(GET[10:])
        body.send(b"llo")
        assert b"200 OK" in await headers.rest()
        assert (await body.rest()).endswith(b"hello")
    assert sorted(site.ended) == ["/echo", "/quick"]


@on_each_loop
async def test_whoever_waits_to_be_accepted_is_answered_at_a_stop() -> None:
    """Connections that the kernel has taken and nobody has seen yet are not reset."""
    async with serving() as site:
        waiting = [socket.create_connection(("127.0.0.1", site.port), 10) for _ in range(50)]
        for client in waiting:
            client.send(GET)
        site.stops.set()
        await site.running
        answers = [client.recv(1_000) for client in waiting]
        for client in waiting:
            client.close()
    assert all(answer.startswith(b"HTTP/1.1 200 OK") for answer in answers)


@on_each_loop
async def test_a_body_that_never_comes_does_not_keep_the_server_from_stopping() -> None:
    """What is not done in time is cancelled, and its connection closed."""
    async with serving(shutdown_timeout=0.3) as site, connecting(site.port, 2) as (body, slow):
        body.send(POST)
        slow.send(SLOW)
        await site.until_asked(2)
        started = time.monotonic()
        site.stops.set()
        await site.running
        assert time.monotonic() - started >= 0.3
        assert sorted(site.ended) == ["/echo", "/slow"]
        assert (await body.rest(), await slow.rest()) == (b"", b"")


@on_each_loop
async def test_dripping_clients_do_not_keep_the_server_from_stopping() -> None:
    """Neither headers nor answers that never end are waited for beyond the time there is for a stop."""
    async with serving(shutdown_timeout=1.5) as site, connecting(site.port, 2) as (dripping, reading_nothing):
        reading_nothing.send(b"GET /big HTTP/1.1\r\nHost: x\r\n\r\n")
        dripping.send(GET[:5])
        await until(lambda: site.ended == ["/big"])
        site.stops.set()
        await asyncio.gather(dripping.drip(b"x" * 1_000), site.running)  # or else until this test's limit


async def test_every_address_of_a_name_is_listened_on() -> None:
    """The port is the same for all, also a free one; each socket is answered on."""
    sockets = listening_sockets("localhost", 0)
    addresses = [listening.getsockname()[:2] for listening in sockets]

    async def handle(_request: web.BaseRequest) -> web.StreamResponse:
        return web.Response()

    async with http_server(handle, sockets, shutdown_timeout=1):
        for address in addresses:
            reader, writer = await asyncio.open_connection(*address)
            writer.write(GET)
            assert await Client(reader, writer).status() == 200
            writer.close()
    assert len({port for _, port in addresses}) == 1
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection(*addresses[0])


def test_a_port_in_use_is_named() -> None:
    """A second Footfall is told what to do; one that shares the port is not in its way."""
    (first,) = listening_sockets("127.0.0.1", 0)
    port = first.getsockname()[1]
    for shared in (False, True):
        with pytest.raises(FootfallError, match=rf"127\.0\.0\.1:{port} \(Address already in use\); choose anoth"):
            listening_sockets("127.0.0.1", port, shared=shared)
    first.close()
    both = [*listening_sockets("127.0.0.1", port, shared=True), *listening_sockets("127.0.0.1", port, shared=True)]
    for listening in both:
        listening.close()
    with pytest.raises(
        FootfallError, match=r"nowhere\.invalid:8000 \(no such address here\); choose another --host"
    ):
        listening_sockets("nowhere.invalid", 8000)


def test_a_port_that_somebody_shares_is_not_reserved() -> None:
    """Whoever else listens on it would get half of what comes."""
    (other,) = listening_sockets("127.0.0.1", 0, shared=True)
    port = other.getsockname()[1]
    with pytest.raises(PortTakenError):
        reserve_port("127.0.0.1", port)
    other.close()
    reserved = reserve_port("127.0.0.1", port)
    ours = listening_sockets("127.0.0.1", port, shared=True)
    for each in (reserved, *ours):
        each.close()


async def test_as_many_files_may_be_opened_as_the_machine_allows() -> None:
    """The soft limit is raised to the hard one when the server starts."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 512), hard))
    async with serving():
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (hard, hard)


@pytest.mark.parametrize(("files", "connections"), [(1_000_000, 10_000), (4_096, 3_584), (1_024, 512), (256, 128)])
def test_connections_leave_files_for_the_store(
    files: int, connections: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A machine that allows few open files gets fewer connections, and its operator a word."""
    monkeypatch.setattr(resource, "getrlimit", lambda _which: (files, files))
    monkeypatch.setattr(resource, "setrlimit", lambda _which, _limits: None)
    assert module._most_connections(10_000) == connections  # noqa: SLF001 (limits cannot be raised again)
    assert ("RLIMIT_NOFILE" in caplog.text) == (connections < 10_000)
