"""Everything that a site's page tells, as files: each list, goals, the totals, the graph, the ledger."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime

from aggregate.cells import DIMENSIONS, FILTERED_DIMENSIONS, PARENTS, PROP, Filter
from aggregate.csv_text import csv_of
from aggregate.periods import DayRange
from aggregate.reading import Report
from aggregate.rendering import as_csv
from core.sites import Site
from core.sql import sql
from core.store import Row, Store
from dashboards.exports.goals_file import goals_as_csv
from dashboards.report.panels import GOALS, listed_by
from dashboards.report.view_query import ReadView, ViewQuery, read_view
from dashboards.sites.goals import list_goals

BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel takes a CSV file for the letters of an old Windows code page."""

CRLF = "\r\n"
_LEDGER = ("day", "outcome", "hits")
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._-]+")

Files = dict[str, str]


def list_as_csv(found: ReadView, dimension: str | None) -> str:
    """Give one list as the text of a file; without a dimension, the totals."""
    return BYTE_ORDER_MARK + as_csv(found.report, dimension, found.before, line_end=CRLF)


def read_goals(store: Store, site: Site, view: ViewQuery) -> str:
    """Read what a view tells of a site's goals as the text of a file. Raises PeriodError, StoreError."""
    found = read_view(store, site, view, listed_by(GOALS))
    return BYTE_ORDER_MARK + goals_as_csv(found, list_goals(store, site))


def read_files(store: Store, site: Site, view: ViewQuery) -> tuple[ReadView, Files]:
    """Read all of a view as files by name, and what they were made of. Raises PeriodError, StoreError."""
    props = _listed_props(store, site, view.days)
    listed = () if view.is_all_but else (*listed_dimensions(view.where), *props)
    found = read_view(store, site, view, listed)
    files = {
        "totals.csv": list_as_csv(found, None),
        f"graph_by_{view.interval}.csv": list_as_csv(found, view.interval),
    }
    for dimension, rows in found.report.rows.items():
        if dimension in props and not rows:  # nothing of it is shown in these days, not even its name
            continue
        files[_unused(files, name_in_file(dimension))] = list_as_csv(found, dimension)
    if listed and (goals := list_goals(store, site)):
        files["goals.csv"] = BYTE_ORDER_MARK + goals_as_csv(found, goals)
    if has_ledger(site, found.report):
        files["ledger.csv"] = BYTE_ORDER_MARK + csv_of(_LEDGER, _ledger_by_day(store, site, view.days))
    return found, files


def listed_dimensions(where: Filter | None) -> tuple[str, ...]:
    """Give what can be listed: under a filter versions only under that of their browser or system."""
    if where is None:
        return DIMENSIONS
    return tuple(name for name in DIMENSIONS if name in FILTERED_DIMENSIONS or PARENTS[name] == where.dimension)


def has_ledger(site: Site, report: Report) -> bool:
    """Tell whether the ledger's counts, which are exact, may stand beside a report."""
    return site.profile.shows_open_days and not (report.withheld or report.rounded or report.noisy)


def packed(files: Files, now: datetime) -> bytes:
    """Pack files into a ZIP; ``now`` is the time that they bear."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, now.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16  # who unpacks it may read it
            archive.writestr(entry, text)
    return out.getvalue()


def file_name(site: Site, days: DayRange, what: str, ending: str) -> str:
    """Name a file for people who keep many: example.com_source_2026-05-01_2026-05-31.csv."""
    dates = f"{days.first}" if days.days == 1 else f"{days.first}_{days.last}"
    return f"{name_in_file(site.domain)}_{name_in_file(what)}_{dates}.{ending}"


def name_in_file(text: str) -> str:
    """Give a text as part of a file's name, which every system takes."""
    return _NOT_IN_A_NAME.sub("-", text).strip(".-") or "list"


def _unused(files: Files, name: str) -> str:
    """Name a file as no other is named: two props can differ by what no name can hold."""
    return next(each for each in _names(name) if each not in files)


def _names(name: str) -> Iterator[str]:
    yield f"{name}.csv"
    number = 2
    while True:
        yield f"{name}_{number}.csv"
        number += 1


def _listed_props(store: Store, site: Site, days: DayRange) -> tuple[str, ...]:
    keys = {"site": site.number, "first": days.first, "last": days.last, "prefix": PROP}
    return tuple(name for (name,) in store.rows(sql("dashboards", "listed_props"), keys))


def _ledger_by_day(store: Store, site: Site, days: DayRange) -> list[Row]:
    keys = {"site": site.number, "first": days.first, "last": days.last}
    return store.rows(sql("dashboards", "ledger_by_day"), keys)
