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
            f"{AT_LEAST_SIGN} means at least: on some days the row, or this filter, had too few visitors to be "
            "shown, and those are not included."
        )


def _of_comparison(before: Report | None) -> Iterator[str]:
    if before is not None and before.days_without_reports:
        known = before.days.days - before.days_without_reports
        days = f"only {known} of {before.days.days} comparison days have reports"
        yield f"Reports begin on {before.first_day}: {days}, so no change is shown."


def _of_numbers(report: Report, k: int) -> Iterator[str]:
    if report.withheld:
        yield "A day that is not final yet is not in this report: the site's profile shows only days that are."
    if report.rounded:
        which = (
            "All numbers" if len(report.rounded) == report.days.days else f"All numbers of {_days(report.rounded)}"
        )
        yield f"{which} are rounded to multiples of 10, randomly up or down: they need not add up."
    if report.noisy:
        yield (
            f"The numbers of {_days(report.noisy)} have noise: only visitors, visits and pageviews of the day and "
            "visitors of rows are published; everything else is 0."
        )
    shown = len(report.unfinished) > len(report.withheld)
    if report.where is None:
        if shown:
            yield (
                "A day that is not final yet has exact totals; its lists lag a little behind, are rounded down to "
                f'multiples of {k}, and have no "Other".'
            )
        return
    if not report.rounded:
        yield "Under a filter, rows are rounded to multiples of 5, randomly up or down."
    if shown:
        yield "Under a filter, the lists of a day that is not final yet appear once it is."
    hidden = [day for day in report.hidden if day not in report.unfinished]
    if len(hidden) < len(report.hidden):
        yield f"Its totals under this filter appear with its row: at {k} visitors or more, once others have come."
    if hidden:
        days = _days(hidden)
        yield f"Left out: {days}. Fewer than {k} visitors match this filter there, or too few are outside it."


def _days(days: Sequence[date]) -> str:
    return f"{len(days)} day{'s' * (len(days) > 1)}"


def nothing_to_list(report: Report, k: int) -> str:
    """Say why there is no list."""
    if report.rounded:
        return f"No list: a row needs {k} to {2 * k} visitors on a day; chance decides how many."
    if report.withheld:
        return "No list yet: it appears once the day is final."
    if not report.totals.pageviews and report.where is None:
        return "Nothing was counted in this period."
    if len(report.unfinished) == report.days.days:
        if report.where is not None:
            return "No list yet: under a filter it appears once the day is final."
        return f"No list yet: a row of {k} or more visitors appears once more have come after them."
    return f"No list yet: a row needs at least {k} visitors."
