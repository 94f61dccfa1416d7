"""The open day's lists: late enough, and in steps so wide, that watching them tells of no single visitor.

The totals of an open day are exact and move with each visitor, and the closed day is exact in everything. If a
list moved with the totals, or stood beside the closed day having been made a minute before it ended, a row that
goes from one step to the next would say what the last visitor was. So a list waits, unseen, until each of its
rows may have grown by k people since it was made (see ``aggregate.growth``); then it is shown, and the next one
is made, and waits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from aggregate.cells import OTHER, Cell, Figures
from aggregate.growth import Dimension, may_have_grown
from core.sites import Site
from core.sql import sql
from core.store import Store

LISTED = ""
"""The dimension under which stands, for each list, how many the day had when it was made.

The column of visitors has what its rows add up to (``OpenList.came``), that of visits how many visitors that was.
"""

WAITING = "next "
"""With this begins the dimension of a list that waits, before its own name. No reader may ask for one."""

_PATIENCE = 3
"""A list that cannot be shown once so many times k have come is made anew: nobody has seen it."""


@dataclass(frozen=True, slots=True)
class OpenList:
    """The cells of a dimension, and how many the whole day had when they were made.

    ``came`` are those that its rows add up to: visitors, or visits, pageviews, events (``Dimension.metric``);
    ``visitors`` are visitors in any case, 0 if that is not known.
    """

    cells: tuple[Cell, ...]
    came: int
    visitors: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """A dimension as it stands: all its cells, exact; those that may be seen; how many have come in all.

    ``came`` and ``visitors`` are as those of a list.
    """

    exact: Sequence[Cell]
    released: Sequence[Cell]
    came: int
    visitors: int = 0


def in_steps(cells: Sequence[Cell], step: int) -> list[Cell]:
    """Round cells down by steps, part by part: visitors, visits beyond them, views beyond those, and so on.

    Each part is less than a step below the truth. So whatever is seen of one of them says nothing of another:
    pageviews rounded by themselves might have moved by one while the visitors moved by ten.
    """
    return [Cell(cell.value, _in_steps(cell.figures, step)) for cell in cells]


def _in_steps(exact: Figures, step: int) -> Figures:
    visitors = exact.visitors - exact.visitors % step
    visits = visitors + _steps_beyond(exact.visits, exact.visitors, step)
    if exact.pageviews < exact.visits:  # events, and visits that were nothing else
        pageviews, below = min(visits, _steps_beyond(exact.pageviews, 0, step)), exact.visits
        events = visits + _steps_beyond(exact.events, below, step)
    else:
        pageviews = visits + _steps_beyond(exact.pageviews, exact.visits, step)
        events = pageviews + _steps_beyond(exact.events, exact.pageviews, step)
    bounces = min(visits, _steps_beyond(exact.bounces, 0, step))
    return Figures(visitors, visits, pageviews, bounces, _steps_beyond(exact.seconds, 0, step), events)


def _steps_beyond(number: int, below: int, step: int) -> int:
    beyond = max(0, number - below)
    return beyond - beyond % step


def follow(dimension: str, lists: Mapping[str, OpenList], standing: Standing, k: int) -> dict[str, OpenList]:
    """Give the list that is shown from now on, and under WAITING the one that waits; either may be missing.

    ``lists`` are those of the last roll. What waits is shown once it may be, and only then; one that cannot be
    is made anew after a while.
    """
    shown, waiting = lists.get(dimension), lists.get(WAITING + dimension)
    about = Dimension(dimension)
    if waiting is not None and may_have_grown(
        about, waiting.cells, waiting.came, standing.exact, standing.came, k
    ):
        shown, waiting = _without_other(waiting), None
    if waiting is None or standing.came - waiting.came >= _PATIENCE * k:
        fresh = OpenList(tuple(in_steps(standing.released, k)), standing.came, standing.visitors)
        waiting = fresh if _leaves_room(about, fresh, k) else waiting
    found = {dimension: shown, WAITING + dimension: waiting}
    return {name: each for name, each in found.items() if each is not None}


def _without_other(made: OpenList) -> OpenList:
    """Leave out "Other": of few hidden values it would say too well what each of them had."""
    return replace(made, cells=tuple(cell for cell in made.cells if cell.value is not OTHER))


def _leaves_room(about: Dimension, made: OpenList, k: int) -> bool:
    """Tell whether each row may stand k - 1 above its step, so that its step does not say where it stands.

    Rows that add up to the day tell by their sum how far they are above their steps together. A list of one row
    tells nothing that the day's total does not.
    """
    rows = [about.number(cell.figures) for cell in made.cells if cell.value is not OTHER]
    if about.overlaps or len(made.cells) == len(rows[:1]):
        return bool(rows)
    return made.came - sum(rows) >= k - 1


def open_lists(store: Store, site: Site, day: date) -> dict[str, OpenList]:
    """Give the lists of an open day's roll: those that readers see and those that wait. Raises StoreError."""
    rows = store.rows(sql("aggregate", "open_lists"), {"site": site.number, "day": day})
    stood = {value: figures[:2] for dimension, _other, value, *figures in rows if dimension == LISTED}
    cells: dict[str, list[Cell]] = {dimension: [] for dimension in stood}
    for dimension, other, value, *figures in rows:
        if dimension != LISTED:
            cells[dimension].append(Cell(OTHER if other else value, Figures(*figures)))
    return {dimension: OpenList(tuple(cells[dimension]), *numbers) for dimension, numbers in stood.items()}
