"""What stands in a report by e-mail. Reads reports, never events."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregate.cells import OTHER, Cell, Figures
from aggregate.periods import DayRange
from aggregate.points import Interval
from aggregate.reading import Report, read_report
from core.sites import Site
from core.store import Store
from dashboards.exports.picture import NARROW, Picture, draw_picture, printable
from dashboards.language import Language, message
from dashboards.mail.recipients import Rhythm
from dashboards.mail.terms import term_before
from dashboards.report.listings import name_of
from dashboards.report.metric_words import METRICS, change_of
from dashboards.report.view_query import ReadView
from dashboards.report.view_state import Metric
from dashboards.wording import noise_in_words, rounding_in_words, threshold_in_words

_MOST_ROWS = 5
_MOST_NAME = 200  # characters
_LISTS = (
    ("source", message("Top sources")),
    ("page", message("Top pages")),
    ("country", message("Top countries")),
    ("event", message("Goals")),
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
    k: int


def read_term(store: Store, site: Site, rhythm: Rhythm, days: DayRange, k: int) -> Read:
    """Read the report of a week or month and the one before it. Raises StoreError."""
    report = read_report(store, site, days, DIMENSIONS, interval=Interval.DAY)
    before = read_report(store, site, term_before(rhythm, days), DIMENSIONS, interval=Interval.DAY)
    return Read(site, rhythm, report, before, k)


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
        lists=[*_lists(report, before, language)],
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
            "At least: an address loses its last part before it is used, so neighbours with the same browser "
            "count as one visitor."
        )
    yield language.text(
        "Visitor-days: nobody is recognised from one day to the next. Who comes on three days counts three times."
    )
    if not (report.rounded or report.noisy):
        yield language.text(
            "Rows from %(k)s visitors on: what fewer people did on a day is not shown by itself, but in “Other” "
            "on the page of the site.",
            k=threshold_in_words(read.k, language, drawn=False),
        )
    yield language.text("Days are those of the time zone %(zone)s.", zone=read.site.timezone)


def _totals(report: Report, before: Report, language: Language) -> Iterator[Total]:
    note = language.text("about") if report.rounded or report.noisy else language.text("at least")
    for metric, words in METRICS.items():
        now, then = getattr(report.totals, metric), getattr(before.totals, metric)
        change = change_of(metric, now, then, language)
        is_noted = metric is Metric.VISITORS and now
        title = words.title(language, several=True)
        yield Total(title, words.write(language, now), change.signed, change.tone_name, note if is_noted else "")


def _lists(report: Report, before: Report, language: Language) -> Iterator[TopList]:
    for dimension, title in _LISTS:
        rows = _rows(dimension, report.rows[dimension], before.rows[dimension], language)
        if rows or dimension != "event":
            yield TopList(language.text(title), rows)


def _rows(dimension: str, cells: Sequence[Cell], before: Sequence[Cell], language: Language) -> list[TopRow]:
    earlier = {cell.value: cell.figures.visitors for cell in before}
    shown = [cell for cell in cells if cell.value is not OTHER][:_MOST_ROWS]
    return [
        TopRow(
            printable(name_of(dimension, cell.value, language), _MOST_NAME),
            language.number(cell.figures.visitors),
            change_of(Metric.VISITORS, cell.figures.visitors, earlier.get(cell.value), language).signed,
        )
        for cell in shown
    ]
