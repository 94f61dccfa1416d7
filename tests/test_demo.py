"""The demo: made-up traffic that fills every list, through the same gate, spool and jobs as any other."""

import asyncio
import stat
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

import pytest

from aggregate.cells import DIMENSIONS, OTHER
from aggregate.jobs import JOBS, Workplace, close_next_days, run_job
from aggregate.periods import DayRange
from aggregate.reading import Report, read_ledger, read_report
from core.clock import day_of, days_between
from core.deletions import DeletionRecord
from core.errors import SiteError
from core.settings import Settings
from core.sites import SiteRegistry, add_site
from core.store import Store
from dashboards.people.accounts import verify_password
from dashboards.people.demo_account import DEMO_EMAIL, demo_password
from dashboards.sites.demo_goals import DEMO_GOALS, add_demo_goals
from dashboards.sites.goals import list_goals
from ingest.demo.catching_up import arriving, catch_up
from ingest.demo.filling import DemoFilling, demo_site_in, first_day
from ingest.demo.making import Gap
from ingest.demo.rhythm import visitors_on
from ingest.demo.traffic import STAGING, DemoTraffic, entries_of
from ingest.demo.visiting import demo_visitors
from ingest.gate import Knowledge
from ingest.keys import ImportKeys
from tests.fixtures.collecting import SITE
from tests.fixtures.hands import Hands
from tests.fixtures.serving import wait_until

BEGAN = date(2026, 5, 3)
NOW = datetime(2026, 5, 3, 10, tzinfo=UTC)
WEEK = DayRange(date(2026, 4, 8), date(2026, 4, 14))  # a part of its month


@pytest.fixture
def known(knowledge: Knowledge) -> Knowledge:
    """What the demo's gate knows: it counts no views of the staging host."""
    return replace(knowledge, excluded_hostnames=(STAGING,))


@pytest.fixture
def clock() -> Hands:
    """The time, which is the morning of the demo's first start."""
    return Hands(NOW)


def first_start(store: Store, known: Knowledge, clock: Hands, folder: Path) -> DemoFilling:
    """Start a demo for the first time."""
    settings = Settings(data=folder, key_folder=folder)
    return DemoFilling(store, settings, demo_site_in(store, NOW), known, NOW, clock)


@pytest.fixture
def filling(embedded: Store, known: Knowledge, clock: Hands, tmp_path: Path) -> DemoFilling:
    """A demo that is started for the first time."""
    return first_start(embedded, known, clock, tmp_path)


@pytest.fixture
def this_month(filling: DemoFilling) -> DemoFilling:
    """A demo that begins two days before its first start, with the month."""
    return replace(filling, past_days=2)


def publish(filling: DemoFilling, *names: str) -> None:
    """Run jobs as the command does."""
    workplace = Workplace(filling.store, filling.settings, DeletionRecord(filling.store, filling.settings.data))
    for job in JOBS:
        if job.name in names:
            run_job(job, workplace, filling.clock())


def stored(filling: DemoFilling, day: date, until: datetime) -> int:
    """Count what is to be stored of a day's traffic up to an instant."""
    sent = [
        each
        for each in filling.making.traffic.sent_on(day_of(day, filling.site.zone))
        if each.arrival.received <= until
    ]
    known = replace(filling.today, keys=ImportKeys())
    return sum(entry.row is not None for entry in entries_of(sent, SiteRegistry([filling.site]), known))


def raw(filling: DemoFilling) -> dict[date, int]:
    """Count the raw events by day."""
    rows = filling.store.rows("SELECT day, count() FROM events GROUP BY day")
    return {date.fromisoformat(day): count for day, count in rows}


def named(report: Report, dimension: str) -> set[str]:
    """Give the values that a list shows."""
    return {cell.value for cell in report.rows[dimension] if cell.value not in {OTHER, ""}}


def test_the_same_day_of_the_same_demo_has_the_same_traffic() -> None:
    """Who starts the demo anew sees for each day the very beacons that it would have had."""
    day = day_of(date(2026, 4, 9), SITE.zone)
    first = DemoTraffic(BEGAN).sent_on(day)
    assert first == DemoTraffic(BEGAN).sent_on(day)
    assert first != DemoTraffic(BEGAN, seed=2).sent_on(day)
    assert all(day.holds(sent.arrival.received) for sent in first)


