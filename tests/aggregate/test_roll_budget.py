"""How often open days are rolled."""

from datetime import date, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from aggregate.jobs import JOBS, Workplace, run_job
from aggregate.roll_budget import OpenRoll, last_open_rolls, resting
from core.deletions import DeletionRecord
from core.settings import Settings
from core.sites import add_site
from core.store import Store
from tests.fixtures.raw import DAY_START, event, store_events

DAY = date(2026, 5, 1)
NOON = DAY_START + timedelta(hours=12)


@given(st.lists(st.floats(0.001, 60), min_size=1, max_size=6))
def test_rolling_takes_a_tenth_of_a_core_whatever_the_traffic(seconds: list[float]) -> None:
    """Hour after hour, looking every second, all sites together are rolled for a tenth of the time."""
    ends = NOON + timedelta(hours=1)
    rolls = [OpenRoll(site, DAY, NOON, each) for site, each in enumerate(seconds)]
    spent, now = 0.0, NOON
    while now < ends:
        rests = resting(rolls, now)
        due = [roll.site for roll in rolls if (roll.site, roll.day) not in rests]
        spent += sum(seconds[site] for site in due)
        rolls = [OpenRoll(roll.site, DAY, now, roll.seconds) if roll.site in due else roll for roll in rolls]
        now += timedelta(seconds=1)
    assert spent <= 0.1 * 3600 + sum(seconds)


def test_a_small_site_does_not_wait_for_a_large_one() -> None:
    """Beside a site whose roll takes ten seconds, one of ten milliseconds is rolled every few seconds."""
    rolls = [OpenRoll(1, DAY, NOON, 10), OpenRoll(2, DAY, NOON, 0.01)]
    after = [resting(rolls, NOON + timedelta(seconds=passed)) for passed in (3, 4, 103, 104)]
    assert after == [{(1, DAY), (2, DAY)}, {(1, DAY)}, {(1, DAY)}, set()]


def test_the_scheduler_spares_the_core_and_a_person_is_answered_at_once(store: Store, tmp_path: Path) -> None:
    """A day whose last roll took minutes is not rolled again in the next one, unless somebody asks."""
    site = add_site(store, "example.com", "UTC", DAY_START)
    by_hand = Workplace(store, Settings(data=tmp_path), DeletionRecord(store, tmp_path))
    scheduled = Workplace(store, by_hand.settings, by_hand.deletions, sparing=True)
    roll = next(job for job in JOBS if job.name == "roll")

    def arrives_and_is_rolled(workplace: Workplace, now: datetime) -> str:
        store_events(store, [event(site, NOON)])
        return run_job(roll, workplace, now)

    said = [arrives_and_is_rolled(scheduled, NOON)]
    store.run("ALTER TABLE published UPDATE took = 60000 WHERE 1 SETTINGS mutations_sync = 2")
    minute = NOON + timedelta(minutes=1)
    said += [arrives_and_is_rolled(scheduled, minute), arrives_and_is_rolled(by_hand, minute)]
    assert said == ["rolled 1 open day", "", "rolled 1 open day"]
    assert [(roll.site, roll.day, roll.at) for roll in last_open_rolls(store)] == [(site.number, DAY, minute)]
