"""What is said to who has tried too often."""

import math
from datetime import timedelta

from dashboards.language import Language

_MINUTE = 60
_IN_SECONDS = 2 * _MINUTE  # shorter waits are told in seconds


def seconds_of(wait: timedelta) -> int:
    """Give the whole seconds after which the wait is over."""
    return math.ceil(wait.total_seconds())


def wait_in_words(language: Language, wait: timedelta) -> str:
    """Say how long to wait; nobody counts three hundred seconds."""
    seconds = seconds_of(wait)
    if seconds >= _IN_SECONDS:
        return language.plural(
            "Too many attempts. Wait %(num)s minute, then try again.",
            "Too many attempts. Wait %(num)s minutes, then try again.",
            math.ceil(seconds / _MINUTE),
        )
    return language.plural(
        "Too many attempts. Wait %(num)s second, then try again.",
        "Too many attempts. Wait %(num)s seconds, then try again.",
        seconds,
    )
