"""Numbers, times and days in words, as a marketer reads them. Pure."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from aggregate.periods import DayRange

NOTHING = "–"  # noqa: RUF001 (an en dash, where a rate has nothing to be a rate of)

# The ledger's reasons, as `ingest` names them.
_REASONS = {
    "bot": "Crawlers, scripts and browsers that no person looks at",
    "prefetch": "Pages fetched ahead by a browser, which nobody has seen yet",
    "excluded hostname": "Pages on host names that are excluded by the settings",
    "unknown site": "Beacons of a site that is not here",
    "not understood": "Beacons that could not be read",
    "too large": "Beacons over the size limit",
    "rate limited": "More beacons than the rate limits allow",
    "late": "Visits that came to the store after their day was closed",
    "not a page": "Lines of a log that are no page, such as images",
    "status": "Lines of a log with a redirect or an error",
    "day closed": "Visits to a day that had been closed before",
}


def number(value: int) -> str:
    """Write a number with separators: 12,345."""
    return f"{value:,}"


def decimal(value: float | None, suffix: str = "") -> str:
    """Write a rate without needless zeros: 2.5, 40%."""
    return NOTHING if value is None else f"{value:,.2f}".rstrip("0").rstrip(".") + suffix


def duration(seconds: float | None) -> str:
    """Write seconds as people say them: 1m 23s."""
    if seconds is None:
        return NOTHING
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}h {minutes}m"
    return f"{minutes}m {rest}s" if minutes else f"{rest}s"


def plural(count: int, noun: str) -> str:
    """Write a count with its noun: 1 visitor, 12 visitors."""
    return f"{number(count)} {noun}" if count == 1 else f"{number(count)} {noun}s"


def day_in_words(day: date) -> str:
    """Write a day: Sunday, 17 May 2026."""
    return f"{day:%A}, {day.day} {day:%B %Y}"


def days_in_words(days: DayRange) -> str:
    """Write a range of days as short as it is clear: 11 to 17 May 2026."""
    first, last = days.first, days.last
    if first == last:
        return day_in_words(first)
    end = f"{last.day} {last:%B %Y}"
    if first.year != last.year:
        return f"{first.day} {first:%B %Y} to {end}"
    if first.month != last.month:
        return f"{first.day} {first:%B} to {end}"
    return f"{first.day} to {end}"


def local_time(instant: datetime, zone: ZoneInfo, today: date) -> str:
    """Write an instant in a site's zone: 14:03, with the day unless it is today."""
    local = instant.astimezone(zone)
    return f"{local:%H:%M}" if local.date() == today else f"{local:%H:%M} on {local.day} {local:%B %Y}"


def threshold_in_words(k: int, *, drawn: bool) -> str:
    """Write how many visitors a row needs: 10, or 10 to 20 where chance decides."""
    return f"{number(k)} to {number(2 * k)}" if drawn else number(k)


def rounding_in_words(k: int) -> str:
    """Say what to expect of days whose every number is rounded."""
    return (
        "Every number is rounded to tens, up or down by chance, and time to ten minutes. So hours need not "
        "add up to the day, nor rows to their total. A row is shown from "
        f"{threshold_in_words(k, drawn=True)} visitors on; from how many, chance decides for each row and day."
    )


def noise_in_words() -> str:
    """Say what to expect of days that are published with noise."""
    return (
        "Numbers have noise, so that they tell next to nothing of any one visitor. Published are a day's "
        "visitors, visits and pageviews, and the visitors of its larger rows; what is not published, such as "
        "hours, bounces and events, stands here as 0 or not at all."
    )


def withheld_in_words(*, several: bool) -> str:
    """Say that a day is counted of which nothing is shown before it is closed."""
    which = "Today is" if several else "This day is"
    return f"{which} being counted. This site shows days once they are closed, soon after their midnight."


def emptiness_in_words(*, several: bool, withheld: bool, rounded: bool) -> str:
    """Say that there is nothing to show, and no more than is known."""
    if withheld and not several:
        return "Nothing to show yet"
    which = "the closed days" if withheld else "these days" if several else "this day"
    return f"No visits on {which}, or too few to tell" if rounded else f"No visits on {which}"


def reason_in_words(reason: str) -> str:
    """Write a reason of the ledger; one that has no words here speaks for itself."""
    return _REASONS.get(reason, reason.capitalize())
