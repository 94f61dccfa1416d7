"""What is said about reports, in the reader's language. Pure."""

from dashboards.language import Language, message

# The ledger's reasons, as `ingest` names them.
_REASONS = {
    "bot": message("Bots: crawlers, scripts and browsers without a person"),
    "prefetch": message("Pages that a browser loaded in advance and nobody has seen yet"),
    "excluded hostname": message("Pages on host names excluded by the settings"),
    "excluded page": message("Pages excluded by the site's settings"),
    "unknown site": message("Requests for a site that has not been added"),
    "not understood": message("Requests that could not be read"),
    "too large": message("Requests over the size limit"),
    "rate limited": message("Requests over the rate limits"),
    "late": message("Visits that reached the database after their day was final"),
    "not a page": message("Log lines that are not pages, such as images"),
    "status": message("Log lines with a redirect or an error"),
    "day closed": message("Visits on a day that was already final"),
}


def threshold_in_words(k: int, language: Language, *, drawn: bool) -> str:
    """Write how many visitors a row needs: 10, or 10 to 20 where chance decides."""
    least = language.number(k)
    if not drawn:
        return least
    return language.text("%(least)s to %(most)s", least=least, most=language.number(2 * k))


def rounding_in_words(k: int, language: Language) -> str:
    """Say what to expect of days whose every number is rounded."""
    return language.text(
        "Every number is rounded to tens, randomly up or down, and time to ten minutes. So hours need not add up "
        "to the day, nor rows to their total. A row needs %(threshold)s visitors to be shown; how many exactly "
        "is decided by chance for each row and day.",
        threshold=threshold_in_words(k, language, drawn=True),
    )


def noise_in_words(language: Language) -> str:
    """Say what to expect of days that are published with noise."""
    return language.text(
        "Numbers have random noise, so that they reveal next to nothing about any one visitor. Only a day's "
        "visitors, visits and pageviews and the visitors of its larger rows are published; everything else, such "
        "as hours, bounces and events, appears here as 0 or not at all."
    )


def withheld_in_words(language: Language, *, several: bool) -> str:
    """Say that a day is counted of which nothing is shown before it is closed."""
    if several:
        return language.text(
            "Today is being counted. This site shows a day once it is final, soon after its midnight."
        )
    return language.text(
        "This day is being counted. This site shows a day once it is final, soon after its midnight."
    )


def emptiness_in_words(language: Language, *, several: bool, withheld: bool, rounded: bool) -> str:
    """Say that there is nothing to show, and no more than is known."""
    if withheld and not several:
        return language.text("Nothing to show yet")
    if rounded:
        return language.text(_too_few(several=several, withheld=withheld))
    return language.text(_none(several=several, withheld=withheld))


def _too_few(*, several: bool, withheld: bool) -> str:
    if withheld:
        return message("No visits on the days that are final, or too few to show")
    if several:
        return message("No visits on these days, or too few to show")
    return message("No visits on this day, or too few to show")


def _none(*, several: bool, withheld: bool) -> str:
    if withheld:
        return message("No visits on the days that are final")
    return message("No visits on these days") if several else message("No visits on this day")


def reason_in_words(reason: str, language: Language) -> str:
    """Write a reason of the ledger; one that has no words here speaks for itself."""
    return language.text(_REASONS.get(reason, reason.capitalize()))
