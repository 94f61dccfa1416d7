"""What was measured of the store, as tables."""

from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import median

from rich.console import Console
from rich.table import Table

from bench.disk import Size
from bench.rolls import EngineRolls, Roll, ratios_to_bare, seconds_of
from bench.tables import told
from bench.timed_store import by_name
from bench.traffic_day import DayShape

TARGET_OPEN, TARGET_CLOSING, TARGET_MEMORY = 1.5, 10.0, 4.0  # seconds, seconds, GiB
_MIB_IN_GIB = 1024
_LEFT = frozenset({"", "statement", "table"})


def columns(title: str | None, *names: str) -> Table:
    """Give a table with these columns, names to the left and numbers to the right."""
    table = Table(title=title, title_justify="left")
    for name in names:
        table.add_column(name, justify="left" if name in _LEFT else "right", no_wrap=True)
    return table


def print_shape(console: Console, shape: DayShape) -> None:
    """Print what the generated day is like."""
    console.print(
        f"A day of {shape.events:,} events: {shape.visitors:,} visitors, {shape.visits:,} visits, "
        f"{shape.pageviews:,} pageviews,\n"
        f"{_share(shape.custom_events, shape)} custom, {_share(shape.engagement_events, shape)} engagement, "
        f"{_share(shape.tagged_events, shape)} tagged; {shape.pages:,} pages, {shape.sources} sources, "
        f"{shape.referrers} referrers,\n"
        f"{shape.countries} countries, {shape.platforms} browsers and systems by version; "
        f"fingerprint {shape.fingerprint}"
    )


def print_rolls(console: Console, rolls: EngineRolls) -> None:
    """Print the rounds on one engine."""
    console.print(f"\n[bold]{rolls.engine}[/bold], ClickHouse {rolls.version}")
    print_shape(console, rolls.shape)
    table = columns(
        None, "", "seconds", "to the baseline", "statements", "store s", "Python s", "peak MiB", "rows sent"
    )
    bare = [roll.bare for roll in (*rolls.open_rolls, *rolls.closings)]
    table.add_row("baseline", f"{median(bare):.3f}", "1", "1", "", "", "", "")
    table.add_row("open roll", *_cells(rolls.open_rolls))
    table.add_row("closing", *_cells(rolls.closings), style="bold")
    console.print(table)
    for title, rounds in (("The open roll", rolls.open_rolls), ("The closing", rolls.closings)):
        console.print(_statements(f"{title}, statement by statement (medians)", rounds))
    print_disk(console, rolls.reports, rolls.bytes_an_event)
    _print_aims(console, rolls)
    if not rolls.is_exact:
        console.print("[red]The report's totals are not those of the day that was generated.[/red]")


def print_disk(console: Console, reports: Mapping[str, Size], bytes_an_event: float) -> None:
    """Print what events and reports take up."""
    table = columns("What a day leaves on disk", "table", "rows", "bytes", "bytes a row")
    for name, size in reports.items():
        table.add_row(name, f"{size.rows:,.0f}", f"{size.bytes:,.0f}", f"{size.bytes / size.rows:,.1f}")
    console.print(table)
    console.print(
        f"raw: {bytes_an_event:.1f} bytes an event; "
        f"reports: {sum(size.bytes for size in reports.values()):,.0f} bytes a day"
    )


def _print_aims(console: Console, rolls: EngineRolls) -> None:
    memory = max(roll.peak_memory for roll in (*rolls.open_rolls, *rolls.closings)) / _MIB_IN_GIB
    console.print(
        f"open roll (totals and single dimensions): {told(seconds_of(rolls.open_rolls))} s  "
        f"(of a million events at most {TARGET_OPEN})\n"
        f"closing (with the cube): {told(seconds_of(rolls.closings))} s  "
        f"(of a million events at most {TARGET_CLOSING:.0f})\n"
        f"memory: {memory:.2f} GiB  (at most {TARGET_MEMORY:.0f})"
    )


def _cells(rolls: Sequence[Roll]) -> list[str]:
    return [
        told(seconds_of(rolls)),
        told(ratios_to_bare(rolls), 0),
        f"{len(rolls[0].statements):,}",
        f"{median(roll.store_seconds for roll in rolls):.2f}",
        f"{median(roll.seconds - roll.store_seconds for roll in rolls):.2f}",
        f"{max(roll.peak_memory for roll in rolls):,.0f}",
        f"{rolls[0].rows_inserted:,}",
    ]


def _statements(title: str, rolls: Sequence[Roll]) -> Table:
    table = columns(title, "statement", "times", "seconds", "share", "ended after", "rows")
    times = Counter(one.name for one in rolls[0].statements)
    for name, rounds in by_name([roll.statements for roll in rolls]).items():
        seconds = median(one.seconds for one in rounds)
        table.add_row(
            name,
            str(times[name]),
            f"{seconds:.3f}",
            f"{seconds / median(roll.seconds for roll in rolls):.0%}",
            f"{median(one.ended for one in rounds):.2f}",
            "-" if rounds[0].rows is None else f"{rounds[0].rows:,}",
        )
    return table


def _share(events: int, shape: DayShape) -> str:
    return f"{events / shape.events:.1%}"
