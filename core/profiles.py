"""Profiles: how much a site's reports give up for the anonymity of its visitors."""

from enum import StrEnum
from importlib.util import find_spec

from core.errors import SiteError
from core.settings import LEAST_THRESHOLD, MOST_THRESHOLD

SETTINGS_THRESHOLD = 0
"""The threshold of a site that has none of its own: that of the settings holds."""


class Profile(StrEnum):
    """How the days of a site are published. A change applies to the days that are closed later."""

    BALANCED = "balanced"
    """Rows of at least k visitors, exact; an open day's lists in steps of k."""

    STRICT = "strict"
    """Closed days only; each row's threshold is drawn from k to 2k, and every number is rounded to tens."""

    DP = "dp"
    """Closed days only, with noise that bounds what anybody can learn of one visitor (OpenDP)."""

    @property
    def shows_open_days(self) -> bool:
        """Whether anything of a day is published before it is closed."""
        return self is Profile.BALANCED

    @property
    def rounds_everything(self) -> bool:
        """Whether all numbers of a day are rounded, its totals, too."""
        return self is Profile.STRICT

    @property
    def has_noise(self) -> bool:
        """Whether what is published is drawn around the numbers, and only some of them is."""
        return self is Profile.DP


def check_profile(profile: Profile) -> None:
    """Raise SiteError for a profile that this installation cannot publish days by."""
    if profile is Profile.DP and find_spec("opendp") is None:
        raise SiteError("The dp profile needs OpenDP, which is not installed. Run: pip install 'footfall[dp]'")


def check_threshold(threshold: int) -> None:
    """Raise SiteError for a k that no site may have."""
    if threshold != SETTINGS_THRESHOLD and not LEAST_THRESHOLD <= threshold <= MOST_THRESHOLD:
        raise SiteError(
            "The threshold cannot be %(threshold)s. Choose a number from %(least)s to %(most)s, or %(usual)s for "
            "the one in the settings (FOOTFALL_THRESHOLD).",
            threshold=threshold,
            least=LEAST_THRESHOLD,
            most=MOST_THRESHOLD,
            usual=SETTINGS_THRESHOLD,
        )
