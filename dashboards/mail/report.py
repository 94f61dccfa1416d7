"""What stands in a report by e-mail. Reads reports, never events."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from aggregate.cells import OTHER, Cell, Figures
from aggregate.first_day import read_first_day
from aggregate.periods import DayRange
from aggregate.points import Interval
from aggregate.reading import Report, read_report
from core.sites import Site
from core.store import Store
from dashboards.exports.picture import NARROW, Picture, draw_picture, printable
from dashboards.language import NOTHING, Language, message
from dashboards.mail.recipients import Rhythm
from dashboards.mail.terms import term_before
from dashboards.report.listings import name_of
from dashboards.report.metric_words import METRICS, change_of
from dashboards.report.view_query import ReadView
from dashboards.report.view_state import Metric
from dashboards.sites.goals import Goal, list_goals
from dashboards.wording import noise_in_words, rounding_in_words, threshold_in_words

_MOST_ROWS = 5
_MOST_NAME = 200  # characters
_EVENTS = "event"
_LISTS = (
    ("source", message("Top sources")),
    ("page", message("Top pages")),
    ("country", message("Top countries")),
    (_EVENTS, message("Top events")),
)
DIMENSIONS = tuple(dimension for dimension, _title in _LISTS)


@dataclass(frozen=True, slots=True)
class Total:
    """One of the numbers at the top; ``change`` is signed, or "" where there is none. ``tone``: see ``Change``."""

    name: str
    value: str
    change: str
    tone: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class TopRow:
    """A row of a list: its name, its visitors, and their change in words or ""."""

    name: str
    visitors: str
    change: str


@dataclass(frozen=True, slots=True)
class TopList:
    """The rows of a list with the most visitors."""

    title: str
    rows: list[TopRow]


@dataclass(frozen=True, slots=True)
class MailReport:
    """A report as its e-mail tells it. ``visitors`` is the heading of lists' numbers."""

    site: Site
    rhythm: Rhythm
    days: str
    before: str
    first: str
    last: str
    totals: list[Total]
    lists: list[TopList]
    visitors: str
    picture: Picture
    is_empty: bool
    notes: list[str]


@dataclass(frozen=True, slots=True)
class Read:
    """What the store says for one report, in no language yet."""

    site: Site
    rhythm: Rhythm
    report: Report
    before: Report
    goals: Sequence[Goal]
    k: int


def read_term(store: Store, site: Site, rhythm: Rhythm, days: DayRange, k: int) -> Read:
    """Read the report of a week or month and the one before it. Raises StoreError."""
    report = read_report(store, site, days, DIMENSIONS, interval=Interval.DAY)
    before = read_report(store, site, term_before(rhythm, days), DIMENSIONS, interval=Interval.DAY)
    before = replace(before, first_day=read_first_day(store, site))
    return Read(site, rhythm, report, before, list_goals(store, site), k)


def report_in(language: Language, read: Read, now: datetime) -> MailReport:
    """Tell a report in a language."""
    report, before, site = read.report, read.before, read.site
    view = ReadView(report, before if before.totals.visits else None)
    return MailReport(
        site=site,
        rhythm=read.rhythm,
        days=language.days(report.days),
        before=language.days(before.days),
        first=str(report.days.first),
        last=str(report.days.last),
        totals=[*_totals(report, before, language)],
        lists=[*_lists(read, language)],
        visitors=METRICS[Metric.VISITORS].title(language, several=True),
        picture=draw_picture(site, view, Interval.DAY, Metric.VISITORS, language, now, NARROW),
        is_empty=report.totals == Figures(),
        notes=[*_notes(read, language)],
    )


def _notes(read: Read, language: Language) -> Iterator[str]:
    report = read.report
    if report.noisy:
        yield noise_in_words(language)
    elif report.rounded:
        yield rounding_in_words(read.k, language)
    else:
        yield language.text(
            "At least: the last part of an IP address is removed before the address is used, so neighbours with "
            "the same browser count as one visitor."
        )
    yield language.text(
        "Visitor-days: nobody is recognised from one day to the next, so someone who comes on three days counts "
        "three times."
    )
    if not (report.rounded or report.noisy):
        yield language.text(
            "Rows of at least %(k)s visitors: what fewer people did on a day is not shown separately, but in "
            "“Other” on the site's page.",
            k=threshold_in_words(read.k, language, drawn=False),
        )
    first = read.before.first_day
    if first is not None and read.before.days_without_reports and read.before.totals.visits:
        yield language.text("Reports begin on %(day)s, within the comparison period.", day=language.day(first))
    yield language.text("Days follow the time zone %(zone)s.", zone=read.site.timezone)


def _totals(report: Report, before: Report, language: Language) -> Iterator[Total]:
    note = language.text("about") if report.rounded or report.noisy else language.text("at least")
    for metric, words in METRICS.items():
        now = getattr(report.totals, metric)
        then = None if before.days_without_reports else getattr(before.totals, metric)
        change = change_of(metric, now, then, language)
        is_noted = metric is Metric.VISITORS and now
        title = words.title(language, several=True)
        yield Total(title, words.write(language, now), change.signed, change.tone_name, note if is_noted else "")


def _lists(read: Read, language: Language) -> Iterator[TopList]:
    """Yield the lists; goals stand in the place of events where a site has any."""
    for dimension, title in _LISTS:
        if dimension == _EVENTS and read.goals:
            yield TopList(language.text("Goals"), _goal_rows(read, language))
            continue
        shown = [cell for cell in read.report.rows[dimension] if cell.value is not OTHER][:_MOST_ROWS]
        named = ((name_of(dimension, cell.value, language), cell) for cell in shown)
        if shown or dimension != _EVENTS:
            rows = [_row(name, cell, dimension, read, language) for name, cell in named]
            yield TopList(language.text(title), rows)


def _goal_rows(read: Read, language: Language) -> list[TopRow]:
    """Give the goals that most reached; of one that has no row, that it is not shown."""
    found = [(_cell(read.report, goal.kind, goal.name), goal) for goal in read.goals]
    found.sort(key=lambda pair: -pair[0].figures.visitors if pair[0] else 0)
    return [
        _row(goal.heading, cell, goal.kind, read, language)
        if cell
        else TopRow(printable(goal.heading, _MOST_NAME), NOTHING, "")
        for cell, goal in found[:_MOST_ROWS]
    ]


def _row(name: str, cell: Cell, dimension: str, read: Read, language: Language) -> TopRow:
    before = None if read.before.days_without_reports else _cell(read.before, dimension, cell.value)
    visitors = cell.figures.visitors
    change = change_of(Metric.VISITORS, visitors, before.figures.visitors if before else None, language)
    return TopRow(printable(name, _MOST_NAME), language.number(visitors), change.signed)


def _cell(report: Report, dimension: str, value: str | None) -> Cell | None:
    return next((cell for cell in report.rows[dimension] if cell.value == value), None)
