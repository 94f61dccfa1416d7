"""The audit of the ways in: a collector that obeys passes, and each way in that does not is named."""

from aiohttp import web

from core.auditing import Inspected
from core.settings import Settings
from core.store import Store
from ingest.answers import accepted, text
from ingest.audit_ways_in import audit_ways_in
from ingest.collector import Collector, receive_event
from ingest.routes import ROUTES


async def counts_everybody(collector: Collector, request: web.BaseRequest) -> web.StreamResponse:
    """A way in that looks at the clock first."""
    collector.clock()
    return accepted(request)


async def tells_who_opted_out(collector: Collector, request: web.BaseRequest) -> web.StreamResponse:
    """A way in that answers an opt-out with an error."""
    return text("no", 403) if "DNT" in request.headers else await receive_event(collector, request)


async def counts_nobody(_collector: Collector, request: web.BaseRequest) -> web.StreamResponse:
    """A way in that does nothing."""
    return accepted(request)


def test_every_way_in_obeys_before_it_computes_anything(embedded: Store) -> None:
    """Event, pixel and gate, for each way of saying no; routes that count nobody are not asked."""
    result = audit_ways_in(Inspected(Settings(), embedded))
    asked = set(result.checked.partition(", the gate")[0].split(", "))
    posted = {f"POST {path}" for path in ROUTES if path.startswith("/api/")}
    assert (asked, result.violations) == (posted | {"GET /pixel.gif"}, ())


def test_a_way_in_that_does_not_obey_is_named(embedded: Store) -> None:
    """Whether it computes, tells or counts nobody at all."""
    routes = {
        "/api/a": {"POST": counts_everybody},
        "/api/b": {"POST": tells_who_opted_out},
        "/c.gif": {"GET": counts_nobody},
    }
    assert audit_ways_in(Inspected(Settings(), embedded), routes).violations == (
        "POST /api/a computes something in spite of DNT: 1",
        "POST /api/a computes something in spite of DNT: 1x",
        "POST /api/a computes something in spite of Sec-GPC: 1",
        "POST /api/a computes something in spite of Cookie: optout=1",
        "POST /api/b answers 403 to DNT: 1",
        "POST /api/b answers 403 to DNT: 1x",
        "GET /c.gif counts nobody, so that nothing can be said of it",
    )
