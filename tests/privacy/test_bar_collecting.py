"""The privacy bar, 1 to 14: what the collector takes in, keeps and forgets."""

import dataclasses
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from multidict import CIMultiDict

from core.sites import Site
from geo.country import CountryDatabase
from geo.network import Cut, Network, cut_address
from ingest.beacon import Arrival
from ingest.counting import hits_of
from ingest.gate import Knowledge
from ingest.keys import DayKeys
from ingest.signals import is_opted_out
from ingest.spool import Spool
from ingest.tokens import visitor_token
from tests.fixtures.collecting import CHROME, NOON, SITE, Collecting, collecting
from tests.fixtures.living_files import living_files

LOOPBACK = [ip_network("127.0.0.1/32")]
IPV4, IPV6 = "203.0.113.77", "2001:db8:77:88:99:aa:bb:cc"
MARK = "CanaryAgent/77.88"
AGENT = f"{CHROME} {MARK}"


async def send_canaries(collector: Collecting) -> None:
    """Send an address and a user agent wherever a page or a proxy can put them."""
    body = {
        "u": f"https://example.com/{IPV4}/{MARK}?utm_source={IPV6}",
        "r": f"https://{IPV4}/{MARK}",
        "p": {"ip": IPV4, "six": IPV6, "agent": AGENT},
    }
    for address in (IPV4, IPV6):
        assert await collector.send(body, X_Forwarded_For=address, User_Agent=AGENT) == (202, "ok")


def traces(folder: Path, *needles: bytes) -> list[tuple[str, bytes]]:
    """Find bytes in the files of a folder."""
    files = [(file.name, content.lower()) for file, content in living_files(folder)]
    return [(name, needle) for name, content in files for needle in needles if needle.lower() in content]


async def test_01_an_address_is_in_no_file(spool: Spool, knowledge: Knowledge, tmp_path: Path) -> None:
    """Neither as text nor packed; tests/test_canaries.py searches everything that a real Footfall writes."""
    async with collecting(spool, knowledge, LOOPBACK) as collector:
        await send_canaries(collector)
        stored = len(collector.events())
    needles = (IPV4.encode(), IPV6.encode(), ip_address(IPV6).packed)
    assert (stored, traces(tmp_path, *needles)) == (2, [])


async def test_02_a_user_agent_is_in_no_file(spool: Spool, knowledge: Knowledge, tmp_path: Path) -> None:
    """Not in the request's header's place, nor where the page stated it."""
    async with collecting(spool, knowledge, LOOPBACK) as collector:
        await send_canaries(collector)
        stored = len(collector.events())
    assert (stored, traces(tmp_path, MARK.encode(), AGENT.encode())) == (2, [])


