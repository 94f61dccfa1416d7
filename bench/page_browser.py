"""What a person waits for: a page opened in a real Chromium, with an empty cache, then another period of it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright
from playwright.sync_api import Error as BrowserError

from bench.machine import BenchError
from bench.page_server import Served

_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_ARGUMENTS = ("--disable-background-networking", "--disable-component-update", "--disable-gpu", "--no-first-run")
_QUIET = 800.0  # milliseconds without a request, until a page is taken for done
_LIMIT = 60.0  # seconds

# Begun before the page's own scripts: the largest paint, shifts that nobody asked for, and what kept the
# browser busy for more than 50 ms.
_WATCH = """
window.measured = { lcp: 0, cls: 0, busyUntil: 0 };
const watch = (type, note) => new PerformanceObserver((list) => list.getEntries().forEach(note))
  .observe({ type, buffered: true });
watch('largest-contentful-paint', (entry) => { measured.lcp = entry.startTime });
watch('layout-shift', (entry) => { if (!entry.hadRecentInput) measured.cls += entry.value });
watch('longtask', (entry) => { measured.busyUntil = entry.startTime + entry.duration });
"""
_READ = """() => {
  const [navigation] = performance.getEntriesByType('navigation');
  return [
    measured.lcp, measured.cls, Math.max(navigation.domContentLoadedEventEnd, measured.busyUntil),
    navigation.responseEnd,
  ];
}"""
# Any link to another period of the same page, wherever the page has it and whether it is seen at once.
_FOLLOW = """() => {
  const link = [...document.querySelectorAll('a[href*="period="]')].find((a) =>
    a.origin === location.origin && a.pathname === location.pathname && a.search !== location.search);
  if (link) link.click();
  return Boolean(link);
}"""


@dataclass(frozen=True, slots=True)
class Screen:
    """A device: its window in CSS pixels, how much slower its processor is, and its network."""

    name: str
    width: int
    height: int
    slower: float = 1.0
    latency: float = 0.0
    """Milliseconds of a round trip."""
    bytes_a_second: float = -1.0
    """-1: no limit."""


SCREENS = (
    Screen("desktop", 1350, 940),
    # What Lighthouse takes for a phone: 150 ms, 1.6 Mbit/s, a quarter of the processor's speed.
    Screen("phone, slow 4G", 412, 823, slower=4, latency=150, bytes_a_second=1.6e6 / 8),
)


@dataclass(frozen=True, slots=True)
class Opening:
    """One opening of a page. Times in milliseconds since it began; bytes with the headers of the answers."""

    lcp: float
    cls: float
    interactive: float
    answered: float
    requests: int
    bytes: int
    next_requests: int
    next_bytes: int


@dataclass
class _Traffic:
    """What was asked for, and what came over the wire so far."""

    asked: int = 0
    pending: set[str] = field(default_factory=set)
    requests: int = 0
    bytes: int = 0

    def watch(self, session: CDPSession) -> None:
        """Count from now on what this tab asks for and gets."""
        session.on("Network.requestWillBeSent", self._begin)
        session.on("Network.loadingFinished", self._finish)
        session.on("Network.loadingFailed", self._end)
        session.send("Network.enable")

    def _begin(self, event: dict[str, str]) -> None:
        self.asked += 1
        self.pending.add(event["requestId"])

    def _finish(self, event: dict[str, Any]) -> None:
        size = int(event["encodedDataLength"])
        self.requests += bool(size)  # 0: it came out of the cache
        self.bytes += size
        self._end(event)

    def _end(self, event: dict[str, Any]) -> None:
        self.pending.discard(event["requestId"])


def open_page(served: Served, path: str, screen: Screen, rounds: int) -> tuple[Opening, ...]:
    """Open a page so many times, each in a new profile. Raises BenchError."""
    try:
        with _chromium() as browser:
            return tuple(_opened(browser, served, path, screen) for _round in range(rounds))
    except BrowserError as error:
        raise BenchError(f"Chromium: {error.message.splitlines()[0]}") from None


def find_chromium() -> str | None:
    """Give the path of an installed Chromium."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


@contextmanager
def _chromium() -> Iterator[Browser]:
    sandbox = () if os.geteuid() else ("--no-sandbox",)  # which Chromium refuses to root
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=[*_ARGUMENTS, *sandbox])
        yield browser
        browser.close()


def _opened(browser: Browser, served: Served, path: str, screen: Screen) -> Opening:
    context = browser.new_context(viewport={"width": screen.width, "height": screen.height})
    try:
        name, value = served.cookie
        context.add_cookies([{"name": name, "value": value, "url": served.address}])
        context.add_init_script(_WATCH)
        return _opened_in(context, served.address + path, screen)
    finally:
        context.close()


def _opened_in(context: BrowserContext, url: str, screen: Screen) -> Opening:
    page, traffic = context.new_page(), _Traffic()
    session = context.new_cdp_session(page)
    traffic.watch(session)
    _slow_down(session, screen)
    page.goto(url, wait_until="load")
    _wait_until_quiet(page, traffic)
    lcp, cls, interactive, answered = page.evaluate(_READ)
    requests, size, asked = traffic.requests, traffic.bytes, traffic.asked
    if not page.evaluate(_FOLLOW):
        raise BenchError(f"{url} has no link to another period.")
    _wait_until_quiet(page, traffic, asked)
    return Opening(
        lcp, cls, interactive, answered, requests, size, traffic.requests - requests, traffic.bytes - size
    )


def _slow_down(session: CDPSession, screen: Screen) -> None:
    session.send("Emulation.setCPUThrottlingRate", {"rate": screen.slower})
    speed = {"downloadThroughput": screen.bytes_a_second, "uploadThroughput": screen.bytes_a_second}
    session.send("Network.emulateNetworkConditions", {"offline": False, "latency": screen.latency, **speed})


def _wait_until_quiet(page: Page, traffic: _Traffic, asked: int = 0) -> None:
    """Wait until more than so much was asked for, and all of it has come, for a while."""
    deadline, before = monotonic() + _LIMIT, -1
    while traffic.asked <= asked or traffic.pending or traffic.asked != before:
        if monotonic() > deadline:
            raise BenchError("A page did not come to rest in a real browser.")
        before = traffic.asked
        page.wait_for_timeout(_QUIET)
