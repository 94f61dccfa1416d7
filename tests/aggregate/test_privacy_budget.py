"""A day's privacy budget: what is spent of it, and that nothing is ever drawn twice."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from aggregate.privacy_budget import Charge, Drawn, draw_once, recorded_draw, spend, spent_budget
from core.errors import PrivacyBudgetError
from core.store import Store
from tests.fixtures.raw import site_in
from tests.fixtures.statements import KilledError, Paused, killed_at, statements_of

DAY = date(2026, 5, 1)
NOW = datetime(2026, 5, 2, tzinfo=UTC)
SITE = site_in()
CHARGES = [Charge("page", 0.4, 1e-7), Charge("total", 0.1, 0.0)]


class Dice:
    """Draws other numbers each time it is asked to."""

    def __init__(self) -> None:
        self.thrown = 0

    def draw(self) -> list[Drawn]:
        """Give the next numbers."""
        self.thrown += 1
        return [Drawn("page", "/", 100 + self.thrown), Drawn("total", "", 200 + self.thrown)]


def _forget(store: Store) -> None:
    for table in ("privacy_budget", "report_draws"):
        store.run(f"TRUNCATE TABLE {table}")


def _draw(store: Store, dice: Dice) -> list[Drawn]:
    return draw_once(store, SITE, DAY, CHARGES, dice.draw, NOW)


def test_a_day_spends_no_more_than_its_budget(embedded: Store) -> None:
    """What would exceed epsilon 1 or the day's delta is refused and not written down; the rest can be spent."""
    spend(embedded, SITE, DAY, CHARGES, NOW)
    for too_much in ([Charge("country", 0.51, 0.0)], [Charge("a", 0.3, 0.0), Charge("b", 0.3, 0.0)]):
        with pytest.raises(
            PrivacyBudgetError, match=r"example\.com on 2026-05-01: it would come to epsilon 1\.\d+"
        ):
            spend(embedded, SITE, DAY, too_much, NOW)
    with pytest.raises(PrivacyBudgetError, match="delta 3e-07"):
        spend(embedded, SITE, DAY, [Charge("source", 0.1, 2e-7)], NOW)
    assert spent_budget(embedded, SITE, DAY) == CHARGES
    spend(embedded, SITE, DAY, [Charge("country", 0.5, 0.0)], NOW)
    assert sum(charge.epsilon for charge in spent_budget(embedded, SITE, DAY)) == pytest.approx(1)


def test_days_and_sites_have_budgets_of_their_own(embedded: Store) -> None:
    """A day that is used up leaves the next one, and the neighbour's, whole."""
    everything = [Charge("page", 1.0, 0.0)]
    for site, day in ((SITE, DAY), (SITE, date(2026, 5, 2)), (site_in(number=8), DAY)):
        spend(embedded, site, day, everything, NOW)
        assert spent_budget(embedded, site, day) == everything


def test_the_same_thing_at_a_higher_price_is_paid_in_full(embedded: Store) -> None:
    """Changed shares do not make what was spent before undone."""
    spend(embedded, SITE, DAY, [Charge("page", 0.4, 0.0)], NOW)
    with pytest.raises(PrivacyBudgetError):
        spend(embedded, SITE, DAY, [Charge("page", 0.7, 0.0)], NOW)
    spend(embedded, SITE, DAY, [Charge("page", 0.5, 0.0)], NOW)
    assert [charge.epsilon for charge in spent_budget(embedded, SITE, DAY)] == [0.4, 0.5]


def test_a_draw_is_refused_before_it_is_made(embedded: Store) -> None:
    """Where the budget is gone no noise is drawn and no number recorded."""
    spend(embedded, SITE, DAY, [Charge("something else", 0.9, 0.0)], NOW)
    dice = Dice()
    with pytest.raises(PrivacyBudgetError):
        _draw(embedded, dice)
    assert dice.thrown == 0
    assert recorded_draw(embedded, SITE, DAY) == []


