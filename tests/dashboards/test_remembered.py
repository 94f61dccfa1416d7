"""What pages remember: for a minute, unless it is forgotten, and never that there is nothing yet."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from core.errors import StoreUnavailableError
from dashboards.remembered import Remembered

NOW = datetime(2026, 5, 17, 12, tzinfo=UTC)


def reading(*answers: str | None) -> Callable[[], str | None]:
    """Give a reader that answers these, one after the other, and no more."""
    left = iter(answers)
    return lambda: next(left)


def test_an_answer_is_read_once_a_minute() -> None:
    """And anew from the end of the minute on; each key has its own."""
    remembered = Remembered[int, str | None]()
    read = reading("first", "of another", "second")
    found = [
        remembered.of(1, NOW, read),
        remembered.of(1, NOW + timedelta(seconds=59), read),
        remembered.of(2, NOW, read),
        remembered.of(1, NOW + timedelta(seconds=60), read),
    ]
    assert found == ["first", "first", "of another", "second"]


def test_a_change_is_seen_at_once() -> None:
    """What is forgotten is read anew; to forget what nobody knows is no error."""
    remembered = Remembered[int, str | None]()
    read = reading("before", "after")
    before = remembered.of(1, NOW, read)
    remembered.forget(1)
    remembered.forget(2)
    assert (before, remembered.of(1, NOW, read)) == ("before", "after")


def test_an_answer_that_changes_while_it_is_read_is_read_anew() -> None:
    """Who reads goals in the very moment in which another removes one does not keep it for a minute."""
    remembered = Remembered[int, str | None]()

    def read_in_that_moment() -> str:
        remembered.forget(1)
        return "before"

    found = [remembered.of(1, NOW, read_in_that_moment), remembered.of(1, NOW, reading("after"))]
    assert found == ["before", "after"]


def test_the_oldest_answers_give_way() -> None:
    """However many ranges of days are asked for, a thousand answers are kept."""
    remembered = Remembered[int, str | None]()
    for key in range(1_001):
        remembered.of(key, NOW, reading(f"{key}"))
    kept = [remembered.of(key, NOW, reading("anew")) for key in (1, 1_000, 0)]
    assert kept == ["1", "1000", "anew"]


def test_what_is_not_there_yet_is_asked_for_each_time() -> None:
    """A site's first report must not stay unseen for a minute."""
    remembered = Remembered[int, str | None]()
    read = reading(None, None, "there")
    assert [remembered.of(1, NOW, read) for _time in range(4)] == [None, None, "there", "there"]


def test_a_store_that_is_away_is_not_remembered() -> None:
    """The next page asks it again."""
    remembered = Remembered[int, str | None]()

    def away() -> str | None:
        raise StoreUnavailableError("away")

    with pytest.raises(StoreUnavailableError):
        remembered.of(1, NOW, away)
    assert remembered.of(1, NOW, reading("there")) == "there"
