"""Beacons that came before, word for word: most views are of few pages, and each parse takes 10 microseconds.

Remembered are only pageviews with nothing in them that a row could not hold: no query, no fragment,
no props, a path and a referrer that are clean as they came. In memory only.
"""

from ingest.beacon import PAGEVIEW, Beacon
from ingest.known_texts import KnownTexts
from ingest.parse import parse_event
from ingest.remembered import MOST_REMEMBERED, Remembered
from ingest.url_hygiene import clean_host, clean_path

MOST_BYTES = 512
_SCHEMES = ("https://", "http://")


class KnownBeacons:
    """Parses the bodies of beacons, each that may be remembered once."""

    def __init__(self, *, remembered: int = MOST_REMEMBERED) -> None:
        self._known: Remembered[bytes, Beacon] = Remembered(remembered)
        self._paths = KnownTexts(clean_path)
        self._hosts = KnownTexts(clean_host, prefix="www.")

    def parse(self, body: bytes) -> Beacon:
        """Give the beacon of a body. Raises BeaconError."""
        known = self._known.get(body)
        if known is not None:
            return known
        beacon = parse_event(body)
        if len(body) <= MOST_BYTES and self._is_plain(beacon):
            self._known.keep(body, beacon)
        return beacon

    def _is_plain(self, beacon: Beacon) -> bool:
        url = beacon.url
        return (
            beacon == Beacon(PAGEVIEW, url, beacon.domains, beacon.referrer)
            and not (url.query or url.fragment)
            and self._is_clean(url.hostname, url.path)
            and (not beacon.referrer or self._is_clean_address(beacon.referrer))
        )

    def _is_clean_address(self, address: str) -> bool:
        scheme = next((each for each in _SCHEMES if address.startswith(each)), None)
        if scheme is None:
            return False
        host, slash, path = address.removeprefix(scheme).partition("/")
        return self._is_clean(host, slash + path or "/")

    def _is_clean(self, host: str, path: str) -> bool:
        return self._hosts.clean(host) in {host, host.removeprefix("www.")} and self._paths.clean(path) == path
