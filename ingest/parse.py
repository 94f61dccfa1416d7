"""Untrusted bytes become a frozen ``Beacon``, or a BeaconError that says what is wrong by field.

The contract is Plausible's Events API: long or short keys, JSON under any content type,
comma-separated domains, props as an object or as JSON text.
"""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

import orjson

from core.domains import canonical_domain
from core.errors import BeaconError
from ingest.beacon import ENGAGEMENT, PAGEVIEW, Beacon, PageUrl

MOST_NAME_CHARACTERS = 120
MOST_URL_BYTES = 2_000
MOST_REFERRER_CHARACTERS = 2_000
MOST_PROPS = 30
MOST_PROP_KEY_BYTES = 300
MOST_PROP_VALUE_BYTES = 2_000
MOST_PROPS_BYTES = 10_000  # ours: all of them together; cleaning 64 KiB of hostile text takes 30 ms
MOST_DOMAINS = 20  # ours: one beacon makes a row a domain, so a list without end would multiply
MOST_HOSTNAME_CHARACTERS = 253  # RFC 1035 section 2.3.4
MOST_SCREEN_PIXELS = 100_000
FULL_SCROLL = 100
THIRTY_DAYS = 30 * 24 * 60 * 60 * 1000  # milliseconds; Plausible's bound of `e`

_OF_EVERY_PAGEVIEW = frozenset({"name", "n", "url", "u", "domain", "d", "referrer", "r"})
# What nearly every page's address looks like, and where urlsplit would find the same parts; a test
# holds them equal. It takes a microsecond, urlsplit four.
_PLAIN_URL = re.compile(
    r"https?://([a-z0-9][a-z0-9.-]*)(?::\d{1,5})?(/[!-\"$->@-Z\\^-~]*)?(?:\?([!-\"$-~]*))?(?:#([!-~]*))?"
)

# Tuples, not sets: a stated value may be a list, which no set can be asked for.
_TRUE: tuple[object, ...] = (True, "true", "1")
_FALSE: tuple[object, ...] = (False, "false", "0")

Fields = Mapping[str, object]
Errors = dict[str, list[str]]


def parse_event(body: bytes) -> Beacon:
    """Parse the body of ``POST /api/event``. Raises BeaconError."""
    return beacon_of(_json_object(body))


def parse_pixel(query: Mapping[str, str], referer: str) -> Beacon:
    """Parse the parameters of ``GET /pixel.gif``, the same as an event's.

    Without a name it is a pageview, without an address the page is the Referer header's.
    Raises BeaconError.
    """
    stated = {name: value for name, value in query.items() if value}
    defaults = {"n": PAGEVIEW} if not {"n", "name"} & stated.keys() else {}
    page = {"u": referer} if not {"u", "url"} & stated.keys() else {}
    return beacon_of(stated | defaults | page)


def beacon_of(fields: Fields) -> Beacon:
    """Check every field of a beacon and put them together.

    Raises BeaconError with all that is wrong, so that a person mends it in one go.
    """
    errors: Errors = {}
    name = _name(fields, errors)
    url = _url(fields, errors)
    domains = _domains(fields, url, errors)
    referrer = _referrer(fields, errors)
    if name == PAGEVIEW and fields.keys() <= _OF_EVERY_PAGEVIEW and not errors:
        return Beacon(name, url, domains, referrer)
    beacon = Beacon(
        name=name,
        url=url,
        domains=domains,
        referrer=referrer,
        props=_props(fields, errors),
        interactive=_interactive(fields, errors),
        hash_mode=_first(fields, "hashMode", "h") in _TRUE,
        scroll_depth=_whole_number(fields, ("sd",), FULL_SCROLL, errors),
        engaged=_whole_number(fields, ("e",), THIRTY_DAYS, errors),
        screen_width=_whole_number(fields, ("screen_width", "w"), MOST_SCREEN_PIXELS, errors),
    )
    if name == ENGAGEMENT and _first(fields, "sd", "e") is None:
        errors.setdefault("engagement", []).append("needs sd or e")
    if errors:
        raise BeaconError(errors)
    return beacon


def _json_object(body: bytes) -> Fields:
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise BeaconError({"request": ["is not valid JSON"]}) from None
    if not isinstance(value, dict):
        raise BeaconError({"request": ["must be a JSON object"]})
    return value


def _first(fields: Fields, *names: str) -> object:
    """Give the first of a field's names that is stated; blank text counts as not stated."""
    for name in names:
        if name in fields:
            value = fields[name]
            if value is not None and value != "":
                return value
    return None


