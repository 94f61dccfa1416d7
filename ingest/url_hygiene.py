"""What of an address may be kept: paths, routes, tags and texts, with no person left in them.

Query strings and fragments go. A path's segment, or a text as a whole, becomes ``:redacted``
when it holds, in the clear or percent-encoded any number of times:
- an e-mail address, or what looks like the end of one (@host.example);
- a UUID, 16 or more hexadecimal digits in a row, a JSON Web Token (RFC 7519: ``eyJ`` and dots);
- an IP address, or a user agent as browsers write it (``Mozilla/5.0 (``);
- 9 or more digits in a row or in groups (telephones, cards, national ids, long order numbers).
  Years and dates are no such groups; numbers of 8 digits, as articles have, stay;
- a random-looking run of 20 or more letters and digits, 16 if unbroken: one that changes between
  small letters, capitals and digits more often than words do.

Cleaning what is clean changes nothing.
"""

import re
from string import ascii_lowercase, ascii_uppercase, digits
from typing import NamedTuple
from urllib.parse import unquote, unquote_plus

REDACTED = ":redacted"

MOST_PATH_CHARACTERS = 500
MOST_TEXT_CHARACTERS = 500
MOST_TAG_CHARACTERS = 200
MOST_SEGMENT_CHARACTERS = 200  # what is longer is data and no name; a file's name ends at 255 bytes
MOST_DECODINGS = 10

# Words of small letters, too short for 16 hexadecimal digits: most segments need no other look.
_WORDS = re.compile(r"(?:[/._ -]*+[a-z]{1,15}+(?![a-z]))*+[/._ -]*+")

_EMAIL = re.compile(r"[@\uff20](?:\[|[^\s/@\uff20]*\.[^\W\d_])")

_AGENT = "Mozilla/5.0 ("
_EIGHT_HEX = re.compile(r"[0-9A-Fa-f]{8}")
_HEX_CODE = re.compile(
    r"(?=\d{0,15}[A-Fa-f])[0-9A-Fa-f]{16}|[0-9A-Fa-f]{8}(?:[-_][0-9A-Fa-f]{4}){3}[-_][0-9A-Fa-f]{12}"
)
_PART = re.compile(r"([\w-]++)(\.?)")
_OPENING = "eyJ"  # the Base64 of {", as every JSON Web Token begins
_SHORTEST_PART = 8
_IPV4 = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)")
_IPV6 = re.compile(r"(?<![\w:])(?:[0-9A-Fa-f]{0,4}:){3,7}[0-9A-Fa-f]{0,4}(?![\w:])")
_FEWEST_SEPARATORS = 3  # of either kind of address

_NINE_DIGITS = re.compile(r"\d{9}")
_GROUPED_DIGITS = re.compile(r"\d(?:[ ()+_-]{0,2}\d){8,}")
_GROUP = re.compile(r"\d+")
_DATE = re.compile(  # a year, a date with or without its hyphens, a date with a time
    r"(?<!\d)(?:19|20)\d\d"
    r"(?:[01]\d[0-3]\d|[-_ ][01]?\d[-_ ][0-3]?\d(?:[-_ T][0-2]?\d(?:[-_ :][0-5]?\d){0,2})?)?(?!\d)"
)
_LONG_NUMBER = 9
_LONG_REST = 6  # of a telephone number of which a group looks like a year
_SMALL_GROUP = 2

_RUN = re.compile(r"[A-Za-z0-9_=+~-]{16,}")
_UNBROKEN = re.compile(r"[A-Za-z0-9]+")
_WORD_OR_NUMBER = re.compile(r"[a-z]+|[0-9]+")
_UNSPEAKABLE = re.compile(r"[b-df-hj-np-tv-xz]{5}", re.IGNORECASE)
_KINDS = str.maketrans(ascii_lowercase + ascii_uppercase + digits, "a" * 26 + "A" * 26 + "0" * 10)
_FEWEST_CHANGES = 2
_LONG_UNBROKEN = 16
_LONG_BROKEN = 20

_NESTED = re.compile(r"%(?:25)+(?=[0-9A-Fa-f]{2})")
_CUT = re.compile(r"[?#;]")
_AFTER_PATH = re.compile(r"[?#].*", re.DOTALL)
_PARAMETERS = re.compile(r";[^/]*")  # RFC 3986 section 3.3: ;name=value, where session ids travel
_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,30}://)([^/?#\\\s]+)(/[^?#]*)?(?:[?#]|$)")
_HOST = re.compile(r"(?=.{1,253}$)[\w-]{1,63}(?:\.[\w-]{1,63})*")  # lengths: RFC 1035 section 2.3.4
_IP_HOST = re.compile(r"(?:^|\.)\d+$|(?:^|[.-])\d{1,3}(?:[.-]\d{1,3}){3}(?=[.-]|$)")
_WWW = re.compile(r"^(?:www\.)+(?=[^.]+\.)")

