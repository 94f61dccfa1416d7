"""The opt-out page over a real socket: what it shows, what its button does, and who may press it."""

import re
from collections.abc import Mapping
from html import unescape
from http.cookies import SimpleCookie
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import NamedTuple

import pytest

from ingest.gate import Knowledge
from ingest.pages.catalogues import catalogues
from ingest.spool import Spool
from tests.fixtures.collecting import Collecting, collecting

PATH = "/privacy/opt-out"
Networks = tuple[IPv4Network | IPv6Network, ...]
LOOPBACK: Networks = (ip_network("127.0.0.0/8"),)
HTTPS = {"X-Forwarded-Proto": "https"}
HERE = {"Host": "stats.example", "Origin": "https://stats.example"}
PUBLIC = "https://stats.example"
OUT, BACK = "optout=1; Max-Age=34128000; Path=/; HttpOnly", "optout=; Max-Age=0; Path=/; HttpOnly"
PLAIN, SECURE = "; SameSite=Lax", "; SameSite=None; Secure"
ENGLISH = catalogues()["en"]["opt_out"]


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: Mapping[str, str]
    text: str


async def get(collector: Collecting, path: str = PATH, **headers: str) -> Answer:
    """Open a page."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    async with collector.client.get(path, headers=sent) as answer:
        return Answer(answer.status, answer.headers, unescape(await answer.text()))


async def post(collector: Collecting, path: str = PATH, headers: Mapping[str, str] | None = None) -> Answer:
    """Press the button."""
    async with collector.client.post(path, headers=headers or {}, allow_redirects=False) as answer:
        return Answer(answer.status, answer.headers, unescape(await answer.text()))


def button(page: str) -> tuple[str, str]:
    """Give where the page's one form goes, and what its button says."""
    found = re.findall(r'<form method="post" action="([^"]+)">\s*<button type="submit">([^<]+)</button>', page)
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("headers", "state", "action", "label"),
    [
        ({}, "counted", "out", "say_no"),
        ({"Cookie": "optout=1"}, "opted_out", "in", "say_yes"),
        ({"DNT": "1"}, "signal", "out", "say_no"),
        ({"Sec_GPC": "1"}, "signal", "out", "say_no"),
        ({"Sec_GPC": "1", "Cookie": "a=b; optout=1"}, "signal_and_opted_out", "in", "say_yes"),
        ({"DNT": "0", "Cookie": "optout=0"}, "counted", "out", "say_no"),
    ],
)
async def test_the_page_shows_how_it_is_and_offers_the_change(
    spool: Spool, knowledge: Knowledge, headers: dict[str, str], state: str, action: str, label: str
) -> None:
    """The cookie and the browser's own signal are told apart, and one button changes the cookie."""
    async with collecting(spool, knowledge) as collector:
        page = await get(collector, **headers)
    assert f'role="status" tabindex="-1">{ENGLISH[state]}</p>' in page.text
    assert button(page.text) == (f"{PATH}?choice={action}", ENGLISH[label])
    assert (page.status, "Set-Cookie" in page.headers, "Tk" in page.headers) == (200, False, False)


