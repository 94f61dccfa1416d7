"""A reset: everything held is destroyed, recorded and told; one that was cut off is completed."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from core.breach_draft import breach_draft
from core.deletions import Destroyed, read_deletions
from core.errors import StoreUnavailableError
from core.resets import Breached, Doomed, Held, Part, newest_reset, run_reset
from core.settings import Settings
from core.sites import add_site
from core.store import Store
from tests.fixtures.hands import Hands

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
TODAY = NOON.date()


class Thing:
    """Something that is held until it is destroyed, which may fail at first."""

    def __init__(self, what: Destroyed, clock: Hands, *, fails: int = 0) -> None:
        self.what = what
        self.is_there = True
        self.fails = fails
        self._clock = clock

    @property
    def part(self) -> Part:
        """The part of a reset that destroys it."""
        return Part(str(self.what), self.survey, self.destroy)

    def survey(self, _breached: Breached) -> Held:
        """Say that it is there."""
        return Held((f"a {self.what}.",), (Doomed(self.what, 7, TODAY),)) if self.is_there else Held()

    def destroy(self, _breached: Breached) -> str:
        """Destroy it, a minute later; it is gone also where this fails afterwards."""
        self._clock.move(minutes=1)
        self.is_there = False
        if self.fails:
            self.fails -= 1
            raise StoreUnavailableError("killed")
        return f"the {self.what} is gone."


@pytest.fixture
def clock() -> Hands:
    """The time, which is noon."""
    return Hands(NOON)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a data folder of the test's own."""
    return Settings(data=tmp_path)


def recorded(store: Store) -> list[tuple[datetime, str, int, date]]:
    """Give what the deletion record says."""
    return [(line.at, line.what, line.site, line.day) for line in read_deletions(store)]


def test_each_part_is_destroyed_in_order_and_recorded(store: Store, settings: Settings, clock: Hands) -> None:
    """What was held is kept, what was done has its time, and each thing has a line in the deletion record."""
    add_site(store, "example.com", "UTC", NOON)
    things = [Thing(what, clock) for what in (Destroyed.KEY, Destroyed.RAW_EVENTS)]
    told: list[str] = []
    reset = run_reset(store, settings, [thing.part for thing in things], clock, told.append)
    one, two = NOON + timedelta(minutes=1), NOON + timedelta(minutes=2)
    assert newest_reset(store) == reset
    assert (reset.began, reset.ended, reset.sites) == (NOON, two, ("example.com",))
    assert (told, reset.held) == (["key", "raw events"], ("a key.", "a raw events."))
    assert [(done.at, done.text) for done in reset.done] == [
        (one, "the key is gone."),
        (two, "the raw events is gone."),
    ]
    assert recorded(store) == [(one, "key", 7, TODAY), (two, "raw events", 7, TODAY)]


@pytest.mark.parametrize("cut_off", [0, 1])
def test_a_reset_that_was_cut_off_is_completed(
    store: Store, settings: Settings, clock: Hands, cut_off: int
) -> None:
    """Killed after destroying, before its line: the second run writes it, and tells what the first one found."""
    things = [Thing(what, clock) for what in (Destroyed.KEY, Destroyed.RAW_EVENTS)]
    things[cut_off].fails = 1
    parts = [thing.part for thing in things]
    with pytest.raises(StoreUnavailableError):
        run_reset(store, settings, parts, clock)
    first = newest_reset(store)
    second = run_reset(store, settings, parts, clock)
    assert first is not None
    assert (first.ended, second.name, second.began) == (None, first.name, NOON)
    assert second.held == ("a key.", "a raw events.")
    assert sorted(line[1:] for line in recorded(store)) == [("key", 7, TODAY), ("raw events", 7, TODAY)]


def test_the_next_breach_is_a_reset_of_its_own(store: Store, settings: Settings, clock: Hands) -> None:
    """Another name, and lines of its own for what was held anew."""
    thing = Thing(Destroyed.KEY, clock)
    first = run_reset(store, settings, [thing.part], clock)
    thing.is_there = True
    clock.move(hours=1)
    second = run_reset(store, settings, [thing.part], clock)
    assert (first.name != second.name, newest_reset(store)) == (True, second)
    assert len(recorded(store)) == 2


def test_the_draft_tells_what_the_authority_asks(embedded: Store, settings: Settings, clock: Hands) -> None:
    """When, which sites, what was held, what was not, what was done; the rest stands in brackets."""
    add_site(embedded, "example.com", "UTC", NOON)
    reset = run_reset(embedded, settings, [Thing(Destroyed.KEY, clock).part], clock)
    draft = breach_draft(reset)
    for text in (
        f"Footfall was reset at 2026-05-01 12:00:00 UTC; reset {reset.name}.",
        "Sites that are counted here: example.com.",
        "Held when the reset began:\n\n- a key.",
        "- IP addresses: cut to a network",
        "- User agents: read into",
        "- 2026-05-01 12:01:00 UTC: the key is gone.",
        "- 2026-05-01 12:01:00 UTC: the reset was complete.",
        "[what, how it was noticed, when it began, when you became aware of it]",
    ):
        assert text in draft
