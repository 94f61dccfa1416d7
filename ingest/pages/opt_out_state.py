"""Whether this browser has said no, for the button in a site's own privacy policy.

The cookie of the opt-out page is the collector's: no script of another host can see it, and the button would say
"your visits are counted" to somebody who is not. So it asks here. Only pages of sites that are counted here may
read the answer, for it tells one thing about a browser; all others are told the same, whatever cookie there is.
"""

import orjson
from aiohttp import web

from ingest.answers import errors
from ingest.collector import Collector
from ingest.pages.origin import comes_from_a_site
from ingest.signals import browser_says_no, has_opt_out

PATH = "/privacy/opt-out.json"
_ONE_BROWSERS = {"Cache-Control": "no-store", "Vary": "Origin", "X-Content-Type-Options": "nosniff"}
_NOT_FOR_YOU = "is answered to pages of sites that are counted here, by the Origin that browsers state"


async def tell_opt_out(collector: Collector, request: web.BaseRequest) -> web.StreamResponse:
    """``GET /privacy/opt-out.json``: whether the cookie says no, and whether the browser does by itself."""
    if not comes_from_a_site(collector, request):
        return errors({"request": [_NOT_FOR_YOU]}, 403, _ONE_BROWSERS)
    state = {"opted_out": has_opt_out(request.headers), "signal": browser_says_no(request.headers)}
    readable = {
        "Access-Control-Allow-Origin": request.headers["Origin"],  # a browser sends its cookie to no "*"
        "Access-Control-Allow-Credentials": "true",
    }
    return web.Response(
        body=orjson.dumps(state), content_type="application/json", headers=_ONE_BROWSERS | readable
    )
