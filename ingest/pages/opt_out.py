"""The opt-out page: it shows whether this browser's visits are counted, and one button changes that.

The cookie is the same for everybody who says no. Over HTTPS it is ``SameSite=None``, because it has to come
along with the beacons that pages of other sites send here: with ``Lax`` it would be set, shown as set, and
never seen by the collector. Browsers take ``None`` only with ``Secure``, so over plain HTTP it is ``Lax``.
"""

from aiohttp import web

from ingest.collector import Collector
from ingest.pages.origin import comes_from_here, is_secure
from ingest.pages.page import show_page
from ingest.signals import OPT_OUT_COOKIE, browser_says_no, has_opt_out

PATH = "/privacy/opt-out"
COOKIE_SECONDS = 34_128_000
"""395 days; Chromium keeps no cookie for more than 400."""
UPDATED = {"Tk": "U"}
"""The visitor's choice may have changed (Tracking Preference Expression, section 6.2.8); only after a POST."""


async def show_opt_out(_collector: Collector, request: web.BaseRequest) -> web.StreamResponse:
    """``GET /privacy/opt-out``: how it is now, and the button."""
    return _page(request)


async def change_opt_out(collector: Collector, request: web.BaseRequest) -> web.StreamResponse:
    """``POST /privacy/opt-out``: say no; with ``?choice=in`` take it back, which only our own page may ask for."""
    choice = "in" if request.query.get("choice") == "in" else "out"
    if choice == "in" and not comes_from_here(collector, request):
        return _page(request, status=403)
    cookie = _cookie(choice, secure=is_secure(collector, request))
    language = request.query.get("lang", "")
    place = f"{PATH}?lang={language}#state" if language.isascii() and language.isalpha() else f"{PATH}#state"
    headers = UPDATED | {"Location": place, "Set-Cookie": cookie, "Cache-Control": "no-store"}
    return web.Response(status=303, headers=headers)


def _page(request: web.BaseRequest, status: int = 200) -> web.Response:
    opted_out, signal = has_opt_out(request.headers), browser_says_no(request.headers)
    state = {
        (False, False): "counted",
        (True, False): "opted_out",
        (False, True): "signal",
        (True, True): "signal_and_opted_out",
    }[opted_out, signal]
    return show_page(
        request,
        "opt_out",
        status=status,
        path=PATH,
        state=state,
        opted_out=opted_out,
        stated_language=request.query.get("lang", ""),
        is_refused=status != 200,  # noqa: PLR2004 (OK)
    )


def _cookie(choice: str, *, secure: bool) -> str:
    value, seconds = ("1", COOKIE_SECONDS) if choice == "out" else ("", 0)
    reach = "SameSite=None; Secure" if secure else "SameSite=Lax"
    return f"{OPT_OUT_COOKIE}={value}; Max-Age={seconds}; Path=/; HttpOnly; {reach}"
