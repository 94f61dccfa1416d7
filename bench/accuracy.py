"""What each profile costs in accuracy, on synthetic sites of 100 to 100,000 visitors a day.

Run with ``python -m bench.accuracy``; ``--plot docs/profiles.svg`` draws it, too.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random
from statistics import fmean
from typing import Annotated

import typer

from aggregate.cells import OTHER, Cell, Figures
from aggregate.differential_privacy import PUBLISHED, Published
from aggregate.noise import KnownValues, Noise, UnknownValues
from aggregate.release import release
from aggregate.strict import StrictRounding
from bench.line_plot import Panel, plot

SEED = 1
DAYS = {100: 200, 1_000: 60, 10_000: 12, 100_000: 4}
"""Visitors a day, and how many days are made of such a site."""
_DIMENSIONS = {"page": 300, "source": 60, "country": 15}
"""How many values each has."""
_MORE_PAGES = 2 / 3
"""The chance of another page after each: three in a visit on average."""
_TOP = 10
_PERCENT = 100.0

Publish = Callable[[str, Sequence[Cell], int, bytes], list[Cell]]
"""Gives what is published of a dimension's cells by k and the day's key."""


def publish_balanced(_dimension: str, cells: Sequence[Cell], k: int, _key: bytes) -> list[Cell]:
    """Publish as the profile balanced does."""
    return release(cells, k)


def publish_strict(dimension: str, cells: Sequence[Cell], k: int, key: bytes) -> list[Cell]:
    """Publish as the profile strict does."""
    rounding = StrictRounding(key, k)
    return rounding.cells({dimension: release(cells, rounding.rule(dimension))})[dimension]


def publish_dp(dimension: str, cells: Sequence[Cell], _k: int, key: bytes) -> list[Cell]:
    """Publish as the profile dp does, of a site whose countries are of a list of 250."""
    priced = _price(dimension)
    drawn = _noise(dimension).draw(_bounded(cells, priced.most_values, key))
    return [Cell(value, Figures(visitors)) for value, visitors in drawn.items()]


def _price(dimension: str) -> Published:
    return next(each for each in PUBLISHED if each.name == dimension)


@cache
def _noise(dimension: str) -> Noise:
    priced = _price(dimension)
    if priced.values is None:
        return UnknownValues(priced.epsilon, priced.delta, priced.most_values)
    names = [f"{dimension} {number}" for number in range(len(priced.values()))]
    return KnownValues(names, priced.epsilon, priced.most_values * priced.most_each)


def _bounded(cells: Sequence[Cell], most_values: int, key: bytes) -> dict[str, int]:
    """Count each visitor in so many of their values at most, in which chance decides."""
    values = defaultdict[int, list[str]](list)
    for cell in cells:
        for visitor, _visit in cell.members:
            values[visitor].append(str(cell.value))
    random = Random(key)
    counts = Counter[str]()
    for own in values.values():
        counts.update(random.sample(own, min(most_values, len(own))))
    return counts


PROFILES: dict[str, Publish] = {"balanced": publish_balanced, "strict": publish_strict, "dp": publish_dp}


@dataclass(frozen=True, slots=True)
class Accuracy:
    """What a profile leaves of daily reports: percents and numbers of rows by dimension, means of the days.

    ``seen`` is the share in rows that are seen, counting each visitor once in each row. ``top_error`` is of
    the ten largest pages; a row that is hidden is wrong by all of it. ``seen_error`` is of those among them
    that are seen, None if no day has one.
    """

    profile: str
    visitors: int
    seen: dict[str, float]
    rows: dict[str, float]
    top_error: float
    seen_error: float | None


@dataclass(frozen=True, slots=True)
class _Day:
    """How one day's report compares with what was."""

    seen: dict[str, float]
    rows: dict[str, int]
    errors: list[float]
    seen_errors: list[float]


def main(
    k: Annotated[int, typer.Option(min=5, max=100, help="The threshold.")] = 10,
    plot_to: Annotated[Path | None, typer.Option("--plot", help="Write a plot to this SVG file.")] = None,
) -> None:
    """Measure what each profile costs, and print it as a table in Markdown."""
    found = measure(k)
    values = ", ".join(f"{count} of {name}" for name, count in _DIMENSIONS.items())
    print(f"k = {k}; values: {values}; days of each size: {', '.join(map(str, DAYS.values()))}\n")
    for line in table(found):
        print(line)
    if plot_to is not None:
        plot_to.write_text(plot(panels(found), "What each profile costs; the table has the numbers"), "utf-8")


