"""What a request's headers say before anything else is looked at."""

from multidict import CIMultiDict, MultiMapping, istr

from ingest.receipts import COOKIE as RECEIPT_COOKIE
from ingest.receipts import NO_RECEIPT, read_receipt

OPT_OUT_COOKIE = "optout"
_OPT_OUTS = (f"{OPT_OUT_COOKIE}=1", f'{OPT_OUT_COOKIE}="1"')


# Names as multidict keeps them: a plain text would be folded again at each of nine look-ups a hit.
_DNT, _GPC, _COOKIE = istr("DNT"), istr("Sec-GPC"), istr("Cookie")
_PURPOSES = (istr("Sec-Purpose"), istr("Purpose"), istr("X-Moz"), istr("X-Purpose"))

Headers = MultiMapping[str]
"""A request's headers; names in any case."""


def is_opted_out(headers: Headers) -> bool:
    """Tell whether the visitor said no.

    ``DNT`` beginning with 1 (Tracking Preference Expression, section 5.2: extensions may
    follow), any ``Sec-GPC`` of exactly 1 (Global Privacy Control, section 3.2), or the
    opt-out cookie.
    """
    if headers.get(_DNT, "").startswith("1"):
        return True
    if _GPC in headers and "1" in (value.strip() for value in headers.getall(_GPC)):
        return True
    return _COOKIE in headers and has_opt_out(headers)


def has_opt_out(headers: Headers) -> bool:
    """Tell whether the visitor opted out on our own page: the cookie is there."""
    return any(_holds_opt_out(value) for value in headers.getall(_COOKIE, ()))


def receipt_of(headers: Headers) -> bytes:
    """Give the receipt that the visitor's browser sends along; ``NO_RECEIPT`` if they asked for none."""
    if _COOKIE not in headers:
        return NO_RECEIPT
    for header in headers.getall(_COOKIE):
        for pair in header.split(";"):
            name, _, value = pair.strip().partition("=")
            if name == RECEIPT_COOKIE:
                return read_receipt(value)
    return NO_RECEIPT


def browser_says_no(headers: Headers) -> bool:
    """Tell whether the visitor's browser says no by itself, whatever cookie it has."""
    without_cookies = CIMultiDict(headers)
    without_cookies.popall(_COOKIE, None)
    return is_opted_out(without_cookies)


def is_prefetch(headers: Headers) -> bool:
    """Tell whether the browser fetched ahead, before anybody asked for the page.

    ``Sec-Purpose: prefetch`` or ``prefetch;prerender`` (Fetch standard, section 3.8), and
    the older ``Purpose`` and ``X-Moz`` that some browsers still send.
    """
    for name in _PURPOSES:
        purpose = headers.get(name)
        if purpose is not None and purpose.lower().startswith(("prefetch", "prerender", "preview")):
            return True
    return False


def _holds_opt_out(header: str) -> bool:
    # Pair by pair: http.cookies gives up at the first cookie that it dislikes, such as one with JSON in it.
    return any(pair.strip() in _OPT_OUTS for pair in header.split(";"))
