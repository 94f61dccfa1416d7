"""Channels: the kind of a visit's origin, by the definitions that Google Analytics documents.

Source: Analytics Help, "Default channel group" (answer 9756891), the rules for manual traffic as
they stand in 2026, in their order; the first that holds names the channel. Case plays no part.
Analytics sets a medium by itself where a link carries none, and so do we: organic for a search
engine, ai-assistant for an assistant, referral for any other site, none without a referrer.

Three things differ, each because a visit would else land in a channel that says less:
- e-mail for a mailbox's site (Analytics: referral);
- a source that a link's tag names without a medium counts as a referral (Analytics: Unassigned);
- an advertiser's click identifier counts as a paid medium for search engines. In Analytics that
  is the rule for auto-tagged advertisements, which it reads from the advertiser's account.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

UNASSIGNED = "Unassigned"
MOST_REMEMBERED = 4_096


class Category(StrEnum):
    """What a well-known source is; the tables of ``sources.toml`` bear these names."""

    SEARCH = "search"
    SOCIAL = "social"
    VIDEO = "video"
    SHOPPING = "shopping"
    EMAIL = "email"
    AI = "ai"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a visit says it comes from, in small letters; ``click_id`` is a parameter's name."""

    source: str
    category: Category
    medium: str
    campaign: str
    click_id: str


_PAID = re.compile(r".*cp.*|ppc|retargeting|paid.*", re.DOTALL)
_SHOP = re.compile(r"(?:[^a-df-z]|^)shop|shopping")
_DIRECT = frozenset({"", "(direct)"})
_NO_MEDIUM = frozenset({"", "(none)", "(not set)"})
_DISPLAY = frozenset({"display", "banner", "expandable", "interstitial", "cpm"})
_SOCIAL = frozenset({"social", "social-network", "social-media", "sm", "social network", "social media"})
_EMAIL = frozenset({"email", "e-mail", "e_mail", "e mail"})
_REFERRAL = frozenset({"referral", "app", "link"})

# Sources that tell their channel by themselves, so that no medium need be implied.
_TELLING = _DIRECT | _EMAIL | {"sms", "firebase"}
_IMPLIED_MEDIUM = {Category.SEARCH: "organic", Category.AI: "ai-assistant", Category.EMAIL: "email"}


def _is_paid(origin: Origin) -> bool:
    return _PAID.fullmatch(origin.medium) is not None


def _is_shop(origin: Origin) -> bool:
    return origin.category is Category.SHOPPING or _SHOP.search(origin.campaign) is not None


def _is_push(origin: Origin) -> bool:
    medium = origin.medium
    return medium.endswith("push") or "mobile" in medium or "notification" in medium or origin.source == "firebase"


CHANNELS: tuple[tuple[str, Callable[[Origin], bool]], ...] = (
    ("Direct", lambda origin: origin.source in _DIRECT and origin.medium in _NO_MEDIUM),
    ("Cross-network", lambda origin: "cross-network" in origin.campaign),
    ("Paid Shopping", lambda origin: _is_shop(origin) and _is_paid(origin)),
    (
        "Paid Search",
        lambda origin: origin.category is Category.SEARCH and (_is_paid(origin) or bool(origin.click_id)),
    ),
    ("Paid Social", lambda origin: origin.category is Category.SOCIAL and _is_paid(origin)),
    ("Paid Video", lambda origin: origin.category is Category.VIDEO and _is_paid(origin)),
    ("Display", lambda origin: origin.medium in _DISPLAY),
    ("Paid Other", _is_paid),
    ("Organic Shopping", _is_shop),
    ("Organic Social", lambda origin: origin.category is Category.SOCIAL or origin.medium in _SOCIAL),
    ("Organic Video", lambda origin: origin.category is Category.VIDEO or "video" in origin.medium),
    ("Organic Search", lambda origin: origin.category is Category.SEARCH or origin.medium == "organic"),
    ("AI Assistant", lambda origin: origin.category is Category.AI or origin.medium == "ai-assistant"),
    ("Referral", lambda origin: origin.medium in _REFERRAL),
    ("Email", lambda origin: origin.source in _EMAIL or origin.medium in _EMAIL),
    ("Affiliates", lambda origin: origin.medium == "affiliate"),
    ("Audio", lambda origin: origin.medium == "audio"),
    ("SMS", lambda origin: "sms" in {origin.source, origin.medium}),
    ("Mobile Push Notifications", _is_push),
)


@lru_cache(maxsize=MOST_REMEMBERED)
def channel_of(
    source: str = "",
    category: Category = Category.OTHER,
    medium: str = "",
    campaign: str = "",
    click_id: str = "",
) -> str:
    """Give the channel of an origin, "Unassigned" when no rule holds."""
    source = source.lower()
    implied = "" if source in _TELLING else _IMPLIED_MEDIUM.get(category, "referral")
    origin = Origin(source, category, medium.strip().lower() or implied, campaign.lower(), click_id)
    return next((name for name, holds in CHANNELS if holds(origin)), UNASSIGNED)