def measure(k: int) -> list[Accuracy]:
    """Measure every profile on every size of a site."""
    found = []
    for visitors, days in DAYS.items():
        made = [make_day(visitors, Random(SEED + number)) for number in range(days)]
        for profile, publish in PROFILES.items():
            compared = [_compare(day, publish, k, b"%d" % number) for number, day in enumerate(made)]
            found.append(_mean(profile, visitors, compared))
    return found


def make_day(visitors: int, random: Random) -> dict[str, list[Cell]]:
    """Make the cells of a day: pages, sources and countries by Zipf's law, each of them independently."""
    members: dict[str, dict[int, set[tuple[int, int]]]] = {name: defaultdict(set) for name in _DIMENSIONS}
    chances = {name: _zipf(count) for name, count in _DIMENSIONS.items()}
    for visitor in range(visitors):
        drawn = dict.fromkeys(_DIMENSIONS, 1)
        while random.random() < _MORE_PAGES:
            drawn["page"] += 1
        for name, count in drawn.items():
            for value in random.choices(range(len(chances[name])), cum_weights=chances[name], k=count):
                members[name][value].add((visitor, 1))
    return {
        name: [_cell(name, value, frozenset(who)) for value, who in sorted(values.items())]
        for name, values in members.items()
    }


def _zipf(count: int) -> list[float]:
    return list(accumulate(1 / rank for rank in range(1, count + 1)))


def _cell(name: str, value: int, who: frozenset[tuple[int, int]]) -> Cell:
    return Cell(f"{name} {value}", Figures(len(who), len(who), len(who), 0, 0, len(who)), who)


def _compare(day: dict[str, list[Cell]], publish: Publish, k: int, key: bytes) -> _Day:
    seen, rows = {}, {}
    published: dict[str | None, int] = {}
    for dimension, cells in day.items():
        shown = [cell for cell in publish(dimension, cells, k, key) if cell.value is not OTHER]
        values = {cell.value for cell in shown}
        everything = sum(cell.figures.visitors for cell in cells)
        shared = sum(cell.figures.visitors for cell in cells if cell.value in values)
        seen[dimension], rows[dimension] = _PERCENT * shared / everything, len(shown)
        published |= {cell.value: cell.figures.visitors for cell in shown}
    top = sorted(day["page"], key=lambda cell: -cell.figures.visitors)[:_TOP]
    errors = {cell.value: _error(cell.figures.visitors, published.get(cell.value, 0)) for cell in top}
    return _Day(seen, rows, list(errors.values()), [errors[value] for value in errors if value in published])


def _error(exact: int, published: int) -> float:
    return _PERCENT * abs(published - exact) / exact


def _mean(profile: str, visitors: int, days: Sequence[_Day]) -> Accuracy:
    seen_errors = [error for day in days for error in day.seen_errors]
    return Accuracy(
        profile,
        visitors,
        seen={name: fmean(day.seen[name] for day in days) for name in _DIMENSIONS},
        rows={name: fmean(day.rows[name] for day in days) for name in _DIMENSIONS},
        top_error=fmean(error for day in days for error in day.errors),
        seen_error=fmean(seen_errors) if seen_errors else None,
    )


def table(found: Sequence[Accuracy]) -> list[str]:
    """Write what was measured as a table in Markdown."""
    heading = (
        "visitors a day", "profile", "of page visits seen", "of sources", "of countries",
        "error of the top ten pages", "of those seen", "rows: pages", "sources", "countries",
    )  # fmt: skip
    lines = [f"| {' | '.join(heading)} |", "| ---: | --- |" + " ---: |" * (len(heading) - 2)]
    for each in found:
        seen_error = "–" if each.seen_error is None else f"{each.seen_error:.1f} %"  # noqa: RUF001 (an en dash)
        cells = (
            f"{each.visitors:,}", each.profile,
            *(f"{share:.0f} %" for share in each.seen.values()),
            f"{each.top_error:.1f} %", seen_error,
            *(f"{rows:.0f}" for rows in each.rows.values()),
        )  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def panels(found: Sequence[Accuracy]) -> list[Panel]:
    """Give the plot: how much is seen, and how far the largest pages are off."""
    places = [f"{visitors:,}" for visitors in DAYS]
    profiles = {profile: [each for each in found if each.profile == profile] for profile in PROFILES}
    seen = {profile: [each.seen["page"] for each in own] for profile, own in profiles.items()}
    errors = {profile: [each.top_error for each in own] for profile, own in profiles.items()}
    return [
        Panel("Share of page visits in rows that are seen", "visitors a day", places, seen),
        Panel("Error of the ten largest pages", "visitors a day", places, errors),
    ]


if __name__ == "__main__":
    typer.run(main)
