"""The graph: the steps of a report with their values, as a table, as data for a script, and as a drawing. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from aggregate.cells import Figures
from aggregate.periods import DayRange
from aggregate.points import Interval, Point
from aggregate.reading import Report
from dashboards.language import UNITS, Language, message
from dashboards.report.graph_drawing import Drawing, draw
from dashboards.report.metric_words import METRICS
from dashboards.report.site_view import SiteView, intervals_of
from dashboards.report.view_state import Period

_MOST_TICKS = 7

_BY = {
    Interval.HOUR: message("%(metric)s by hour"),
    Interval.DAY: message("%(metric)s by day"),
    Interval.WEEK: message("%(metric)s by week"),
    Interval.MONTH: message("%(metric)s by month"),
}
_INTERVALS = {
    Interval.HOUR: message("Hours"),
    Interval.DAY: message("Days"),
    Interval.WEEK: message("Weeks"),
    Interval.MONTH: message("Months"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the graph. ``value`` is None where none is told: it lies ahead, or nothing of it is shown."""

    label: str
    short: str
    name: str
    value: float | None
    formatted: str
    is_unfinished: bool
    href: str = ""


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on the axis; ``name`` is "" where there is no room, ``is_minor`` if there is none on a phone."""

    name: str
    is_minor: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that draws other steps."""

    name: str
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Graph:
    """A graph by ``interval``, with the steps that it is compared with (None: with nothing).

    ``ticks`` has one for each step. ``gap`` says why there is no value at all, "" if there is one.
    """

    title: str
    metric: str
    unit: str
    interval: str
    steps: list[Step]
    compared: list[Step | None] | None
    ticks: list[Tick]
    gap: str
    drawing: Drawing
    scale: list[str]
    intervals: list[Choice]
    words: dict[str, str]

    @property
    def data(self) -> dict[str, object]:
        """What the script draws."""
        steps, compared = self.steps, self.compared
        return {
            "interval": self.interval,
            "metric": self.metric,
            "unit": self.unit,
            "labels": [step.label for step in steps],
            "names": [step.name for step in steps],
            "now": [step.value for step in steps],
            "unfinished": [index for index, step in enumerate(steps) if step.is_unfinished],
            "compared": compared and [step.value if step else None for step in compared],
            "comparedNames": compared and [step.name if step else "" for step in compared],
            "formatted": [step.formatted for step in steps],
            "comparedFormatted": compared and [step.formatted if step else "" for step in compared],
            "links": [step.href for step in steps] if any(step.href for step in steps) else None,
            "words": self.words,
        }


