"""Where the demo site's visitors come from: searches, links, posts, letters and advertisements."""

import random
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from ingest.demo.chances import Weighted, weighted


class Origin(NamedTuple):
    """A link to the site: on which page, with which tags, and to what kind of page it leads.

    ``{season}`` in the tags is that of the day.
    """

    referrer: str = ""
    tags: str = ""
    leads_to: str = "any"


LAUNCH = Origin("https://news.ycombinator.com/item?id=1", leads_to="launch")
_HUNT = Origin(
    "https://www.producthunt.com/posts/corner-shop", "utm_source=producthunt&utm_medium=referral", "launch"
)
_LETTER = Origin("", "utm_source=newsletter&utm_medium=email&utm_campaign={season}-letter", "offer")
_TUESDAY = 2
_LETTERS_ON_TUESDAY = 5
"""Times as many as on other days: the letter goes out on Tuesdays."""
_SEASONS = ("winter", "spring", "summer", "autumn")

_ORIGINS: tuple[tuple[Origin, float], ...] = (
    (Origin(leads_to="home"), 270),
    (Origin("https://www.google.com/"), 240),
    (Origin("https://www.google.de/"), 50),
    (Origin("https://www.bing.com/"), 36),
    (Origin("https://duckduckgo.com/"), 34),
    (Origin("https://www.ecosia.org/"), 13),
    (Origin("https://chatgpt.com/", "utm_source=chatgpt.com", "reading"), 26),
    (Origin("https://www.perplexity.ai/", leads_to="reading"), 13),
    (Origin("https://www.reddit.com/r/Breadit/", leads_to="reading"), 32),
    (LAUNCH, 12),
    (Origin("https://lobste.rs/", leads_to="reading"), 6),
    (Origin("https://l.facebook.com/"), 20),
    (Origin("https://l.instagram.com/", leads_to="offer"), 22),
    (Origin("https://t.co/"), 10),
    (Origin("https://www.linkedin.com/feed/", leads_to="reading"), 10),
    (Origin("https://bsky.app/"), 9),
    (Origin("https://mastodon.social/@bread", leads_to="reading"), 9),
    (Origin("https://www.youtube.com/watch", leads_to="reading"), 18),
    (Origin("https://en.wikipedia.org/wiki/Sourdough", leads_to="reading"), 14),
    (Origin("https://github.com/topics/baking", leads_to="reading"), 12),
    (Origin("https://blog.example.org/best-bakeries", leads_to="home"), 22),
    (Origin("https://bakers.example.net/links", leads_to="home"), 16),
    (Origin("https://mail.google.com/", leads_to="offer"), 8),
    (_LETTER, 26),
    (
        Origin(
            "https://www.google.com/",
            "utm_source=google&utm_medium=cpc&utm_campaign=brand&utm_term=corner+shop&utm_content=headline-a",
            "offer",
        ),
        18,
    ),
    (
        Origin(
            "https://www.google.com/",
            "utm_source=google&utm_medium=cpc&utm_campaign={season}-bread&utm_term=sourdough+bread&utm_content=headline-a",
            "offer",
        ),
        20,
    ),
    (
        Origin(
            "https://www.google.com/",
            "utm_source=google&utm_medium=cpc&utm_campaign={season}-bread&utm_term=bread+delivery&utm_content=headline-b",
            "offer",
        ),
        16,
    ),
    (
        Origin(
            "https://l.instagram.com/",
            "utm_source=instagram&utm_medium=paid_social&utm_campaign={season}-bread&utm_content=video-oven",
            "offer",
        ),
        18,
    ),
    (
        Origin(
            "https://l.facebook.com/",
            "utm_source=facebook&utm_medium=paid_social&utm_campaign={season}-bread&utm_content=picture-loaf",
            "offer",
        ),
        13,
    ),
    (Origin("", "utm_source=flyer&utm_medium=print&utm_campaign=neighbours", "home"), 12),
    (
        Origin(
            "https://recipes.example.com/",
            "utm_source=recipes&utm_medium=affiliate&utm_campaign=partners",
            "offer",
        ),
        13,
    ),
    (
        Origin(
            "https://news.example.com/",
            "utm_source=news&utm_medium=banner&utm_campaign=neighbours&utm_content=leaderboard",
            "offer",
        ),
        10,
    ),
)


def origin_of(chance: random.Random, day: date, launch: float) -> Origin:
    """Make up where somebody comes from; ``launch`` is the share of a day that a launch brings."""
    if launch and chance.random() < launch:
        return LAUNCH if chance.random() < 2 / 3 else _HUNT
    origin = _origins(is_letter_day=day.isoweekday() == _TUESDAY).pick(chance)
    return origin._replace(tags=origin.tags.replace("{season}", _SEASONS[day.month % 12 // 3]))


@lru_cache(maxsize=2)
def _origins(*, is_letter_day: bool) -> Weighted[Origin]:
    more = _LETTERS_ON_TUESDAY if is_letter_day else 1
    return weighted((origin, weight * (more if origin is _LETTER else 1)) for origin, weight in _ORIGINS)
