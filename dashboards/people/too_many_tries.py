"""What is said to who has tried too often."""

import math
from datetime import timedelta

from dashboards.language import Language


def seconds_of(wait: timedelta) -> int:
    """Give the whole seconds after which the wait is over."""
    return math.ceil(wait.total_seconds())


def wait_in_words(language: Language, wait: timedelta) -> str:
    """Say how long to wait."""
    return language.plural(
        "Too many tries. Wait %(num)s second, then try again.",
        "Too many tries. Wait %(num)s seconds, then try again.",
        seconds_of(wait),
    )