def test_a_day_that_was_drawn_is_not_drawn_again(store: Store) -> None:
    """Asked again, also with another price, it gives the same numbers and spends nothing."""
    dice = Dice()
    first = _draw(store, dice)
    assert first == [Drawn("page", "/", 101), Drawn("total", "", 201)]
    assert draw_once(store, SITE, DAY, [Charge("page", 0.9, 0.0)], dice.draw, NOW) == first
    assert dice.thrown == 1
    assert spent_budget(store, SITE, DAY) == CHARGES


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_draw_killed_at_any_statement_leaves_one_version_of_the_day(store: Store, *, after: bool) -> None:
    """What the store holds after the kill stays what it holds, it is spent once, and the next run completes it."""
    for number in range(1, statements_of(store, lambda stepped: _draw(stepped, Dice())) + 1):
        _forget(store)
        dice = Dice()
        with pytest.raises(KilledError):
            _draw(killed_at(store, number, after=after), dice)
        left = recorded_draw(store, SITE, DAY)
        assert not left or spent_budget(store, SITE, DAY) == CHARGES
        drawn = _draw(store, dice)
        assert left in ([], drawn), number
        assert store.rows("SELECT count() FROM report_draws") == [[2]], number
        assert spent_budget(store, SITE, DAY) == CHARGES, number


def test_two_who_draw_at_the_same_time_get_the_same_numbers(store: Store) -> None:
    """Whoever is held up, anywhere, finds the other's numbers; the day is spent once."""
    for number in range(1, statements_of(store, lambda stepped: _draw(stepped, Dice())) + 1):
        _forget(store)
        dice, got = Dice(), list[list[Drawn]]()
        held_up = Paused(store, number, lambda stepped, dice=dice, got=got: got.append(_draw(stepped, dice)))
        got.append(_draw(store, dice))
        held_up.finish()
        assert got[0] == got[1], number
        assert store.rows("SELECT count() FROM report_draws") == [[2]], number
        assert spent_budget(store, SITE, DAY) == CHARGES, number


def test_two_who_overspend_at_the_same_time_are_not_both_let_through(store: Store) -> None:
    """Each thing fits by itself, both do not: at most one of two simultaneous spenders goes on to draw."""
    one, other = [Charge("page", 0.6, 0.0)], [Charge("country", 0.6, 0.0)]
    let_through = []
    for number in range(1, statements_of(store, lambda stepped: spend(stepped, SITE, DAY, one, NOW)) + 1):
        _forget(store)
        held_up = Paused(store, number, lambda stepped: spend(stepped, SITE, DAY, one, NOW))
        spenders = (lambda: spend(store, SITE, DAY, other, NOW), held_up.finish)
        let_through.append(sum(map(_goes_through, spenders)))
    assert max(let_through) == 1


def _goes_through(spender: Callable[[], object]) -> bool:
    try:
        spender()
    except PrivacyBudgetError:
        return False
    return True


def test_tokens_that_a_crash_took_along_are_passed_over(store: Store) -> None:
    """A crash of ClickHouse between noting a token and its rows keeps no day from being spent and drawn."""
    other = [SITE.number + 1, DAY.isoformat()]
    columns = ("site", "day", "what"), ("site", "day", "attempt")
    for table, names, value, token in (
        ("privacy_budget", columns[0], '"page"', f"spend {SITE.number} {DAY} 0 page total 1"),
        ("report_draws", columns[1], "1", f"draw {SITE.number} {DAY} 1"),
    ):
        store.insert(table, names, f'[{other[0]}, "{other[1]}", {value}]'.encode(), token)
    dice = Dice()
    assert _draw(store, dice) == [Drawn("page", "/", 101), Drawn("total", "", 201)]
    assert dice.thrown == 1
    assert spent_budget(store, SITE, DAY) == CHARGES