def _name(fields: Fields, errors: Errors) -> str:
    value = _first(fields, "name", "n")
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value is None:
        errors["name"] = ["is required"]
    elif not isinstance(value, str):
        errors["name"] = ["must be text"]
    elif len(value) > MOST_NAME_CHARACTERS:
        errors["name"] = [f"must be at most {MOST_NAME_CHARACTERS} characters"]
    elif not value.strip() or not value.isprintable():
        errors["name"] = ["must be printable text"]
    else:
        return value.strip()
    return ""


def _url(fields: Fields, errors: Errors) -> PageUrl:
    value = _first(fields, "url", "u")
    if value is None:
        errors["url"] = ["is required"]
    elif not isinstance(value, str):
        errors["url"] = ["must be text"]
    elif len(value.encode("utf-8", "surrogatepass")) > MOST_URL_BYTES:
        errors["url"] = [f"must be at most {MOST_URL_BYTES} bytes"]
    elif (url := _plain_url(value) or _split(value)) is None:
        errors["url"] = ["must be an absolute address such as https://example.com/page"]
    else:
        return url
    return PageUrl("", "/")


def _plain_url(value: str) -> PageUrl | None:
    plain = _PLAIN_URL.fullmatch(value)
    if plain is None:
        return None
    hostname, path, query, fragment = plain.groups("")
    if len(hostname) > MOST_HOSTNAME_CHARACTERS:
        return None
    return PageUrl(hostname.removesuffix("."), path or "/", query, fragment)


def _split(value: str) -> PageUrl | None:
    """Take an absolute address apart; None for anything else, ``data:`` and the like included."""
    try:
        value.encode()  # a header's stray bytes reach us as surrogates, which no row can hold
        parts = urlsplit(value)
        hostname = parts.hostname
    except ValueError:
        return None
    if (
        not parts.scheme
        or not hostname
        or not hostname.strip(".")
        or len(hostname) > MOST_HOSTNAME_CHARACTERS
        or not hostname.isprintable()
    ):
        return None
    return PageUrl(hostname.removesuffix("."), parts.path or "/", parts.query, parts.fragment)


def _domains(fields: Fields, url: PageUrl, errors: Errors) -> tuple[str, ...]:
    value = _first(fields, "domain", "d")
    if value is None:
        return (canonical_domain(url.hostname),)
    if not isinstance(value, str):
        errors["domain"] = ["must be text"]
        return ()
    if "," not in value and (only := canonical_domain(value)):
        return (only,)
    domains = tuple(dict.fromkeys(name for part in value.split(",") if (name := canonical_domain(part))))
    if not domains:
        errors["domain"] = ["is required"]
    if len(domains) > MOST_DOMAINS:
        errors["domain"] = [f"must name at most {MOST_DOMAINS} sites"]
    return domains


def _referrer(fields: Fields, errors: Errors) -> str:
    value = _first(fields, "referrer", "r")
    if value is None:
        return ""
    if not isinstance(value, str):
        errors["referrer"] = ["must be text"]
        return ""
    return value[:MOST_REFERRER_CHARACTERS].encode("utf-8", "ignore").decode()


def _props(fields: Fields, errors: Errors) -> dict[str, str]:
    value = _first(fields, "props", "p", "meta", "m")
    if isinstance(value, str):
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError:
            value = 0
    if value is None:
        return {}
    if not isinstance(value, dict):
        errors["props"] = ["must be an object or the JSON text of one"]
        return {}
    if len(value) > MOST_PROPS:
        errors["props"] = [f"must be at most {MOST_PROPS}"]
        return {}
    props = {key: _prop_text(item) for key, item in value.items()}
    if any(
        len(key.encode()) > MOST_PROP_KEY_BYTES or len(text.encode()) > MOST_PROP_VALUE_BYTES
        for key, text in props.items()
    ):
        errors["props"] = [
            f"must have keys of at most {MOST_PROP_KEY_BYTES} and values of at most {MOST_PROP_VALUE_BYTES} bytes"
        ]
    elif sum(len(key.encode()) + len(text.encode()) for key, text in props.items()) > MOST_PROPS_BYTES:
        errors["props"] = [f"must be at most {MOST_PROPS_BYTES} bytes in all"]
    return {key: text for key, text in props.items() if key.strip() and text.strip()}


def _prop_text(value: object) -> str:
    """Give a prop's value as text; lists, objects and null are dropped, as Plausible does."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else ""


def _interactive(fields: Fields, errors: Errors) -> bool:
    value = _first(fields, "interactive", "i")
    if value is None:
        return True
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    errors["interactive"] = ["must be true or false"]
    return True


def _whole_number(fields: Fields, names: tuple[str, ...], most: int, errors: Errors) -> int:
    value = _first(fields, *names)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= len(str(most)):
        value = int(value)
    if value is None:
        return 0
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        errors[names[0]] = [f"must be a whole number from 0 to {most}"]
        return 0
    return value
