"""What is said to who has tried too often."""

from datetime import timedelta

from dashboards.language import languages
from dashboards.people.too_many_tries import wait_in_words


def test_long_waits_are_told_in_minutes() -> None:
    """Who has to wait for two minutes or more reads minutes, rounded up, so that nobody comes back too early."""
    waits = (timedelta(milliseconds=200), timedelta(seconds=119), timedelta(seconds=120), timedelta(seconds=241))
    assert [wait_in_words(languages()["en"], wait) for wait in waits] == [
        "Too many attempts. Wait 1 second, then try again.",
        "Too many attempts. Wait 119 seconds, then try again.",
        "Too many attempts. Wait 2 minutes, then try again.",
        "Too many attempts. Wait 5 minutes, then try again.",
    ]
    assert wait_in_words(languages()["de"], timedelta(minutes=5)) == (
        "Zu viele Versuche. Bitte 5 Minuten warten und es dann noch einmal versuchen."
    )
