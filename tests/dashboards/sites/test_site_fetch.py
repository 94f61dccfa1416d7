"""Fetching a site's home page: never another host's, never one in a private network."""

import socket
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.test_utils import TestServer

from dashboards.sites.site_fetch import MOST_BYTES, Fetched, NotFetched, Obstacle, fetch_home_page, is_public

POLICY = "script-src 'self'"


class Names(AbstractResolver):
    """Resolves every name to the same addresses, and counts how often it was asked."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses
        self.asked: list[str] = []

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_INET,  # noqa: ARG002 (as aiohttp calls it)
    ) -> list[ResolveResult]:
        """Give the addresses."""
        self.asked.append(host)
        if not self.addresses:
            raise socket.gaierror(host)
        known = {"hostname": host, "port": port, "proto": 0, "flags": 0}
        return [
            ResolveResult(host=each, family=socket.AF_INET6 if ":" in each else socket.AF_INET, **known)  # type: ignore[typeddict-item]
            for each in self.addresses
        ]

    async def close(self) -> None:
        """Hold nothing."""


@pytest_asyncio.fixture
async def server() -> AsyncIterator[TestServer]:
    """A site on loopback whose pages are chosen by the name it is asked for."""

    async def answer(request: web.Request) -> web.Response:
        host = request.host.partition(":")[0]
        if host == "moved.test" and request.path == "/":
            raise web.HTTPFound("/de/")
        if host == "away.test":
            raise web.HTTPFound("http://elsewhere.test/")
        if host == "metadata.test":
            raise web.HTTPFound("http://169.254.169.254/latest/")
        if host == "round.test":
            raise web.HTTPFound("/")
        if host == "broken.test":
            raise web.HTTPServiceUnavailable
        if host == "file.test":
            return web.json_response({})
        if host == "two.test":
            two = {"Content-Security-Policy": f"img-src *, {POLICY}"}
            return web.Response(content_type="text/html", headers=two)
        text = "x" * (2 * MOST_BYTES) if host == "large.test" else f"<p>{request.path}</p>"
        return web.Response(text=text, content_type="text/html", headers={"Content-Security-Policy": POLICY})

    app = web.Application()
    app.router.add_get("/{rest:.*}", answer)
    async with TestServer(app) as running:
        yield running


async def _fetch(server: TestServer, name: str) -> Fetched | NotFetched:
    return await fetch_home_page(f"{name}:{server.port}", allow_private=True, resolver=Names("127.0.0.1"))


async def test_a_page_comes_with_its_policies_wherever_on_the_site_it_is(server: TestServer) -> None:
    """By HTTP if HTTPS does not answer, and by way of redirects within the site."""
    found, moved = await _fetch(server, "site.test"), await _fetch(server, "moved.test")
    assert isinstance(found, Fetched)
    assert isinstance(moved, Fetched)
    assert (found.text, found.policies, str(found.url)) == (
        "<p>/</p>",
        (POLICY,),
        f"http://site.test:{server.port}/",
    )
    assert moved.text == "<p>/de/</p>"


async def test_one_header_may_hold_several_policies(server: TestServer) -> None:
    """A proxy that joins headers by a comma makes no policy out of two."""
    found = await _fetch(server, "two.test")
    assert isinstance(found, Fetched)
    assert found.policies == ("img-src *", POLICY)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("away.test", NotFetched(Obstacle.ELSEWHERE, "elsewhere.test")),
        ("metadata.test", NotFetched(Obstacle.ELSEWHERE, "169.254.169.254")),
        ("round.test", NotFetched(Obstacle.ELSEWHERE, "round.test")),
        ("broken.test", NotFetched(Obstacle.STATUS, "503")),
        ("file.test", NotFetched(Obstacle.NO_PAGE, "application/json")),
    ],
)
async def test_what_is_in_the_way_is_named(server: TestServer, name: str, expected: NotFetched) -> None:
    """Other sites are never followed to, however often a page leads on."""
    assert await _fetch(server, name) == expected


async def test_a_certificate_that_is_not_accepted_is_named(certificate: Path) -> None:
    """Where HTTP does not answer either, the certificate is what is wrong, not a site that is down."""
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    running = TestServer(web.Application())
    await running.start_server(ssl=tls)
    try:
        assert await _fetch(running, "site.test") == NotFetched(Obstacle.CERTIFICATE, "site.test")
    finally:
        await running.close()


async def test_no_more_than_a_page_is_read(server: TestServer) -> None:
    """A page without end costs no more than its first mebibyte."""
    found = await _fetch(server, "large.test")
    assert isinstance(found, Fetched)
    assert len(found.text) == MOST_BYTES


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "::1", "fe80::1", "::ffff:127.0.0.1"]
)
async def test_a_name_that_leads_into_a_private_network_is_not_followed(address: str) -> None:
    """The address that a name leads to is looked at, also beside a public one."""
    for addresses in ((address,), ("93.184.215.14", address)):
        names = Names(*addresses)
        assert await fetch_home_page("site.test", resolver=names) == NotFetched(Obstacle.PRIVATE, "site.test")
        assert set(names.asked) == {"site.test"}


@pytest.mark.parametrize("domain", ["127.0.0.1", "10.0.0.1", "localhost:8080", "site.test:22", "169.254.169.254"])
async def test_a_domain_that_is_private_by_itself_is_not_asked_for(domain: str) -> None:
    """An address or a port in the domain's place leads nowhere, without any look-up."""
    names = Names("93.184.215.14")
    assert await fetch_home_page(domain, resolver=names) == NotFetched(Obstacle.PRIVATE, domain)
    assert names.asked == []


async def test_a_name_that_is_none_is_told_apart() -> None:
    """A misspelt domain is not a site that is down."""
    assert await fetch_home_page("site.test", resolver=Names()) == NotFetched(Obstacle.NO_NAME, "site.test")


def test_only_addresses_of_the_public_internet_are_public() -> None:
    """IPv4 addresses in the guise of IPv6 are none, nor is anything that is no address."""
    assert is_public("93.184.215.14")
    assert is_public("2606:2800:21f:cb07:6820:80da:af6b:8b2c")
    private = ["0.0.0.0", "100.64.0.1", "224.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "fd00::1", "::", "name"]  # noqa: S104 (not listened on)
    assert [address for address in private if is_public(address)] == []
