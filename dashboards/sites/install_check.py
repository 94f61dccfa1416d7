"""What is wrong with the snippet on a site's page, if anything. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from html.parser import HTMLParser

from yarl import URL

from core.domains import canonical_domain
from dashboards.content_policy import lets_beacon_go, lets_script_run
from dashboards.sites.site_fetch import Fetched

_SCRIPTS = frozenset({"/js/script.js", "/js/plausible.js"})
_BEACON = "/api/event"


class Finding(Enum):
    """What a check finds on a page."""

    NO_SCRIPT = auto()
    OTHER_DOMAIN = auto()
    OTHER_ADDRESS = auto()
    SCRIPT_BLOCKED = auto()
    BEACON_BLOCKED = auto()
    WELL = auto()


@dataclass(frozen=True, slots=True)
class Found:
    """A finding, and what it is about: a domain or an address."""

    finding: Finding
    detail: str = ""


@dataclass(frozen=True, slots=True)
class _Tag:
    """A script's element: its address on the page, and what it says."""

    url: URL
    domains: tuple[str, ...]
    api: str
    has_nonce: bool


def check_page(page: Fetched, domain: str, origin: str) -> list[Found]:
    """Look for the snippet of a domain whose Footfall is at ``origin``, and for what keeps it from counting."""
    reader = _Reader(page.url)
    reader.feed(page.text)
    ours = [tag for tag in reader.tags if _is_ours(tag, URL(origin))]
    if not ours:
        return [Found(Finding.NO_SCRIPT)]
    own = [tag for tag in ours if domain in tag.domains]
    if not own:
        return [Found(Finding.OTHER_DOMAIN, ", ".join(ours[0].domains))]
    policies = (*page.policies, *reader.policies)
    return list(_faults(own[0], policies, page.url, URL(origin))) or [Found(Finding.WELL)]


def _faults(tag: _Tag, policies: tuple[str, ...], page: URL, origin: URL) -> Iterator[Found]:
    if not lets_script_run(policies, tag.url, page, has_nonce=tag.has_nonce):
        yield Found(Finding.SCRIPT_BLOCKED, str(tag.url.origin()))
    beacon = tag.url.join(URL(tag.api or _BEACON))
    if not lets_beacon_go(policies, beacon, page):
        yield Found(Finding.BEACON_BLOCKED, str(beacon.origin()))
    if tag.url.origin() != origin.origin():
        yield Found(Finding.OTHER_ADDRESS, str(tag.url))


def _is_ours(tag: _Tag, origin: URL) -> bool:
    """Tell whether a script is the tracker: from here, or, by way of a proxy, one that names a domain."""
    return bool(tag.domains) or (tag.url.origin() == origin.origin() and tag.url.path in _SCRIPTS)


class _Reader(HTMLParser):
    """Gathers scripts that have an address, and the policies that a page states in itself."""

    def __init__(self, page: URL) -> None:
        super().__init__(convert_charrefs=True)
        self.page = page
        self.tags: list[_Tag] = []
        self.policies: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at an element."""
        values = {name: value or "" for name, value in attrs}
        if tag == "meta" and values.get("http-equiv", "").lower() == "content-security-policy":
            self.policies.append(values.get("content", ""))
        if tag == "script" and values.get("src"):
            self._add(values)

    def _add(self, values: dict[str, str]) -> None:
        try:
            url = self.page.join(URL(values["src"].strip()))
            url.origin()
        except ValueError:
            return
        domains = tuple(
            canonical_domain(name.strip()) for name in values.get("data-domain", "").split(",") if name.strip()
        )
        self.tags.append(_Tag(url, domains, values.get("data-api", "").strip(), "nonce" in values))
