"""What an address asks in vain, in words. Pure."""

from collections.abc import Mapping

from aggregate.periods import MOST_DAYS
from dashboards.language import Language, message
from dashboards.report.view_error import Mistake, ViewError
from dashboards.report.view_reading import EARLIEST, LATEST

_WORDS: Mapping[Mistake, str] = {
    Mistake.PERIOD: message("“%(written)s” is no period; choose one from the menu."),
    Mistake.DAY: message(
        "“%(written)s” is no day; write one like 2026-05-17, between %(earliest)s and %(latest)s."
    ),
    Mistake.FIRST_AND_LAST: message("Choose both the first day and the last day."),
    Mistake.ORDER: message("The last day lies before the first day."),
    Mistake.TOO_LONG: message("At most %(most_days)s days can be shown at once."),
    Mistake.COMPARISON: message("“%(written)s” is nothing to compare with; choose from the menu."),
    Mistake.FILTER: message("“%(written)s” is no filter; click on a row of a list to make one."),
    Mistake.DIMENSION: message("Reports know no “%(written)s” to filter by; click on a row of a list."),
    Mistake.NOT_FILTERED: message(
        "Reports have no filter by “%(written)s”: they are made when a day is closed, and not for each list."
    ),
    Mistake.SECOND_FILTER: message(
        "“%(written)s” is left out: reports have one filter at a time. With two, groups could be singled out "
        "that are too small to show."
    ),
    Mistake.NOT_TOLD: message(
        "Reports cannot tell which visits were without “%(written)s”: a visit may have several pages and events."
    ),
    Mistake.METRIC: message("“%(written)s” cannot be drawn; choose one of the numbers above the graph."),
    Mistake.INTERVAL: message("The graph has no steps of “%(written)s”."),
    Mistake.TAB: message("There is no list “%(written)s” here."),
    Mistake.SORT: message("The list cannot be sorted by “%(written)s”."),
    Mistake.PAGE: message("“%(written)s” is no page of the list."),
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
