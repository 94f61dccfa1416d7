"""What is published of a day, by the profile of its site."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from aggregate.cells import PARENTS, Cell, Figures
from aggregate.cube import FilteredCell, filtered_cells
from aggregate.day_cells import WHOLE_DAY, LooseEvents, Totals, day_cells, day_totals, read_loose_events
from aggregate.differential_privacy import noisy_report
from aggregate.growth import Dimension
from aggregate.hidden import carried_rows
from aggregate.open_lists import LISTED, OpenList, Standing, follow, open_lists
from aggregate.release import Rule, release, release_versions
from aggregate.rounding import rounding_key
from aggregate.strict import STRICT_BASE, StrictFilterRounding, StrictRounding
from aggregate.visits import Visits, read_visits
from core.profiles import Profile
from core.sites import Site
from core.store import Store


@dataclass(frozen=True, slots=True)
class DayReport:
    """What a roll publishes: totals (hour, figures), the cells of each dimension, and those under filters.

    ``threshold`` is the k that its cells have; ``carried`` the rows that the day hides, to be added up with
    those of other days (see ``aggregate.hidden``); ``pages`` those of which a scroll depth may be told.
    """

    threshold: int
    totals: Sequence[Sequence[int]] = ()
    cells: Mapping[str, Sequence[Cell]] = field(default_factory=dict)
    filtered: Iterable[FilteredCell] = ()
    carried: Iterable[tuple[object, ...]] = ()
    pages: Sequence[Cell] = ()

    @property
    def whole_day(self) -> Figures:
        """The day's own totals."""
        return next((Figures(*figures) for hour, *figures in self.totals if hour == WHOLE_DAY), Figures())


def day_report(store: Store, site: Site, day: date, k: int, now: datetime, *, close: bool) -> DayReport:
    """Make what is published of a day: here, and nowhere else, the profiles part.

    Raises StoreError; under the profile dp MissingExtraError and PrivacyBudgetError.
    """
    if not (close or site.profile.shows_open_days):
        return DayReport(k)
    if site.profile is Profile.DP:
        noisy = noisy_report(store, site, day, now)
        return DayReport(noisy.least, [(WHOLE_DAY, *noisy.totals.numbers)], noisy.cells)
    visits, loose = read_visits(store, site, day), read_loose_events(store, site, day)
    if site.profile is Profile.STRICT:
        return _strict_report(store, site, day, k, visits, loose)
    totals = day_totals(visits, loose)
    found = dict(day_cells(visits, loose, k))
    released = _released(found, lambda _dimension: k)
    if not close:
        return DayReport(k, totals, _open_lists(store, site, day, found, released, totals, k))
    return DayReport(
        k,
        totals,
        released,
        filtered_cells(store, site, day, released, k, visits),
        carried_rows(found, released, k),
        released.get("page", ()),
    )


def _strict_report(store: Store, site: Site, day: date, k: int, visits: Visits, loose: LooseEvents) -> DayReport:
    """Round all, to thresholds that are drawn; nothing is carried, since its sums would be exact."""
    key = rounding_key(store, site, day)
    rounding = StrictRounding(key, k)
    # Cells of up to twice k may be hidden, and one that looks the smallest once it is rounded.
    found = dict(day_cells(visits, loose, 2 * (k + STRICT_BASE)))
    released = _released(found, rounding.rule)
    cells = rounding.cells(released)
    shown = {dimension: _those_of(released[dimension], cells[dimension]) for dimension in released}
    filtered = filtered_cells(store, site, day, shown, k, visits, StrictFilterRounding(key, k))
    seen = (cell for cell in filtered if cell.figures[0])
    return DayReport(k, rounding.totals(day_totals(visits, loose)), cells, seen)


def _those_of(exact: Sequence[Cell], rounded: Sequence[Cell]) -> list[Cell]:
    """Give the cells as they are whose rounded ones are published."""
    values = {cell.value for cell in rounded}
    return [cell for cell in exact if cell.value in values]


def _released(found: Mapping[str, list[Cell]], rule: Callable[[str], int | Rule]) -> dict[str, list[Cell]]:
    return {
        dimension: release_versions(cells, found[PARENTS[dimension]], rule(dimension), rule(PARENTS[dimension]))
        if dimension in PARENTS
        else release(cells, rule(dimension))
        for dimension, cells in found.items()
    }


def _open_lists(
    store: Store,
    site: Site,
    day: date,
    found: Mapping[str, Sequence[Cell]],
    released: Mapping[str, Sequence[Cell]],
    totals: Sequence[Totals],
    k: int,
) -> dict[str, list[Cell]]:
    """Give the lists of an open day, shown and waiting, and under LISTED how many had come when each was made."""
    whole = Figures(*totals[-1][1:])
    before = open_lists(store, site, day)
    lists: dict[str, OpenList] = {}
    for dimension, cells in found.items():
        standing = Standing(cells, released[dimension], Dimension(dimension).came(whole), whole.visitors)
        lists |= follow(dimension, before, standing, k)
    listed = [Cell(dimension, Figures(each.came, each.visitors)) for dimension, each in lists.items()]
    return {LISTED: listed} | {dimension: list(each.cells) for dimension, each in lists.items()}