def test_a_year_shows_weeks_growth_a_season_and_a_launch() -> None:
    """The graph over 13 months has something to tell: offices close at weekends, and one day stands out."""
    days = list(days_between(first_day(BEGAN), BEGAN))
    visitors = {
        day: visitors_on(Random(str(day)), day, BEGAN)  # noqa: S311 (made-up traffic)
        for day in days
    }

    def mean(chosen: list[date]) -> float:
        return sum(visitors[day] for day in chosen) / len(chosen)

    busiest = max(visitors, key=lambda day: visitors[day])
    assert (days[0], BEGAN - busiest) == (date(2025, 4, 1), timedelta(days=130))
    assert visitors[busiest] > 3 * visitors[busiest - timedelta(days=7)]
    for first in range(0, len(days) - 7, 7):
        week = [day for day in days[first : first + 7] if not 0 <= (day - busiest).days < 7]
        weekend = [day for day in week if day.isoweekday() > 5]
        working = [day for day in week if day.isoweekday() <= 5]
        assert not weekend or not working or mean(weekend) < mean(working)
    assert mean(days[-30:]) > 1.4 * mean(days[:30])
    winter = [
        day
        for day in days
        if (day.year, day.month) in {(2025, 12), (2026, 1)} and (day - busiest).days not in range(7)
    ]
    summer = [day for day in days if (day.year, day.month) == (2025, 7)]
    assert mean(winter) > 1.4 * mean(summer)


def test_a_week_fills_every_list_of_a_page(filling: DemoFilling) -> None:
    """With k at 10 each list of a closed week shows several rows, and the ledger says what was not counted."""
    filling.fill(tuple(Gap(day, None) for day in days_between(WEEK.first, WEEK.last)))
    publish(filling, "close", "add-up")
    props = ("prop:plan", "prop:payment", "prop:delivery", "prop:url", "prop:path")
    report = read_report(filling.store, filling.site, WEEK, (*DIMENSIONS, *props))
    assert report.unfinished == []
    shown = {dimension: len(named(report, dimension)) for dimension in report.rows}
    assert {dimension for dimension, rows in shown.items() if rows < 2} == set()
    assert shown["country"] >= 20
    assert shown["source"] >= 15
    assert shown["page"] >= 20
    assert named(report, "device") == {"Desktop", "Mobile", "Tablet"}
    assert named(report, "screen") == {"Desktop", "Laptop", "Mobile", "Tablet"}
    assert named(report, "event") == {"404", "File Download", "Outbound Link: Click", "Purchase", "Signup"}
    pages = [cell for cell in report.rows["page"] if cell.value in {"/", "/pricing", "/blog/sourdough-in-a-week"}]
    assert all(cell.figures.seconds and cell.scroll_depth for cell in pages)
    ledger = read_ledger(filling.store, filling.site.number, WEEK)
    assert ledger.keys() == {"received", "stored", "bot", "prefetch", "excluded hostname"}
    assert ledger["received"] == sum(hits for outcome, hits in ledger.items() if outcome != "received")


def test_a_second_start_adds_what_is_missing_and_nothing_else(
    store: Store, known: Knowledge, clock: Hands, tmp_path: Path
) -> None:
    """Days that are there stay as they are; the day that was cut off goes on where it ended."""
    filling = replace(first_start(store, known, clock, tmp_path), past_days=2)
    (month,), _older = filling.missing()
    assert month == tuple(Gap(date(2026, 5, day), None) for day in (1, 2, 3))
    filling.fill(month)
    publish(filling, "roll", "close", "destroy-raw")
    before = raw(filling)
    assert before == {BEGAN: stored(filling, BEGAN, NOW)}

    clock.now = datetime(2026, 5, 4, 15, tzinfo=UTC)
    again = replace(filling, site=demo_site_in(filling.store, clock()), until=clock())
    (month,), _older = again.missing()
    assert [gap.day.day for gap in month] == [3, 4]
    again.fill(month)
    assert raw(again) == {day: stored(again, day, clock()) for day in (BEGAN, date(2026, 5, 4))}
    again.fill(again.missing()[0][0])
    assert sum(raw(again).values()) == sum(stored(again, day, clock()) for day in (BEGAN, date(2026, 5, 4)))


def test_recent_months_come_first_and_no_month_is_left_out(filling: DemoFilling) -> None:
    """The pages open with more than the last 30 days there; the months before follow, the newest first."""
    recent, older = filling.missing()
    firsts = [(month[0].day.year, month[0].day.month) for month in (*recent, *older)]
    assert len(recent) == 2
    assert firsts == [(2026, month) for month in (5, 4, 3, 2, 1)] + [(2025, month) for month in range(12, 3, -1)]
    assert sum(map(len, (*recent, *older))) == (BEGAN - date(2025, 4, 1)).days + 1


