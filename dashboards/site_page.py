"""The page of one site. It reads reports and the ledger, never events."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime

from aiohttp import web

from aggregate.cells import Figures
from aggregate.first_day import read_first_day
from aggregate.periods import DayRange, day_range
from aggregate.reading import Report, read_ledger, read_report
from core.errors import PeriodError
from core.sites import Site
from core.store import Store
from dashboards.ask import Ask
from dashboards.chart import draw_chart
from dashboards.language import Language
from dashboards.lists import LISTINGS, view_lists
from dashboards.picker import Choice, picker_of, read_choice
from dashboards.site_pages import site_asked, snippet_of
from dashboards.wording import (
    emptiness_in_words,
    noise_in_words,
    reason_in_words,
    rounding_in_words,
    threshold_in_words,
    withheld_in_words,
)

_RECEIVED, _STORED = "received", "stored"


@dataclass(frozen=True, slots=True)
class Tile:
    """One of the six numbers at the top."""

    name: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Ledger:
    """What was received for the site, and what was left out."""

    received: int
    stored: int
    reasons: list[tuple[str, int]]

    @property
    def dropped(self) -> int:
        """How many hits were left out."""
        return sum(hits for _reason, hits in self.reasons)


@dataclass(frozen=True, slots=True)
class _Found:
    """What the store says for one page."""

    report: Report
    ledger: Ledger
    first_day: date | None


async def show_site(ask: Ask) -> web.Response:
    """``GET /sites/{domain}``: tiles, graph and lists of the chosen days."""
    site = site_asked(ask)
    if site is None:
        return ask.missing()
    now = ask.now.astimezone(site.zone)
    choice, mistake = _choice(ask, now.date())
    found = await asyncio.to_thread(_find, ask.board.store, site, choice.days, now.date(), ask.language)
    return _show(ask, site, choice, found, now, mistake)


def tiles_of(totals: Figures, days: DayRange, language: Language, *, rounded: bool) -> list[Tile]:
    """Give the tiles; over several days a person counts anew each day, and the tile says so."""
    several = days.days > 1
    note = ("about" if rounded else "at least") + "; each day counts anew" * several
    return [
        Tile(
            "Visitor-days" if several else "Visitors",
            language.number(totals.visitors),
            note * bool(totals.visitors),
        ),
        Tile("Visits", language.number(totals.visits)),
        Tile("Pageviews", language.number(totals.pageviews)),
        Tile("Views per visit", language.decimal(totals.views_per_visit)),
        Tile("Bounce rate", language.percent(totals.bounce_rate), "visits of one page"),
        Tile("Visit duration", language.duration(totals.visit_duration), "on average"),
    ]


def ledger_of(outcomes: dict[str, int], language: Language) -> Ledger:
    """Put the ledger's outcomes in order, the most frequent reason first."""
    reasons = {name: hits for name, hits in outcomes.items() if name not in {_RECEIVED, _STORED}}
    in_order = sorted(reasons.items(), key=lambda reason: (-reason[1], reason[0]))
    words = [(reason_in_words(name, language), hits) for name, hits in in_order]
    return Ledger(outcomes.get(_RECEIVED, 0), outcomes.get(_STORED, 0), words)


def _choice(ask: Ask, today: date) -> tuple[Choice, str]:
    try:
        return read_choice(ask.request.query, today), ""
    except PeriodError as error:
        return read_choice({}, today), str(error)


def _find(store: Store, site: Site, days: DayRange, today: date, language: Language) -> _Found:
    first_day = read_first_day(store, site)
    dimensions = [listing.dimension for listing in LISTINGS]
    report = read_report(store, site, days, dimensions)
    ledger_days = days if first_day else day_range("30d", today)
    return _Found(report, ledger_of(read_ledger(store, site.number, ledger_days), language), first_day)


def _show(ask: Ask, site: Site, choice: Choice, found: _Found, now: datetime, mistake: str) -> web.Response:
    report, k = found.report, site.threshold or ask.board.settings.threshold
    updated, several, rounded = report.updated, choice.days.days > 1, bool(report.rounded)
    language = ask.language
    least = threshold_in_words(k, language, drawn=site.profile.rounds_everything)
    return ask.render(
        "site.html",
        400 if mistake else 200,
        site=site,
        several=len(ask.sites) > 1,
        picker=picker_of(choice, now.date()),
        custom=(ask.request.query.get("from", ""), ask.request.query.get("to", "")),
        mistake=mistake,
        first_day=found.first_day,
        starts_here=found.first_day is not None and choice.days.first <= found.first_day <= choice.days.last,
        snippet=snippet_of(ask, site),
        tiles=tiles_of(report.totals, choice.days, language, rounded=rounded or bool(report.noisy)),
        is_empty=report.totals == Figures(),
        emptiness=emptiness_in_words(language, several=several, withheld=bool(report.withheld), rounded=rounded),
        several_days=several,
        chart=draw_chart(report.points, now.replace(tzinfo=None)),
        lists=view_lists(report.rows, report.totals, least, language),
        k=least,
        unfinished=[day for day in report.unfinished if day not in report.withheld],
        withheld=withheld_in_words(language, several=several) if report.withheld else "",
        rounding=rounding_in_words(k, language) if rounded else "",
        noise=noise_in_words(language) if report.noisy else "",
        updated=updated,
        updated_in_words=language.time(updated, site.zone, now.date()) if updated else "",
        ledger=found.ledger if found.first_day is None or _may_be_exact(site, report) else None,
    )


def _may_be_exact(site: Site, report: Report) -> bool:
    """Tell whether the ledger's counts, which are exact, may stand beside the report."""
    return site.profile.shows_open_days and not (report.withheld or report.rounded or report.noisy)
