"""One measurement of a roll: a generated day is rolled while it is open, then closed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import fmean, median
from time import perf_counter

from aggregate.periods import DayRange
from aggregate.reading import read_report
from aggregate.rolling import roll_day
from bench.comparison import Spread, Tell, spread
from bench.disk import Size, growth_a_day, table_sizes
from bench.engines import Engine
from bench.machine import BenchError
from bench.process import forget_peak_memory, peak_memory
from bench.timed_store import Statement, TimedStore
from bench.traffic_day import DayShape, write_day
from core.clock import day_of
from core.settings import Settings
from core.sites import Site, add_site
from core.sql import sql
from core.store import Store

FIRST_DAY = date(2026, 5, 1)
DOMAIN, TIMEZONE = "example.com", "Europe/Berlin"

_SITE_ADDED = datetime(2026, 1, 1, tzinfo=UTC)
_BARE_RUNS = 3  # milliseconds each
_AFTER_MIDNIGHT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Roll:
    """One roll. Seconds in all and in statements; ``bare`` are those of the baseline around it.

    ``peak_memory`` is in MiB, of all processes together: this one, and the server's.
    """

    seconds: float
    bare: float
    peak_memory: float
    statements: tuple[Statement, ...]

    @property
    def store_seconds(self) -> float:
        """The time of its statements."""
        return sum(statement.seconds for statement in self.statements)

    @property
    def rows_inserted(self) -> int:
        """How many rows were sent to report tables."""
        return sum(one.rows or 0 for one in self.statements if one.name.startswith("insert into "))


@dataclass(frozen=True, slots=True)
class EngineRolls:
    """The rounds on one engine: each rolls a day of its own, with the same traffic.

    ``raw`` is the size of a day of events, ``reports`` what a day leaves in other tables: its closing, and
    the open roll before it.
    """

    engine: str
    version: str
    shape: DayShape
    raw: Size
    reports: dict[str, Size]
    open_rolls: tuple[Roll, ...]
    closings: tuple[Roll, ...]
    is_exact: bool

    @property
    def bytes_an_event(self) -> float:
        """The bytes of disk that an event takes until its day is destroyed."""
        return self.raw.bytes / self.raw.rows


def seconds_of(rolls: Sequence[Roll]) -> Spread:
    """Give how long the rolls took."""
    return spread([roll.seconds for roll in rolls])


def ratios_to_bare(rolls: Sequence[Roll]) -> Spread:
    """Compare each roll with the baseline around it."""
    return spread([roll.seconds / roll.bare for roll in rolls])


def bench_site(store: Store) -> Site:
    """Add the site whose days are generated."""
    return add_site(store, DOMAIN, TIMEZONE, _SITE_ADDED)


def closing_time(site: Site, day: date) -> datetime:
    """Give an instant at which the day is over."""
    return day_of(day, site.zone).end + _AFTER_MIDNIGHT


def threshold() -> int:
    """Give the k that a new install has."""
    default: int = Settings.model_fields["threshold"].default
    return default


def measure_rolls(engine: Engine, events: int, rounds: int, tell: Tell) -> EngineRolls:
    """Roll so many days on an engine. Raises BenchError, StoreError."""
    site = bench_site(engine.store)
    sizes = table_sizes(engine.store)
    measured = []
    for number in range(rounds):
        day = FIRST_DAY + timedelta(days=number)
        tell(f"{engine.name}, round {number + 1} of {rounds}: a day of {events:,} events is generated and rolled")
        measured.append(_one_day(engine, site, day, events))
    left = growth_a_day(sizes, table_sizes(engine.store), rounds)
    shapes = {shape for shape, *_ in measured}
    if len(shapes) > 1:
        raise BenchError("The generated days differ from each other: the generator is not reproducible.")
    return EngineRolls(
        engine.name,
        engine.version,
        measured[0][0],
        measured[0][1],
        left,
        tuple(one[2] for one in measured),
        tuple(one[3] for one in measured),
        is_exact=all(one[4] for one in measured),
    )


def _one_day(engine: Engine, site: Site, day: date, events: int) -> tuple[DayShape, Size, Roll, Roll, bool]:
    shape = write_day(engine.store, site, day, events)
    raw = table_sizes(engine.store)["events"]
    bare = [_bare_seconds(engine.store, site, day)]
    rolls = [_measured_roll(engine, site, day, bare, close=close) for close in (False, True)]
    exact = is_exact(engine.store, site, DayRange(day, day), shape)
    engine.store.run(f"ALTER TABLE events DROP PARTITION '{day}'")
    return shape, raw, rolls[0], rolls[1], exact


def is_exact(store: Store, site: Site, days: DayRange, shape: DayShape) -> bool:
    """Tell whether a report's totals are what was generated: a roll that is fast and wrong counts for nothing."""
    totals = read_report(store, site, days).totals
    found = (totals.visitors, totals.visits, totals.pageviews)
    return found == tuple(days.days * number for number in (shape.visitors, shape.visits, shape.pageviews))


def _measured_roll(engine: Engine, site: Site, day: date, bare: list[float], *, close: bool) -> Roll:
    """Roll a day; add the baseline's time after it to those before."""
    now = closing_time(site, day)
    for process in engine.processes:
        forget_peak_memory(process)
    store = TimedStore(engine.store)
    seconds = timed(lambda: roll_day(store, site, day, threshold(), now, close=close))
    memory = sum(peak_memory(process) for process in engine.processes)
    bare.append(_bare_seconds(engine.store, site, day))
    return Roll(seconds, fmean(bare[-2:]), memory, tuple(store.statements))


def timed(work: Callable[[], object]) -> float:
    """Give the seconds that a call takes."""
    begun = perf_counter()
    work()
    return perf_counter() - begun


def _bare_seconds(store: Store, site: Site, day: date) -> float:
    """Time the baseline: the least that a roll has to do."""
    key = {"site": site.number, "day": day}
    return median(timed(lambda: store.rows(sql("bench", "events_by_visitor"), key)) for _ in range(_BARE_RUNS))