def test_the_present_day_shows_lists_at_the_first_look(this_month: DemoFilling) -> None:
    """The day is brought in by stages, since lists come a step late; nothing comes twice."""
    catch_up(this_month, partial(pieces, this_month), threading.Event())
    report = read_report(this_month.store, this_month.site, DayRange(BEGAN, BEGAN), ("source", "page"))
    assert all(report.rows.values())
    assert raw(this_month)[BEGAN] == stored(this_month, BEGAN, NOW)


def test_the_demos_goals_are_what_its_visitors_do(filling: DemoFilling) -> None:
    """Each goal is counted in the week's report; a second start adds none."""
    for _start in range(2):
        add_demo_goals(filling.store, filling.site, NOW)
    assert list_goals(filling.store, filling.site) == sorted(DEMO_GOALS, key=lambda goal: goal.heading)
    sent = [
        entry.row or b""
        for entry in entries_of(
            filling.making.traffic.sent_on(day_of(BEGAN, filling.site.zone)),
            SiteRegistry([filling.site]),
            filling.today,
        )
    ]
    assert all(sum(f'"{goal.name}"'.encode() in row for row in sent) > 10 for goal in DEMO_GOALS)


def test_a_demo_that_is_ended_stops_after_a_piece_of_work(this_month: DemoFilling) -> None:
    """Whoever ends the demo while it fills waits for a day or some, not for the months; the next start goes on."""
    stopping = threading.Event()

    def publish_and_stop() -> Iterator[int]:
        for days in pieces(this_month):
            stopping.set()
            yield days

    catch_up(this_month, publish_and_stop, stopping)
    assert closed(this_month) == ["2026-05-01"]
    (month,), older = this_month.missing()
    assert ([gap.day.day for gap in month], older) == ([2, 3], [])
    publish(this_month, "close")
    assert closed(this_month) == ["2026-05-01", "2026-05-02"]


def pieces(filling: DemoFilling) -> Iterator[int]:
    """Publish as the command does, a day at a time."""
    workplace = Workplace(filling.store, filling.settings, DeletionRecord(filling.store, filling.settings.data))
    while closed_days := close_next_days(workplace, filling.clock(), 1):
        yield closed_days
    publish(filling, "roll")
    yield 0


async def test_older_months_arrive_meanwhile(filling: DemoFilling, capsys: pytest.CaptureFixture[str]) -> None:
    """They are filled and closed beside all else, and who waits is told what comes and when all of it is there."""
    short = replace(filling, past_days=33)
    _recent, older = short.missing()
    assert older == [(Gap(date(2026, 3, 31), None),)]
    said: list[str] = []

    def is_told() -> bool:
        said.append(capsys.readouterr().err)
        return "All days are there." in "".join(said)

    async with arriving(short, older, partial(pieces, short), threading.Event()):
        await asyncio.to_thread(wait_until, is_told)
    assert "the newest first: the day before." in "".join(said)
    assert closed(short) == ["2026-03-31"]


def closed(filling: DemoFilling) -> list[str]:
    """Give the days that are published for good."""
    return [day for (day,) in filling.store.rows("SELECT day FROM published FINAL WHERE closed ORDER BY day")]


def test_visitors_come_while_the_demo_runs_also_past_midnight(filling: DemoFilling, clock: Hands) -> None:
    """Each beacon comes once, at its time; at midnight the day's key goes and is written down."""
    with demo_visitors(filling) as visitors:
        for clock.now in (NOW, NOW + timedelta(minutes=30), datetime(2026, 5, 4, 1, tzinfo=UTC)):
            visitors.send_due(clock())
        tomorrow = BEGAN + timedelta(days=1)
        morning = stored(filling, BEGAN, NOW)
        assert raw(filling) == {
            BEGAN: stored(filling, BEGAN, clock()) - morning,
            tomorrow: stored(filling, tomorrow, clock()),
        }
    deletions = filling.store.rows("SELECT what, day FROM deletions")
    assert deletions == [["key", BEGAN.isoformat()]]


def test_a_store_with_sites_of_ones_own_is_not_made_a_demo(store: Store) -> None:
    """The demo refuses to add its traffic and its account to somebody's real Footfall."""
    add_site(store, "example.com", "UTC", NOW)
    with pytest.raises(SiteError, match="name another one with --data"):
        demo_site_in(store, NOW)


def test_the_demos_password_stays_the_same(embedded: Store, tmp_path: Path) -> None:
    """The second start tells the password of the first; it lies in a file for its owner alone."""
    password = demo_password(embedded, tmp_path, NOW)
    assert demo_password(embedded, tmp_path, NOW) == password
    assert verify_password(embedded, DEMO_EMAIL, password, NOW) is not None
    (file,) = tmp_path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.unlink()
    assert verify_password(embedded, DEMO_EMAIL, demo_password(embedded, tmp_path, NOW), NOW) is not None
