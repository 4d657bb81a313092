"""What an exact calculation may cost: allowances nest, renew themselves, and leave the digits of what is there."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from cnncalc.arithmetic.allowance import ONE_DECISION, Allowance
from cnncalc.arithmetic.base import TooCostly, Undecided
from cnncalc.arithmetic.exact import Exact
from cnncalc.arithmetic.float64 import Float64


def one(value: Any) -> Any:
    return np.asarray([value, None], dtype=object)[:1]


def test_an_inner_allowance_takes_from_the_one_around_it() -> None:
    work = Allowance()
    with work.allowed(100):
        with work.allowed(60):
            work.charge(50)
        work.charge(50)
        with pytest.raises(TooCostly):
            work.charge(1)


def test_an_inner_allowance_gives_no_more_than_is_left() -> None:
    work = Allowance()
    with work.allowed(100):
        with work.allowed(1000), pytest.raises(TooCostly):
            work.charge(101)
        with pytest.raises(TooCostly):
            work.charge(1)
    work.charge(10**12)


def test_what_an_inner_allowance_leaves_may_still_be_done() -> None:
    work = Allowance()
    with work.allowed(100):
        with work.allowed(10), pytest.raises(TooCostly):
            work.charge(20)
        work.charge(80)


def test_one_decision_that_costs_too_much_leaves_the_rest() -> None:
    work = Allowance()
    with work.allowed(10 * ONE_DECISION):
        with pytest.raises(Undecided) as caught, work.one_decision():
            work.charge(ONE_DECISION + 1)
        assert not isinstance(caught.value, TooCostly)
        work.charge(8 * ONE_DECISION)
        with pytest.raises(TooCostly), work.one_decision():
            work.charge(ONE_DECISION)


def test_digits_have_a_reserve_that_ends() -> None:
    work = Allowance()
    with work.allowed(10, for_digits=100):
        with work.digits():
            work.charge(60)
        with pytest.raises(TooCostly), work.digits():
            work.charge(60)


@pytest.mark.parametrize("ask", [lambda n, x: n.exp(x) * n.exp(x + 1), lambda n, x: n.is_greater(n.exp(x), 1)])
def test_numbers_that_are_there_are_shown_when_nothing_is_left(ask: Callable[[Any, Any], Any]) -> None:
    numbers = Exact()
    p = numbers.sigmoid(one(numbers.number(2)))
    with numbers.allowance(10**6):
        with pytest.raises(TooCostly):
            numbers.field.charge(10**6 + 1)
        with pytest.raises(TooCostly):
            ask(numbers, p)
        # 1 / (1 + e^-2), as every table has it.
        assert numbers.decimal(p[0], 6) == Decimal("0.880797")
        assert numbers.to_float(p)[0] == 0.8807970779778824440597
    assert ask(numbers, p) is not None


def test_nothing_is_said_to_be_equal_when_nothing_is_left() -> None:
    numbers = Exact()
    p = numbers.sigmoid(one(numbers.number(2)))
    q = numbers.exp(p)
    with numbers.allowance(10**6):
        with pytest.raises(TooCostly):
            numbers.field.charge(10**6 + 1)
        assert not numbers.is_known_equal(q, p + 0).any()
    assert numbers.is_known_equal(q, q).all()


def test_systems_that_round_count_nothing() -> None:
    numbers = Float64()
    with numbers.allowance(1):
        assert numbers.exp(np.zeros(10**4)).sum() == 10**4
