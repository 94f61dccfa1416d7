"""Rate limits: so many events a second from one network and for one site, in memory only.

Token buckets by their theoretical arrival time (GCRA, ITU-T I.371 appendix A): one number for
each network and site, and none for those who are far from the limit: ``ingest.forgetting`` sweeps.
"""

from collections.abc import Hashable, Iterable

from core.sites import Site
from geo.network import Network

BURST_SECONDS = 10.0
"""So many seconds' worth of events may come at once: a page with a dozen events, an office at nine."""
MOST_REMEMBERED = 100_000
_ROUNDING = 1e-6  # seconds: sums of an interval such as 0.01 are not exact


class RateLimit:
    """One limit in events a second for each of many keys; 0 is no limit.

    ``now`` is in seconds from any beginning, and never goes back.
    """

    def __init__(self, rate: float, *, remembered: int = MOST_REMEMBERED) -> None:
        self._rate = rate
        self._interval = 1 / rate if rate else 0.0
        # A rate under one in ten seconds still lets one event pass.
        self._spare = max(BURST_SECONDS, self._interval) - self._interval + _ROUNDING
        self._remembered = remembered
        self._full_at: dict[Hashable, float] = {}

    def admits(self, key: Hashable, now: float) -> bool:
        """Tell whether one more event of a key is within the limit. It is not counted yet."""
        full_at = self._full_at.get(key)
        return full_at is None or full_at - now <= self._spare

    def count(self, key: Hashable, now: float) -> None:
        """Count one event of a key."""
        if not self._rate:
            return
        full_at = self._full_at.get(key)
        if full_at is None or full_at < now:
            full_at = now
            if len(self._full_at) >= self._remembered:
                self._forget(now)
        self._full_at[key] = full_at + self._interval

    def sweep(self, now: float) -> None:
        """Forget who is as far from the limit as who was never here: it makes no difference to anybody."""
        self._full_at = {key: full_at for key, full_at in self._full_at.items() if full_at > now}

    def _forget(self, now: float) -> None:
        """Forget who is far from the limit; if that is not half of all, everybody."""
        self.sweep(now)
        if len(self._full_at) > self._remembered // 2:
            self._full_at.clear()


class RateLimits:
    """The limits by network and by site."""

    def __init__(self, rate_limit: float = 0.0, site_rate_limit: float = 0.0) -> None:
        self._networks = RateLimit(rate_limit)
        self._sites = RateLimit(site_rate_limit)

    def sweep(self, now: float) -> None:
        """Forget the networks and sites that are far from their limits."""
        self._networks.sweep(now)
        self._sites.sweep(now)

    def admit(self, network: Network | None, sites: Iterable[Site | None], now: float) -> bool:
        """Count an event of a network for each of its sites; if any limit is reached, for none of them.

        A beacon that begins within the limit goes whole, whatever number of sites it names.
        """
        if not self._networks.admits(network, now):
            return False
        hits = tuple(sites)
        for site in hits:
            if site is not None and not self._sites.admits(site.number, now):
                return False
        for site in hits:
            self._networks.count(network, now)
            if site is not None:
                self._sites.count(site.number, now)
        return True
