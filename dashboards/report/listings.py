"""The lists of reports in words: what each is called, and what its rows are."""

from collections.abc import Mapping
from dataclasses import dataclass

from aggregate.cells import NO_SOURCE, OTHER, PROP, UNKNOWN
from dashboards.language import Language, message
from dashboards.report.panels import GOALS, MAP

_LETTER_A = ord("A")
_INDICATOR_A = 0x1F1E6  # REGIONAL INDICATOR SYMBOL LETTER A: two of them are a flag
_DIMENSION_OF_FLAGS = "country"


@dataclass(frozen=True, slots=True)
class Listing:
    """The words of a list: its title, and what stands in a row. ``which`` is for sentences: "No %(which)s …"."""

    title: str
    noun: str


LISTINGS: Mapping[str, Listing] = {
    "source": Listing(message("Sources"), message("Source")),
    "channel": Listing(message("Channels"), message("Channel")),
    "referrer": Listing(message("Referrers"), message("Referrer")),
    "utm_campaign": Listing(message("Campaigns"), message("Campaign")),
    "utm_source": Listing(message("UTM sources"), message("UTM source")),
    "utm_medium": Listing(message("UTM mediums"), message("UTM medium")),
    "utm_content": Listing(message("UTM contents"), message("UTM content")),
    "utm_term": Listing(message("UTM terms"), message("UTM term")),
    "page": Listing(message("Pages"), message("Page")),
    "entry_page": Listing(message("Entry pages"), message("Entry page")),
    "exit_page": Listing(message("Exit pages"), message("Exit page")),
    "hostname": Listing(message("Host names"), message("Host name")),
    MAP: Listing(message("Map"), message("Country")),
    "country": Listing(message("Countries"), message("Country")),
    "browser": Listing(message("Browsers"), message("Browser")),
    "browser_version": Listing(message("Browser versions"), message("Version")),
    "os": Listing(message("Systems"), message("System")),
    "os_version": Listing(message("System versions"), message("Version")),
    "device": Listing(message("Devices"), message("Device")),
    "screen": Listing(message("Screens"), message("Screen")),
    GOALS: Listing(message("Goals"), message("Goal")),
    "event": Listing(message("Events"), message("Event")),
}
PANEL_TITLES: Mapping[str, str] = {
    "sources": message("Sources"),
    "pages": message("Pages"),
    "locations": message("Locations"),
    "devices": message("Devices"),
    "goals": message("Goals"),
}
# What reports call by these English words, whatever the reader's language.
_VALUES = {
    NO_SOURCE: message("Direct / None"),
    UNKNOWN: message("Unknown"),
    "Desktop": message("Desktop"),
    "Mobile": message("Mobile"),
    "Tablet": message("Tablet"),
}
CHANNELS: Mapping[str, str] = {
    "Direct": message("Direct"),
    "Cross-network": message("Cross-network"),
    "Paid Shopping": message("Paid Shopping"),
    "Paid Search": message("Paid Search"),
    "Paid Social": message("Paid Social"),
    "Paid Video": message("Paid Video"),
    "Display": message("Display"),
    "Paid Other": message("Paid Other"),
    "Organic Shopping": message("Organic Shopping"),
    "Organic Social": message("Organic Social"),
    "Organic Video": message("Organic Video"),
    "Organic Search": message("Organic Search"),
    "Email": message("Email"),
    "Affiliates": message("Affiliates"),
    "Referral": message("Referral"),
    "Audio": message("Audio"),
    "SMS": message("SMS"),
    "Mobile Push Notifications": message("Mobile Push Notifications"),
    "AI Assistant": message("AI Assistant"),
    "Unassigned": message("Unassigned"),
}
"""The channels, as ``ingest`` names them."""
_NAMES: Mapping[str, Mapping[str, str]] = {
    **dict.fromkeys(("source", "referrer", "device", "browser", "os", "country"), _VALUES),
    "channel": CHANNELS,
}


def title_of(dimension: str, language: Language) -> str:
    """Give the title of a list; that of a prop is its key."""
    if dimension.startswith(PROP):
        return dimension.removeprefix(PROP)
    return language.text(LISTINGS[dimension].title)


def noun_of(dimension: str, language: Language) -> str:
    """Give what a row of a list is."""
    if dimension.startswith(PROP):
        return dimension.removeprefix(PROP)
    return language.text(LISTINGS[dimension].noun)


def name_of(dimension: str, value: str | None, language: Language) -> str:
    """Give a row's name as people read it."""
    if value is OTHER:
        return language.text("Other")
    known = _NAMES.get(dimension, {})
    if value in known:
        return language.text(known[value])
    return language.country(value) if dimension == _DIMENSION_OF_FLAGS else value


def flag_of(dimension: str, value: str | None) -> str:
    """Give the flag of a country as an emoji, "" for what is none."""
    if dimension != _DIMENSION_OF_FLAGS or value is None or len(value) != 2 or not value.isascii():  # noqa: PLR2004 (ISO 3166-1 alpha-2)
        return ""
    if not (value.isalpha() and value.isupper()):
        return ""
    return "".join(chr(_INDICATOR_A + ord(letter) - _LETTER_A) for letter in value)
