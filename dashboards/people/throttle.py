"""Login throttling, in memory, by e-mail address and over all; for shared links by the link.

Addresses of visitors are kept nowhere, so none is here either: who guesses at one account is
slowed down, wherever from. Sessions that run are never touched by it, nor are browsers in which the
account has logged in before: each has a count of its own (see ``known_browsers``).
"""

from collections import OrderedDict, deque
from dataclasses import dataclass
from datetime import datetime, timedelta

FREE_TRIES = 5
LONGEST_WAIT = timedelta(minutes=5)
FORGOTTEN_AFTER = timedelta(hours=1)
MOST_EMAILS = 10_000
MOST_A_MINUTE = 120
"""Failed logins over all. A check costs a tenth of a second of a core that the collector needs."""

_NO_WAIT = timedelta()
_MINUTE = timedelta(minutes=1)


@dataclass(slots=True)
class _Failures:
    count: int
    last: datetime


class LoginThrottle:
    """Counts failed logins. A known and an unknown address are treated alike."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, _Failures] = OrderedDict()
        self._lately: deque[datetime] = deque()

    def begin(self, email: str, now: datetime, browser: str = "") -> timedelta:
        """Ask for a try; give how long to wait, or no time at all.

        ``browser`` is the name of one that the account knows: what others try does not hold it up.

        A try that may be made counts as failed until ``succeeded`` is told: so a hundred at once are a hundred
        tries. One that must wait is not counted.
        """
        key = _key(email, browser)
        wait = max(self._wait_of(key, now), _NO_WAIT if browser else self._wait_of_all(now))
        if wait > _NO_WAIT:
            return wait
        self._count(key, now)
        if not browser:
            self._lately.append(now)
        return _NO_WAIT

    def succeeded(self, email: str, browser: str = "") -> None:
        """Forget the failures of an address whose password was right, or those of a browser that it knows."""
        self._failures.pop(_key(email, browser), None)
        if self._lately and not browser:
            self._lately.pop()

    def _wait_of(self, key: str, now: datetime) -> timedelta:
        failures = self._failures.get(key)
        if failures is None or failures.count < FREE_TRIES:
            return _NO_WAIT
        if now - failures.last > FORGOTTEN_AFTER:
            del self._failures[key]
            return _NO_WAIT
        doublings = min(failures.count - FREE_TRIES, 10)
        return failures.last + min(timedelta(seconds=2**doublings), LONGEST_WAIT) - now

    def _wait_of_all(self, now: datetime) -> timedelta:
        while self._lately and now - self._lately[0] >= _MINUTE:
            self._lately.popleft()
        return self._lately[0] + _MINUTE - now if len(self._lately) >= MOST_A_MINUTE else _NO_WAIT

    def _count(self, key: str, now: datetime) -> None:
        failures = self._failures.pop(key, _Failures(0, now))
        self._failures[key] = _Failures(failures.count + 1, now)
        if len(self._failures) > MOST_EMAILS:
            self._failures.popitem(last=False)


def _key(email: str, browser: str) -> str:
    return f"{browser} {email.strip().lower()[:254]}"
