"""What to know of a report's numbers before believing them, in a terminal's words."""

from collections.abc import Iterator, Sequence
from datetime import date

from aggregate.periods import DayRange
from aggregate.reading import Report

AT_LEAST_SIGN = "\N{GREATER-THAN OR EQUAL TO}"
"""Before a number that is no more than a lower bound."""


def notes_of(report: Report, dimension: str | None, before: Report | None, k: int) -> Iterator[str]:
    """Yield a sentence for each thing that makes numbers other than they seem."""
    yield from _of_numbers(report, k)
    yield from _of_rows(report, dimension)
    yield from _of_comparison(before)


def range_in_words(days: DayRange) -> str:
    """Give a range of days, or the day that it is."""
    return f"{days.first}" if days.days == 1 else f"{days.first} to {days.last}"


def _of_rows(report: Report, dimension: str | None) -> Iterator[str]:
    if any(cell.is_at_least for cell in report.rows.get(dimension or "", [])):
        yield (
            f"{AT_LEAST_SIGN} means at least: on some days a row, or this filter, had too few visitors to be "
            "shown, and they are not in it."
        )


def _of_comparison(before: Report | None) -> Iterator[str]:
    if before is not None and before.days_without_reports:
        known = before.days.days - before.days_without_reports
        days = f"{known} of {before.days.days} days before"
        yield f"Reports begin on {before.first_day}: {days} are no whole to change from."


def _of_numbers(report: Report, k: int) -> Iterator[str]:
    if report.withheld:
        yield "The open day is counted, and not in this report: the site's profile shows closed days only."
    if report.rounded:
        which = (
            "All numbers" if len(report.rounded) == report.days.days else f"Of {_days(report.rounded)} all numbers"
        )
        yield f"{which} are rounded to multiples of 10, up or down by chance: they need not add up."
    if report.noisy:
        yield (
            f"Of {_days(report.noisy)} the numbers have noise: only visitors, visits and pageviews of the day and "
            "visitors of rows are published, and all else is 0."
        )
    shown = len(report.unfinished) > len(report.withheld)
    if report.where is None:
        if shown:
            yield (
                f"The open day is unfinished: its totals are exact, its lists come a step late, in steps of {k} "
                'and without "Other".'
            )
        return
    if not report.rounded:
        yield "Rows under a filter are rounded to multiples of 5, up or down by chance."
    if shown:
        yield "The open day's lists under a filter come once it is closed."
    hidden = [day for day in report.hidden if day not in report.unfinished]
    if len(hidden) < len(report.hidden):
        yield f"Its totals under this filter come with its row: of {k} visitors or more, once others have come."
    if hidden:
        days = _days(hidden)
        yield f"On {days} fewer than {k} visitors are in this filter, or too few beside it: they are left out."


def _days(days: Sequence[date]) -> str:
    return f"{len(days)} day{'s' * (len(days) > 1)}"


def nothing_to_list(report: Report, k: int) -> str:
    """Say why there is no list."""
    if report.rounded:
        return f"No list: a row needs {k} to {2 * k} visitors on a day, which chance decides."
    if report.withheld:
        return "No list yet: it comes once the day is closed."
    if not report.totals.pageviews and report.where is None:
        return "Nothing was counted in this period."
    if len(report.unfinished) == report.days.days:
        if report.where is not None:
            return "No list: under a filter it comes once the day is closed."
        return f"No list yet: a row of {k} visitors or more is shown once more have come after them."
    return f"No list yet: a row is shown once at least {k} visitors are in it."
