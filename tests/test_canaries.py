"""Canaries: a whole address or a user agent, sent by every way in, is found nowhere afterwards."""

import http.client
import json
import socket
import urllib.request
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import quote, urlsplit

from core.control import SocketStore
from core.memory_folder import memory_folder
from core.settings import Settings
from tests.fixtures.living_files import living_files
from tests.fixtures.serving import Serving, data_folder, serving

SITE = "canary.example"
PROXY, VISITOR = "127.0.0.1", "127.77.88.99"  # a trusted peer, and one that is not
IPV4, IPV6 = "203.0.113.77", "2001:db8:77:88:99:aa:bb:cc"
MARK = "CanaryAgent/77.88"
AGENT = f"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0 {MARK}"
BOT = f"Mozilla/5.0 (compatible; Googlebot/2.1; {MARK})"
CANARIES = (*map(str.encode, (VISITOR, IPV4, IPV6, MARK)), ip_address(IPV6).packed)

NEVER_SHIPPED = {"FOOTFALL_SHIP_INTERVAL": "86400"}
COMMON = {
    "FOOTFALL_TRUSTED_PROXIES": PROXY,
    "FOOTFALL_EXCLUDED_HOSTNAMES": "excluded.example",
    "FOOTFALL_LOG_LEVEL": "DEBUG",
}


def _bodies() -> Iterator[bytes]:
    """Yield beacons with canaries wherever a page can put them: good ones, dropped ones, bad ones."""
    page = f"https://{SITE}/{IPV4}/{quote(AGENT)}?ip={IPV4}&agent={quote(AGENT)}&utm_source={IPV6}&utm_term={quote(AGENT)}"
    beacon = {
        "n": "pageview",
        "u": page,
        "d": SITE,
        "r": f"https://{IPV4}/from/{IPV6}?agent={quote(AGENT)}",
        "p": {
            "ip": IPV4,
            "six": IPV6,
            "agent": AGENT,
            IPV4: "as a key",
            MARK: "as a key",
            "inside": f"seen from {IPV4} with {AGENT}",
        },
        "ip": IPV4,
        "userAgent": AGENT,
    }
    for changed in (
        {},
        {"n": IPV4},
        {"n": AGENT[:120]},
        {"n": f"By {AGENT}"[:120]},
        {"n": f"Opened by {MARK}"},
        {"h": 1, "u": page + f"#/{IPV4}/{quote(AGENT)}"},
        {"d": f"{SITE},{IPV4}"},
        {"d": "unknown.example"},
        {"u": f"https://excluded.example/{IPV4}"},
        {"u": f"http://{IPV4}/page"},
        {"u": f"http://[{IPV6}]/page"},
        {"u": f"no address {IPV4}"},
        {"sd": IPV4},
        {"p": f"no json {AGENT} {IPV4}"},
    ):
        yield json.dumps(beacon | changed).encode()
    yield f"{{ no json {IPV4} {AGENT}".encode()
    yield json.dumps([IPV4, AGENT]).encode()
    yield (f"{IPV4} {AGENT} " * 2_000).encode()


def _umami_bodies() -> Iterator[bytes]:
    """Yield messages of Umami's contract with canaries in all its fields, also in those that nobody may trust."""
    payload = {
        "website": SITE,
        "hostname": SITE,
        "url": f"/{IPV4}/{quote(AGENT)}?ip={IPV4}&utm_source={IPV6}#{IPV6}",
        "referrer": f"https://{IPV4}/from/{IPV6}?agent={quote(AGENT)}",
        "title": f"{IPV4} {AGENT}",
        "screen": f"{IPV4}x5",
        "language": IPV6,
        "tag": AGENT,
        "ip": IPV4,
        "userAgent": AGENT,
        "id": f"{IPV4} {AGENT}",
        "browser": MARK,
        "data": {"ip": IPV4, "agent": AGENT, MARK: "as a key", "inside": {"six": IPV6}},
    }
    messages = [
        {"type": kind, "payload": payload | changed}
        for kind in ("event", "identify", "performance", "engagement", IPV4)
        for changed in ({}, {"name": f"By {AGENT}"}, {"website": IPV4, "hostname": AGENT}, {"engagement": 900})
    ]
    for message in messages:
        yield json.dumps(message).encode()
    yield json.dumps(messages).encode()
    yield f"[{{ no json {IPV4} {AGENT}".encode()


