"""The six metrics of a page in words: their names, how a value of each is written, how a change of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aggregate.comparing import change
from dashboards.language import NOTHING, Language, message
from dashboards.report.view_state import Metric

Write = Callable[[Language, float | None], str]


@dataclass(frozen=True, slots=True)
class MetricWords:
    """The words of a metric. ``unit`` is what scripts call it; ``several`` is its name where days are added up.

    ``higher_is`` says whether more of it is better (1), worse (-1), or neither (0).
    """

    name: str
    unit: str
    write: Write
    several: str = ""
    higher_is: int = 1

    def title(self, language: Language, *, several: bool) -> str:
        """Give the metric's name."""
        return language.text(self.several if several and self.several else self.name)


def _whole(language: Language, value: float | None) -> str:
    return NOTHING if value is None else language.number(round(value))


METRICS: Mapping[Metric, MetricWords] = {
    Metric.VISITORS: MetricWords(message("Visitors"), "number", _whole, message("Visitor-days")),
    Metric.VISITS: MetricWords(message("Visits"), "number", _whole),
    Metric.PAGEVIEWS: MetricWords(message("Pageviews"), "number", _whole),
    Metric.VIEWS_PER_VISIT: MetricWords(message("Views per visit"), "decimal", Language.decimal),
    Metric.BOUNCE_RATE: MetricWords(message("Bounce rate"), "percent", Language.percent, higher_is=-1),
    Metric.VISIT_DURATION: MetricWords(message("Visit duration"), "seconds", Language.duration),
}


@dataclass(frozen=True, slots=True)
class Change:
    """How a number has changed: with a sign, in words, and whether that is better (1), worse (-1) or neither."""

    signed: str
    words: str
    tone: int

    @property
    def tone_name(self) -> str:
        """The name of its tone in the style sheet."""
        return {1: "better", -1: "worse"}.get(self.tone, "even")


def change_of(metric: Metric, now: float | None, before: float | None, language: Language) -> Change:
    """Give the change of a metric; of a rate in percent it is in points, so that nobody takes it for the rate."""
    words = METRICS[metric]
    is_in_points = words.unit == "percent"
    by = _difference(now, before) if is_in_points else change(now, before)
    if by is None:
        return Change("", language.text("nothing to compare with"), 0)
    if is_in_points:
        amount = language.text("%(points)s points", points=language.decimal(abs(by)))
    else:
        amount = language.growth(abs(by))
    if not by:
        return Change("", language.text("no change"), 0)
    if by > 0:
        return Change(f"+{amount}", language.text("up %(amount)s", amount=amount), words.higher_is)
    return Change(f"\N{MINUS SIGN}{amount}", language.text("down %(amount)s", amount=amount), -words.higher_is)


def _difference(now: float | None, before: float | None) -> float | None:
    return None if now is None or before is None else round(now - before, 1)
