"""Derivatives that numbers carry along, against mpmath's."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from flint import fmpq

from cnncalc.arithmetic.ball import Ball
from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.arithmetic.dual import ComplexStep, Duals
from cnncalc.arithmetic.exact import Exact

Function = Callable[[Arithmetic, Array], Array]
CASES: dict[str, tuple[Function, Callable[[Any], Any]]] = {
    "exp": (lambda n, x: n.exp(x * x), lambda x: mpmath.exp(x * x)),
    "log": (lambda n, x: n.log(x + 2), lambda x: mpmath.log(x + 2)),
    "root": (lambda n, x: 1 / n.sqrt(x + 2), lambda x: 1 / mpmath.sqrt(x + 2)),
    "sigmoid": (lambda n, x: n.sigmoid(3 - x) / x, lambda x: 1 / (1 + mpmath.exp(x - 3)) / x),
    "tanh": (lambda n, x: 2 * n.apply("tanh", x) * n.sigmoid(x), lambda x: 2 * mpmath.tanh(x) / (1 + mpmath.exp(-x))),
    "relu": (lambda n, x: n.positive_part(x) * x - x, lambda x: (max(x, 0) - 1) * x),
    "product": (lambda n, x: n.matmul(x[None], x[None].swapaxes(1, 2))[0], lambda x: x * x),
}
PLACES = [Fraction(1, 3), Fraction(-5, 4)]


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("place", PLACES, ids=str)
@pytest.mark.parametrize("base", [Exact, Ball, None], ids=["exact", "balls", "doubles"])
def test_derivatives(name: str, place: Fraction, base: type[Exact] | type[Ball] | None) -> None:
    mine, theirs = CASES[name]
    numbers = ComplexStep() if base is None else Duals(base())
    with Ball.precision(), mpmath.workdps(60):
        x = numbers.array(np.asarray([[place]], dtype=object))
        made = numbers.slopes(mine(numbers, numbers.moved(x, np.asarray([[1]])))).item()
        expected = mpmath.diff(theirs, mpmath.mpf(place.numerator) / place.denominator)
        found = float(made) if base is None else mpmath.mpf(str(base().decimal(made, 30)))
        assert abs(found - expected) <= 10 ** (-13 if base is None else -28) * (1 + abs(expected))


def test_what_does_not_move_stays_what_it_is() -> None:
    numbers = Duals(Exact())
    x = numbers.moved(numbers.array(np.asarray([1, 2, 3], dtype=object)), np.asarray([0, 5, 0]))
    assert [type(element) for element in x[[0, 2]]] == [fmpq, fmpq]
    assert numbers.slopes(x * x).tolist() == [0, 20, 0]
    assert numbers.slopes(numbers.array(np.asarray([1, 2], dtype=object))).tolist() == [0, 0]
