"""One line of an access log."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.network import Cut, cut_address
from ingest.access_log import LogLine, parse_line

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
