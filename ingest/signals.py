"""What a request's headers say before anything else is looked at."""

from multidict import MultiMapping

from ingest.beacon import Signals

OPT_OUT_COOKIE = "optout"
_OPT_OUTS = (f"{OPT_OUT_COOKIE}=1", f'{OPT_OUT_COOKIE}="1"')


Headers = MultiMapping[str]
"""A request's headers; names in any case."""


def read_signals(headers: Headers) -> Signals:
    """Read the opt-outs and the fetch purpose."""
    return Signals(opted_out=is_opted_out(headers), prefetch=is_prefetch(headers))


def is_opted_out(headers: Headers) -> bool:
    """Tell whether the visitor said no.

    ``DNT`` beginning with 1 (Tracking Preference Expression, section 5.2: extensions may
    follow), any ``Sec-GPC`` of exactly 1 (Global Privacy Control, section 3.2), or the
    opt-out cookie.
    """
    if headers.get("DNT", "").startswith("1"):
        return True
    if "1" in (value.strip() for value in headers.getall("Sec-GPC", [])):
        return True
    return any(_has_opt_out(value) for value in headers.getall("Cookie", []))


def is_prefetch(headers: Headers) -> bool:
    """Tell whether the browser fetched ahead, before anybody asked for the page.

    ``Sec-Purpose: prefetch`` or ``prefetch;prerender`` (Fetch standard, section 3.8), and
    the older ``Purpose`` and ``X-Moz`` that some browsers still send.
    """
    return any(
        headers.get(name, "").lower().startswith(("prefetch", "prerender", "preview"))
        for name in ("Sec-Purpose", "Purpose", "X-Moz", "X-Purpose")
    )


def _has_opt_out(header: str) -> bool:
    # Pair by pair: http.cookies gives up at the first cookie that it dislikes, such as one with JSON in it.
    return any(pair.strip() in _OPT_OUTS for pair in header.split(";"))
