"""An audit of the collector itself: whether a no is obeyed on each way in, before anything is computed.

Each way in is asked in this process with a collector whose every part complains when it is touched: its
clock, its sites, its keys, what it writes. With an opt-out none may be, and the answer must be that of
success. Without one some must be, or this audit would look at nothing.
"""

import asyncio
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from aiohttp.test_utils import make_mocked_request

from core.auditing import Inspected, Result
from geo.network import Cut
from ingest.access_log import OPT_OUT_FIELD
from ingest.answers import Acknowledgement
from ingest.beacon import Arrival, Beacon, Hit, PageUrl, Signals
from ingest.collector import Collector
from ingest.gate import Knowledge, pass_gate
from ingest.log_lines import LogLines
from ingest.reasons import DropReason
from ingest.routes import ROUTES, Route, Routes
from ingest.signals import OPT_OUT_COOKIE

OPT_OUTS: tuple[Mapping[str, str], ...] = (
    {"DNT": "1"},
    {"DNT": "1x"},
    {"Sec-GPC": "1"},
    {"Cookie": f"{OPT_OUT_COOKIE}=1"},
)
"""The ways of saying no, as headers."""

_LOG_LINE = '192.0.2.1 - - [01/May/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "Mozilla/5.0"'
_SUCCESS = range(200, 300)


class _TouchedError(Exception):
    """A part of the collector was asked for something."""


class _Untouched:
    """Stands for a part of the collector."""

    def __call__(self, *_arguments: object) -> Any:
        raise _TouchedError

    def __getattr__(self, _name: str) -> Any:
        raise _TouchedError


def audit_ways_in(_inspected: Inspected, routes: Routes = ROUTES) -> Result:
    """With DNT, GPC or the opt-out cookie, each way in drops the hit before it reads or computes anything."""
    ways = list(_ways_in(routes))
    violations = [each for way in ways for each in asyncio.run(_violations(*way))]
    violations += _gate_violations() + _log_violations()
    names = ", ".join(f"{method} {path}" for method, path, _route in ways)
    checked = (
        f"{names}, the gate and log import, each with {len(OPT_OUTS)} ways of saying no, which must leave nothing."
    )
    return Result("opt-outs", checked, tuple(violations))


def _ways_in(routes: Routes) -> Iterator[tuple[str, str, Route]]:
    """Give every route by which a hit comes: what is posted to the API, and the pixel."""
    for path, methods in routes.items():
        for method, route in methods.items():
            if (method == "POST" and path.startswith("/api/")) or (method == "GET" and path.endswith(".gif")):
                yield method, path, route


async def _violations(method: str, path: str, route: Route) -> list[str]:
    found = []
    for headers in OPT_OUTS:
        stated = ", ".join(f"{name}: {value}" for name, value in headers.items())
        try:
            answer = await route(_untouched_collector(), make_mocked_request(method, path, headers))
        except _TouchedError:
            found.append(f"{method} {path} computes something in spite of {stated}")
        else:
            if not (isinstance(answer, Acknowledgement) or answer.status in _SUCCESS):
                found.append(f"{method} {path} answers {answer.status} to {stated}")
    try:
        await route(_untouched_collector(), make_mocked_request(method, path))
    except _TouchedError:
        return found
    return [*found, f"{method} {path} counts nobody, so that nothing can be said of it"]


def _gate_violations() -> list[str]:
    beacon = Beacon("pageview", PageUrl("example.com", "/"), ("example.com",))
    arrival = Arrival(datetime.min.replace(tzinfo=UTC), None, "", Signals(opted_out=True, prefetch=True))
    try:
        outcome = pass_gate(Hit(None, beacon, arrival), _untouched_knowledge())
    except _TouchedError:
        return ["the gate computes something of who opted out"]
    return [] if outcome is DropReason.OPTED_OUT else ["the gate does not begin with the opt-out"]


def _log_violations() -> list[str]:
    fields = ('DNT="1"', 'DNT="1x"', 'Sec-GPC="1"', f'{OPT_OUT_FIELD}="1"')
    return [f"the import of a log does not obey {field}" for field in fields if not _is_passed_over(field)]


def _is_passed_over(field: str) -> bool:
    """Tell whether a log's line with a field leaves nothing, and touches nothing."""
    lines = LogLines(_untouched(), datetime.max.replace(tzinfo=UTC), Cut(), _untouched_knowledge(), set())
    try:
        entry = lines.take(1, f"{_LOG_LINE} {field}".encode())
    except _TouchedError:
        return False
    return entry is None and lines.understood == 1 and not lines.not_understood


def _untouched_collector() -> Collector:
    return Collector(
        clock=_untouched(),
        sites=_untouched(),
        knowledge=_untouched_knowledge(),
        commits=_untouched(),
        limits=_untouched(),
        trusted_proxies=_untouched(),
        beacons=_untouched(),
        meter=_untouched(),
    )


def _untouched_knowledge() -> Knowledge:
    parts = ("keys", "countries", "bots", "devices", "sources", "paths", "hosts", "products")
    return Knowledge(**{part: _untouched() for part in parts})


def _untouched() -> Any:
    return _Untouched()
