"""Telling programs from people by their user agent."""

import crawleruseragents
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.bots import MOST_USER_AGENT_CHARACTERS, BotDetector

DETECTOR = BotDetector()

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
APPLE = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
CHROME = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/{{}}.0.0.0 Safari/537.36"
ANDROID_APP = (
    f"Mozilla/5.0 (Linux; Android 15; {{}}; wv) {WEBKIT} Version/4.0 Chrome/142.0.0.0 Mobile Safari/537.36"
)

PEOPLE = [
    CHROME.format(143),
    f"{MAC} {APPLE} Version/26.0 Safari/605.1.15",
    "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) {APPLE} Mobile/15E148",
    "Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2; Trident/6.0)",
    "Opera/9.80 (Android; Opera Mini/36.2.2254/119.132; U; id) Presto/2.12.423 Version/12.16",
    "UCWEB/2.0 (MIDP-2.0; U; Adr 9; en-US; CPH1909) U2/1.0.0 UCBrowser/10.7.2.645 U2/1.0.0 Mobile",
    f"{MAC} {WEBKIT} Chrome/138.0.0.0 Electron/37.2.0 Safari/537.36",
    f"Mozilla/5.0 (Linux; Android 10; K) {WEBKIT} Chrome/150.0.0.0 Mobile (Ecosia android@150.0.0.0)",
    ANDROID_APP.format("CUBOT NOTE 20 Build/AP1A.240505.004"),
    ANDROID_APP.format("CPH2557 Build/AP3A.240617.008") + " Instagram 406.0.0.58.159 Android (35/15; OPPO)",
    ANDROID_APP.format("Pixel 10 Build/CP1A.260305.018") + " MetaIAB Facebook",
]

PROGRAMS = [
    "",
    " ",
    "-",
    "Mozilla/5.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64)",
    "python-requests/2.32.3",
    "Python-urllib/3.13",
    "curl/8.5.0",
    "Wget/1.21",
    "Go-http-client/2.0",
    "okhttp/4.12.0",
    "Java/17.0.2",
    "GuzzleHttp/7",
    "PostmanRuntime/7.36.0",
    "Dart/3.2 (dart:io)",
    "Dalvik/2.1.0 (Linux; U; Android 13; SM-S901B Build/TP1A.220624.014)",
    "Shop/1.0 CFNetwork/1474 Darwin/23.0.0",
    "node",
    "Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.19041.3803",
    CHROME.format(143).replace("Chrome", "HeadlessChrome"),
    "Mozilla/5.0 (Unknown; Linux x86_64) AppleWebKit/538.1 (KHTML, like Gecko) PhantomJS/2.1.1 Safari/538.1",
    f"{MAC} {WEBKIT} Cypress/13.6.0 Chrome/118.0.5993.159 Electron/27.1.3 Safari/537.36",
    "Mozilla/5.0 (linux) AppleWebKit/537.36 (KHTML, like Gecko) jsdom/22.1.0",
    CHROME.format(143) + " Chrome-Lighthouse",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    f"Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) {WEBKIT} Chrome/116.0.1938.76",
    "Mozilla/5.0 (compatible; NobodyKnowsItBot/1.0) AppleWebKit/537.36",
    "Mozilla/5.0 (compatible; somespider) Gecko",
    CHROME.format(143) + " admin@example.com",
    CHROME.format(143) + "\x00",
    CHROME.format(143) + " x" * MOST_USER_AGENT_CHARACTERS,
]


@pytest.mark.parametrize("user_agent", PEOPLE)
def test_people_are_counted_whatever_they_browse_with(user_agent: str) -> None:
    """A browser, a browser inside an application, an old or a rare one: all are people."""
    assert not DETECTOR.is_bot(user_agent)


@pytest.mark.parametrize("user_agent", PROGRAMS)
def test_programs_are_not_counted(user_agent: str) -> None:
    """No user agent, half of one, HTTP libraries, headless browsers, crawlers: none is a visitor."""
    assert DETECTOR.is_bot(user_agent)


def test_a_server_that_passes_on_its_visitors_user_agent_counts_the_visitor() -> None:
    """What a program sends for a person, with the person's browser, is that person's view."""
    assert [DETECTOR.is_bot(agent) for agent in ("python-requests/2.32.3", CHROME.format(143))] == [True, False]


def test_every_crawler_of_the_list_is_known_except_those_that_are_people() -> None:
    """Of all examples in the crawler list only people's own applications are let through."""
    examples = {
        example for crawler in crawleruseragents.CRAWLER_USER_AGENTS_DATA for example in crawler["instances"]
    }
    let_through = [example for example in examples if not DETECTOR.is_bot(example)]
    applications = ("Instagram", "MetaIAB Facebook", "Code/1.", "Trae/", "Fluid/")
    assert [example for example in let_through if not any(name in example for name in applications)] == []


def test_a_detector_remembers_no_more_than_it_may() -> None:
    """Made-up user agents by the thousand do not fill the memory."""
    detector = BotDetector(remembered=3)
    agents = [CHROME.format(version) for version in range(100, 120)]
    assert [detector.is_bot(agent) for agent in agents + agents] == [False] * 40
    assert detector._judge.cache_info().currsize == 3  # noqa: SLF001


@given(st.text())
def test_no_text_is_a_person_unless_it_looks_like_a_browser(user_agent: str) -> None:
    """Any text is judged without an error, and by chance none passes."""
    assert DETECTOR.is_bot(user_agent)