_TAGS = frozenset({"utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term", "source", "ref"})
# What advertisers' auto-tagging adds: Google's three, Microsoft's one. The identifier itself goes.
_CLICK_IDS = frozenset({"gclid", "gbraid", "wbraid", "msclkid"})


class Utm(NamedTuple):
    """The tags of a page's query. ``ref`` is its ``source`` or ``ref``, ``click_id`` a parameter's name."""

    source: str = ""
    medium: str = ""
    campaign: str = ""
    content: str = ""
    term: str = ""
    ref: str = ""
    click_id: str = ""


NO_UTM = Utm()


def clean_path(path: str, most: int = MOST_PATH_CHARACTERS) -> str:
    """Give the one form of a path that is kept.

    It is decoded as UTF-8 (what is none becomes U+FFFD), printable, its spaces single, begins with
    a slash and has no path parameters. Repeated and final slashes stay: ``/about/`` and ``/about``
    are two pages to a server, so they are two to us. One too long loses whole segments at its end.
    """
    decoded = _decoded(path)
    if decoded is None:
        return "/" + REDACTED
    kept = _PARAMETERS.sub("", _AFTER_PATH.sub("", decoded)) if _CUT.search(decoded) else decoded
    kept = " ".join(kept.split())
    cleaned = ""
    for segment in kept.removeprefix("/").split("/"):
        clean = _clean_segment(segment)
        if len(cleaned) + len(clean) >= most:
            break
        cleaned += "/" + clean
    return cleaned.rstrip() or "/"


def clean_hash(fragment: str) -> str:
    """Give the route in a fragment, for sites that route by it: ``/settings?x=1`` is ``#/settings``.

    "" where there is none; what holds ``=`` or ``&`` is parameters, such as a sign-in's token.
    """
    bare = fragment.removeprefix("#")
    mark, route = ("#!", bare[1:]) if bare.startswith("!") else ("#", bare)
    path = clean_path(route)
    if "=" in path or "&" in path:
        return ""
    kept = path if route.startswith("/") else path[1:].lstrip()
    return mark + kept if kept else ""


def clean_text(value: str, most: int = MOST_TEXT_CHARACTERS, *, keep_numbers: bool = False) -> str:
    """Give a text as it may be kept: printable, its spaces single, cut to a length.

    One whole address (https://…) loses its query as a page's does. With ``keep_numbers`` long
    numbers stay: tags carry the numbers of campaigns, which all who clicked there share.
    """
    text = " ".join(value.split())
    if not text.isprintable():
        text = " ".join(_printable(text).split())
    text = text[: 2 * most]  # what stands behind is cut in any case
    if _WORDS.fullmatch(text):
        return text[:most].rstrip()
    if address := _ADDRESS.match(text):
        scheme, stated, path = address.groups()
        host = clean_host(stated)
        if host in {"", REDACTED}:
            return REDACTED
        start = scheme.lower() + host
        return (start + clean_path(path, most - len(start)) if path else start)[:most].rstrip()
    look = _decoded(text)
    if look is None or identifies(look, keep_numbers=keep_numbers):
        return REDACTED
    return text if len(text) <= most else clean_text(text[:most], most, keep_numbers=keep_numbers)


def clean_host(host: str) -> str:
    """Give a host in small letters, without user, port and ``www.``; "" if it can be none.

    An IP address becomes ``:redacted``; a label that identifies goes, with all before it.
    """
    bare = host.rpartition("@")[2].lower()
    if bare == REDACTED or bare.startswith("["):
        return REDACTED
    bare = bare.partition(":")[0].removesuffix(".")
    if not _HOST.fullmatch(bare):
        return ""
    if not _WORDS.fullmatch(bare):
        labels = bare.split(".")
        last = max((place for place, label in enumerate(labels) if _is_secret_label(label)), default=-1)
        bare = ".".join(labels[last + 1 :])
        if (last >= 0 and "." not in bare) or _IP_HOST.search(bare):
            return REDACTED
    return _WWW.sub("", bare)


def utm_of(query: str) -> Utm:
    """Read the tags of a query, each cleaned; of a repeated one the first counts."""
    if "=" not in query:
        return NO_UTM
    found: dict[str, str] = {}
    for pair in query.removeprefix("?").split("&"):
        stated, _, value = pair.partition("=")
        name = stated.lower().removeprefix("amp;")  # links are often written "&amp;utm_medium="
        if name in _CLICK_IDS:
            found.setdefault("click_id", name)
        elif name in _TAGS and value:
            text = unquote_plus(value, errors="replace")
            found.setdefault(name, clean_text(text, MOST_TAG_CHARACTERS, keep_numbers=True))
    if not found:
        return NO_UTM
    return Utm(
        source=found.get("utm_source", ""),
        medium=found.get("utm_medium", ""),
        campaign=found.get("utm_campaign", ""),
        content=found.get("utm_content", ""),
        term=found.get("utm_term", ""),
        ref=found.get("source") or found.get("ref", ""),
        click_id=found.get("click_id", ""),
    )


