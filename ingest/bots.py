"""Telling programs from people by their user agent.

A user agent is a bot's when it does not have the form of a browser's, when it names itself one,
or when the crawler list knows it. Server-side callers are no exception: they pass the visitor's
own user agent on, as Plausible's Events API asks of them, and that one has a browser's form.
"""

import re
from functools import lru_cache
from typing import TypedDict

import crawleruseragents
from ua_parser_rs import UserAgentExtractor

MOST_USER_AGENT_CHARACTERS = 1_000
MOST_REMEMBERED = 10_000

# RFC 9110 section 10.1.5: product, comment, further products. Every browser in use opens with
# Mozilla/5.0 and its platform in brackets; Opera Mini and UC Browser have openings of their own.
_BROWSER = re.compile(r"(?:Mozilla|Opera|UCWEB)/\d[\d.]{0,5} ?\([^)]{3}")
_ENGINE = re.compile(r"Gecko|WebKit|Trident|MSIE|Presto|KHTML|Goanna|UCBrowser")

# What programs call themselves, and the addresses they leave for complaints. Cubot makes phones.
_SELF_NAMED = (
    r"(?i)(?:^|[^u]|[^c]u)bots?(?:[^a-z]|$)",
    r"(?i)crawl|spider|scrap[ei]|headless",
    r"(?i)https?:|www\.|@[a-z]",
    r"(?i)cypress/|happydom|jsdom|phantomjs|playwright|powershell|puppeteer|selenium|slimerjs|splash|webdriver",
)

# Patterns of the crawler list (1.67) that also match what people read pages in: Meta's in-app
# browser, a build of Android 15 that OPPO, OnePlus and realme ship, other apps' windows. Where
# these names are a program's own (link previews), it has no browser's form and is found by that.
_PEOPLE_TOO = frozenset(
    {
        "MetaIAB Facebook",
        r"AP3A\.240617\.008",
        r"Bluesky\/",
        r"Code\/1\.",
        "Fluid",
        r"Notion\/",
        r"Trae\/",
        r"Tumblr\/",
        "Viber",
        "WhatsApp",
    }
)


class _Crawler(TypedDict):
    pattern: str


class BotDetector:
    """Tells bots from browsers; remembers its latest judgements, in memory only."""

    def __init__(self, *, remembered: int = MOST_REMEMBERED) -> None:
        patterns = (*_SELF_NAMED, *_crawler_patterns())
        self._programs = UserAgentExtractor((pattern, "program", None, None, None, None) for pattern in patterns)
        self._judge = lru_cache(maxsize=remembered)(self._is_bot)

    def is_bot(self, user_agent: str) -> bool:
        """Tell whether a user agent is missing, impossible or a program's."""
        return len(user_agent) > MOST_USER_AGENT_CHARACTERS or self._judge(user_agent)

    def forget(self) -> None:
        """Forget the user agents that were judged."""
        self._judge.cache_clear()

    def _is_bot(self, user_agent: str) -> bool:
        return (
            _BROWSER.match(user_agent) is None
            or not user_agent.isprintable()
            or _ENGINE.search(user_agent) is None
            or self._programs.extract(user_agent) is not None
        )


def _crawler_patterns() -> list[str]:
    """Give the crawler list's patterns.

    ua-parser's Rust core looks for all of them at once, a hundred times as fast as the list's own
    function, and it reads every one of them as Python's ``re`` does.
    """
    crawlers: list[_Crawler] = crawleruseragents.CRAWLER_USER_AGENTS_DATA
    return [crawler["pattern"] for crawler in crawlers if crawler["pattern"] not in _PEOPLE_TOO]
