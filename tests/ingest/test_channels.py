"""The channel of an origin, by the documented definitions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.channels import CHANNELS, UNASSIGNED, Category, channel_of

DOCUMENTED_ORDER = [
    "Direct",
    "Cross-network",
    "Paid Shopping",
    "Paid Search",
    "Paid Social",
    "Paid Video",
    "Display",
    "Paid Other",
    "Organic Shopping",
    "Organic Social",
    "Organic Video",
    "Organic Search",
    "AI Assistant",
    "Referral",
    "Email",
    "Affiliates",
    "Audio",
    "SMS",
    "Mobile Push Notifications",
]

SEARCH, SOCIAL, VIDEO = Category.SEARCH, Category.SOCIAL, Category.VIDEO
SHOPPING, EMAIL, AI, OTHER = Category.SHOPPING, Category.EMAIL, Category.AI, Category.OTHER

# source, category, medium, campaign, channel
ORIGINS = [
    ("", OTHER, "", "", "Direct"),
    ("", OTHER, "(none)", "", "Direct"),
    ("(direct)", OTHER, "(not set)", "", "Direct"),
    ("Google", SEARCH, "cpc", "EU Cross-Network Q3", "Cross-network"),
    ("Amazon", SHOPPING, "cpc", "", "Paid Shopping"),
    ("Google", SEARCH, "ppc", "summer-shop", "Paid Shopping"),
    ("Google", SEARCH, "cpc", "eshop", "Paid Shopping"),
    ("Google", SEARCH, "cpc", "workshop", "Paid Search"),
    ("Google", SEARCH, "CPC", "", "Paid Search"),
    ("Bing", SEARCH, "paidsearch", "", "Paid Search"),
    ("Facebook", SOCIAL, "paid_social", "", "Paid Social"),
    ("Facebook", SOCIAL, "retargeting", "", "Paid Social"),
    ("YouTube", VIDEO, "cpv", "", "Paid Video"),
    ("YouTube", VIDEO, "cpc", "", "Paid Video"),
    ("partner.example", OTHER, "banner", "", "Display"),
    ("partner.example", OTHER, "interstitial", "", "Display"),
    ("partner.example", OTHER, "cpm", "", "Display"),
    ("partner.example", OTHER, "cpc", "", "Paid Other"),
    ("partner.example", OTHER, "paid", "", "Paid Other"),
    ("Etsy", SHOPPING, "", "", "Organic Shopping"),
    ("partner.example", OTHER, "referral", "shopping week", "Organic Shopping"),
    ("Reddit", SOCIAL, "", "", "Organic Social"),
    ("Reddit", SOCIAL, "referral", "", "Organic Social"),
    ("partner.example", OTHER, "Social-Media", "", "Organic Social"),
    ("Vimeo", VIDEO, "", "", "Organic Video"),
    ("partner.example", OTHER, "in-video-link", "", "Organic Video"),
    ("DuckDuckGo", SEARCH, "", "", "Organic Search"),
    ("partner.example", OTHER, "organic", "", "Organic Search"),
    ("ChatGPT", AI, "", "", "AI Assistant"),
    ("ChatGPT", AI, "referral", "", "AI Assistant"),
    ("partner.example", OTHER, "ai-assistant", "", "AI Assistant"),
    ("partner.example", OTHER, "", "", "Referral"),
    ("partner.example", OTHER, "link", "", "Referral"),
    ("partner.example", OTHER, "app", "", "Referral"),
    ("Gmail", EMAIL, "", "", "Email"),
    ("newsletter", OTHER, "Email", "", "Email"),
    ("e-mail", OTHER, "", "", "Email"),
    ("", OTHER, "e mail", "", "Email"),
    ("partner.example", OTHER, "affiliate", "", "Affiliates"),
    ("podcast", OTHER, "audio", "", "Audio"),
    ("SMS", OTHER, "", "", "SMS"),
    ("crm", OTHER, "sms", "", "SMS"),
    ("crm", OTHER, "webpush", "", "Mobile Push Notifications"),
    ("crm", OTHER, "mobile-app", "", "Mobile Push Notifications"),
    ("crm", OTHER, "app_notification", "", "Mobile Push Notifications"),
    ("firebase", OTHER, "", "", "Mobile Push Notifications"),
    ("crm", OTHER, "carrier pigeon", "", UNASSIGNED),
]


def test_channels_stand_in_the_documented_order() -> None:
    """A visit that fits two channels gets the one that Analytics' documentation names first."""
    assert [name for name, _ in CHANNELS] == DOCUMENTED_ORDER


@pytest.mark.parametrize(("source", "category", "medium", "campaign", "channel"), ORIGINS)
def test_a_visit_gets_the_channel_that_the_documentation_gives_it(
    source: str, category: Category, medium: str, campaign: str, channel: str
) -> None:
    """Marketers find the numbers under the channels that they know from Analytics."""
    assert channel_of(source, category, medium, campaign) == channel


@pytest.mark.parametrize(
    ("source", "category", "channel"),
    [
        ("Google", SEARCH, "Paid Search"),
        ("Google Shopping", SHOPPING, "Organic Shopping"),
        ("", OTHER, "Direct"),
        ("partner.example", OTHER, "Referral"),
    ],
)
def test_an_auto_tagged_click_on_a_search_engine_was_paid_for(
    source: str, category: Category, channel: str
) -> None:
    """An advertiser's click identifier makes a search engine's visit a paid one, and no other."""
    assert channel_of(source, category, click_id="gclid") == channel


def test_every_channel_is_reached() -> None:
    """No rule stands in the shadow of one before it."""
    assert {channel for *_, channel in ORIGINS} == {*DOCUMENTED_ORDER, UNASSIGNED}


@given(st.text(), st.sampled_from(Category), st.text(), st.text(), st.text())
def test_every_origin_has_one_of_the_channels(
    source: str, category: Category, medium: str, campaign: str, click_id: str
) -> None:
    """Whatever links say, the report of channels stays short."""
    assert channel_of(source, category, medium, campaign, click_id) in {*DOCUMENTED_ORDER, UNASSIGNED}
