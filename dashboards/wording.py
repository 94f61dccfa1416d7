"""What is said about reports, in the reader's language. Pure."""

from dashboards.language import Language, message

# The ledger's reasons, as `ingest` names them.
_REASONS = {
    "bot": message("Crawlers, scripts and browsers that no person looks at"),
    "prefetch": message("Pages fetched ahead by a browser, which nobody has seen yet"),
    "excluded hostname": message("Pages on host names that are excluded by the settings"),
    "excluded page": message("Pages that are excluded by the site's settings"),
    "unknown site": message("Beacons of a site that is not here"),
    "not understood": message("Beacons that could not be read"),
    "too large": message("Beacons over the size limit"),
    "rate limited": message("More beacons than the rate limits allow"),
    "late": message("Visits that came to the store after their day was closed"),
    "not a page": message("Lines of a log that are no page, such as images"),
    "status": message("Lines of a log with a redirect or an error"),
    "day closed": message("Visits to a day that had been closed before"),
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
        "Every number is rounded to tens, up or down by chance, and time to ten minutes. So hours need not "
        "add up to the day, nor rows to their total. A row is shown from %(threshold)s visitors on; from how "
        "many, chance decides for each row and day.",
        threshold=threshold_in_words(k, language, drawn=True),
    )


def noise_in_words(language: Language) -> str:
    """Say what to expect of days that are published with noise."""
    return language.text(
        "Numbers have noise, so that they tell next to nothing of any one visitor. Published are a day's "
        "visitors, visits and pageviews, and the visitors of its larger rows; what is not published, such as "
        "hours, bounces and events, stands here as 0 or not at all."
    )


def withheld_in_words(language: Language, *, several: bool) -> str:
    """Say that a day is counted of which nothing is shown before it is closed."""
    if several:
        return language.text(
            "Today is being counted. This site shows days once they are closed, soon after their midnight."
        )
    return language.text(
        "This day is being counted. This site shows days once they are closed, soon after their midnight."
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
        return message("No visits on the closed days, or too few to tell")
    if several:
        return message("No visits on these days, or too few to tell")
    return message("No visits on this day, or too few to tell")


def _none(*, several: bool, withheld: bool) -> str:
    if withheld:
        return message("No visits on the closed days")
    return message("No visits on these days") if several else message("No visits on this day")


def reason_in_words(reason: str, language: Language) -> str:
    """Write a reason of the ledger; one that has no words here speaks for itself."""
    return language.text(_REASONS.get(reason, reason.capitalize()))
