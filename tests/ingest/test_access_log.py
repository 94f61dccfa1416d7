"""One line of an access log."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.network import Cut, cut_address
from ingest.access_log import LogLine, parse_line
from ingest.beacon import Signals

CUT = Cut()
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
COMMON = '192.0.2.7 - - [17/May/2026:10:05:03 +0000] "GET /shop?page=2 HTTP/1.1" 200 5120'
COMBINED = f'{COMMON} "https://example.org/links" "{BROWSER}"'


def line(
    address: str = "192.0.2.7",
    user: str = "-",
    time: str = "17/May/2026:10:05:03 +0000",
    request: str = "GET / HTTP/1.1",
    end: str = f'200 5120 "-" "{BROWSER}"',
) -> LogLine | None:
    """Parse a line of these fields."""
    return parse_line(f'{address} - {user} [{time}] "{request}" {end}'.encode(), CUT)


def parsed(**fields: str) -> LogLine:
    """Parse a line of these fields, which must be understood."""
    found = line(**fields)
    assert found is not None
    return found


def test_a_combined_line_is_read_whole() -> None:
    """Every field of a line in combined format is there, the address cut to its network."""
    assert parse_line(COMBINED.encode(), CUT) == LogLine(
        at=datetime(2026, 5, 17, 10, 5, 3, tzinfo=UTC),
        method="GET",
        target="/shop?page=2",
        status=200,
        hostname="",
        referrer="https://example.org/links",
        network=cut_address("192.0.2.0", CUT),
        user_agent=BROWSER,
    )


def test_a_common_line_has_neither_referrer_nor_user_agent() -> None:
    """A line in common format is understood; what it does not hold is empty."""
    found = parse_line(COMMON.encode(), CUT)
    assert found is not None
    assert (found.target, found.referrer, found.user_agent) == ("/shop?page=2", "", "")


def test_a_line_shows_nothing_of_the_visitor() -> None:
    """What a line prints as holds no network, no user agent, no referrer and no address asked for."""
    shown = repr(parse_line(COMBINED.encode(), CUT))
    assert not [part for part in ("192.0.2", "Mozilla", "example.org", "shop") if part in shown]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3::77", "2001:db8:1::/48"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("192.0.2.77:50123", "192.0.2.0/24"),
        ("[2001:db8:1::77]:443", "2001:db8:1::/48"),
        ("example.com:443 192.0.2.77", "192.0.2.0/24"),
        ("example.com 192.0.2.77", "192.0.2.0/24"),
        ("example.com:443 2001:db8:1::77", "2001:db8:1::/48"),
        ("client.example.net", None),
        ("-", None),
    ],
)
def test_an_address_is_cut_in_every_form(address: str, network: str | None) -> None:
    """IPv4, IPv6, with a port or behind the host that answered: only the network is left."""
    found = parsed(address=address).network
    assert (None if found is None else str(found)) == network


def test_the_host_that_answered_is_read() -> None:
    """A vhost_combined line names its host; no other line does."""
    assert parsed(address="www.example.com:443 192.0.2.7").hostname == "www.example.com"
    assert parsed(address="shop.example.com 2001:db8::7").hostname == "shop.example.com"
    assert parsed(address="example.com:80 client.example.net").hostname == "example.com"
    assert parsed(address="192.0.2.7:443").hostname == ""


@pytest.mark.parametrize(
    ("time", "hour"),
    [
        ("17/May/2026:10:05:03 +0000", 10),
        ("17/May/2026:10:05:03 +0200", 8),
        ("17/May/2026:10:05:03 -0530", 15),
    ],
)
def test_times_become_utc(time: str, hour: int) -> None:
    """A log in any time zone gives instants."""
    assert parsed(time=time).at.hour == hour


@pytest.mark.parametrize(
    "time",
    [
        "31/Feb/2026:10:05:03 +0000",
        "17/Mai/2026:10:05:03 +0000",
        "17/May/2026:24:05:03 +0000",
        "17/May/2026:10:05:60 +0000",
        "01/Jan/1970:00:00:00 +0000",
        "17/May/2026:10:05:03      ",
        "2026-05-17T10:05:03+00:00.",
    ],
)
def test_impossible_times_are_not_understood(time: str) -> None:
    """A line whose time cannot be is no line of a log."""
    assert line(time=time) is None


@pytest.mark.parametrize(
    ("request_line", "asked"),
    [
        ("GET / HTTP/1.1", ("GET", "/")),
        ("GET /", ("GET", "/")),
        ("GET /two words HTTP/1.0", ("GET", "/two words")),
        ('GET /say-\\"hi\\" HTTP/1.1', ("GET", '/say-"hi"')),
        ("GET /caf\\xc3\\xa9 HTTP/1.1", ("GET", "/café")),
        ("GET /café HTTP/1.1", ("GET", "/café")),
        ("OPTIONS * HTTP/1.0", ("OPTIONS", "*")),
        ("GET http://example.com/ HTTP/1.1", ("GET", "http://example.com/")),
        ("-", ("", "")),
        ("", ("", "")),
        ("\\x16\\x03\\x01", ("", "")),
    ],
)
def test_requests_are_taken_apart(request_line: str, asked: tuple[str, str]) -> None:
    """Method and target are read, quotes and bytes unescaped; what is no request has neither."""
    found = parsed(request=request_line)
    assert (found.method, found.target) == asked


def test_a_user_name_may_have_spaces() -> None:
    """Servers write a user's name as it was sent."""
    assert parsed(user="jane van doe").target == "/"