async def test_03_nothing_behind_the_front_holds_a_whole_address(
    spool: Spool, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the gate is given of an arrival is a cut network, and nothing else of where it came from."""
    seen: list[Arrival] = []

    def look(beacon: Any, arrival: Arrival, sites: Any) -> Any:
        seen.append(arrival)
        return hits_of(beacon, arrival, sites)

    monkeypatch.setattr("ingest.collector.hits_of", look)
    async with collecting(spool, knowledge, LOOPBACK) as collector:
        await collector.send(X_Forwarded_For=IPV4)
        await collector.send(X_Forwarded_For=IPV6)
    networks = [(arrival.network, arrival.user_agent, *arrival.signals) for arrival in seen]
    cut = [cut_address(address, Cut()) for address in ("203.0.113.0", "2001:db8:77::")]
    assert networks == [(network, CHROME, False, False) for network in cut]


async def test_04_a_forged_address_of_a_stranger_is_ignored(spool: Spool, knowledge: Knowledge) -> None:
    """Who is no trusted proxy states what they like, and is who they are."""
    async with collecting(spool, knowledge) as collector:
        await collector.send()
        await collector.send(X_Forwarded_For=IPV4, Forwarded=f"for={IPV4}")
        first, second = collector.events()
    assert first == second


async def test_05_a_country_is_looked_up_by_the_cut_network(
    spool: Spool, knowledge: Knowledge, countries: CountryDatabase
) -> None:
    """The database never sees an address of more than 24 (48) bits."""
    asked: list[Network] = []

    class Listening:
        def country(self, network: Network) -> str:
            asked.append(network)
            return countries.country(network)

    async with collecting(spool, dataclasses.replace(knowledge, countries=Listening()), LOOPBACK) as collector:
        await send_canaries(collector)
    cut = [(ip_address(address).packed, bits) for address, bits in (("203.0.113.0", 24), ("2001:db8:77::", 48))]
    assert asked == cut


@pytest.mark.parametrize(
    ("headers", "stored"),
    [
        ({"DNT": "1"}, 0),
        ({"DNT": "1x"}, 0),
        ({"Sec_GPC": "1"}, 0),
        ({"DNT": "0"}, 1),
        ({"Sec_GPC": "0"}, 1),
        ({}, 1),
    ],
)
async def test_06_a_no_stores_no_row(
    spool: Spool, knowledge: Knowledge, headers: dict[str, str], stored: int
) -> None:
    """By event and by pixel; what is no opt-out counts. `footfall audit` tries every way in."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    async with collecting(spool, knowledge) as collector:
        await collector.send(**headers)
        path = "/pixel.gif?d=example.com&u=https://example.com/"
        async with collector.client.get(path, headers={"User-Agent": CHROME} | sent) as answer:
            status = answer.status
        assert (status, len(collector.events())) == (200, 2 * stored)


def test_06_one_yes_among_several_headers_is_a_no() -> None:
    """A proxy may have added a header of its own: any Sec-GPC of 1 holds."""
    assert is_opted_out(CIMultiDict([("Sec-GPC", "0"), ("Sec-GPC", "1")]))


async def test_10_no_answer_tells_two_clients_apart(spool: Spool, knowledge: Knowledge) -> None:
    """Event, pixel and script set no cookie, and have the same headers (and no ETag) for everybody."""
    answers = []
    async with collecting(spool, knowledge) as collector:
        for agent in (CHROME, "another"):
            headers = {"User-Agent": agent, "Cookie": f"a={len(agent)}"}
            for path in ("/js/script.js", "/pixel.gif?d=example.com&u=https://example.com/"):
                async with collector.client.get(path, headers=headers) as answer:
                    answers.append((dict(answer.headers), await answer.read()))
            body = b'{"n":"pageview","u":"https://example.com/","d":"example.com"}'
            async with collector.client.post("/api/event", data=body, headers=headers) as answer:
                answers.append((dict(answer.headers), await answer.read()))
    for headers, _content in answers:
        headers.pop("Date")
    assert answers[:3] == answers[3:]
    assert [{"Set-Cookie", "ETag"} & set(headers) for headers, _content in answers] == [set()] * 6


async def test_11_two_sites_or_two_days_are_two_tokens(spool: Spool, knowledge: Knowledge) -> None:
    """One visitor on two sites and two days is four tokens, which nothing joins."""
    other = Site(8, "other.example", "UTC", NOON, ZoneInfo("UTC"))
    async with collecting(spool, knowledge) as collector:
        collector.sites.replace([SITE, other])
        for _day in range(2):
            await collector.send({"d": "example.com,other.example"})
            collector.clock.move(days=1)
        tokens = [event["visitor"] for event in collector.events()]
    assert len(set(tokens)) == len(tokens) == 4


@pytest.mark.parametrize("network", ["198.51.100.0/24", "2001:db8:77::/48"])
def test_12_all_hosts_of_a_network_are_one_token(network: str) -> None:
    """Who has the token and the key learns the network, and no more."""
    hosts = ip_network(network)
    step = max(1, hosts.num_addresses // 256)
    cut = [cut_address(str(hosts[number * step]), Cut()) for number in range(256)]
    tokens = {visitor_token(bytes(32), each, CHROME) for each in cut if each is not None}
    assert (None in cut, len(tokens)) == (False, 1)


@pytest.fixture
def in_memory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for keys."""
    return tmp_path_factory.mktemp("keys")


@pytest.fixture
def holder(in_memory: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that holds a key."""
    command = [sys.executable, "-m", "tests.fixtures.key_holder", str(in_memory)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as process:
        yield process
        process.kill()


def copies(process: subprocess.Popen[bytes], needle: bytes) -> int:
    """Count some bytes in all that a process has in its memory: what a core dump would hold."""
    found = 0
    maps = Path(f"/proc/{process.pid}/maps").read_text(encoding="utf-8").splitlines()
    with Path(f"/proc/{process.pid}/mem").open("rb", buffering=0) as memory:
        for line in maps:
            place, rights = line.split()[:2]
            if "w" in rights:
                first, last = (int(number, 16) for number in place.split("-"))
                memory.seek(first)
                found += memory.read(last - first).count(needle)
    return found


def test_13_after_midnight_the_key_is_in_no_memory(holder: subprocess.Popen[bytes], in_memory: Path) -> None:
    """The process that knew it holds not even half of it any more; its file is gone; no core is dumped."""
    assert holder.stdin is not None
    assert holder.stdout is not None
    half = holder.stdout.read(32)[16:]
    while_it_lives = (copies(holder, half) > 0, traces(in_memory, half) != [])
    holder.stdin.write(b"\n")
    assert holder.stdout.readline() == b"1\n"
    limits = Path(f"/proc/{holder.pid}/limits").read_text(encoding="utf-8")
    core = next(line.split()[4:6] for line in limits.splitlines() if line.startswith("Max core file size"))
    assert (while_it_lives, copies(holder, half), list(in_memory.iterdir()), core) == (
        (True, True),
        0,
        [],
        ["0", "0"],
    )


async def test_14_key_bytes_are_in_no_file_of_the_data_folder(
    spool: Spool, knowledge: Knowledge, tmp_path: Path, in_memory: Path
) -> None:
    """They are on tmpfs or in the process; what is written beside them holds none."""
    keys = DayKeys(in_memory)
    async with collecting(spool, dataclasses.replace(knowledge, keys=keys)) as collector:
        await collector.send()
        secret = keys.secret(SITE, NOON)
        stored = len(collector.events())
    assert secret is not None
    assert (stored, traces(tmp_path, bytes(secret)), len(traces(in_memory, bytes(secret)))) == (1, [], 1)
    assert list(keys.destroy_expired(NOON + timedelta(days=1))) != []
