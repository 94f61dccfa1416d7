"""The metrics of which a graph can be drawn: their names, their values, and how a value is written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter

from aggregate.cells import Figures
from dashboards.language import Language, message


@dataclass(frozen=True, slots=True)
class GraphMetric:
    """A row of the table. ``value`` is None where there was no visit to be a rate of.

    ``least`` is the smallest step of its axis; ``steps`` are those that are round, where tens are not.
    """

    title: str
    value: Callable[[Figures], float | None]
    words: Callable[[Language, float | None], str]
    least: float = 1.0
    steps: tuple[float, ...] = ()


def _whole(language: Language, value: float | None) -> str:
    return language.number(round(value or 0))


_DURATIONS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200)  # seconds

VISITORS = GraphMetric(message("Visitors"), attrgetter("visitors"), _whole)
GRAPH_METRICS: Mapping[str, GraphMetric] = {
    "visitors": VISITORS,
    "visits": GraphMetric(message("Visits"), attrgetter("visits"), _whole),
    "pageviews": GraphMetric(message("Pageviews"), attrgetter("pageviews"), _whole),
    "views_per_visit": GraphMetric(
        message("Views per visit"), attrgetter("views_per_visit"), Language.decimal, least=0.1
    ),
    "bounce_rate": GraphMetric(message("Bounce rate"), attrgetter("bounce_rate"), Language.percent),
    "visit_duration": GraphMetric(
        message("Visit duration"), attrgetter("visit_duration"), Language.duration, steps=_DURATIONS
    ),
}