async def test_the_page_runs_nothing_and_loads_nothing_of_others(spool: Spool, knowledge: Knowledge) -> None:
    """The browser is told to run no script, load nothing but our style, and keep nothing."""
    async with collecting(spool, knowledge) as collector:
        page = await get(collector)
        style = re.findall(r'<link rel="stylesheet" href="([^"]+)">', page.text)
        css = await get(collector, style[0])
        other = await get(collector, "/privacy/style.css?v=old")
    assert "<script" not in page.text
    assert "style=" not in page.text
    assert {
        name: page.headers[name] for name in ("Content-Security-Policy", "Referrer-Policy", "Cache-Control")
    } == {
        "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'",
        "Referrer-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
    assert (css.status, css.headers["Content-Type"]) == (200, "text/css; charset=utf-8")
    assert (css.headers["Cache-Control"], other.headers["Cache-Control"]) == (
        "public, max-age=31536000, immutable",
        "no-cache",
    )


async def test_saying_no_sets_the_same_cookie_for_everybody(spool: Spool, knowledge: Knowledge) -> None:
    """Two visitors get the same answer: a constant for 395 days, that the choice changed, and the page again."""
    async with collecting(spool, knowledge) as collector:
        first = await post(collector, headers={"User-Agent": "One", "Cookie": "a=b"})
        second = await post(
            collector, f"{PATH}?choice=out", {"User-Agent": "Two", "Origin": "https://other.example"}
        )
        shown = await get(collector, Cookie=first.headers["Set-Cookie"].partition(";")[0])
        counted = await collector.send(Cookie=first.headers["Set-Cookie"].partition(";")[0])
        assert collector.batch() is None
    assert (first.status, first.headers["Location"], first.headers["Tk"]) == (303, f"{PATH}#state", "U")
    assert first.headers["Set-Cookie"] == second.headers["Set-Cookie"] == OUT + PLAIN
    assert ENGLISH["opted_out"] in shown.text
    assert counted == (202, "ok")


@pytest.mark.parametrize(
    ("trusted", "public_url", "headers", "expected"),
    [
        ((), "", {}, PLAIN),
        ((), "", HTTPS, PLAIN),  # anybody can say so
        (LOOPBACK, "", HTTPS, SECURE),
        (LOOPBACK, "", {"X-Forwarded-Proto": "http"}, PLAIN),
        ((), PUBLIC, {"Host": "stats.example"}, SECURE),
        ((), PUBLIC, {"Host": "localhost"}, PLAIN),
    ],
)
async def test_over_https_the_cookie_comes_along_from_other_sites(
    spool: Spool, knowledge: Knowledge, trusted: Networks, public_url: str, headers: dict[str, str], expected: str
) -> None:
    """Over HTTPS, told by a trusted proxy or the public address, it is Secure and sent with embedded beacons."""
    async with collecting(spool, knowledge, trusted, public_url=public_url) as collector:
        out = await post(collector, headers=headers)
        origin = {"Origin": f"https://{headers.get('Host', '')}"} if "Host" in headers else {}
        host = f"http://{collector.client.host}:{collector.client.port}"
        back = await post(collector, f"{PATH}?choice=in", {"Origin": host} | headers | origin)
    assert (out.headers["Set-Cookie"], back.headers["Set-Cookie"]) == (OUT + expected, BACK + expected)
    assert not SimpleCookie(back.headers["Set-Cookie"])["optout"].value


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (HERE, 303),
        (HERE | {"Host": "inner:8000"}, 303),  # behind a proxy that passes on no host; public_url says which it is
        ({"Host": "stats.example"}, 403),
        (HERE | {"Origin": "https://evil.example"}, 403),
        (HERE | {"Origin": "https://stats.example.evil.example"}, 403),
        (HERE | {"Origin": "null"}, 403),
        (HERE | {"Origin": "https://[::1"}, 403),
        (HERE | {"Origin": ""}, 403),
    ],
)
async def test_only_our_own_page_takes_a_no_back(
    spool: Spool, knowledge: Knowledge, headers: dict[str, str], status: int
) -> None:
    """No other page can have a visitor counted again; then nothing changes, and the page says why."""
    async with collecting(spool, knowledge, public_url=PUBLIC) as collector:
        answer = await post(collector, f"{PATH}?choice=in", headers | {"Cookie": "optout=1"})
    told = (answer.status, answer.headers.get("Tk"), "Set-Cookie" in answer.headers)
    assert told == ((303, "U", True) if status == 303 else (403, None, False))
    assert (ENGLISH["refused"] in answer.text) == (status == 403)


async def test_the_chosen_language_stays(spool: Spool, knowledge: Knowledge) -> None:
    """The page speaks the browser's language, or the one chosen in it, also after the button was pressed."""
    async with collecting(spool, knowledge) as collector:
        german = await get(collector, Accept_Language="de-AT, en;q=0.5")
        chosen = await get(collector, f"{PATH}?lang=uk", Accept_Language="de")
        changed = await post(collector, button(chosen.text)[0])
        hostile = await post(collector, f"{PATH}?lang=%0d%0aX-Evil:1")
    assert (german.headers["Content-Language"], chosen.headers["Content-Language"]) == ("de", "uk")
    assert '<html lang="de">' in german.text
    assert catalogues()["uk"]["opt_out"]["counted"] in chosen.text
    assert button(german.text)[0] == f"{PATH}?choice=out"
    assert changed.headers["Location"] == f"{PATH}?lang=uk#state"
    assert (hostile.status, hostile.headers["Location"]) == (303, f"{PATH}#state")
