"""What an address asks in vain, in words. Pure."""

from collections.abc import Mapping

from aggregate.periods import MOST_DAYS
from dashboards.language import Language, message
from dashboards.report.view_error import Mistake, ViewError
from dashboards.report.view_reading import EARLIEST, LATEST

_WORDS: Mapping[Mistake, str] = {
    Mistake.PERIOD: message("“%(written)s” is not a period. Choose one from the menu."),
    Mistake.DAY: message(
        "“%(written)s” is not a valid day. Write one like 2026-05-17, between %(earliest)s and %(latest)s."
    ),
    Mistake.FIRST_AND_LAST: message("Choose both a first day and a last day."),
    Mistake.ORDER: message("The last day is before the first day."),
    Mistake.TOO_LONG: message("At most %(most_days)s days can be shown at once."),
    Mistake.COMPARISON: message("“%(written)s” is not a comparison. Choose one from the menu."),
    Mistake.FILTER: message("“%(written)s” is not a filter. Click a row in a list to set one."),
    Mistake.DIMENSION: message("Reports cannot be filtered by “%(written)s”. Click a row in a list instead."),
    Mistake.NOT_FILTERED: message(
        "There is no filter by “%(written)s”: filters are made when a day becomes final, and not for every list."
    ),
    Mistake.SECOND_FILTER: message(
        "“%(written)s” is ignored: reports have one filter at a time. Two could single out groups that are too "
        "small to show."
    ),
    Mistake.NOT_TOLD: message(
        "Reports cannot tell which visits did not have “%(written)s”: a visit can have several pages and events."
    ),
    Mistake.METRIC: message("There is no graph of “%(written)s”. Choose one of the metrics above the graph."),
    Mistake.INTERVAL: message("The graph cannot be divided by “%(written)s”."),
    Mistake.TAB: message("There is no list “%(written)s” here."),
    Mistake.SORT: message("The list cannot be sorted by “%(written)s”."),
    Mistake.PAGE: message("The list has no page “%(written)s”."),
}


def mistake_in_words(error: ViewError, language: Language) -> str:
    """Say what an address asks in vain, and what to do instead."""
    return language.text(
        _WORDS[error.mistake],
        written=error.written,
        earliest=EARLIEST,
        latest=LATEST,
        most_days=language.number(MOST_DAYS),
    )
