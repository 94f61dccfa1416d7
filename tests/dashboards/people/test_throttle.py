"""Login throttling: guessing gets slow, everybody else does not notice."""

from datetime import timedelta

from dashboards.people.throttle import FREE_TRIES, MOST_A_MINUTE, MOST_EMAILS, LoginThrottle
from tests.dashboards.conftest import EMAIL, NOON, Hands

NONE = timedelta()


def test_five_tries_are_free_then_waits_double() -> None:
    """A forgetful person is not stopped; a guesser waits 1, 2, 4 seconds and so on, at most five minutes."""
    throttle, clock = LoginThrottle(), Hands(NOON)
    assert [throttle.begin(EMAIL, clock()) for _ in range(FREE_TRIES)] == [NONE] * FREE_TRIES
    waits = []
    for _ in range(12):
        wait = throttle.begin(EMAIL, clock())
        waits.append(wait.total_seconds())
        clock.now += wait
        assert throttle.begin(EMAIL, clock()) == NONE
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]


def test_a_try_that_must_wait_does_not_prolong_the_wait() -> None:
    """A person cannot be locked out by somebody who keeps trying."""
    throttle = LoginThrottle()
    for _ in range(FREE_TRIES):
        throttle.begin(EMAIL, NOON)
    assert {throttle.begin(EMAIL, NOON) for _ in range(1_000)} == {timedelta(seconds=1)}


def test_a_right_password_clears_the_slate() -> None:
    """After a login, the free tries are there again."""
    throttle = LoginThrottle()
    for _ in range(100):
        assert throttle.begin(EMAIL, NOON) == NONE
        throttle.succeeded(EMAIL.upper())


def test_failures_are_forgotten_after_an_hour() -> None:
    """Who mistyped in the morning is not slowed down in the afternoon."""
    throttle, clock = LoginThrottle(), Hands(NOON)
    for _ in range(FREE_TRIES):
        throttle.begin(EMAIL, clock())
    clock.move(hours=1, seconds=1)
    assert [throttle.begin(EMAIL, clock()) for _ in range(FREE_TRIES)] == [NONE] * FREE_TRIES


def test_many_addresses_together_are_slowed_down() -> None:
    """Trying one password with many addresses ends at a number of tries a minute."""
    throttle, clock = LoginThrottle(), Hands(NOON)
    for number in range(MOST_A_MINUTE):
        assert throttle.begin(f"{number}@example.com", clock()) == NONE
    assert throttle.begin(EMAIL, clock()) == timedelta(minutes=1)
    clock.move(minutes=1)
    assert throttle.begin(EMAIL, clock()) == NONE


def test_a_known_browser_is_held_up_by_nobody_else() -> None:
    """Somebody guesses at an account, and at many others: who was here before logs in as ever."""
    throttle = LoginThrottle()
    for number in range(MOST_A_MINUTE):
        throttle.begin(EMAIL if number < FREE_TRIES else f"{number}@example.com", NOON)
    assert (throttle.begin(EMAIL, NOON), throttle.begin(EMAIL, NOON, "known")) == (timedelta(minutes=1), NONE)


def test_a_known_browser_cannot_guess_for_ever() -> None:
    """Five tries are free there, too; it is no way around the waits, and its failures hold up no other browser."""
    throttle = LoginThrottle()
    tries = [throttle.begin(EMAIL, NOON, "known") for _ in range(FREE_TRIES + 1)]
    assert tries == [NONE] * FREE_TRIES + [timedelta(seconds=1)]
    assert [throttle.begin(EMAIL, NOON), throttle.begin(EMAIL, NOON, "another")] == [NONE, NONE]


def test_memory_stays_small() -> None:
    """However many addresses are made up, only so many are remembered."""
    throttle, clock = LoginThrottle(), Hands(NOON)
    for number in range(MOST_EMAILS + 100):
        throttle.begin(f"{number}@example.com", clock())
        clock.move(seconds=1)
    assert len(throttle._failures) == MOST_EMAILS  # noqa: SLF001 (memory is the point)
