"""Two ranges of days beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from aggregate.cells import Cell, Figures, Filter
from aggregate.coverage import is_remainder
from aggregate.periods import DayRange, days_before, year_before
from aggregate.reading import Report, read_report
from core.sites import Site
from core.store import Store


class Against(StrEnum):
    """What a range of days is compared with."""

    PREVIOUS = "previous"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A report, and the one that it is compared with."""

    report: Report
    before: Report

    def figures_before(self, dimension: str, value: str | None) -> Figures | None:
        """Give what a row of the report was before; None where that was hidden, or nothing."""
        rows = self.before.rows[dimension]
        return next((cell.figures for cell in rows if cell.value == value), None)


def days_against(days: DayRange, against: Against, *, matching_weekdays: bool = False) -> DayRange:
    """Give the days that a range is compared with; if asked, those that begin on the same weekday."""
    earlier = days_before if against is Against.PREVIOUS else year_before
    return earlier(days, matching_weekdays=matching_weekdays)


def compare(
    store: Store,
    site: Site,
    days: DayRange,
    before: DayRange,
    dimensions: Sequence[str] = (),
    where: Filter | None = None,
) -> Comparison:
    """Read the reports of two ranges. Raises PeriodError, StoreError."""
    report, other = (read_report(store, site, each, dimensions, where) for each in (days, before))
    return Comparison(report, other)


def can_change(before: Report, now: Cell, then: Cell | None) -> bool:
    """Tell whether the difference of two rows is a change, and not days that one of them misses."""
    if before.days_without_reports or is_remainder(now, before.where):
        return False
    return not (now.is_at_least or (then is not None and then.is_at_least))


def change(now: float | None, before: float | None) -> float | None:
    """Give by how many percent a number has changed, to one decimal; None where there was nothing before."""
    if now is None or not before:
        return None
    return round(100 * (now - before) / before, 1)
