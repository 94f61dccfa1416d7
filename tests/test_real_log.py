"""A real log's report against a computation of its own, which reads the file by itself.

Nothing of the import is used here but the bot detector and the names of sources: the lines, what
is a page, the cutting of addresses, days, visitors, visits and the rule of release are all written
down a second time, in plain Python.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path
from urllib.parse import parse_qs, unquote
from zoneinfo import ZoneInfo

import pytest

from aggregate.cells import Cell, Figures
from aggregate.periods import DayRange
from aggregate.reading import Report, read_ledger, read_report
from core.sites import add_site
from core.store import Store
from ingest.bots import BotDetector
from ingest.sources import SourceResolver
from ingest.url_hygiene import Utm
from tests.fixtures.importing import import_log

LOG = Path(__file__).parents[2] / "shared" / "data" / "access-1.log"
DOMAIN = "semicomplete.com"
NOW = datetime(2026, 6, 1, tzinfo=UTC)
K = 10

pytestmark = pytest.mark.skipif(not LOG.exists(), reason="../shared/data/access-1.log is not here")

FORMAT = re.compile(r'(\d+\.\d+\.\d+)\.\d+ - - \[([^]]+)\] "(\S+) (\S+) [^"]*" (\d+) \S+ "([^"]*)" "([^"]*)"')
SHOWN = {"200", "201", "202", "203", "304"}
NO_PAGES = re.compile(
    r"\.(png|jpe?g|gif|ico|svg|css|js|ttf|woff|swf|xsl|xml|txt|log|pdf|doc|tex|jar|exe|gz|gem|pcap"
    r"|py|pyc|c|cpp|lua|sh|m4|mk|conf|spec|markdown)$",
    re.IGNORECASE,
)
FEED = re.compile(r"(^|&)flav=(rss|atom)")


@dataclass
class Visit:
    """One visit, as a person with paper and pencil would write it down."""

    visitor: tuple[str, str]
    source: str
    times: list[datetime] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)

    @property
    def seconds(self) -> int:
        """From the first view to the last."""
        return int((self.times[-1] - self.times[0]).total_seconds())


def read_by_hand(zone: str) -> tuple[Counter[str], dict[date, list[Visit]]]:
    """Read the file: what became of its lines, and every day's visits."""
    bots, sources = BotDetector(), SourceResolver()
    outcomes: Counter[str] = Counter()
    views: dict[date, dict[tuple[str, str], list[tuple[datetime, int, str, str]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for number, text in enumerate(LOG.read_text(encoding="utf-8", errors="replace").splitlines()):
        found = FORMAT.fullmatch(text)
        outcomes["received"] += 1
        assert found is not None
        network, stamp, method, target, status, referrer, user_agent = found.groups()
        path, _, query = target.partition("?")
        if method != "GET" or NO_PAGES.search(path) or FEED.search(query):
            outcomes["not a page"] += 1
        elif status not in SHOWN:
            outcomes["status"] += 1
        elif bots.is_bot("" if user_agent == "-" else user_agent):
            outcomes["bot"] += 1
        else:
            outcomes["stored"] += 1
            tags = {name: values[0] for name, values in parse_qs(query).items()}
            tag = Utm(source=tags.get("utm_source", ""), ref=tags.get("source") or tags.get("ref", ""))
            source = sources.resolve("" if referrer == "-" else referrer, DOMAIN, tag, DOMAIN).source
            at = datetime.strptime(stamp, "%d/%b/%Y:%H:%M:%S %z")
            day = at.astimezone(ZoneInfo(zone)).date()
            views[day][network, user_agent].append((at, number, unquote(path), source or "Direct / None"))
    return outcomes, {day: list(_visits(of_day)) for day, of_day in views.items()}


def _visits(views: dict[tuple[str, str], list[tuple[datetime, int, str, str]]]) -> Iterable[Visit]:
    for visitor, seen in views.items():
        visit: Visit | None = None
        for at, _number, page, source in sorted(seen):
            if visit is None or (at - visit.times[-1]).total_seconds() > 30 * 60:
                if visit is not None:
                    yield visit
                visit = Visit(visitor, source)
            visit.times.append(at)
            visit.pages.append(page)
        if visit is not None:
            yield visit


def totals_by_hand(visits: list[Visit]) -> dict[str, float]:
    """Count a day."""
    return {
        "visitors": len({visit.visitor for visit in visits}),
        "visits": len(visits),
        "pageviews": sum(len(visit.pages) for visit in visits),
        "bounce_rate": round(100 * sum(len(visit.pages) == 1 for visit in visits) / len(visits), 1),
        "visit_duration": round(sum(visit.seconds for visit in visits) / len(visits), 1),
    }


Rows = dict[str | None, tuple[int, int, int]]
"""Visitors, visits and pageviews by value; None is the row "Other"."""

Shares = dict[str, list[tuple[Visit, int]]]
"""By value: the visits that had it, and how many of their pageviews."""


def pages_by_hand(visits: list[Visit]) -> Shares:
    """Sort a day's visits by page: a visit is under each of its pages."""
    pages = {page for visit in visits for page in visit.pages}
    return {page: [(visit, visit.pages.count(page)) for visit in visits if page in visit.pages] for page in pages}


def sources_by_hand(visits: list[Visit]) -> Shares:
    """Sort a day's visits by source."""
    sources = {visit.source for visit in visits}
    return {
        source: [(visit, len(visit.pages)) for visit in visits if visit.source == source] for source in sources
    }


def released_by_hand(shares: Shares) -> Rows:
    """Show what at least K visitors share; the others together, if they are K people as well."""
    shown: Rows = {value: _count(share) for value, share in shares.items() if _count(share)[0] >= K}
    hidden = [pair for value, share in shares.items() if value not in shown for pair in share]
    if shown and hidden and _count(hidden)[0] < K:
        smallest = max(shown, key=lambda value: (-shown[value][0], value or ""))
        hidden += shares[str(smallest)]
        del shown[smallest]
    if shown and hidden:
        shown[None] = _count(hidden)
    return shown


def _count(share: list[tuple[Visit, int]]) -> tuple[int, int, int]:
    """Count people once each, visits once each, and pageviews."""
    visitors = {visit.visitor for visit, _views in share}
    return len(visitors), len({id(visit) for visit, _views in share}), sum(views for _visit, views in share)


def _sum(figures: Iterable[tuple[int, int, int]]) -> tuple[int, int, int]:
    visitors, visits, pageviews = (sum(column) for column in zip(*figures, strict=True))
    return visitors, visits, pageviews


def totals_of(report: Report) -> dict[str, float | None]:
    """Give the five totals that people look at."""
    totals = report.totals
    return {
        "visitors": totals.visitors,
        "visits": totals.visits,
        "pageviews": totals.pageviews,
        "bounce_rate": totals.bounce_rate,
        "visit_duration": totals.visit_duration,
    }


def rows_of(cells: list[Cell]) -> Rows:
    """Give a report's rows."""
    return {cell.value: _three(cell.figures) for cell in cells}


def _three(figures: Figures) -> tuple[int, int, int]:
    return figures.visitors, figures.visits, figures.pageviews


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles"])
def test_a_real_log_gives_what_a_careful_person_counts(store: Store, tmp_path: Path, zone: str) -> None:
    """Totals, top pages and sources of every day and of all days are those of a second computation."""
    outcomes, days = read_by_hand(zone)
    site = add_site(store, DOMAIN, zone, NOW)
    done = import_log(store, tmp_path, LOG, site, NOW, K)
    assert done.days == tuple(sorted(days))
    whole = DayRange(min(days), max(days))
    assert done.outcomes == outcomes == read_ledger(store, site.number, whole)
    assert done.not_understood == ()

    expected: dict[str, list[Rows]] = {"page": [], "source": []}
    for day, visits in sorted(days.items()):
        report = read_report(store, site, DayRange(day, day), ["page", "source"])
        assert totals_of(report) == totals_by_hand(visits), day
        for dimension, count in (("page", pages_by_hand), ("source", sources_by_hand)):
            rows = released_by_hand(count(visits))
            expected[dimension].append(rows)
            assert rows_of(report.rows[dimension]) == rows, (day, dimension)
            assert _top(report.rows[dimension]) == _top_by_hand(rows), (day, dimension)

    report = read_report(store, site, whole, ["page", "source"])
    visitor_days = sum(len({visit.visitor for visit in visits}) for visits in days.values())
    assert totals_of(report) == totals_by_hand([*chain(*days.values())]) | {"visitors": visitor_days}
    for dimension, by_day in expected.items():
        values = {value for rows in by_day for value in rows}
        rows = {value: _sum(each[value] for each in by_day if value in each) for value in values}
        assert rows_of(report.rows[dimension]) == rows
        assert _top(report.rows[dimension]) == _top_by_hand(rows)


def _top(cells: list[Cell]) -> list[str | None]:
    named: list[str | None] = [cell.value for cell in cells if cell.value is not None]
    return named[:10]


def _top_by_hand(rows: Rows) -> list[str | None]:
    named: list[str | None] = [value for value in rows if value is not None]
    return sorted(named, key=lambda value: (-rows[value][0], -rows[value][2], value or ""))[:10]


def test_a_real_log_imported_twice_counts_once(embedded: Store, tmp_path: Path) -> None:
    """The second time nothing changes, in the report or in the ledger."""
    site = add_site(embedded, DOMAIN, "UTC", NOW)
    first = import_log(embedded, tmp_path, LOG, site, NOW, K)
    days = DayRange(first.days[0], first.days[-1])
    report = read_report(embedded, site, days, ["page", "source"])
    assert import_log(embedded, tmp_path, LOG, site, NOW, K) == first
    assert read_report(embedded, site, days, ["page", "source"]) == report
    assert read_ledger(embedded, site.number, days) == first.outcomes