def test_more_fields_may_follow() -> None:
    """Forwarded addresses and timings at the end of a line are passed over."""
    assert parsed(end=f'200 - "-" "{BROWSER}" "203.0.113.9" 0.012').user_agent == BROWSER


@pytest.mark.parametrize(
    ("fields", "opted_out", "prefetch", "stated"),
    [
        ('DNT="1" Sec-GPC="-" optout="-" Sec-Purpose="-"', True, False, True),
        ('DNT="1x"', True, False, True),
        ('dnt="1"', True, False, True),
        ('"203.0.113.9" 0.012 Sec-GPC="1"', True, False, True),
        ('Sec-GPC="0, 1"', True, False, True),
        ('optout="1"', True, False, True),
        ('DNT="0" Sec-GPC="0" optout="0" Sec-Purpose="prefetch;prerender"', False, True, True),
        ('DNT="-" Sec-GPC="-" optout="-" Sec-Purpose="-"', False, False, True),
        ('DNT="0, 1"', False, False, True),
        ('xDNT="1" "DNT=1" DNT=1', False, False, False),
        ('DNT="1\\x22 x"', True, False, True),
        ('"1" "1"', False, False, False),
    ],
)
def test_a_no_that_a_line_states_is_read(fields: str, *, opted_out: bool, prefetch: bool, stated: bool) -> None:
    """By its name, as the header of a beacon would be; a field without a name says nothing."""
    found = parsed(end=f'200 5120 "-" "{BROWSER}" {fields}')
    assert (found.signals, found.states_signals) == (Signals(opted_out, prefetch), stated)


def as_logged(written: str, values: dict[str, str]) -> str:
    """Give the line that a server logs with a format of docs/log-import.md: what has no value is a hyphen."""
    variable = re.compile(r"\$(\w+)|%>?(?:\{([\w-]+)\})?([a-zA-Z])")
    return variable.sub(lambda found: values.get(found[1] or found[2] or found[3], "-"), written)


def test_the_formats_of_the_documentation_say_who_said_no() -> None:
    """A line of nginx's and of Apache's, made from the documentation itself, is read whole, and each no heard."""
    page = Path("docs/log-import.md").read_text(encoding="utf-8")
    nginx = "".join(re.findall(r"'([^']*)'", page.partition("log_format footfall")[2].partition(";")[0]))
    apache = page.partition('LogFormat "')[2].partition('" footfall')[0].replace('\\"', '"')
    time, request = "17/May/2026:10:05:03 +0000", "GET /shop HTTP/1.1"
    both = {
        **dict.fromkeys(("remote_addr", "h"), "192.0.2.7"),
        "time_local": time,
        "t": f"[{time}]",
        **dict.fromkeys(("request", "r"), request),
        **dict.fromkeys(("status", "s"), "200"),
        **dict.fromkeys(("http_user_agent", "User-Agent"), BROWSER),
    }
    signs = (("http_dnt", "DNT"), ("http_sec_gpc", "Sec-GPC"), ("cookie_optout", "optout"))
    for written in (nginx, apache):
        plain = parse_line(as_logged(written, both).encode(), CUT)
        assert plain is not None
        assert (plain.target, plain.user_agent, plain.states_signals) == ("/shop", BROWSER, True)
        assert not plain.signals.opted_out
        for names in signs:
            found = parse_line(as_logged(written, both | dict.fromkeys(names, "1")).encode(), CUT)
            assert found is not None
            assert found.signals.opted_out


def test_of_who_said_no_nothing_else_is_read() -> None:
    """The line is understood, and holds its time alone."""
    at = datetime(2026, 5, 17, 10, 5, 3, tzinfo=UTC)
    found = parse_line(f'{COMBINED} DNT="1"'.encode(), CUT)
    assert found == LogLine(at, "", "", 0, signals=Signals(opted_out=True, prefetch=False), states_signals=True)


def test_a_visitor_cannot_state_it_for_others() -> None:
    """What a client chooses stands in quotes, and its own quotes are escaped by the server."""
    assert not parsed(end='200 5120 "-" "x\\" DNT=\\"1"').signals.opted_out
    assert not parsed(user='me DNT="1" ').signals.opted_out


def test_a_hyphen_stands_for_nothing() -> None:
    """Fields that are a hyphen are empty."""
    found = parsed(end='200 - "-" "-"')
    assert (found.referrer, found.user_agent) == ("", "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "this line is no request",
        COMMON + " trailing",
        COMMON[:-12],
        COMBINED[:-1],
        f"May 17 10:05:03 web1 nginx: {COMBINED}",
        f"2026-05-17T10:05:03Z web1 nginx: {COMBINED}",
        f"example.com client.example.net{COMBINED.removeprefix('192.0.2.7')}",
        COMBINED.replace(" 200 ", " OK "),
    ],
)
def test_what_is_no_log_line_is_not_understood(text: str) -> None:
    """Lines of another form, cut off or longer, are nothing."""
    assert parse_line(text.encode(), CUT) is None


@given(st.binary(max_size=300))
def test_garbage_never_raises(garbage: bytes) -> None:
    """Any bytes are a line or nothing, alone and as any field of a line."""
    parse_line(garbage, CUT)
    for field in (b"192.0.2.7", b"17/May/2026:10:05:03 +0000", b"GET /shop?page=2 HTTP/1.1", BROWSER.encode()):
        parse_line(COMBINED.encode().replace(field, garbage), CUT)