def _requests() -> Iterator[tuple[str, str, bytes | None, dict[str, str]]]:
    """Yield method, path, body and headers of requests that should leave no trace of a person."""
    headers = {
        "User-Agent": AGENT,
        "X-Forwarded-For": f"{IPV6}, {IPV4}",
        "Forwarded": f'for="[{IPV6}]"',
        "X-Real-IP": IPV4,
        "CF-Connecting-IP": IPV4,
        "Referer": f"https://{SITE}/{IPV4}?agent={quote(AGENT)}",
        "Cookie": f"ip={IPV4}",
        "Content-Type": "text/plain",
    }
    for body in _bodies():
        yield "POST", "/api/event", body, headers
        yield "POST", f"/api/event?ip={IPV4}", body, headers | {"X-Forwarded-For": IPV6}
        yield "POST", f"/privacy/dry-run?ip={IPV4}", body, headers | {"Content-Type": "application/json"}
    for body in _umami_bodies():
        path = "/api/batch" if body.startswith(b"[") else "/api/send"
        yield "POST", path, body, headers | {"X-Umami-Cache": f"{IPV4} {AGENT}", "X-Umami-Hostname": IPV4}
    good = next(_bodies())
    for special in (
        {"User-Agent": BOT},
        {"User-Agent": ""},
        {"Sec-Purpose": "prefetch"},
        {"DNT": "1"},
        {"Content-Encoding": "gzip"},
        {"X-Forwarded-For": f"garbage {IPV4}"},
        {"User-Agent": AGENT * 200},
        {"Content-Encoding": AGENT},
    ):
        yield "POST", "/api/event", good, headers | special
    for path in (
        f"/pixel.gif?d={SITE}",
        f"/pixel.gif?d={SITE}&u={quote(f'https://{SITE}/{IPV4}')}&r={IPV4}",
        f"/pixel.gif?d={SITE}&u={IPV4}",
        f"/{IPV4}/{quote(AGENT)}",
        f"/login?next={IPV4}",
        f"/sites/{IPV4}",
        f"/setup/{IPV4}",
        f"/js/script.js?{IPV4}",
        "/health",
        "/metrics",
        "/openapi.json",
        f"/privacy/opt-out?lang={IPV4}",
        f"/privacy/me?site={IPV4}",
        f"/privacy/me.json?site={SITE}&lang={IPV4}",
        f"/.well-known/dnt/{IPV4}",
    ):
        yield "GET", path, None, headers
    yield "POST", "/login", f"email={IPV4}@example.com&password={quote(AGENT)}".encode(), headers
    yield "POST", f"/privacy/opt-out?choice={IPV4}", f"choice={IPV4}".encode(), headers
    yield "POST", "/privacy/opt-out?choice=in", None, headers | {"Origin": f"https://{IPV4}"}
    form = headers | {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://{IPV4}"}
    for path in ("dry-run", "me", "receipts", "export"):
        yield "POST", f"/privacy/{path}", f"site={IPV4}&day={IPV4}&u={IPV4}&d={quote(AGENT)}".encode(), form
    yield "DELETE", f"/privacy/me?site={SITE}&day={IPV4}", None, headers
    yield "PUT", "/api/event", good, headers
    yield "OPTIONS", "/api/event", None, headers


def _send_everything(url: str) -> None:
    """Send all of it from a trusted proxy and from a stranger, then what is no HTTP at all."""
    host, port = urlsplit(url).hostname, urlsplit(url).port
    assert host is not None
    assert port is not None
    for source in (PROXY, VISITOR):
        for method, path, body, headers in _requests():
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60, source_address=(source, 0))
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            answer.read()
            assert answer.status < 500, (method, path, answer.status)
            connection.close()
        for raw in (
            f"POST /api/event HTTP/1.1\r\nHost: x\r\nUser-Agent: {AGENT}\x00\r\nX-Forwarded-For: {IPV4}\r\n\r\n",
            f"{IPV4} {AGENT}\r\n\r\n",
            f"POST /api/event HTTP/1.1\r\nHost: x\r\nUser-Agent: {AGENT}\r\nContent-Length: 999\r\n\r\n{IPV4}",
        ):
            with socket.create_connection(("127.0.0.1", port), timeout=60, source_address=(source, 0)) as stranger:
                stranger.sendall(raw.encode())


