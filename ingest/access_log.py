"""One line of an access log becomes a frozen ``LogLine``, or None.

Read are Apache's and nginx's ``combined`` format, ``common`` (the same without referrer and user
agent) and ``vhost_combined`` (the same led by the host that answered). More fields may follow; those that
hold a request's headers by their names (``DNT="1"``, ``Sec-GPC="1"``) are read before anything else.

The expression is our own because the address must be cut in the statement that reads it, which a
library that hands out parsed lines cannot do. It also takes less than half the time of apachelogs 0.6.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from multidict import CIMultiDict

from geo.network import Cut, Network, cut_address
from ingest.beacon import NO_SIGNALS, Signals
from ingest.signals import OPT_OUT_COOKIE, Headers, is_opted_out, is_prefetch

FIRST_YEAR = 1990  # before it there was no web: a clock that was never set
MOST_REMEMBERED_TIMES = 1_000

# host ident user [time] "request" status bytes "referrer" "user agent". A quote within a field is
# written \" (Apache: mod_log_config, "Format Notes") or \x22 (nginx: log_format, "escape"). A user may
# hold spaces, but no lone hyphen: with one the fields stand elsewhere than we think.
_LINE = re.compile(
    rb"(?:(?P<vhost>(?=[^ :]*[A-Za-z])[\w.-]{1,253})(?::\d{1,5} | (?=[\dA-Fa-f]*[.:][\dA-Fa-f.:]* )))?"
    rb"(?P<address>\S+) \S+ (?:(?! - ).){1,256}? \[(?P<time>[^\]]{26})\] "
    rb'"(?P<request>[^"\\]*+(?:\\.[^"\\]*+)*+)" (?P<status>\d{3}) (?:\d+|-)'
    rb'(?: "(?P<referrer>[^"\\]*+(?:\\.[^"\\]*+)*+)" "(?P<user_agent>[^"\\]*+(?:\\.[^"\\]*+)*+)"(?P<more> .*)?)?',
    re.DOTALL,
)
_TIME = re.compile(rb"(\d\d)/([A-Z][a-z]{2})/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)")
_MONTHS = {
    name: number for number, name in enumerate(b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), start=1)
}
_ESCAPE = re.compile(rb"\\(?:x([0-9A-Fa-f]{2})|([\\\"bfnrtv]))")
_ESCAPED = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}
_NOTHING = (b"", b"-")
OPT_OUT_FIELD = "optout"
"""The field that holds the value of the opt-out cookie, where the site is on the collector's own domain."""
# The fields behind the user agent that say whether somebody said no, as docs/log-import.md has them written.
_STATED = re.compile(
    rb'(?<= )(DNT|Sec-GPC|optout|Sec-Purpose)="([^"\\]*+(?:\\.[^"\\]*+)*+)"', re.IGNORECASE | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class LogLine:
    """One request as a server logged it.

    ``method`` and ``target`` are "" where no request was understood. ``network`` is None where the
    server logged a host name for an address. ``hostname`` is "" unless the line states it.

    Of who opted out nothing but the time is there. ``states_signals`` tells whether the log has such a field.
    """

    at: datetime
    method: str
    target: str = field(repr=False)
    status: int
    hostname: str = ""
    referrer: str = field(default="", repr=False)
    network: Network | None = field(default=None, repr=False)
    user_agent: str = field(default="", repr=False)
    signals: Signals = NO_SIGNALS
    states_signals: bool = False


def parse_line(line: bytes, cut: Cut) -> LogLine | None:
    """Read one line without its line break; None for anything that is not one of a log."""
    found = _LINE.fullmatch(line)
    at = _instant(found["time"]) if found is not None else None
    if found is None or at is None:
        return None
    stated = _stated_headers(found["more"])
    if is_opted_out(stated):
        return LogLine(at, "", "", 0, signals=Signals(opted_out=True, prefetch=False), states_signals=True)
    method, target = _asked(found["request"])
    return LogLine(
        at=at,
        method=method,
        target=target,
        status=int(found["status"]),
        hostname=_text(found["vhost"]),
        referrer=_text(found["referrer"]),
        network=cut_address(found["address"].decode("ascii", "replace"), cut),
        user_agent=_text(found["user_agent"]),
        signals=Signals(opted_out=False, prefetch=is_prefetch(stated)),
        states_signals=bool(stated),
    )


def _stated_headers(more: bytes | None) -> Headers:
    """Give the headers that a line states by name, as the request had them: what a beacon's are asked is asked."""
    headers = CIMultiDict[str]()
    for name, value in _STATED.findall(more) if more else ():
        text = name.decode()
        if text.lower() == OPT_OUT_FIELD:
            headers.add("Cookie", f"{OPT_OUT_COOKIE}={_text(value)}")
            continue
        for each in _text(value).split(","):  # a server joins the values of a header that came more than once
            headers.add(text, each.strip())
    return headers


def _asked(request: bytes) -> tuple[str, str]:
    """Give the method and target of a request line; "" twice for what is none, such as a TLS hello."""
    method, _, rest = request.partition(b" ")
    target = rest.rpartition(b" HTTP/")[0] or rest
    return (_text(method), _text(target)) if method.isalpha() and target.strip() else ("", "")


@lru_cache(maxsize=MOST_REMEMBERED_TIMES)
def _instant(text: bytes) -> datetime | None:
    """Read a time such as 17/May/2015:10:05:03 +0000; month names are English in every locale."""
    found = _TIME.fullmatch(text)
    month = _MONTHS.get(found[2]) if found is not None else None
    if found is None or month is None or int(found[3]) < FIRST_YEAR:
        return None
    day, _, year, hour, minute, second, sign, offset_hours, offset_minutes = found.groups()
    offset = timedelta(hours=int(offset_hours), minutes=int(offset_minutes))
    try:
        local = datetime(int(year), month, int(day), int(hour), int(minute), int(second), tzinfo=UTC)
        return local + offset if sign == b"-" else local - offset
    except (ValueError, OverflowError):
        return None


def _text(field: bytes | None) -> str:
    """Give a field as text, its escapes undone; "" for the hyphen that stands for nothing."""
    if field is None or field in _NOTHING:
        return ""
    if b"\\" in field:
        field = _ESCAPE.sub(_unescaped, field)
    return field.decode("utf-8", "replace")


def _unescaped(found: re.Match[bytes]) -> bytes:
    code, letter = found.groups()
    return bytes.fromhex(code.decode()) if code is not None else _ESCAPED.get(letter, letter)
