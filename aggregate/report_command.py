"""The command `footfall report`: a report in the terminal, or for a program."""

from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from typing import Annotated

import typer
from rich.console import Console

from aggregate.cells import DIMENSIONS, Filter
from aggregate.comparing import Against, days_against
from aggregate.first_day import read_first_day
from aggregate.periods import PERIODS, day_range
from aggregate.points import Interval
from aggregate.reading import check_dimension, read_report
from aggregate.rendering import as_csv, as_json, print_table
from core.accesses import Access, Accessed, AccessRecord, system_user
from core.clock import local_day, system_clock
from core.command_line import Data, Domain, chosen_settings, opened_store
from core.errors import PeriodError
from core.sites import find_site

_DAY = "%Y-%m-%d"


class Format(StrEnum):
    """How a report is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def report(
    domain: Domain,
    period: Annotated[str, typer.Option(help=f"One of {', '.join(PERIODS)}.")] = "day",
    on: Annotated[
        datetime | None, typer.Option("--date", formats=[_DAY], help="The day, or the last day of the period.")
    ] = None,
    first: Annotated[
        datetime | None, typer.Option("--from", formats=[_DAY], help="First day, with --period custom.")
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=[_DAY], help="Last day, with --period custom.")
    ] = None,
    by: Annotated[
        str | None, typer.Option(help=f"One of {', '.join(DIMENSIONS)}; or {', '.join(Interval)}.")
    ] = None,
    against: Annotated[
        Against | None, typer.Option("--compare", help="Compare with the previous period or year.")
    ] = None,
    where: Annotated[
        str | None, typer.Option("--filter", help="Only visits like these, such as country=DE or page=/pricing.")
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="Output format.")] = Format.TABLE,
    data: Data = None,
) -> None:
    """Print a report of a site."""
    chosen = chosen_settings(data=data)
    interval = Interval(by) if by in frozenset(Interval) else None
    if by is not None and interval is None:
        check_dimension(by)
    chosen_filter = _filter(where)
    with opened_store(chosen) as store:
        site = find_site(store, domain)
        now = system_clock()
        what = Accessed.REPORT if form is Format.TABLE else Accessed.EXPORT
        AccessRecord(store, chosen.data).append(Access(now, system_user(), what, site.number, by or ""))
        today = local_day(now, site.zone).day
        earliest = read_first_day(store, site) if period == "all" or against else None
        days = day_range(period, today, _date(on), _date(first), _date(last), earliest)
        read = partial(read_report, store, site, dimensions=_listed(by, interval), where=chosen_filter)
        found = read(days, interval=interval)
        before = read(days_against(days, against), interval=interval) if against else None
        before = replace(before, first_day=earliest) if before else None
    if form is Format.JSON:
        typer.echo(as_json(site.domain, found, by, before))
    elif form is Format.CSV:
        typer.echo(as_csv(found, by, before), nl=False)
    else:
        print_table(Console(), site.name, found, by, site.threshold or chosen.threshold, before)


def _listed(by: str | None, interval: Interval | None) -> tuple[str, ...]:
    return (by,) if by and interval is None else ()


def _date(value: datetime | None) -> date | None:
    return value.date() if value is not None else None


def _filter(text: str | None) -> Filter | None:
    if text is None:
        return None
    dimension, equals, value = text.partition("=")
    if not (equals and value):
        raise PeriodError(f"--filter {text}: give a dimension and a value, such as country=DE.")
    return Filter(dimension.strip(), value.strip())
