"""Whether each row of a list may have grown by k people since it was made: the rule that lets it be shown.

A list was made of an open day in steps of k, and the day went on. Its totals are known then and now, and one day
its rows will be known exactly: when it closes. So the list is held against the day as it stands, exact, hidden
values and all. Of each row and each value that the list hides it is asked how many of those who came since may
be its own, and that must be k for all. Every visitor who comes later and moves a row by one has come as well
(decisions 21 and 29). Pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from aggregate.cells import ABSENT, OTHER, PARENTS, Cell, Figures, has_several, is_of_events

_OF_VISITORS = frozenset({"country", "browser", "os", "device", *PARENTS})
"""What is the same in all visits of a visitor, so that visitors add up as visits do."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """What the rows of a dimension add up to the day in, and are made of."""

    name: str

    @property
    def metric(self) -> str:
        """Give the metric by which rows add up: a visitor has several sources, a visit has several pages."""
        if is_of_events(self.name):
            return "events"
        if has_several(self.name):
            return "pageviews"
        return "visitors" if self.name in _OF_VISITORS else "visits"

    @property
    def overlaps(self) -> bool:
        """Whether a visit may be in several rows."""
        return has_several(self.name)

    def number(self, figures: Figures) -> int:
        """Give what a row or a day has of the metric."""
        return int(getattr(figures, self.metric))

    def came(self, whole_day: Figures) -> int:
        """Give how many a day has of the metric; custom events are the events that are no pageviews."""
        return whole_day.events - whole_day.pageviews if self.metric == "events" else self.number(whole_day)

    def parts(self, figures: Figures) -> tuple[int, ...]:
        """Give the metric as the parts that are rounded by themselves: visitors, and so on up to the metric."""
        numbers = {
            "visitors": [figures.visitors],
            "visits": [figures.visitors, figures.visits],
            "pageviews": [figures.visitors, figures.visits, figures.pageviews],
            "events": [figures.visitors, figures.visits, figures.events],
        }[self.metric]
        return tuple(number - below for below, number in zip([0, *numbers], numbers, strict=False))


def may_have_grown(
    about: Dimension, made: Sequence[Cell], came_then: int, exact: Sequence[Cell], came_now: int, k: int
) -> bool:
    """Tell whether each row of a list, and each value that it hides, may have grown by k, for all that is known.

    ``made`` are its cells in steps, ``came_then`` what the day had when they were made; ``exact`` are all cells
    of the day as it stands. Who comes later seldom turns true about, and tells of nobody then (decision 29).
    """
    rows: dict[str | None, Figures] = {cell.value: cell.figures for cell in made if cell.value is not OTHER}
    other = next((cell.figures for cell in made if cell.value is OTHER), None)
    room = came_then - sum(map(about.number, rows.values()))
    seen = [
        _least(about.parts(cell.figures), about.parts(rows[cell.value]), k, room)
        for cell in exact
        if cell.value in rows
    ]
    hidden = [cell for cell in exact if cell.value not in rows and cell.value != ABSENT]
    came = came_now - came_then
    left = came - sum(map(sum, seen)) - _least_hidden(about, hidden, other, k)
    # A row has its own people, and those who are left. What grows one day has one of its own at first.
    own = max(1, min((people for people, *_more in seen), default=0)) if other is None else 1
    has_absent = any(cell.value == ABSENT for cell in exact)
    if came < k or left + own < k or (has_absent and left < k):
        return False
    return about.metric != "visitors" or _hidden_may_have_grown(
        hidden, came_then - _most(about, rows, exact, k), k
    )


def _least(now: Sequence[int], then: Sequence[int], k: int, room: int) -> list[int]:
    """Give by how much the parts of a row have surely grown: each was less than k above its step.

    Together they were above it by what all rows leave of the day, at most: nothing, if a row was the whole day.
    """
    above = min(k - 1, room)
    least = [max(0, after - before - above) for after, before in zip(now, then, strict=True)]
    least[-1] += max(0, sum(now) - sum(then) - room - sum(least))
    return least


def _least_hidden(about: Dimension, hidden: Sequence[Cell], other: Figures | None, k: int) -> int:
    """Give by how much the values that a list hides have surely grown: each had fewer than k people.

    If "Other" had more than come to that, one of k people or more was hidden with them: the largest, it seems.
    """
    if other is None:  # nothing was hidden, so all of it is new
        return sum(about.number(cell.figures) for cell in hidden)
    least = sorted(max(0, cell.figures.visitors - k + 1) for cell in hidden)
    return sum(least if _most_of_small(hidden, k) >= other.visitors else least[:-1])


def _most_of_small(hidden: Iterable[Cell], k: int) -> int:
    return sum(min(k - 1, cell.figures.visitors) for cell in hidden)


def _most(about: Dimension, rows: Mapping[str | None, Figures], exact: Iterable[Cell], k: int) -> int:
    """Give how many the rows of a list, and those without a value, may have had at most when it was made."""
    steps = sum(about.number(figures) for figures in rows.values())
    absent = sum(cell.figures.visitors for cell in exact if cell.value == ABSENT)
    above = (
        min(k - 1, max(0, cell.figures.visitors - rows[cell.value].visitors))
        for cell in exact
        if cell.value in rows
    )
    return steps + absent + sum(above)


def _hidden_may_have_grown(hidden: Sequence[Cell], then: int, k: int) -> bool:
    """Tell whether each hidden value may have grown by k by the time that it is seen, which takes k people.

    ``then`` were hidden at least. Of them it had those whom the other values cannot have had.
    """
    largest_first = sorted((cell.figures.visitors for cell in hidden), reverse=True)
    most = [min(k - 1, people) for people in largest_first]
    if sum(most) < then:  # one of k people or more was hidden for others' sake
        most[:1] = largest_first[:1]
    return all(
        max(k, people) - max(0, then - sum(most) + own) >= k
        for people, own in zip(largest_first, most, strict=True)
    )