def _files(serving_now: Serving) -> Iterator[tuple[Path, bytes]]:
    """Yield every file that Footfall wrote: the data folder, its folder in memory, its log."""
    yield serving_now.log_path, serving_now.log_path.read_bytes()
    in_memory = memory_folder(Settings.model_fields["key_folder"].default, serving_now.data)
    assert in_memory is not None
    yield from living_files(serving_now.data, in_memory)


def _traces(serving_now: Serving) -> list[tuple[str, bytes]]:
    """Find the canaries in every file and, since ClickHouse compresses, in every row of every table."""
    found = []
    for path, content in _files(serving_now):
        found += [(str(path), canary) for canary in CANARIES if canary.lower() in content.lower()]
    for name, told in (("/metrics", _metrics(serving_now.url)), ("footfall check", serving_now.run("check"))):
        found += [(name, canary) for canary in CANARIES if canary.lower() in told.lower().encode()]
    store = SocketStore(serving_now.data)
    for (table,) in store.rows("SELECT name FROM system.tables WHERE database = currentDatabase()"):
        content = json.dumps(
            store.rows("SELECT * FROM {table:Identifier}", {"table": table}), ensure_ascii=False
        ).encode()
        found += [(table, canary) for canary in CANARIES if canary.lower() in content.lower()]
    return found


def _metrics(url: str) -> str:
    """Read the metrics; asked by its first address, the process sees no proxy."""
    with urllib.request.urlopen(f"{url}/metrics", timeout=60) as answer:
        text: str = answer.read().decode()
        assert "footfall_hits_received_total" in text
        return text


def _log_file(folder: Path) -> Path:
    """Write an access log with the canaries in every field that a client chooses."""
    line = (
        '{ip} - {ip} [01/May/2026:10:00:0{n} +0000] "GET /{path} HTTP/1.1" {status} 5 "http://{ip}/" "{agent}"\n'
    )
    file = folder / "access.log"
    with file.open("w", encoding="utf-8") as out:
        for n, (ip, agent, status) in enumerate(
            ((IPV4, AGENT, 200), (IPV6, AGENT, 200), (IPV4, BOT, 200), (IPV4, AGENT, 404))
        ):
            out.write(
                line.format(ip=ip, n=n, path=f"{ip}?ip={ip}&utm_source={quote(agent)}", status=status, agent=agent)
            )
        out.write(f"{IPV4} not understood {AGENT}\n")
    return file


def test_no_way_in_leaves_an_address_or_a_user_agent(tmp_path: Path) -> None:
    """Socket, headers, body, URL and log line; accepted, dropped and rejected: nothing holds a canary."""
    with data_folder(tmp_path) as data:
        with serving(data, **COMMON, **NEVER_SHIPPED) as first:
            first.run("site", "add", SITE)
        with serving(data, **COMMON, **NEVER_SHIPPED) as spooling:
            _send_everything(spooling.url)
            assert b"pageview" in (data / "spools" / "0.sqlite-wal").read_bytes(), "the rows are in the spool now"
            assert _traces(spooling) == []
        with serving(data, **COMMON) as shipping:
            _send_everything(shipping.url)
            shipping.run("import", "log", str(_log_file(tmp_path)), "--site", SITE)
            shipping.wait_for_hits(SITE, 40)
            shipping.run("close")
            ledger = shipping.ledger(SITE)
            traces = _traces(shipping)
    assert traces == []
    assert min(ledger[outcome] for outcome in ("stored", "bot", "prefetch", "excluded hostname")) > 0