def graph_of(view: SiteView) -> Graph:
    """Give the graph of a view."""
    language, text, metric = view.language, view.language.text, view.state.metric
    words = METRICS[metric]
    steps = _steps(view, view.report)
    compared = _compared(view, len(steps))
    everything = [step.value or 0 for step in (*steps, *(compared or ())) if step]
    drawing = draw(
        [step.value for step in steps],
        [step.value if step else None for step in compared] if compared else None,
        most=max(everything, default=0),
        unit=words.unit,
        unfinished=next((index for index, step in enumerate(steps) if step.is_unfinished), None),
    )
    is_several = view.interval in {Interval.WEEK, Interval.MONTH}
    name = words.title(language, several=is_several)
    every = -(-len(steps) // _MOST_TICKS)
    return Graph(
        title=text(_BY[view.interval], metric=name),
        metric=metric,
        unit=words.unit,
        interval=view.interval,
        steps=steps,
        compared=compared,
        ticks=[
            Tick(step.short if index % every == 0 else "", is_minor=index // every % 2 == 1)
            for index, step in enumerate(steps)
        ],
        gap=_gap(view, steps),
        drawing=drawing,
        scale=[words.write(language, value) for value in (drawing.top, drawing.top / 2, 0)],
        intervals=_choices(view),
        words=_units(words.unit, language)
        | {
            metric: name,
            "soFar": text("so far"),
            "now": language.days(view.days),
            "compared": language.days(view.before.days) if view.before else "",
            "noValue": text("not shown"),
            "chosen": text(
                "From %(first)s to %(last)s; press Enter to show these days", first="{first}", last="{last}"
            ),
            "keys": text("Arrow keys read the values; with Shift they select days, and Enter shows those"),
        },
    )


def _units(unit: str, language: Language) -> dict[str, str]:
    """Give how durations are written, for the axis of a metric that is one."""
    return {each: language.unit(each, "{}") for each in UNITS} if unit == "seconds" else {}


def _gap(view: SiteView, steps: Sequence[Step]) -> str:
    text = view.language.text
    if any(step.value is not None for step in steps):
        return ""
    if view.report.noisy and view.state.where is None:
        return text("Days with noise have no hours, bounces or durations; choose other days or another metric.")
    if not view.is_told(view.state.metric):
        return text("This metric is not available under the filter; choose another one above.")
    if view.interval is Interval.HOUR and view.report.where is not None:
        return text("Under a filter, hours appear once the day is final, and only those with enough visitors.")
    return text("There is nothing to show.")


def _steps(view: SiteView, report: Report) -> list[Step]:
    return [_step(view, point, report) for point in report.points]


def _compared(view: SiteView, count: int) -> list[Step | None] | None:
    if view.before is None or (view.interval is Interval.HOUR and view.before.days.days > 1):
        return None
    steps: list[Step | None] = list(_steps(view, view.before)[:count])
    return [*steps, *[None] * (count - len(steps))]


def _step(view: SiteView, point: Point, report: Report) -> Step:
    language, metric = view.language, view.state.metric
    own = _days_of(point.label, view.interval, report.days)
    missing = {*report.hidden, *report.withheld}
    present = view.now.isoformat()[: len(point.label)]  # labels compare as times do
    begin = view.earliest or view.today
    known = [day for day in _each(own) if day not in missing and begin <= day <= view.today]
    is_told = bool(known) and point.label <= present
    if view.interval is Interval.HOUR and report.noisy:
        is_told = False
    if view.interval is Interval.HOUR and report.where is not None:
        is_told = is_told and point.figures != Figures()  # under a filter an hour of few visitors is hidden
    value = view.figure(point.figures, metric) if is_told else None
    is_open = (
        point.label == present
        if view.interval is Interval.HOUR
        else any(day in report.unfinished for day in known)
    )
    return Step(
        label=point.label,
        short=_short(point.label, view.interval, language),
        name=_name(point.label, own, view.interval, language),
        value=value,
        formatted=METRICS[metric].write(language, value) if value is not None else "",
        is_unfinished=is_told and is_open,
        href=_href(view, own) if view.interval is not Interval.HOUR else "",
    )


def _days_of(label: str, interval: Interval, days: DayRange) -> DayRange:
    """Give the days of a step that are in the range."""
    first = date.fromisoformat(label[:10])
    last = first
    if interval is Interval.WEEK:
        last = first + timedelta(days=6)
    if interval is Interval.MONTH:
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return DayRange(max(first, days.first), min(last, days.last))


def _each(days: DayRange) -> list[date]:
    return [days.first + timedelta(days=index) for index in range(days.days)]


def _short(label: str, interval: Interval, language: Language) -> str:
    if interval is Interval.HOUR:
        return f"{label[-2:]}:00"
    day = date.fromisoformat(label)
    return language.short_month(day) if interval is Interval.MONTH else language.short_day(day)


def _name(label: str, own: DayRange, interval: Interval, language: Language) -> str:
    if interval is Interval.HOUR:
        hour = label[-2:]
        return language.text("%(first)s to %(last)s", first=f"{hour}:00", last=f"{hour}:59")
    return language.month(own.first) if interval is Interval.MONTH else language.days(own)


def _href(view: SiteView, own: DayRange) -> str:
    if own.first > view.today:
        return ""
    if own.days == 1:
        return view.links.page(view.state.with_period(Period.DAY, own.first))
    if view.interval is Interval.MONTH:
        return view.links.page(view.state.with_period(Period.MONTH, own.first))
    return view.links.page(view.state.with_days(own))


def _choices(view: SiteView) -> list[Choice]:
    offered = intervals_of(view.days)
    if len(offered) == 1:
        return []
    return [
        Choice(
            view.language.text(_INTERVALS[each]),
            view.links.page(view.state.with_interval(each)),
            each is view.interval,
        )
        for each in offered
    ]