def identifies(text: str, *, keep_numbers: bool = False) -> bool:
    """Tell whether a decoded text holds what may be one person's: see the list at the top."""
    return (
        _AGENT in text
        or (("@" in text or "\uff20" in text) and _EMAIL.search(text) is not None)
        or _has_code(text)
        or (not keep_numbers and _has_long_number(text))
        or (_changes(text) >= _FEWEST_CHANGES and any(map(_is_random, _RUN.findall(text))))
    )


def _clean_segment(segment: str) -> str:
    if len(segment) > MOST_SEGMENT_CHARACTERS:
        return REDACTED
    return segment if _WORDS.fullmatch(segment) or not identifies(segment) else REDACTED


def _is_secret_label(label: str) -> bool:
    """Tell whether a host's label identifies; the letters of Punycode (RFC 3492) are no random ones."""
    return _has_code(label) if label.startswith("xn--") else identifies(label)


def _has_code(text: str) -> bool:
    """Tell whether a UUID, a long hexadecimal number, a JSON Web Token or an IP address is in a text."""
    return (
        (_EIGHT_HEX.search(text) is not None and _HEX_CODE.search(text) is not None)
        or (_OPENING in text and any(_is_token_part(*part) for part in _PART.findall(text)))
        or (text.count(".") >= _FEWEST_SEPARATORS and _IPV4.search(text) is not None)
        or (text.count(":") >= _FEWEST_SEPARATORS and _IPV6.search(text) is not None)
    )


def _is_token_part(part: str, dot: str) -> bool:
    return dot == "." and 0 <= part.find(_OPENING) <= len(part) - _SHORTEST_PART


def _has_long_number(text: str) -> bool:
    return _NINE_DIGITS.search(text) is not None or any(map(_is_long_number, _GROUPED_DIGITS.findall(text)))


def _is_long_number(groups: str) -> bool:
    """Tell a telephone's groups (555-123-4567, 06 12 34 56 78) from years and dates."""
    sizes = [len(group) for group in _GROUP.findall(_DATE.sub(" ", groups))]
    return sum(sizes) >= (_LONG_REST if max(sizes, default=0) > _SMALL_GROUP else _LONG_NUMBER)


def _is_random(run: str) -> bool:
    """Tell a token's letters and digits from words, of which the longest ones are names in code.

    An unbroken piece is random if it changes every 4 characters, or every 5 if it has a digit, or
    has a digit and 5 consonants in a row; a run with hyphens if it changes every 3.5 characters.
    Of tokens of 20 characters it finds 98 % in base62, 92 % in base64url and 97 % in base36, of
    43 characters over 99 %; of 15,000 names in Python code 0.1 % look random to it (measured).
    """
    pieces = [piece for piece in _UNBROKEN.findall(run) if not _WORD_OR_NUMBER.fullmatch(piece)]
    if any(_is_random_piece(piece) for piece in pieces if len(piece) >= _LONG_UNBROKEN):
        return True
    size = sum(map(len, pieces)) if len(run) >= _LONG_BROKEN else 0
    return size >= _LONG_UNBROKEN and sum(map(_changes, pieces)) * 7 >= size * 2


def _is_random_piece(piece: str) -> bool:
    changes = _changes(piece)
    if "0" not in piece.translate(_KINDS):
        return changes * 4 >= len(piece)
    return changes * 5 >= len(piece) or (changes >= _FEWEST_CHANGES and _UNSPEAKABLE.search(piece) is not None)


def _changes(text: str) -> int:
    """Count the changes between small letters, capitals and digits; Word begins without one."""
    kinds = text.translate(_KINDS)
    return kinds.count("aA") + kinds.count("a0") + kinds.count("A0") + kinds.count("0a") + kinds.count("0A")


def _printable(text: str) -> str:
    return text if text.isprintable() else "".join(filter(str.isprintable, text))


def _decoded(text: str) -> str | None:
    """Decode percent-encoding until nothing changes; None if that takes suspiciously long."""
    for _ in range(MOST_DECODINGS):
        text = _printable(text)
        if "%" not in text:
            return text
        decoded = unquote(_NESTED.sub("%", text), errors="replace")
        if decoded == text:
            return text
        text = decoded
    return None
